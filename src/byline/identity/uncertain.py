"""The pairs of mentions a person should look at first."""

from __future__ import annotations

import numpy as np
import polars as pl

from byline.identity.cluster import ONE_PAPER
from byline.identity.decisions import Decided
from byline.identity.resolver import LARGE, weigh

UNCERTAIN = 2.0
"""Scores (log-odds) nearer to the threshold than this are uncertain: between 12 and 88 in 100."""


def uncertain_pairs(mentions: pl.DataFrame, limit: int = 200, papers: int = LARGE) -> pl.DataFrame:
    """Return the uncertain pairs of resolved mentions (rows of `describe` with author_id), the most valuable first.

    `papers`: how many the corpus has. One pair, the most telling, of any two authors and of any author:

    | column | type | what it says |
    |---|---|---|
    | `paper_id_a`, `position_a` | String, UInt16 | one mention; the other with `_b` |
    | `name_a`, `author_id_a` | String | its name as listed, its author |
    | `together` | Boolean | whether both are of one author now |
    | `probability` | Float64 | of being one person |
    | `value` | Float64 | how many mentions are expected to change hands when a person says |
    """
    if mentions.height == 0:
        mentions = mentions.head(0)
    resolved = weigh(mentions, Decided([], []), papers)
    compared = resolved.compared
    first = compared.ordered.unique("group", keep="first", maintain_order=True).sort("group")
    first = first.select("paper_id", "position", name="name_as_listed", author_id="author_id")
    held = compared.ordered.group_by("author_id").agg(held=pl.len())
    score = resolved.score
    near = np.flatnonzero((np.abs(score) < UNCERTAIN) & (score > ONE_PAPER / 2))
    sides = []
    for column, suffix in (("group", "_a"), ("group_b", "_b")):
        groups = compared.pairs[column].gather(near)
        size = compared.table["mentions"].gather(groups).alias("size")
        side = first[groups].with_columns(size).join(held, on="author_id", how="left", maintain_order="left")
        sides.append(side.rename({name: name + suffix for name in side.columns}))
    pairs = pl.concat(sides, how="horizontal").with_columns(
        probability=pl.Series(1 / (1 + np.exp(-score[near]))),
        together=pl.col("author_id_a") == pl.col("author_id_b"),
    )
    moved = (
        pl.when("together")
        .then(pl.min_horizontal("size_a", "size_b"))
        .otherwise(pl.min_horizontal("held_a", "held_b"))
    )
    wrong = pl.when("together").then(1 - pl.col("probability")).otherwise("probability")
    pairs = pairs.with_columns(value=moved * wrong)
    keys = ["paper_id_a", "position_a", "paper_id_b", "position_b"]
    pairs = pairs.sort("value", *keys, descending=[True, *[False] * 4])
    pairs = pairs.unique(["author_id_a", "author_id_b"], keep="first", maintain_order=True).head(limit)
    return pairs.select(
        "paper_id_a", "position_a", "name_a", "author_id_a", "paper_id_b", "position_b", "name_b", "author_id_b",
        "together", "probability", "value",
    )  # fmt: skip
