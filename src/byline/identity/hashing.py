"""Stable hashes of many texts: each distinct text is hashed once, so that the result depends on the text alone."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import polars as pl


def hashes(texts: pl.Series, kind: str) -> npt.NDArray[np.uint64]:
    """Return a 64-bit hash of each distinct-or-not text, row-aligned; null hashes to 0."""
    person = kind.encode()
    values = [
        0
        if text is None
        else int.from_bytes(blake2b(text.encode(), digest_size=8, person=person).digest(), "little")
        for text in texts
    ]
    return np.array(values, dtype=np.uint64)
