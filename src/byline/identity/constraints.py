"""What a pair's own evidence can't tell: two authors of one paper, and initials that fit several names."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.identity.cluster import ONE_PAPER
from byline.identity.compare import Compared
from byline.identity.forms import First

Floats = npt.NDArray[np.float64]
CLEAR = 0.7
"""Log-odds by which the best of several fitting names must lead: two to one."""
NOT_CLEAR = -0.5
"""The score of an initial and a name that it fits no better than another."""


def constrained(compared: Compared, score: Floats) -> Floats:
    """Return the scores of `compared.pairs` with what contradicts them taken into account.

    Two authors of one paper are two persons but for a slip of the list. An initial joins, of several given names that
    it fits, only the one that clearly fits best, unless a co-author in common says more.
    """
    out = np.where(compared.pairs["one_paper"].to_numpy(), ONE_PAPER, score)
    out[_unclear(compared, out)] = NOT_CLEAR
    return out


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
