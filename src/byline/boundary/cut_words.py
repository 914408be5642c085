"""Borders between letters of one case: `songs of juneida rehn` may end in `june` or, as the model has it, in `junei`.

No capital shows where the names begin, and a place some letters beside may do as well. Here the words on both sides of
each such place are looked up: one that titles hold, before a name that others bear, moves the border where the word
before it is none; so does one that the abstract holds where it does not hold the border's own, and a plural's s that
leaves a known name for an unknown one (`groups|everin` for `group|severin`), unless that is one by its syllables.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from byline.boundary import characters as ch
from byline.boundary.divided_words import TOLD_AT_MOST, UNDECIDED_AT_MOST, Flags, Told, holder
from byline.boundary.lines import Ints, Lines
from byline.boundary.model import Model
from byline.boundary.spans import run_around
from byline.boundary.wordlists import syllable_counts

STEPS = (-1, 1, -2, 2, -3, 3)
"""How many letters beside the border is looked; the nearest first."""
_WORD = 4
"""Bin of the lexicon from which on titles hold a word often."""
_NAME = 2
"""Bin from which on a name is somebody's."""
_NOBODY = 3
"""Bins by which the name may be rarer that the abstract's word leaves: `haolin` of `shaolin`, not `mith` of `smith`."""


def tell(model: Model, lines: Lines, told: Told, said: pl.Series | None) -> Told:
    """Move borders between letters of one case to a place beside that reads better; the rest as in `divided_words`."""
    line = np.flatnonzero(told.at > 0)
    line = line[_within_case(lines, told.at[line] + lines.start[line])]
    if not len(line):
        return told
    place = told.at[line] + lines.start[line]
    start, stop = run_around(lines, place)
    start = np.maximum(start, lines.start[line])
    holds = holder(model, lines, line, said)
    here, word, name = holds((start, place), line), *_bins(model, lines, start, place, stop)
    at, most = told.at.copy(), told.most.copy()
    open_ = np.ones(len(line), dtype=np.bool_)
    for step in STEPS:
        beside = np.clip(place + step, start + 1, stop - 1)
        there, words, names = holds((start, beside), line), *_bins(model, lines, start, beside, stop)
        by_abstract = ~here & there & (names >= name - _NOBODY)
        better = (word == 0) & (words >= _WORD) & (names >= _NAME)
        plural = (np.abs(step) == 1) & (lines.folded[np.minimum(place, beside)] == ord("s"))
        plural &= (name == 0) & (words >= _WORD) & (names > _NAME)
        better |= plural & (syllable_counts(lines, (place, stop), plural) == 0)
        moves = open_ & (beside != place) & (by_abstract | better)
        at[line[moves]] = (beside - lines.start[line])[moves]
        cap = np.where(by_abstract, TOLD_AT_MOST, UNDECIDED_AT_MOST)[moves]
        most[line[moves]] = np.minimum(most[line[moves]], cap)
        open_ &= ~moves
    return Told(at, most)


def _within_case(lines: Lines, place: Ints) -> Flags:
    """Whether letters of one case stand on both sides, and no initial behind: `NTHU|A. B. Pym`."""
    before, here = lines.kinds[place - 1], lines.kinds[place]
    after = lines.kinds[np.minimum(place + 1, len(lines.kinds) - 1)]
    found: Flags = (before == here) & (after == here) & ((here == ch.LOWER) | (here == ch.UPPER))
    return found


def _bins(model: Model, lines: Lines, start: Ints, place: Ints, stop: Ints) -> tuple[Ints, Ints]:
    """How often titles hold the word before each place, or names do, and how often names hold the one behind it."""
    left, right = (model.lexicon.seen(lines.hash_span(*span)) for span in ((start, place), (place, stop)))
    return np.maximum(left.title, left.given), right.name
