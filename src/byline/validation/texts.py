r"""What a text may hold: any characters but control codes, in NFC, words parted by single spaces, none at the ends.

Characters of no width that stand for nothing (U+200B, U+2060, U+FEFF) are left out as control codes are. What stays:
the joiners U+200C and U+200D, and the marks of direction U+061C, U+200E, U+200F, U+202A to U+202E and U+2066 to U+2069,
which Hebrew and Arabic texts need; whoever shows a text on a terminal or beside code escapes those (as reports do).

    "On  Gates"        two spaces             "On\u00a0Gates"    another kind of space
    " On Gates"        a space at an end      "On\x1b[1mGates"   a control code

NFC is the models' check; names of raw files may hold what they like but control codes, and quarantined text its lines.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from byline.listing.text import UNFOLDED
from byline.validation.verdict import Verdict, told
from byline_schemas import Table

FOLDED = {
    "papers": (
        "title", "title_tex", "abstract", "abstract_tex", "category_code", "category_name", "venue", "comments",
        "badges", "links",
    ),
    "authors": ("name", "given", "family", "particle", "suffix", "name_key", "aliases"),
    "authorships": ("name_as_listed",),
    "affiliations": ("label", "name", "note"),
    "paper_affiliations": ("label_as_listed",),
}  # fmt: skip
"""Columns of running text, by table."""
SHOWN = {"records": ("source_file",), "quarantine": ("detail",)}
"""Columns of other texts that are one line."""

CONTROLS = r"[\x00-\x1f\x7f-\x{9f}]"
ODD_IN_LINES = r"[\x00-\x08\x0b-\x1f\x7f-\x{9f}]"
"""What escaped text with its lines and tabs may not hold."""


def hold(frame: pl.DataFrame, table: Table) -> Iterator[Verdict]:
    """Put the rules of texts to rows of a table."""
    for columns, pattern in (
        (FOLDED, UNFOLDED),
        (SHOWN, CONTROLS),
        ({"quarantine": ("raw_text",)}, ODD_IN_LINES),
    ):
        for name in columns.get(table.name, ()):
            if name not in frame.columns:
                continue
            odd = pl.col(name).str.contains(pattern)
            if isinstance(frame.schema[name], pl.List):
                odd = pl.col(name).list.eval(pl.element().str.contains(pattern)).list.any()
            message = f"column {name}: a text has no control codes, and single spaces between words alone"
            yield from told(frame, ("text_holds_what_a_text_may", message, odd))
