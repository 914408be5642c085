"""How `identity_confidence` holds in corpora of every size, on name blocks that training never saw."""

from __future__ import annotations

from typing import Any

import polars as pl

from benchmarks import identity_gold
from byline import identity

WHOLE = 1_000_000


def by_size(mentions: pl.DataFrame, given: pl.DataFrame, joined: pl.DataFrame) -> list[dict[str, Any]]:
    """Return a row a size of corpus: mentions that are held out, what the confidence says and what is true.

    The gold is parted at random into as many corpora of a size as it gives. `said` is the mean confidence, `main` how
    often a mention is of its author's main person (half where two tie), over all mentions; the rest looks at mentions
    of authors that have several: `said_several`, `main_several`, and which share of an author's pairs of mentions are
    of one person (`pairs`), with what the two mentions' confidence says on average (`said_pairs`). Each of what is true
    is the mean of the labels as given and with the publisher's split ids joined, which bound the truth.
    """
    rows = []
    for size in (*identity_gold.SIZES, WHOLE):
        part = identity_gold.parted(mentions, size)
        found = part.select("paper_id", "position", "block").with_columns(identity.resolve(part, papers=size))
        sides = [_measured(found, labels) for labels in (given, joined)]
        mean = {key: (sides[0][key] + sides[1][key]) / 2 for key in sides[0]}
        mean["mentions"] = int(mean["mentions"])
        bounds = {
            f"pairs_{name}": side["pairs"] for name, side in zip(("given", "joined"), sides, strict=True)
        }
        rows.append({"papers": "all" if size == WHOLE else str(size), **mean, **bounds})
    return rows


def _measured(found: pl.DataFrame, labels: pl.DataFrame) -> dict[str, float]:
    """Return the figures of one size for one set of labels."""
    rows = labels.join(found, on=["paper_id", "position"]).with_columns(author=pl.col("author_id"))
    rows = rows.filter(pl.Series(identity_gold.held_out(rows["block"])))
    held = pl.len().over("set", "author")
    rows = rows.with_columns(
        said=pl.col("identity_confidence").cast(pl.Float64),
        main=identity_gold.right(rows),
        together=identity_gold.together(rows),
        others=(held - 1).cast(pl.Float64),
    )
    several = rows.filter(pl.col("others") > 0)
    weight = float(several["others"].to_numpy().sum())
    return {
        "mentions": float(rows.height),
        "said": _mean(rows["said"]),
        "main": _mean(rows["main"]),
        "said_several": _mean(several["said"]),
        "main_several": _mean(several["main"]),
        "said_pairs": float((several["said"] * several["others"]).sum()) / weight,
        "pairs": float((several["together"] * several["others"]).sum()) / weight,
    }


def _mean(values: pl.Series) -> float:
    """Return the mean of a column without nulls."""
    return float(values.to_numpy().mean())
