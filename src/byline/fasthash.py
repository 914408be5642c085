"""Hashes of many short texts at once, for evidence and look-ups: fast and stable, not cryptographic.

A polynomial over the bytes of UTF-8, modulo 2**64, spread by the finalizer of SplitMix64 (Steele, Lea and Flood 2014).
With the running sum of `byte * BASE**place` over a whole column, the hash of every text is one subtraction and one
multiplication. Ids are something else: see `byline.ids`.
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b

import numpy as np
import polars as pl
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

BASE = 0x9E3779B97F4A7C15
INVERSE = pow(BASE, -1, 1 << 64)
MASK = (1 << 64) - 1
CHUNK_BYTES = 1 << 21
"""Bytes hashed in one go: bounds the running sums to some tens of MB."""


@cache
def _seed(kind: str) -> int:
    return int.from_bytes(blake2b(kind.encode(), digest_size=8).digest(), "little")


@cache
def _powers(size: int, base: int) -> Hashes:
    steps = np.full(size, base, dtype=np.uint64)
    steps[:1] = 1
    return np.cumprod(steps, dtype=np.uint64)


def powers(size: int, base: int) -> Hashes:
    """Return base**0 … base**(size-1) modulo 2**64; up to four million, grown in powers of two, they are kept."""
    rounded = 1 << max(10, (size - 1).bit_length())
    return _powers(rounded, base)[:size] if rounded <= 1 << 22 else _powers.__wrapped__(size, base)


def hash64(texts: pl.Series, kind: str) -> Hashes:
    """Return a 64-bit hash of each text, row-aligned; null hashes to 0. `kind` separates the spaces of hashes."""
    rows = texts.cast(pl.String)
    lengths = rows.str.len_bytes().fill_null(0).to_numpy().astype(np.int64)
    ends = np.cumsum(lengths)
    result = np.zeros(len(rows), dtype=np.uint64)
    start, done = 0, 0
    while start < len(rows):
        stop = max(start + 1, int(np.searchsorted(ends, done + CHUNK_BYTES, side="right")))
        result[start:stop] = _hash_chunk(rows[start:stop], lengths[start:stop], kind)
        done, start = int(ends[stop - 1]), stop
    result[rows.is_null().to_numpy()] = 0
    return result


def _hash_chunk(texts: pl.Series, lengths: NDArray[np.int64], kind: str) -> Hashes:
    joined = np.frombuffer("".join(texts.drop_nulls().to_list()).encode(), dtype=np.uint8)
    ends = np.cumsum(lengths)
    return hash_spans(joined, ends - lengths, ends, kind)


def hash_spans(
    data: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64], kind: str
) -> Hashes:
    """Return `hash64` of the texts that stand at `starts` to `ends` in one run of UTF-8 bytes."""
    sums = np.zeros(len(data) + 1, dtype=np.uint64)
    np.cumsum(data * powers(len(data), BASE), out=sums[1:])
    polynomial = (sums[ends] - sums[starts]) * powers(len(data) + 1, INVERSE)[starts]
    return _spread(polynomial + np.uint64(_seed(kind)) + (ends - starts).astype(np.uint64))


def _spread(x: Hashes) -> Hashes:
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def hash_one(text: str, kind: str) -> int:
    """Return `hash64` of one text."""
    data = text.encode()
    x = 0
    for byte in reversed(data):
        x = (x * BASE + byte) & MASK
    x = (x + _seed(kind) + len(data)) & MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)
