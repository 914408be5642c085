"""How probable it is that a mention is its author's: evidence levels of mentions in their cluster."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.identity.compare import Compared
from byline.identity.features import CORPUS_EDGES, Levels, binned, corpus_step
from byline.identity.groups import Ints

INSIDE_EDGES = [-1.0, 0.0, 0.7, 1.4, 2.2, 3.0, 4.0, 5.5]
OUTSIDE_EDGES = [-2.0, -1.0, -0.3, 0.3, 1.0, 2.0]
CLUSTER_EDGES = [1.5, 2.5, 4.5, 8.5, 16.5, 40.5]
OWN_EDGES = [1.5, 3.5, 8.5]
NAME_EDGES = [9.0, 11.0, 13.0, 15.0, 17.5]

SHAPE = {
    "inside": (len(INSIDE_EDGES) + 2,),
    "outside": (len(OUTSIDE_EDGES) + 2,),
    "cluster": (len(CLUSTER_EDGES) + 1,),
    "own": (len(OWN_EDGES) + 1,),
    "name": (2, len(NAME_EDGES) + 1),
    "corpus": (len(CORPUS_EDGES) + 1, 3),
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
        (table["is_full"].to_numpy().astype(np.int64), binned(rarity, NAME_EDGES)), SHAPE["name"]
    )
    out: dict[str, npt.NDArray[np.integer[Any]]] = {
        "inside": _bin_or_none(mean, INSIDE_EDGES),
        "outside": _bin_or_none(beyond, OUTSIDE_EDGES),
        "cluster": binned(table["held"], CLUSTER_EDGES),
        "own": binned(table["mentions"], OWN_EDGES),
        "name": name,
        "corpus": corpus_step(papers) * 3 + binned(table["held"], [1.5, 2.5]),
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


def _bin_or_none(values: npt.NDArray[np.float64], edges: list[float]) -> npt.NDArray[np.int64]:
    return np.where(np.isneginf(values), 0, 1 + binned(values, edges))
