"""Keys of features, and the slots of the weight table that they fall into."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from byline.boundary.lines import Codes, Ints

SLOT_BITS = 21
Feature = tuple[str, Codes]
"""What is looked at, in words, and one key a candidate. Several features may share their words."""


def slots(number: int, key: Codes) -> Codes:
    """Spread the keys of feature `number` over the weight table (Murmur3's finaliser, shortened)."""
    mixed = (key ^ np.uint32((number * 0x85EBCA6B + 0x27D4EB2F) & 0xFFFFFFFF)) * np.uint32(0x9E3779B1)
    mixed ^= mixed >> np.uint32(15)
    mixed *= np.uint32(0xC2B2AE35)
    return mixed >> np.uint32(32 - SLOT_BITS)


def fold64(value: NDArray[np.uint64]) -> Codes:
    """Make a key of a 64-bit hash."""
    return (value >> np.uint64(32)).astype(np.uint32) ^ value.astype(np.uint32)


def grow(columns: list[Codes], upto: int) -> list[Codes]:
    """Hashes of the first 1, 2, ... `upto` columns."""
    result = [columns[0]]
    for column in columns[1:upto]:
        result.append((result[-1] * np.uint32(0x01000193)) + column + np.uint32(0x9E37))
    return result


def count(values: Ints, cap: int) -> Codes:
    """Make a key of a count, the same for all from `cap` on."""
    return np.minimum(values, cap).astype(np.uint32)
