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


def restrained(compared: Compared, score: Floats) -> Floats:
    """Return the scores of `compared.pairs` with what contradicts them taken into account.

    Two authors of one paper are two persons but for a slip of the list. An initial joins, of several given names that
    it fits, only the one that clearly fits best, unless a co-author in common says more.
    """
    out = np.where(compared.pairs["one_paper"].to_numpy(), ONE_PAPER, score)
    out[_unclear(compared.pairs, out)] = NOT_CLEAR
    return out


def _unclear(pairs: pl.DataFrame, score: Floats) -> npt.NDArray[np.int64]:
    """Return the rows of pairs of an initial and a name that another name rivals."""
    rows = pairs.select(
        "atom", "atom_b", "is_full", "first", "full", "long", "long_b", score=pl.Series(score)
    ).with_row_index("row")
    rows = rows.filter(pl.col("first") == int(First.INITIAL)).select(
        "row", "score", "full",
        initial=pl.when("is_full").then("atom_b").otherwise("atom"),
        fits=pl.when("is_full").then("long").otherwise("long_b"),
    )  # fmt: skip
    best = (
        rows.group_by("initial", "fits")
        .agg(pl.col("score").max())
        .sort("initial", "score", "fits", descending=[False, True, False])
    )
    best = best.group_by("initial", maintain_order=True).agg(
        lead=pl.col("score").first(),
        second=pl.col("score").get(1, null_on_oob=True),
        leader=pl.col("fits").first(),
    )
    rows = rows.join(best.drop_nulls("second"), on="initial", how="inner", maintain_order="left")
    rival = (pl.col("lead") - pl.col("second") < CLEAR) | (pl.col("fits") != pl.col("leader"))
    return (
        rows.filter(rival & pl.col("full").is_null() & (pl.col("score") > NOT_CLEAR))["row"]
        .to_numpy()
        .astype(np.int64)
    )
