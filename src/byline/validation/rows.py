"""The rows of each file: Pandera's models, the order of the rows, and the partition they lie in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from byline.manifest import DataFile
from byline.validation.report import Finding
from schemas import SchemaErrors, Table

BATCH_ROWS = 131_072
"""Rows that are checked at once; a batch costs 26 ms whatever its size, and bounds the memory."""
SHOWN = 20


def model_holds(folder: Path, item: DataFile, table: Table, *, older: bool) -> Iterator[Finding]:
    """Put the table's model to a file's rows, batch by batch.

    A file of an older contract may lack columns; they are added as nulls where the model allows nulls.
    """
    start = 0
    for found in batches(folder / item.path, list(table.columns())):
        frame, schema = _completed(found, table) if older else (found, table.model.to_schema())
        try:
            schema.validate(frame, lazy=True)
        except SchemaErrors as failed:
            yield from _cases(failed, frame, table, item.path, start)
        start += frame.height


def _completed(frame: pl.DataFrame, table: Table) -> tuple[pl.DataFrame, Any]:
    """Add the columns that an older contract lacks, as nulls; those that may not be null are not asked for."""
    schema = table.model.to_schema()
    columns = table.columns()
    missing = [name for name in columns if name not in frame.columns]
    required = [name for name in missing if not schema.columns[name].nullable]
    added = [pl.lit(None, dtype=columns[name]).alias(name) for name in missing if name not in required]
    kept = [name for name in columns if name not in required]
    return frame.with_columns(added).select(kept), schema.remove_columns(required)


def batches(path: Path, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
    """Yield a file's rows some at a time; a file with no rows yields one empty frame."""
    with pq.ParquetFile(path) as source:
        wanted = [name for name in columns if name in source.schema_arrow.names]
        yielded = False
        for batch in source.iter_batches(batch_size=BATCH_ROWS, columns=wanted):
            yield _frame(pa.Table.from_batches([batch]).select(wanted))
            yielded = True
        if not yielded:
            yield _frame(source.schema_arrow.empty_table().select(wanted))


def _frame(table: pa.Table) -> pl.DataFrame:
    frame = pl.from_arrow(table)
    if not isinstance(frame, pl.DataFrame):
        raise TypeError(f"a table became {type(frame).__name__}")
    return frame


def _cases(
    failed: SchemaErrors, frame: pl.DataFrame, table: Table, path: str, start: int
) -> Iterator[Finding]:
    cases = failed.failure_cases
    grouped = cases.group_by("column", "check", maintain_order=True).agg(
        pl.len().alias("count"), pl.col("index").head(SHOWN), pl.col("failure_case").head(SHOWN)
    )
    for group in grouped.iter_rows(named=True):
        for index, value in zip(group["index"], group["failure_case"], strict=True):
            yield Finding(
                rule=f"model:{group['check']}",
                message=f"column {group['column']}: fails on {str(value)[:200]!r}",
                table=table.name,
                file=path,
                row=_row(frame, table, index, start),
                count=int(group["count"]),
            )


def _row(frame: pl.DataFrame, table: Table, index: int | None, start: int) -> str | None:
    if index is None or index >= frame.height:
        return None
    key = ", ".join(f"{name}={frame[name][index]}" for name in table.key if name in frame.columns)
    return f"row {start + index} ({key})"


def placed(folder: Path, files: Sequence[DataFile], table: Table) -> Iterator[Finding]:
    """Check that the rows of a table are sorted, across the files of a partition, and lie in the right one.

    Reads the columns of the sort order and those that the partition follows from, file by file.
    """
    for partition, group in groupby(sorted(files), key=lambda item: item.path.rpartition("/")[0]):
        value = partition_value(partition, table)
        if value is None:
            message = f"expected {_expected_folder(table)}, found {partition}"
            yield Finding("partition_is_named", message, table.name, partition)
            continue
        last: pl.DataFrame | None = None
        for item in group:
            for start, frame in _numbered(folder / item.path, _needed(table)):
                yield from _in_partition(frame, table, item.path, start, value)
                rows = frame.select(table.sort)
                yield from _sorted(rows, last, table, item.path, start)
                last = rows.tail(1) if rows.height else last


def partition_value(folder: str, table: Table) -> str | None:
    """Return the value that a partition's folder names ("" where the table has none), null for a wrong name."""
    if table.partition is None:
        return "" if folder == table.name else None
    prefix = f"{table.name}/{table.partition.name}="
    value = unquote(folder.removeprefix(prefix))
    if not folder.startswith(prefix) or not value or "/" in value:
        return None
    if table.partition.dtype.is_integer() and not value.removeprefix("-").isdecimal():
        return None
    return value


def _expected_folder(table: Table) -> str:
    return f"{table.name}/{table.partition.name}=VALUE" if table.partition else table.name


def _partition_roots(table: Table) -> list[str]:
    """Return the columns that the partition's value follows from, none when another table has them."""
    if table.partition is None:
        return []
    roots = table.partition.value().meta.root_names()
    return roots if set(roots) <= set(table.columns()) else []


def _needed(table: Table) -> list[str]:
    return list(dict.fromkeys([*table.sort, *_partition_roots(table)]))


def _numbered(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, pl.DataFrame]]:
    start = 0
    for frame in batches(path, columns):
        yield start, frame
        start += frame.height


def _in_partition(frame: pl.DataFrame, table: Table, path: str, start: int, value: str) -> Iterator[Finding]:
    if table.partition is None or not _partition_roots(table):
        return
    found = frame.select(table.partition.value().cast(pl.String).alias("value"))["value"]
    wrong = (found != value).fill_null(value=True).arg_true()
    for index in wrong.head(SHOWN):
        message = f"the row belongs into {table.partition.name}={found[index]}"
        row = _row(frame, table, index, start)
        yield Finding("partition_holds_its_rows", message, table.name, path, row, wrong.len())


def _sorted(
    rows: pl.DataFrame, last: pl.DataFrame | None, table: Table, path: str, start: int
) -> Iterator[Finding]:
    """Compare each row with the one before it, the first with the last of the batch or file before."""
    both = rows if last is None else pl.concat([last, rows])
    shifted = start if last is None else start - 1
    falls = pl.lit(value=False)
    for name in reversed(table.sort):
        this, before = pl.col(name), pl.col(name).shift(1)
        falls = (this < before) | ((this == before) & falls)
    wrong = both.select(falls.alias("falls"))["falls"].fill_null(value=False).arg_true()
    for index in wrong.head(SHOWN):
        message = f"rows must be sorted by {', '.join(table.sort)}"
        row = _row(both, table, index, shifted)
        yield Finding("rows_are_sorted", message, table.name, path, row, wrong.len())
