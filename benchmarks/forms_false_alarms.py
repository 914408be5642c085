"""No abstract may look like another page's form: marks found in known abstracts, as they stand and wrapped.

    python benchmarks/forms_false_alarms.py GOLD.parquet [--rows N] [--skip N] [--columns 60,70,80,90,100] [--show N]

GOLD needs the columns `title` and `abstract`, e.g. the gold set of arXiv papers. An alarm is a mark of any form inside
an abstract behind a card's header, a list of papers found behind one, or an abstract longer than any may be. Beside the
columns asked for, a fourth of them is wrapped at some width, the others not (`mixed`), or they are laid out a sentence
a line (`sentences`), and with lines of any length as a PDF's
text layer has them (`ragged`). Prints one JSON line; exit 1 on an alarm.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import textwrap

import polars as pl

from byline.forms import behind
from byline.forms.habits import one_line_each
from byline.forms.marks import find_marks, names
from byline.listing import parse
from byline.listing.lines import read_page
from byline.listing.spans import LONGEST_ABSTRACT

BATCH = 5_000
HEADER = "LGSep 25, 2023\nOn Owls and their NestsAda Pym, Bo Li et al.\n"


LAYOUTS = ("mixed", "sentences", "ragged")


def laid_out(abstract: str, layout: str) -> str:
    """Return an abstract as a layout breaks its lines: a number of columns, `sentences`, `ragged`, or `whole`."""
    if layout == "whole":
        return abstract
    if layout == "mixed":  # most on one line, as the file's habit is, some wrapped
        width = len(abstract) % 160
        return "\n".join(textwrap.wrap(abstract, width)) if 60 <= width <= 100 else abstract
    if layout == "sentences":
        return re.sub(r"(?<=[.!?]) (?=[A-Z])", "\n", abstract)
    if layout == "ragged":  # a proportional font in a justified column: 55 to 85 characters a line
        rnd, lines, words = random.Random(len(abstract)), [""], abstract.split(" ")
        width = rnd.randint(55, 85)
        for word in words:
            if len(lines[-1]) + len(word) + 1 > width:
                lines.append("")
                width = rnd.randint(55, 85)
            lines[-1] += f" {word}" if lines[-1] else word
        return "\n".join(lines)
    return "\n".join(textwrap.wrap(abstract, int(layout)))


def alarms(abstracts: list[str], layout: str) -> list[tuple[str, str]]:
    """Return form and line of every mark in these abstracts, laid out as a listing, and of every list behind one."""
    texts = [laid_out(text, layout) for text in abstracts]
    data = ("\n".join(HEADER + text for text in texts) + "\n").encode()
    page = read_page(data)
    marks = find_marks(page)
    found = list(zip([names()[form] for form in marks.form], page.lines(marks.line).to_list(), strict=True))
    apart = parse([data], behind.ends_of(one_line=one_line_each(data))).filter(
        pl.col("reason") == "other_form"
    )
    return found + [("list behind", text) for text in apart["raw_text"]]


def main() -> int:
    """Count the alarms and say where they are."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold")
    parser.add_argument("--rows", type=int)
    parser.add_argument("--skip", type=int, default=0, help="rows passed over, to measure slice by slice")
    parser.add_argument("--columns", default="60,70,80,90,100")
    parser.add_argument("--show", type=int, default=10)
    options = parser.parse_args()
    known = pl.read_parquet(options.gold, columns=["abstract"])["abstract"].drop_nulls()
    known = known.slice(options.skip, options.rows)
    found: list[tuple[str, str]] = []
    counts: dict[str, int] = {}
    for layout in ("whole", *options.columns.split(","), *LAYOUTS):
        before = len(found)
        for start in range(0, len(known), BATCH):
            found += alarms(known.slice(start, BATCH).to_list(), layout)
        counts[layout] = len(found) - before
    too_long = int((known.str.len_chars() > LONGEST_ABSTRACT).sum())
    for form, line in found[: options.show]:
        print(f"{form}: {line[:120]!r}", file=sys.stderr)
    print(
        json.dumps({"abstracts": len(known), "alarms": len(found), "by_layout": counts, "too_long": too_long})
    )
    return int(bool(found) or too_long > 0)


if __name__ == "__main__":
    sys.exit(main())
