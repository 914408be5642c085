"""How far a mention may be trusted to be its author's: evidence levels of mentions in their cluster."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.identity.compare import Compared
from byline.identity.features import Levels

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
}
"""Each feature's table of weights; level 0 of inside and outside stands for no pair compared."""


def levels(
    compared: Compared, score: npt.NDArray[np.float64], cluster: npt.NDArray[np.int64]
) -> dict[str, Levels]:
    """Return each atom's levels: average score within its cluster, greatest beyond, sizes, how rare the name is."""
    a, b = compared.pairs["atom"].to_numpy(), compared.pairs["atom_b"].to_numpy()
    both = pl.DataFrame(
        {"atom": np.concatenate([a, b]), "other": np.concatenate([b, a]), "score": np.tile(score, 2)}
    )
    both = both.with_columns(inside=pl.Series(np.tile(cluster[a] == cluster[b], 2)))
    means = (
        both.filter("inside")
        .sort("atom", "other")
        .group_by("atom", maintain_order=True)
        .agg(pl.col("score").mean())
    )
    beyond = both.filter(~pl.col("inside")).group_by("atom").agg(pl.col("score").max())
    table = compared.table.select("atom", "mentions", "is_full", "rarity_given", "rarity_family")
    table = table.join(means, on="atom", how="left", maintain_order="left")
    table = table.join(beyond, on="atom", how="left", maintain_order="left", suffix="_out")
    table = table.with_columns(cluster=pl.Series(cluster)).with_columns(
        held=pl.col("mentions").sum().over("cluster")
    )
    rarity = table.select(pl.col("rarity_given") + pl.col("rarity_family")).to_series()
    name = np.ravel_multi_index(
        (table["is_full"].to_numpy().astype(np.int64), _bin(rarity, NAME_EDGES)), SHAPE["name"]
    )
    out = {
        "inside": _bin_or_none(table["score"], INSIDE_EDGES),
        "outside": _bin_or_none(table["score_out"], OUTSIDE_EDGES),
        "cluster": _bin(table["held"], CLUSTER_EDGES),
        "own": _bin(table["mentions"], OWN_EDGES),
        "name": name,
    }
    return {key: value.astype(np.int16) for key, value in out.items()}


def _bin(values: pl.Series, edges: list[float]) -> npt.NDArray[np.int64]:
    return np.searchsorted(np.array(edges), values.cast(pl.Float64).to_numpy(), side="right").astype(np.int64)


def _bin_or_none(values: pl.Series, edges: list[float]) -> npt.NDArray[np.int64]:
    return np.where(values.is_null().to_numpy(), 0, 1 + _bin(values.fill_null(0.0), edges))
