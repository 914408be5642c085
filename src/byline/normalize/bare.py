"""Texts bare of all but letters and digits, in lower case: what keys are made of and texts are compared by.

Unicode's classes are matched a text at a time; the bytes of ASCII, nearly all there are, by one table for a whole
column, which takes a quarter of the time.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from byline.core.hashing import utf8

OTHER_MARKS = r"[^\p{L}\p{N}]+"
"""What is no letter and no digit, in any script."""
ASCII = 128


KEPT = "".join(chr(byte) for byte in range(ASCII) if chr(byte).isalnum()).encode()
GOES = bytes(set(range(256)) - set(KEPT))
LOWER = bytes(range(256)).lower()
STAYS = np.isin(np.arange(256), list(KEPT))


def bare(texts: pl.Series) -> pl.Series:
    """Return texts in lower case without what is no letter or digit, of any script; null stays null.

    A worked example of two texts, `A b` and `c-D` (bytes `A bc-D`, offsets 0, 3, 6): 1 0 1 and 1 0 1 stay, two of each,
    so that the offsets of what is left, `abcd`, are 0, 2, 4: `ab`, `cd`.
    """
    data, offsets = utf8(texts)
    left = data.tobytes().translate(LOWER, GOES)
    out = _as_texts(left, _counts(data, offsets)).alias(texts.name)
    beyond = np.flatnonzero(data >= ASCII)
    rows = np.unique(np.searchsorted(offsets, beyond, side="right") - 1)
    if len(rows):
        some = texts.gather(rows).str.to_lowercase().str.replace_all(OTHER_MARKS, "")
        out = out.scatter(rows, some)
    return out.set(texts.is_null(), None) if texts.has_nulls() else out


def _counts(data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many bytes of each text stay."""
    counts = np.zeros(len(offsets) - 1, dtype=np.int64)
    some = np.flatnonzero(offsets[1:] > offsets[:-1])  # what is empty would be summed up as one byte
    counts[some] = np.add.reduceat(STAYS[data], offsets[:-1][some], dtype=np.int64) if len(some) else 0
    return counts


def _as_texts(data: bytes, counts: NDArray[np.int64]) -> pl.Series:
    """Return texts of these numbers of bytes, which lie one after the other."""
    offsets = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=offsets[1:])
    return pl.Series(pa.LargeStringArray.from_buffers(len(counts), pa.py_buffer(offsets), pa.py_buffer(data)))
