"""Hashes of many short texts at once, for evidence and look-ups: fast and stable, not cryptographic.

A polynomial over the bytes of UTF-8, modulo 2**64, spread by the finalizer of SplitMix64 (Steele, Lea and Flood 2014).
With the running sum of `byte * BASE**place` over a whole column, the hash of every text is one subtraction and one
multiplication. Ids are something else: see `byline.core.ids`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import blake2b

import numpy as np
import polars as pl
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

BASE = 0x9E3779B97F4A7C15
INVERSE = pow(BASE, -1, 1 << 64)
MASK = (1 << 64) - 1
CHUNK_BYTES = 1 << 17
"""Bytes hashed in one go: the running sums of so many, a megabyte, stay in a core's cache."""


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
    data, offsets = utf8(texts)
    result = hash_spans(data, offsets[:-1], offsets[1:], kind)
    if texts.has_nulls():
        result[texts.is_null().to_numpy()] = 0
    return result


def utf8(texts: pl.Series) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the UTF-8 bytes of all texts, one after the other, and where each begins (and the last ends).

    Null has no bytes. Nothing is copied where the column's own buffers serve.
    """
    whole = texts.cast(pl.String).fill_null("").rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
    _, places, content = whole.buffers()
    offsets = np.frombuffer(places, dtype=np.int64)[whole.offset : whole.offset + len(whole) + 1]
    return np.frombuffer(content, dtype=np.uint8)[offsets[0] : offsets[-1]], offsets - offsets[0]


def hash_spans(
    data: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64], kind: str
) -> Hashes:
    """Return `hash64` of the texts that stand at `starts` to `ends`, in rising order, in one run of UTF-8 bytes."""
    return hash_parts(data, starts, ends, [(starts, ends, kind)])[0]


def hash_parts(
    data: NDArray[np.uint8],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    parts: Sequence[tuple[NDArray[np.int64], NDArray[np.int64], str]],
) -> list[Hashes]:
    """Return `hash64` of several parts of texts, which stand at `starts` to `ends`, in rising order, in a run of UTF-8.

    `parts`: where each part begins and ends, within its text, and the kind of the hash. The running sums, which are
    what costs, are made once: of `sparsegates`, the whole (0 to 11) and its first six letters (0 to 6) take one.
    """
    results = [np.empty(len(starts), dtype=np.uint64) for _ in parts]
    first = 0
    while first < len(starts):
        origin = int(starts[first])
        last = max(first + 1, int(np.searchsorted(ends, origin + CHUNK_BYTES, side="right")))
        chunk = data[origin : int(ends[last - 1])]
        sums = np.empty(len(chunk) + 1, dtype=np.uint64)
        sums[0], sums[1:] = 0, chunk
        sums[1:] *= powers(len(chunk), BASE)
        np.cumsum(sums[1:], out=sums[1:])
        inverse = powers(len(chunk) + 1, INVERSE)
        for result, (begin, end, _) in zip(results, parts, strict=True):
            at = begin[first:last] - origin
            result[first:last] = (sums[end[first:last] - origin] - sums[at]) * inverse[at]
        first = last
    return [
        _spread(result + np.uint64(_seed(kind)) + (end - begin).astype(np.uint64))
        for result, (begin, end, kind) in zip(results, parts, strict=True)
    ]


def hash_fixed(data: NDArray[np.uint8], starts: NDArray[np.int64], size: int, kind: str) -> Hashes:
    """Return a hash of the `size` bytes (a multiple of 8) that stand at each start; not `hash64`, but as well spread.

    Eight bytes at a time: of `abcdefghABCDEFGH` two numbers are mixed, where running sums would take sixteen steps.
    """
    found = np.full(len(starts), _seed(kind), dtype=np.uint64)
    if not len(starts):
        return found
    words = sliding_window_view(data, size)[starts].view("<u8")
    for place in range(size // 8):
        found = mixed(found, words[:, place])
    return found


def mixed(one: Hashes, other: Hashes) -> Hashes:
    """Return a hash of each pair of hashes; which of both comes first matters."""
    return _spread(one * np.uint64(BASE) + other)


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
