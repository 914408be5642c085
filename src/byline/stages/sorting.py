"""Sorted run files: the rows of a table's partitions, with a number that grows with the table's sort order.

The number (`_order`) lets `write` cut many sorted files into windows of equal range and sort one window at a time,
so that no partition need fit into memory. Rows that sort differently may share a number, never the reverse.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from byline import runs
from schemas import Table

ORDER = "_order"
PARTITION = "_partition"
WHOLE = ""
"""Partition value of a table that has none."""

_HASH_DIGITS = 15  # 60 bits: the most that a signed 64-bit number holds
_DAY_SHIFT = 40
_DAYS_BEFORE_EPOCH = 719_528  # so that every date of the Gregorian calendar counts from a positive number


def hash_order(name: str) -> pl.Expr:
    """Return the order of ids: their first 15 hexadecimal digits as a number."""
    return pl.col(name).str.slice(0, _HASH_DIGITS).str.to_integer(base=16).cast(pl.Int64)


def published_order() -> pl.Expr:
    """Return the order of papers: the day, then the first 10 hexadecimal digits of paper_id."""
    day = pl.col("published").cast(pl.Int32).cast(pl.Int64) + _DAYS_BEFORE_EPOCH
    return day * (1 << _DAY_SHIFT) + pl.col("paper_id").str.slice(0, 10).str.to_integer(base=16).cast(
        pl.Int64
    )


def run_schema(table: Table) -> dict[str, pl.DataType]:
    """Return the columns of a table's run files: the published ones and the order."""
    return {**table.columns(), ORDER: pl.Int64()}


def write_partitions(
    path: Path, table: Table, frame: pl.DataFrame, order: pl.Expr, partition: pl.Expr | None = None
) -> dict[str | int, int]:
    """Write the rows sorted, one batch a partition value; return the rows of each value, in the batches' order.

    `partition` is what the partition value follows from; the table's own rule when not given.
    """
    if partition is None:
        partition = pl.lit(WHOLE) if table.partition is None else table.partition.value()
    frame = frame.with_columns(partition.alias(PARTITION), order.alias(ORDER)).sort(PARTITION, *table.sort)
    counts: dict[str | int, int] = dict(frame.group_by(PARTITION, maintain_order=True).len().iter_rows())
    runs.write_run(path, frame.select(run_schema(table).keys()), list(counts.values()))
    return counts
