"""Readings of bylines that take the place of others: those of a person, and those of a second look."""

from __future__ import annotations

import polars as pl

WHY_NOT = ("reason", "detail", "raw_text")
"""What a record says that could not be read; a reading takes it away."""


def overlaid(frame: pl.DataFrame, readings: pl.DataFrame, on: str) -> pl.DataFrame:
    """Return parsed rows with the readings in place of their own; the rows, their order and columns stay.

    | frame | column | type | what it says |
    |---|---|---|---|
    | both | `on` | any | which reading a row takes, each at most once among the readings |
    | both | all others of `readings` | as in `frame` | replaced where a row takes a reading; `title` is never null |
    | `frame` | `reason`, `detail`, `raw_text` | String? | null where a row takes a reading |

    Raises polars' `ComputeError`: two readings answer to one value of `on`.
    """
    columns = [name for name in readings.columns if name != on]
    new = readings.rename({name: f"{name}_new" for name in columns})
    joined = frame.join(new, on=on, how="left", validate="m:1", maintain_order="left")
    hit = pl.col("title_new").is_not_null()
    return joined.with_columns(
        *(pl.when(hit).then(f"{name}_new").otherwise(name).alias(name) for name in columns),
        *(pl.when(hit).then(None).otherwise(name).alias(name) for name in WHY_NOT),
    ).select(frame.columns)
