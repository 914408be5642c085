"""The word lists and counts that the name parser and the identity model look things up in; loaded once, lazily."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.core.hashing import hash64, hash_one
from byline.core.sorted_arrays import look_up

LOG_STEP = 8.0
"""Counts are kept as round(LOG_STEP * ln(1 + count)) in one byte: steps of 13 %, up to e**31."""


def _lines(name: str) -> list[str]:
    text = (files("byline") / "resources" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def particles() -> frozenset[str]:
    """Return the particles that count when listed in lower case."""
    return frozenset(line.removeprefix("!") for line in _lines("name_particles.txt"))


@cache
def strong_particles() -> frozenset[str]:
    """Return the particles that count in capitals too, folded to lower case."""
    return frozenset(line[1:] for line in _lines("name_particles.txt") if line.startswith("!"))


@cache
def suffixes() -> dict[str, str]:
    """Return how a folded suffix (`jr`) is shown (`Jr.`)."""
    return {key: shown for key, _, shown in (line.partition("\t") for line in _lines("name_suffixes.txt"))}


@cache
def collaboration_words() -> frozenset[str]:
    """Return the words that make a name a collaboration's wherever they stand, folded."""
    return frozenset(line for line in _lines("collaboration_words.txt") if not line.startswith("="))


@cache
def collaboration_names() -> frozenset[str]:
    """Return whole names of organisations that sign as an author, folded."""
    return frozenset(line[1:] for line in _lines("collaboration_words.txt") if line.startswith("="))


@cache
def double_surnames() -> frozenset[str]:
    """Return the Spanish family names before which a given name ends: `Ana Ruiz Belmonte` is a Ruiz."""
    return frozenset(_lines("spanish_surnames.txt"))


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
    with (files("byline") / "resources" / "name_counts.npy").open("rb") as file:
        table = np.load(file, allow_pickle=False)
    rates = [np.expm1(table[column] / LOG_STEP).astype(np.float32) for column in ("given", "family")]
    return Counts(np.ascontiguousarray(table["hash"]), *rates)


def counts(tokens: pl.Series) -> pl.DataFrame:
    """Return how often folded tokens are first (`given`) and last (`family`) in an author's name, per 367,000.

    Row-aligned Float32 columns; 0 for a token not seen twice. From the metadata of 120,000 arXiv papers (CC0).
    """
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
