"""Page furniture: which lines of a record's tail, or before the first header, belong to the page.

Conservative: a real abstract is never cut for a doubtful line. Where a record ends in furniture depends only on the
lines between its header and the next one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from byline.listing import words
from byline.listing.lines import Flags, Ints, Page
from byline.listing.text import fold_space

MAX_FURNITURE_BYTES = 400
_SHORT = r"^[^\p{Ll}\p{P}](?:[^.,;:!?]{0,39})$"
"""A label of a menu: few letters, no small one first, no punctuation of a sentence."""
_MAX_SHORT_WORDS = 5
_STOPS = r"[.!?:…][)\]\"'”’]*$|[$}]$|://\S+$"
"""How an abstract ends."""
_MAX_WRAPPED_BYTES = 200
"""Where a line is longer, the abstract is not wrapped: its next line is no part of it."""

TEXT, SHORT, WEAK, TAIL, END = range(5)
"""What a line looks like; from WEAK on it is furniture, given the right place."""


@dataclass(frozen=True)
class Looks:
    """What the lines of a page look like; one entry a line."""

    kind: Ints
    """TEXT, SHORT, WEAK, TAIL or END."""
    stops: Flags
    """The line may end an abstract."""


def look(page: Page, candidates: Ints) -> Looks:
    """Classify lines (ascending indices); all others are TEXT."""
    kind = np.full(len(page.start), TEXT, np.int64)
    stops = np.ones(len(page.start), bool)
    lines = candidates[page.stop[candidates] - page.start[candidates] <= MAX_FURNITURE_BYTES]
    if not len(lines):
        return Looks(kind, stops)
    texts = fold_space(page.lines(lines), controls=pl.Series(page.with_controls[lines]))
    patterns = words.furniture()
    found = np.full(len(lines), TEXT, np.int64)
    for value, name in ((WEAK, "weak"), (TAIL, "tail"), (END, "end")):
        found[texts.str.contains(patterns[name]).to_numpy()] = value
    if not found.any():
        return Looks(kind, stops)
    short = texts.str.contains(_SHORT) & (texts.str.count_matches(" ") < _MAX_SHORT_WORDS)
    found[(found == TEXT) & short.to_numpy()] = SHORT
    kind[lines] = found
    stops[lines] = (
        texts.str.contains(_STOPS).to_numpy() | (texts.str.len_bytes() > _MAX_WRAPPED_BYTES).to_numpy()
    )
    return Looks(kind, stops)


def tail_start(looks: Looks, blank: Flags, first: int, stop: int) -> int:
    """Return the line where the furniture behind a record begins; `stop` where there is none.

    `first` is the line after the byline, `stop` the next header. Furniture begins at the first END line, or where
    nothing but furniture and menu labels follows.
    """
    begin = stop
    for line in range(stop - 1, first - 1, -1):
        kind = looks.kind[line]
        if kind == TEXT and not blank[line]:
            break
        if kind in (TAIL, END) or (kind == WEAK and _text_has_ended(looks, blank, first, line)):
            begin = line
    ends = np.flatnonzero(looks.kind[first:begin] == END)
    return int(first + ends[0]) if len(ends) else begin


def _text_has_ended(looks: Looks, blank: Flags, first: int, line: int) -> bool:
    before = line - 1
    return before < first or bool(blank[before]) or looks.kind[before] >= WEAK or bool(looks.stops[before])


def stretches(looks: Looks, blank: Flags, first: int, stop: int) -> list[tuple[int, bool]]:
    """Cut lines that belong to no record into stretches: (first line, is it furniture).

    Menu labels go with the line before them, the first ones with what follows; with no furniture near, all is text,
    and so is a WEAK line amid text. A blank line goes with the line before it. Nothing but blank lines is furniture.
    """
    shown = first + np.flatnonzero(~blank[first:stop])
    if not len(shown):
        return [(first, True)]
    lines = shown[looks.kind[shown] != SHORT]
    if not len(lines):
        return [(first, False)]
    kind = looks.kind[lines]
    is_furniture = kind >= WEAK
    runs = _runs(is_furniture)
    doubtful = is_furniture[runs] & (np.maximum.reduceat(kind, runs) == WEAK)
    doubtful[[0, -1]] = False
    is_furniture &= ~np.repeat(doubtful, np.diff(runs, append=len(kind)))
    runs = _runs(is_furniture)
    begin = lines[runs]
    begin[0] = first
    return list(zip(begin.tolist(), is_furniture[runs].tolist(), strict=True))


def _runs(flags: Flags) -> Ints:
    """Return where each run of equal flags begins."""
    return np.flatnonzero(np.diff(flags, prepend=not flags[0]))
