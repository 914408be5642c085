"""The words of a group as 512 bits: how many two groups share is one AND and a count, for any number of pairs."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.identity.groups import MENTIONS_AT_ONCE

LANES = 8
BITS = LANES * 64
LEAST_LEVEL = 5
"""Rarity level (steps of 0.75 nats) from which a word counts: those in fewer than one paper of forty."""

AT_ONCE = 1 << 13
"""Pairs compared in one go: what is in hand stays in the processor's cache."""

Sketches = npt.NDArray[np.uint64]


def sketches(mentions: Iterable[pl.DataFrame], size: int) -> Sketches:
    """Return the bits of each group's words, a row a group; there are `size` groups.

    `mentions`, frames with a row a mention, in any order:

    | column | type | what it says |
    |---|---|---|
    | `group` | Int64 | its mention group |
    | `terms` | List(UInt32) | the rare words of its paper, see `terms` |
    """
    out = np.zeros(size * LANES, dtype=np.uint64)
    for part in (part for some in mentions for part in some.iter_slices(MENTIONS_AT_ONCE)):
        terms = part["terms"]
        term = terms.explode(empty_as_null=False, keep_nulls=False).to_numpy()
        group = np.repeat(part["group"].to_numpy(), terms.list.len().fill_null(0).to_numpy())
        counts = term >= np.uint32(LEAST_LEVEL << 28)
        place = term[counts] % np.uint32(BITS)
        bit = np.uint64(1) << (place & np.uint32(63)).astype(np.uint64)
        # one number a place: over two of them `at` is several times as slow
        np.bitwise_or.at(out, group[counts] * LANES + (place >> np.uint32(6)), bit)
    return out.reshape(size, LANES)


def shared_words(bits: Sketches, pairs: pl.DataFrame) -> pl.Series:
    """Return the words each pair (group, group_b: Int64) shares above what chance gives; may be below 0. Float64.

    Two sketches with 20 and 30 of 512 bits set have 20 x 30 / 512 = 1.2 in common by chance; of 9 in common 7.8 count.
    """
    said = np.bitwise_count(bits).sum(axis=1).astype(np.float64)
    a, b = pairs["group"].to_numpy(), pairs["group_b"].to_numpy()
    common = np.empty(len(a), dtype=np.float64)
    for start in range(0, len(a), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        common[part] = np.bitwise_count(bits[a[part]] & bits[b[part]]).sum(axis=1)
    return pl.Series("words", common - said[a] * said[b] / BITS)
