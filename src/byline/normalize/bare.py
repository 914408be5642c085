"""Texts bare of all but letters and digits, in lower case: what keys are made of and texts are compared by.

Unicode's classes are matched a text at a time; the bytes of ASCII, nearly all there are, by one table for a whole
column, which takes a tenth of the time.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

OTHER_MARKS = r"[^\p{L}\p{N}]+"
"""What is no letter and no digit, in any script."""
ASCII = 128
BETWEEN = b"\x1f"
"""What stands between texts while they are one run of bytes: the separator of units, which hardly any text holds."""
KEPT = "".join(chr(byte) for byte in range(ASCII) if chr(byte).isalnum()).encode() + BETWEEN
GOES = bytes(set(range(256)) - set(KEPT))
LOWER = bytes(range(256)).lower()


def bare(texts: pl.Series) -> pl.Series:
    """Return texts in lower case without what is no letter or digit, of any script; null stays null.

    A worked example of two texts, `A b` and `c-D`, `|` for what stands between: of `A b|c-D` is left `ab|cd`. The mark
    is at 2, the end at 5, so that the offsets of `abcd` are 0, 2, 4.
    """
    if not len(texts):
        return texts.cast(pl.String)
    whole = texts.fill_null("")
    data = _run(whole)
    if data.count(BETWEEN) >= len(whole):  # a text holds one
        whole = whole.str.replace_all(BETWEEN.decode(), " ", literal=True)
        data = _run(whole)
    left = data.translate(LOWER, GOES)
    marks = np.flatnonzero(np.frombuffer(left, dtype=np.uint8) == BETWEEN[0])
    ends = np.append(marks, len(left)) - np.arange(len(texts))
    out = _as_texts(left.replace(BETWEEN, b""), ends).alias(texts.name)
    if not data.isascii():
        rows = (whole.str.len_bytes() != whole.str.len_chars()).arg_true()
        some = whole.gather(rows).str.to_lowercase().str.replace_all(OTHER_MARKS, "")
        out = out.scatter(rows, some)
    return out.set(texts.is_null(), None) if texts.has_nulls() else out


def _run(texts: pl.Series) -> bytes:
    """Return the texts as one run of UTF-8, `BETWEEN` between them."""
    joined: str = texts.str.join(BETWEEN.decode()).item()
    return joined.encode()


def _as_texts(data: bytes, ends: NDArray[np.int64]) -> pl.Series:
    """Return texts that lie one after the other and end there."""
    offsets = np.append(0, ends).astype(np.int64)
    return pl.Series(pa.LargeStringArray.from_buffers(len(ends), pa.py_buffer(offsets), pa.py_buffer(data)))
