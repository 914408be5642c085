"""arXiv's archives, and how often one person writes in two of them: near, distant or unrelated fields."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

RESOURCE = "archive_relations.json"
Masks = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Relations:
    """Each archive as one of 64 bits, and the bits of those that lie near it and at most distant from it."""

    own: dict[str, int]
    near: dict[str, int]
    reach: dict[str, int]


def _raw() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((files("byline") / "resources" / RESOURCE).read_text(encoding="utf-8"))
    return found


def weights() -> tuple[float, float]:
    """Return the weight of evidence, in natural logarithms, of two mentions in distant and in unrelated archives."""
    found = _raw()["weights"]
    return found["distant"], found["unrelated"]


@cache
def load() -> Relations:
    """Return the shipped relations, learned from whom arXiv's rare names write with (`benchmarks.identity_archives`).

    The file lists for each archive those that are `distant` and `unrelated`; all others lie near.
    """
    raw = _raw()["archives"]
    bit = {name: 1 << place for place, name in enumerate(sorted(raw))}
    everything = sum(bit.values())
    unrelated = {name: sum(bit[other] for other in raw[name]["unrelated"]) for name in raw}
    distant = {name: sum(bit[other] for other in raw[name]["distant"]) for name in raw}
    reach = {name: everything & ~unrelated[name] for name in raw}
    return Relations(bit, {name: reach[name] & ~distant[name] for name in raw}, reach)


def masks(categories: pl.Series) -> dict[str, Masks]:
    """Return the archive of each category as bits (`archives`), those near it and within reach; 0 where unknown.

    `hep-th` and `cs.LG` lie in the archives hep-th and cs; a category of an archive not in the table has no bits.
    """
    known, archive = load(), categories.str.extract(r"^([^.]+)", 1)
    tables = {"archives": known.own, "near": known.near, "reach": known.reach}
    distinct = archive.unique().drop_nulls()
    out = {}
    for name, table in tables.items():
        bits = pl.Series([table.get(one, 0) for one in distinct], dtype=pl.UInt64)
        coded = archive.replace_strict(distinct, bits, default=0, return_dtype=pl.UInt64)
        out[name] = coded.fill_null(0).to_numpy()
    return out
