"""How much of a foreign page is swallowed by the record before it: bytes of pages of no form inside records.

    python benchmarks/forms_foreign.py [PAGES] [--alone] [--show]

PAGES (default `tests/forms/foreign_pages.txt`) holds made-up pages: `=== kind`, then lines. The first 1, 2, 3 and 10
lines of each stand behind a record of the committed listing, with and without a blank line, in one file whose
abstracts are as they stand, wrapped at 79 columns, or cut to their first sentence. `--alone`: each in a file of its
own, behind one record and nothing after it. Prints one JSON line: the share of bytes swallowed by layout, number of
lines and, with `--show`, kind.
"""

from __future__ import annotations

import argparse
import json
import re
import textwrap
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from byline.reading.slices import parse_text

ROOT = Path(__file__).resolve().parents[1]
LINES = (1, 2, 3, 10)
LAYOUTS = ("whole", "wrapped", "short")


@dataclass(frozen=True)
class Case:
    """One page behind one record."""

    kind: str
    layout: str
    lines: int
    record: str
    page: str
    gap: str
    below: str
    """Another record of the file, as the committed listing has it."""


def pages(path: Path) -> dict[str, list[str]]:
    """Return the lines of each page, by kind."""
    parts = re.split(r"^=== (\w+)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {kind: text.rstrip("\n").split("\n") for kind, text in zip(parts[1::2], parts[2::2], strict=True)}


def records() -> list[tuple[str, str]]:
    """Return header with byline, and abstract, of the committed listing's records."""
    lines = (ROOT / "data/raw/listing.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
    return [(f"{lines[at]}\n{lines[at + 1]}", lines[at + 2]) for at in range(0, len(lines) - 2, 3)]


def laid_out(abstract: str, layout: str) -> str:
    """Return an abstract as a layout breaks its lines."""
    if layout == "wrapped":
        return "\n".join(textwrap.wrap(abstract, 79))
    if layout == "short":
        return re.split(r"(?<=[.!?]) (?=[A-Z])", abstract)[0]
    return abstract


def cases(known: dict[str, list[str]], layout: str) -> Iterator[Case]:
    """Yield every page, so many lines of it, with and without a blank line before it."""
    some, number = records(), 0
    for kind, lines in known.items():
        for count in LINES:
            for gap in ("", "\n"):
                head, abstract = some[number % len(some)]
                number += 1
                other = "\n".join(some[(number + 7) % len(some)])
                page = "\n".join(lines[:count])
                record = f"{head}\n{laid_out(abstract, layout)}\n"
                below = f"{other}\n" if layout == "short" else ""
                yield Case(kind, layout, count, record, f"{page}\n", gap, below)


def swallowed(some: list[Case]) -> list[int]:
    """Return how many bytes of each page stand in a record, all pages in one file."""
    data, places = b"", []
    for case in some:
        data += (case.record + case.gap).encode()
        start = len(data)
        data += case.page.encode()
        places.append((start, len(data)))
        data += (case.gap + case.below).encode()
    frame = parse_text(data)
    taken = frame.filter(pl.col("form").eq_missing("card") & pl.col("reason").is_null())
    spans = taken.select("byte_start", "byte_end").rows()
    found = []
    for start, stop in places:
        found.append(sum(max(0, min(b, stop) - max(a, start)) for a, b in spans))
    return found


def main() -> None:
    """Measure every layout."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pages", nargs="?", type=Path, default=ROOT / "tests/forms/foreign_pages.txt")
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--show", action="store_true", help="by kind, too")
    options = parser.parse_args()
    known = pages(options.pages)
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for layout in LAYOUTS:
        some = list(cases(known, layout))
        taken = [swallowed([case])[0] for case in some] if options.alone else swallowed(some)
        for case, size in zip(some, taken, strict=True):
            keys = [layout, f"{layout}, {case.lines} lines"]
            keys += [f"{layout}: {case.kind}"] if options.show else []
            for key in keys:
                sums[key][0] += size
                sums[key][1] += len(case.page.encode())
    shares = {key: round(size / of, 4) for key, (size, of) in sums.items() if size or ":" not in key}
    print(json.dumps({"kinds": len(known), "swallowed": shares}))


if __name__ == "__main__":
    main()
