"""What differs between two versions of some rows."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl


def differing(
    before: pl.DataFrame, now: pl.DataFrame, key: Sequence[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows that went and those that came: rows that are alike in every column are neither.

    Both have the same columns; no two rows of one of them have the same `key`.
    """
    rest = [name for name in before.columns if name not in key]
    both = before.join(now.select(before.columns), on=list(key), how="inner", suffix="_now", validate="1:1")
    alike = pl.all_horizontal(
        pl.lit(value=True), *(pl.col(name).eq_missing(pl.col(f"{name}_now")) for name in rest)
    )
    same = both.filter(alike).select(key)
    gone, fresh = (rows.join(same, on=list(key), how="anti", maintain_order="left") for rows in (before, now))
    return gone, fresh
