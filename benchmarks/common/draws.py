"""Stateless random draws: a value follows from the seed and its keys, so any part of a corpus can be made alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

_STEP = np.uint64(0x9E3779B97F4A7C15)


def mixed(seed: int, stream: int, *keys: Counts) -> Words:
    """Return 64 mixed bits for each row of keys (SplitMix64, Steele, Lea, Flood 2014), another set for each stream."""
    state = _mix(np.array([seed * 1_000_003 + stream], dtype=np.uint64))
    for key in keys:
        state = _mix((state ^ key.astype(np.uint64)) + _STEP)
    return state


def _mix(words: Words) -> Words:
    words = words + _STEP
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


def uniform(seed: int, stream: int, *keys: Counts) -> Floats:
    """Return a number in [0, 1) for each row of keys."""
    return (mixed(seed, stream, *keys) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def below(limit: int | Counts, seed: int, stream: int, *keys: Counts) -> Counts:
    """Return a whole number in [0, limit) for each row of keys."""
    return (uniform(seed, stream, *keys) * limit).astype(np.int64)
