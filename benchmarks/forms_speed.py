"""What each form costs to read: CPU seconds a thousand records and a megabyte, beside the card.

    python benchmarks/forms_speed.py [--records 2000]

Each form's example is repeated to about that many records and read in one go, second time round (patterns compiled).
Prints one JSON line.
"""

from __future__ import annotations

import argparse
import json
import time

from byline.forms import all_forms
from byline.forms.declared import to_text
from byline.reading.slices import parse_text


def cost(text: bytes, said: str, records: int) -> dict[str, float]:
    """Return CPU seconds a thousand records, and a megabyte."""
    parse_text(text[: len(text) // 50], said)
    started = time.process_time()
    frame = parse_text(text, said)
    spent = time.process_time() - started
    assert frame["reason"].is_null().sum() >= records * 0.9, "the examples must be read"
    return {
        "a_thousand_records": round(1000 * spent / records, 3),
        "a_megabyte": round(1e6 * spent / len(text), 3),
    }


def main() -> None:
    """Measure every form."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--records", type=int, default=2000)
    options = parser.parse_args()
    found = {}
    for name, form in all_forms().items():
        if form.unread:
            continue
        times = max(1, options.records // len(form.reads))
        said = to_text({"form": "lines"} if form.declared_only else {})
        text = (form.example.lstrip("\n") + "\n").encode() * times
        found[name] = cost(text, said, times * len(form.reads))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
