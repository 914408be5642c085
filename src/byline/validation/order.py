"""The order of a table's rows, and the partitions they lie in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote

import polars as pl

from byline.snapshots.manifest import DataFile
from byline.validation.placing import surely_placed
from byline.validation.read import batches, key_of
from byline.validation.report import Finding
from byline_schemas import Table

SHOWN = 20
"""Failing rows that are reported of one file."""


def placed(folder: Path, files: Sequence[DataFile], table: Table) -> Iterator[Finding]:
    """Check where the rows of a table lie: reads the columns of the sort order and those that say the partition."""
    listed, placement = sorted(files), Placement(table)
    if _named(listed, table) and surely_placed(
        folder, listed, table, _needed(table), keyed=bool(_partition_roots(table))
    ):
        return
    for item in listed:
        start = 0
        for frame in batches(folder / item.path, _needed(table)):
            yield from placement.look(item.path, start, frame)
            start += frame.height


def _named(files: Sequence[DataFile], table: Table) -> bool:
    """Tell whether the folder of each file names a partition."""
    folders = {item.path.rpartition("/")[0] for item in files}
    return all(partition_value(folder, table) is not None for folder in folders)


class Placement:
    """Checks that the rows of a table are sorted, across the files of a partition, and lie in the right one."""

    def __init__(self, table: Table) -> None:
        """Nothing was looked at yet."""
        self._table = table
        self._partition: str | None = None
        self._value: str | None = None
        self._last: pl.DataFrame | None = None

    def look(self, path: str, start: int, frame: pl.DataFrame) -> Iterator[Finding]:
        """Look at the rows of a file from row `start` on; files come by path, and the rows of each in order."""
        table, partition = self._table, path.rpartition("/")[0]
        if partition != self._partition:
            self._partition, self._value, self._last = partition, partition_value(partition, table), None
            if self._value is None:
                message = f"expected {_expected_folder(table)}, found {partition}"
                yield Finding("partition_is_named", message, table.name, partition)
        if self._value is None:
            return
        yield from _in_partition(frame, table, path, start, self._value)
        rows = frame.select(table.sort)
        yield from _sorted(rows, self._last, table, path, start)
        self._last = rows.tail(1) if rows.height else self._last


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


def _in_partition(frame: pl.DataFrame, table: Table, path: str, start: int, value: str) -> Iterator[Finding]:
    if table.partition is None or not _partition_roots(table):
        return
    found = frame.select(table.partition.value().cast(pl.String).alias("value"))["value"]
    wrong = (found != value).fill_null(value=True).arg_true()
    for index in wrong.head(SHOWN):
        message = f"the row belongs into {table.partition.name}={found[index]}"
        row = f"row {start + index} ({key_of(frame, table, index)})"
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
        less = (this < before).fill_null(value=False) | (this.is_not_null() & before.is_null())  # nulls last
        falls = less | (this.eq_missing(before) & falls)
    falls &= pl.int_range(pl.len()) > 0
    wrong = both.select(falls.alias("falls"))["falls"].fill_null(value=False).arg_true()
    for index in wrong.head(SHOWN):
        message = f"rows must be sorted by {', '.join(table.sort)}"
        row = f"row {shifted + index} ({key_of(both, table, index)})"
        yield Finding("rows_are_sorted", message, table.name, path, row, wrong.len())
