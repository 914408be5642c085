"""What outweighs a pair's own evidence: one paper, contradicting middle names, initials that fit several names."""

from __future__ import annotations

from collections.abc import Set

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.identity.cluster import ONE_PAPER
from byline.identity.compare import Compared
from byline.identity.forms import First, Middle

Floats = npt.NDArray[np.float64]
CLEAR = 0.7
"""Log-odds by which the best of several fitting names must lead: two to one."""
NOT_CLEAR = -0.5
"""The score of an initial and a name that it fits no better than another."""
CONTRADICTED = -6.0
"""The score shown for two forms whose middle names contradict, where too little is shared. Full ones are never joined,
also not through a form without a middle name (see `resolver.clustered`)."""
CONTRADICTING = frozenset({Middle.CONFLICT, Middle.OTHER})
STRONG = 24.0
"""Rarity (nats) of the co-authors in common that outweighs contradicting middle names: two rare names, or three."""


def constrained(compared: Compared, score: Floats) -> Floats:
    """Return the scores of `compared.pairs` with what contradicts them taken into account.

    Two authors of one paper are two persons. Forms whose middle names contradict are two persons unless the co-authors
    in common say more (`STRONG`). An initial joins, of several given names that it fits, only the one that clearly fits
    best, unless a co-author in common says more.
    """
    out = np.where(contradicted(compared, CONTRADICTING), np.minimum(score, CONTRADICTED), score)
    out[compared.pairs["one_paper"].to_numpy()] = ONE_PAPER
    out[_unclear(compared, out)] = NOT_CLEAR
    return out


def contradicted(compared: Compared, kinds: Set[Middle]) -> npt.NDArray[np.bool_]:
    """Tell the pairs whose middle names relate in one of these ways, with too little in common to outweigh it."""
    apart = compared.pairs["mid"].is_in(sorted(int(kind) for kind in kinds)).fill_null(value=False)
    few = compared.pairs["rarity"].fill_null(0.0) < STRONG
    return (apart & few).to_numpy()


def _unclear(compared: Compared, score: Floats) -> npt.NDArray[np.int64]:
    """Return the rows of pairs of an initial and a name that another name rivals."""
    row = np.flatnonzero((compared.pairs["first"] == int(First.INITIAL)).fill_null(value=False).to_numpy())
    a, b = (end[row] for end in compared.ends)
    full = compared.table["is_full"].to_numpy()[a]
    long = compared.table["long"].rank("dense").to_numpy()
    rows = pl.DataFrame(
        {
            "row": row,
            "score": score[row],
            "initial": np.where(full, b, a),
            "long": np.where(full, long[a], long[b]),
            "alone": compared.pairs["full"].gather(row).is_null(),
        }
    )
    best = (
        rows.group_by("initial", "long")
        .agg(pl.col("score").max())
        .sort("initial", "score", "long", descending=[False, True, False])
    )
    best = best.group_by("initial", maintain_order=True).agg(
        lead=pl.col("score").first(),
        second=pl.col("score").get(1, null_on_oob=True),
        leader=pl.col("long").first(),
    )
    rows = rows.join(best.drop_nulls("second"), on="initial", how="inner", maintain_order="left")
    rival = (pl.col("lead") - pl.col("second") < CLEAR) | (pl.col("long") != pl.col("leader"))
    return rows.filter(rival & pl.col("alone") & (pl.col("score") > NOT_CLEAR))["row"].to_numpy()
