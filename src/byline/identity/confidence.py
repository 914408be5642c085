"""How probable it is that a mention is its author's: evidence levels of mentions in their cluster."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.identity.compare import Compared
from byline.identity.edges import MENTIONS, PAIRS, Edges
from byline.identity.features import Levels, binned, corpus_step
from byline.identity.groups import Ints

SHAPE = {
    "inside": (len(MENTIONS["inside"]) + 2,),
    "outside": (len(MENTIONS["outside"]) + 2,),
    "cluster": (len(MENTIONS["cluster"]) + 1,),
    "own": (len(MENTIONS["own"]) + 1,),
    "name": (2, len(MENTIONS["name"]) + 1),
    "corpus": (len(PAIRS["corpus"]) + 1, len(MENTIONS["few_held"]) + 1),
}
"""Each feature's table of weights; level 0 of inside and outside stands for no pair compared."""


def levels(
    compared: Compared, score: npt.NDArray[np.float64], cluster: npt.NDArray[np.int64], papers: int
) -> dict[str, Levels]:
    """Return each group's levels: average score within its cluster, greatest beyond, sizes, how rare the name is."""
    a, b = compared.ends
    inside = cluster[a] == cluster[b]
    mean, beyond = _mean(a, b, inside, score, len(cluster)), np.full(len(cluster), -np.inf)
    for end in (a, b):
        np.maximum.at(beyond, end[~inside], score[~inside])
    table = compared.table.select("mentions", "is_full", "rarity_given", "rarity_family")
    table = table.with_columns(cluster=pl.Series(cluster)).with_columns(
        held=pl.col("mentions").sum().over("cluster")
    )
    rarity = table.select(pl.col("rarity_given") + pl.col("rarity_family")).to_series()
    name = np.ravel_multi_index(
        (table["is_full"].to_numpy().astype(np.int64), binned(rarity, MENTIONS["name"])), SHAPE["name"]
    )
    out: dict[str, npt.NDArray[np.integer[Any]]] = {
        "inside": _bin_or_none(mean, MENTIONS["inside"]),
        "outside": _bin_or_none(beyond, MENTIONS["outside"]),
        "cluster": binned(table["held"], MENTIONS["cluster"]),
        "own": binned(table["mentions"], MENTIONS["own"]),
        "name": name,
        "corpus": corpus_step(papers) * (len(MENTIONS["few_held"]) + 1)
        + binned(table["held"], MENTIONS["few_held"]),
    }
    return {key: value.astype(np.int16) for key, value in out.items()}


def _mean(
    a: Ints, b: Ints, chosen: npt.NDArray[np.bool_], score: npt.NDArray[np.float64], size: int
) -> npt.NDArray[np.float64]:
    """Return each group's mean score over its chosen pairs, -inf where it has none."""
    ends, values = np.concatenate([a[chosen], b[chosen]]), np.tile(score[chosen], 2)
    count = np.bincount(ends, minlength=size)
    total = np.bincount(ends, weights=values, minlength=size)
    return np.where(count > 0, total / np.maximum(count, 1), -np.inf)


def _bin_or_none(values: npt.NDArray[np.float64], edges: Edges) -> npt.NDArray[np.int64]:
    return np.where(np.isneginf(values), 0, 1 + binned(values, edges))
