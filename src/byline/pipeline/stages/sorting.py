"""Sorted run files: the rows of a table's partitions, with a number that grows with the table's sort order.

The number (`_order`) lets `write` cut many sorted files into windows of equal range and sort one window at a time,
so that no partition need fit into memory. Rows that sort differently may share a number, never the reverse.

The rows of a partition lie in batches of a fixed number of rows, so that `write` can go through many files side by side
with one batch of each in memory. Where windows should begin follows from a sample of the orders, in a second file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.files import run_files
from byline_schemas import Table

ORDER = "_order"
PARTITION = "_partition"
ROWS = "_rows"
WHOLE = ""
"""Partition value of a table that has none."""
SAMPLED_ROWS = 16
"""Of so many rows one is in the sample."""

_HASH_DIGITS = 15  # 60 bits: the most that a signed 64-bit number holds
_DAY_SHIFT = 40
_DAYS_BEFORE_EPOCH = 719_528  # so that every date of the Gregorian calendar counts from a positive number


def hash_order(name: str) -> pl.Expr:
    """Return the order of ids: their first 15 hexadecimal digits as a number."""
    return pl.col(name).str.slice(0, _HASH_DIGITS).str.to_integer(base=16).cast(pl.Int64)


def published_order() -> pl.Expr:
    """Return the order of papers: the day, then the first 10 hexadecimal digits of paper_id.

    Papers without a date have a partition of their own, where all count from the same number.
    """
    day = (pl.col("published").cast(pl.Int32).cast(pl.Int64) + _DAYS_BEFORE_EPOCH).fill_null(0)
    return day * (1 << _DAY_SHIFT) + pl.col("paper_id").str.slice(0, 10).str.to_integer(base=16).cast(
        pl.Int64
    )


def run_schema(table: Table) -> dict[str, pl.DataType]:
    """Return the columns of a table's run files: the published ones and the order."""
    return {**table.columns(), ORDER: pl.Int64()}


def run_path(folder: Path, table: str) -> Path:
    """Return the sorted run file of a table in the folder of a task."""
    return folder / f"{table}.run"


def sample_path(path: Path) -> Path:
    """Return the file beside a sorted run file that holds a sample of its orders."""
    return path.with_suffix(".sample")


def write_partitions(
    folder: Path,
    table: Table,
    frame: pl.DataFrame,
    order: pl.Expr,
    batch_rows: Mapping[str, int],
    partition: pl.Expr | None = None,
) -> dict[str | int, int]:
    """Write the rows sorted, in batches of one partition value each; return the rows of each value.

    `batch_rows` says for each table how many rows a batch holds; `partition` is what the partition value follows from,
    the table's own rule when not given. Group `k` of the sample belongs to the `k`th partition value.
    """
    if partition is None:
        partition = pl.lit(WHOLE) if table.partition is None else table.partition.value()
    frame = frame.with_columns(partition.alias(PARTITION), order.alias(ORDER))
    frame = frame.select(*run_schema(table), PARTITION)  # what is not published need not be sorted
    frame = frame.sort(PARTITION, *table.sort, nulls_last=True)
    counts: dict[str | int, int] = dict(frame.group_by(PARTITION, maintain_order=True).len().iter_rows())
    sizes = [size for rows in counts.values() for size in _cut(rows, batch_rows[table.name])]
    path = run_path(folder, table.name)
    run_files.write_run(path, frame.select(run_schema(table).keys()), sizes)
    _write_sample(sample_path(path), frame[ORDER].to_numpy(), list(counts.values()))
    return counts


def _cut(rows: int, size: int) -> list[int]:
    """Return the sizes of parts of so many rows, the last one shorter."""
    return [min(size, rows - start) for start in range(0, rows, size)]


def _write_sample(path: Path, order: npt.NDArray[np.int64], partitions: Sequence[int]) -> None:
    """Write one order of every few rows and how many rows it stands for, a batch a partition.

    Which of the rows, the first one says: always the first would lie too low, the more the shorter the parts.
    """
    sizes = [_cut(rows, SAMPLED_ROWS) for rows in partitions]
    rows = np.array([size for part in sizes for size in part], dtype=np.int64)
    starts = np.cumsum(rows) - rows
    sample = pl.DataFrame({ORDER: order[starts + order[starts] // 7 % np.maximum(rows, 1)], ROWS: rows})
    run_files.write_run(path, sample, [len(part) for part in sizes])
