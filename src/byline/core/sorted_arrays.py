"""Sorted arrays of numbers: where runs of equal ones begin, and looking numbers up in them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]


def firsts(values: Numbers) -> Mask:
    """Tell the first of each run of equal numbers; `values[firsts(values)]` spares `np.unique`'s hashing."""
    return np.append(True, values[1:] != values[:-1])[: len(values)]


def look_up(keys: Numbers, wanted: Numbers) -> tuple[npt.NDArray[np.intp], Mask]:
    """Return where each wanted number would stand among the sorted, distinct keys, and whether it does.

    The place of one that does not is some place in `keys`, or 0 where there are none.
    """
    if len(keys) == 0:
        return np.zeros(wanted.shape, dtype=np.intp), np.zeros(wanted.shape, dtype=np.bool_)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return at, keys[at] == wanted


def pair_keys(one: Numbers, other: Numbers, size: int) -> npt.NDArray[np.int64]:
    """Return a number for each pair of numbers below `size`, the same whichever comes first, sorted as pairs are."""
    keys: npt.NDArray[np.int64] = np.minimum(one, other) * size + np.maximum(one, other)
    return keys
