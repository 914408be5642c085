"""Known East Asian family names of several characters, which a border between title and names may cut.

Chinese, Japanese and Korean names touch the title without a mark: 评价司马文博 is 评价|司马文博, although 马
is a family name, too.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from byline.boundary.lines import Ints, Lines
from byline.boundary.model import Model
from byline.names.native import chinese_words, surnames

LONGEST = 4
"""Characters of a family name."""

Known = list[NDArray[np.uint64]]
"""Hashes of the family names of 1, 2, 3, 4 characters, ascending."""


def cut(model: Model, lines: Lines, at: Ints) -> NDArray[np.bool_]:
    """Whether a family name of several characters, or a word, lies across each border; `at` are places in the batch.

    公司马伟 may be 公司|马伟 or 公|司马伟: the first cuts a family name, the second a word that ends many titles.
    提|取欧阳雪 leaves a piece of the title before a name: none begins at the border, one a character behind it.
    """
    line = np.searchsorted(lines.end, at)
    start, end = lines.start[line], lines.end[line]
    words = model.hashes(tuple(chinese_words()))
    across = lines.hash_span(np.maximum(at - 1, start), np.minimum(at + 1, end))
    known = _known(model)
    late = _begins(lines, known, at + 1, end) & ~_begins(lines, known, at, end)
    return _cuts(lines, known, at, end, start) | np.isin(across, words) | late


def _known(model: Model) -> Known:
    names = sorted(surnames())
    size, hashes = np.array([len(name) for name in names]), model.hashes(tuple(names))
    return [np.unique(hashes[size == length]) for length in range(1, LONGEST + 1)]


def _is_name(lines: Lines, known: Known, start: Ints, length: int, end: Ints) -> NDArray[np.bool_]:
    """Whether a family name of so many characters stands at each place, with one character at least behind it."""
    stop = np.minimum(start + length, end)
    hashes, asked = known[length - 1], lines.hash_span(start, stop)
    found = hashes[np.minimum(np.searchsorted(hashes, asked), len(hashes) - 1)] == asked
    held: NDArray[np.bool_] = found & (start + length < end)
    return held


def _begins(lines: Lines, known: Known, at: Ints, end: Ints) -> NDArray[np.bool_]:
    """Whether a family name of any length begins at each place."""
    found: NDArray[np.bool_] = np.any(
        [_is_name(lines, known, at, length, end) for length in range(1, LONGEST + 1)], axis=0
    )
    return found


def _cuts(lines: Lines, known: Known, at: Ints, end: Ints, floor: Ints) -> NDArray[np.bool_]:
    """Whether a family name of several characters begins before the border, in the title, and ends behind it."""
    found = np.zeros(len(at), dtype=np.bool_)
    for before in range(1, LONGEST):
        start = np.maximum(at - before, floor)
        for length in range(before + 1, LONGEST + 1):
            found |= _is_name(lines, known, start, length, end) & (at - before > floor)
    return found
