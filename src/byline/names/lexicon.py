"""How often words are given and family names: the counts that the name parser and the identity model look up."""

from __future__ import annotations

import io
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.core import resources
from byline.core.arrow import coded
from byline.core.hashing import hash64, hash_one
from byline.core.sorted_arrays import look_up

FAMILY_LIKE = 2.0
"""A token is taken for a family name when it is last this many times as often as first ..."""
GIVEN_LIKE = 0.2
"""... and for a given name when it is last at most this share of the times it is first."""
SEEN = 3.0
"""... and it was seen this often. Both from names of known order; with these no plain Western name is turned."""
LOG_STEP = 8.0
"""Counts are kept as round(LOG_STEP * ln(1 + count)) in one byte: steps of 13 %, up to e**31."""


def token_hash(token: str) -> int:
    """Return a stable 32-bit hash of a folded name token, the key of the count table."""
    return hash_one(token, "name token") & 0xFFFFFFFF


class Counts(NamedTuple):
    """The shipped counts, sorted by hash: logarithms as LOG_STEP says."""

    hash: npt.NDArray[np.uint32]
    given: npt.NDArray[np.float32]
    family: npt.NDArray[np.float32]


@cache
def _table() -> Counts:
    table = np.load(io.BytesIO(resources.data("name_counts.npy")), allow_pickle=False)
    rates = [np.expm1(table[column] / LOG_STEP).astype(np.float32) for column in ("given", "family")]
    return Counts(np.ascontiguousarray(table["hash"]), *rates)


def counts(tokens: pl.Series, *, repeated: bool = False) -> pl.DataFrame:
    """Return how often folded tokens are first (`given`) and last (`family`) in an author's name, per 367,000.

    Row-aligned Float32 columns; 0 for a token not seen twice. From the metadata of 120,000 arXiv papers (CC0). Where
    tokens are said to be `repeated`, as first names are (none of them null), each distinct one is looked up once.
    """
    if repeated:
        codes, distinct = coded(tokens)
        return counts(pl.Series(distinct, dtype=pl.String))[codes]
    table = _table()
    keys = (hash64(tokens, "name token") & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    at, known = look_up(table.hash, keys)
    hit = known & tokens.is_not_null().to_numpy()
    return pl.DataFrame(
        {
            "given": np.where(hit, table.given[at], np.float32(0)),
            "family": np.where(hit, table.family[at], np.float32(0)),
        }
    )


@cache
def count_of(token: str) -> tuple[float, float]:
    """Return `counts` of one token: (as first name, as last name)."""
    table, key = _table(), token_hash(token)
    at = int(np.searchsorted(table.hash, np.uint32(key)))
    if at == len(table.hash) or int(table.hash[at]) != key:
        return 0.0, 0.0
    return float(table.given[at]), float(table.family[at])


def family_like(token: str) -> bool:
    """Tell whether a folded token is far oftener a family name than a first name."""
    given, family = count_of(token)
    return family >= SEEN and family >= FAMILY_LIKE * (given + 0.5)


def may_be_family(token: str) -> bool:
    """Tell whether a folded token is a family name nearly as often as a first name, or oftener (`gil`)."""
    given, family = count_of(token)
    return family >= SEEN and family >= given / 2


def given_like(token: str) -> bool:
    """Tell whether a folded token is far oftener a first name than a family name."""
    given, family = count_of(token)
    return given >= SEEN and family <= GIVEN_LIKE * given
