"""No abstract may look like another page's form: marks found in known abstracts, as they stand and wrapped.

    python benchmarks/forms_false_alarms.py GOLD.parquet [--rows N] [--columns 60,70,80,90,100] [--show N]

GOLD needs the columns `title` and `abstract`, e.g. the gold set of arXiv papers. An alarm is a mark of any form inside
an abstract behind a card's header, or an abstract longer than any may be. Prints one JSON line; exit 1 on an alarm.
"""

from __future__ import annotations

import argparse
import json
import sys
import textwrap

import polars as pl

from byline.forms.marks import find_marks, names
from byline.listing.lines import read_page
from byline.listing.spans import LONGEST_ABSTRACT

BATCH = 5_000
HEADER = "LGSep 25, 2023\nOn Owls and their NestsAda Pym, Bo Li et al.\n"


def alarms(abstracts: list[str], columns: int | None) -> list[tuple[str, str]]:
    """Return form and line of every mark in these abstracts, laid out as a listing; null columns: not wrapped."""
    texts = abstracts if columns is None else ["\n".join(textwrap.wrap(text, columns)) for text in abstracts]
    page = read_page(("\n".join(HEADER + text for text in texts) + "\n").encode())
    marks = find_marks(page)
    return list(zip([names()[form] for form in marks.form], page.lines(marks.line).to_list(), strict=True))


def main() -> int:
    """Count the alarms and say where they are."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold")
    parser.add_argument("--rows", type=int)
    parser.add_argument("--columns", default="60,70,80,90,100")
    parser.add_argument("--show", type=int, default=10)
    options = parser.parse_args()
    known = pl.read_parquet(options.gold, columns=["abstract"])["abstract"].drop_nulls()
    known = known if options.rows is None else known.head(options.rows)
    found: list[tuple[str, str]] = []
    for columns in (None, *map(int, options.columns.split(","))):
        for start in range(0, len(known), BATCH):
            found += alarms(known.slice(start, BATCH).to_list(), columns)
    too_long = int((known.str.len_chars() > LONGEST_ABSTRACT).sum())
    for form, line in found[: options.show]:
        print(f"{form}: {line[:120]!r}", file=sys.stderr)
    print(json.dumps({"abstracts": len(known), "alarms": len(found), "too_long": too_long}))
    return int(bool(found) or too_long > 0)


if __name__ == "__main__":
    sys.exit(main())
