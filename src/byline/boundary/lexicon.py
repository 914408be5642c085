"""How often a word was a given name, a family name or a title's word: a small hash table of coarse counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from byline.boundary.lines import Codes, Hashes, Ints

SLOT_BITS = 19
_BIN_MASK = np.uint32(511)


class Seen(NamedTuple):
    """How often words were seen, in bins from 0 (never) to 7 (very often), see `bins`."""

    title: Ints
    given: Ints
    family: Ints

    @property
    def name(self) -> Ints:
        """In names, whichever of both parts."""
        return np.maximum(self.given, self.family)


@dataclass(frozen=True)
class Lexicon:
    """`table` holds 23 bits of a word's hash and 9 of its bins in each slot; 0 is empty."""

    table: NDArray[np.uint32]

    def look_up(self, words: Hashes) -> Codes:
        """Bins of each hashed word: title | given << 3 | family << 6, each 0 (never) to 7 (very often)."""
        mixed = words * np.uint64(0xD6E8FEB86659FD93)
        entry = self.table.take((mixed >> np.uint64(64 - SLOT_BITS)).astype(np.int64))
        same = (entry ^ mixed.astype(np.uint32)) <= _BIN_MASK  # the upper 23 bits agree
        return np.where(same, entry & _BIN_MASK, np.uint32(0))

    def seen(self, words: Hashes) -> Seen:
        """What `look_up` returns, taken apart: bins of 0b010_001_011 are 3 in titles, 1 as given name, 2 as family."""
        found = self.look_up(words).astype(np.int64)
        return Seen(found & 7, found >> 3 & 7, found >> 6)


def bins(counts: NDArray[np.int64]) -> Codes:
    """Coarse counts: 0, 1, 2-3, 4-9, 10-31, 32-127, 128-999, 1000 and more."""
    return np.searchsorted([1, 2, 4, 10, 32, 128, 1000], counts, side="right").astype(np.uint32)


def build(
    words: Hashes, title: NDArray[np.int64], given: NDArray[np.int64], family: NDArray[np.int64]
) -> Lexicon:
    """Fill a table; where two words meet in a slot, the more frequent one stays."""
    packed = bins(title) | bins(given) << np.uint32(3) | bins(family) << np.uint32(6)
    mixed = words * np.uint64(0xD6E8FEB86659FD93)
    total = title + given + family
    order = np.lexsort((words, total))  # ascending, so that the most frequent is written last
    slot = (mixed >> np.uint64(64 - SLOT_BITS)).astype(np.int64)[order]
    entry = ((mixed.astype(np.uint32) & ~_BIN_MASK) | packed)[order]
    table = np.zeros(1 << SLOT_BITS, dtype=np.uint32)
    table[slot] = entry
    return Lexicon(table)
