"""Where a list of names could begin: the few sharp borders of a line, or every place inside a word."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from byline.segment import characters as ch
from byline.segment.lines import WINDOW, Ints, Lines

_BEFORE_LOWER = np.zeros(16, dtype=np.bool_)
_BEFORE_LOWER[[ch.DIGIT, ch.STOP, ch.CLOSER, ch.MARK, ch.DOLLAR]] = True
_BEFORE_UPPER = np.zeros(16, dtype=np.bool_)
_BEFORE_UPPER[[k for k in range(2, 15) if k != ch.HYPHEN]] = True
_STARTS_NAME = np.zeros(16, dtype=np.bool_)
_STARTS_NAME[[ch.LOWER, ch.UPPER, ch.UNCASED, ch.APOSTROPHE, ch.OPENER]] = True


@dataclass(frozen=True)
class Candidates:
    """Possible borders, ascending: `at` is where the first name would begin, `line` the line of each.

    `chunk` is the chunk the border stands in; `end` where the first name would end.
    """

    at: Ints
    line: Ints
    chunk: Ints
    end: Ints

    def __len__(self) -> int:
        """Number of candidates in the batch."""
        return len(self.at)


def sharp(lines: Lines) -> Candidates:
    """Borders where the kind of character changes: a capital inside a word, a letter after a stop or digit."""
    before, here = lines.kinds[:-1], lines.kinds[1:]
    mask = ((here == ch.UPPER) | (here == ch.UNCASED)) & _BEFORE_UPPER[before]
    mask |= (here == ch.LOWER) & _BEFORE_LOWER[before]
    return _select(lines, np.flatnonzero(mask) + 1)


def every(lines: Lines) -> Candidates:
    """Every place inside a word where a name could begin."""
    mask = _STARTS_NAME[lines.kinds[1:]] & (lines.kinds[:-1] > ch.SPACE)
    return _select(lines, np.flatnonzero(mask) + 1)


def _select(lines: Lines, at: Ints) -> Candidates:
    """Keep what lies in the window of its line and inside a chunk that could hold a name."""
    chunks = lines.chunks
    chunk = np.searchsorted(chunks.stop, at, side="left")
    line = chunks.line[chunk]
    keep = (at < chunks.end[chunk]) & (at - lines.start[line] <= WINDOW)
    at, chunk, line = at[keep], chunk[keep], line[keep]
    return Candidates(at, line, chunk, chunks.end[chunk])
