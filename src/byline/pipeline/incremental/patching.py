"""The files of a table after some rows went and others came: those that hold such rows anew, the others as they are.

Where files end follows from the rows alone (`files.cuts`), so a file whose rows are the same is the same file, unless
the one before it ends elsewhere now: then that one goes on into it, and so on up to the next end that stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from byline.files.parquet import PartitionWriter, Written
from byline.files.tables import partition_of
from byline.pipeline.checked import checked
from byline.pipeline.incremental.exchanging import FEW, Exchange, exchanged
from byline.pipeline.incremental.kept import TakesFullBuild
from byline.pipeline.incremental.published import is_whole
from byline.pipeline.incremental.splicing import Old, spliced
from byline.pipeline.stages.sorting import WHOLE
from byline.pipeline.stages.write import PartitionValue, partition_folder
from byline.snapshots.manifest import DataFile
from byline_schemas import Table

_FIRST = "_first"
_FILE = "_file"
VALUE = "_partition"


@dataclass(frozen=True)
class Change:
    """Rows of a table that go, as they were, and rows that come; one that changes is among both.

    Both have all columns, and `VALUE`, the partition that each row lies in.
    """

    gone: pl.DataFrame
    fresh: pl.DataFrame

    def by_partition(self) -> dict[PartitionValue, Change]:
        """Return what changes in each partition, without those in which nothing does."""
        parts = [
            {value: part.drop(VALUE) for (value,), part in rows.partition_by(VALUE, as_dict=True).items()}
            for rows in (self.gone, self.fresh)
        ]
        none = self.gone.head(0).drop(VALUE)
        return {value: Change(*(part.get(value, none) for part in parts)) for value in {*parts[0], *parts[1]}}


@dataclass(frozen=True)
class Patched:
    """The files of a table in the new snapshot: those that were written, and those that lie in the old one, too."""

    written: list[Written]
    kept: dict[Path, DataFile]
    """By their path in the new snapshot."""


def patch_table(
    table: Table, change: Change, old: Path, files: Sequence[DataFile], known: Mapping[str, str], staged: Path
) -> Patched:
    """Make the files of a table below `staged`, given those of the snapshot `old`; `known`: see `published.is_whole`.

    Raises `TakesFullBuild`: the published rows are not those that were expected.
    """
    fresh = change.fresh.drop(VALUE).select(table.columns().keys())
    if fresh.height:
        checked(table, fresh, f"table {table.name}")
    by_partition, none = change.by_partition(), Change(table.empty(), table.empty())
    by_value: dict[PartitionValue, list[DataFile]] = {value: [] for value in by_partition}
    for file in files:
        by_value.setdefault(_value(table, file), []).append(file)
    patched = Patched([], {})
    for value in sorted(by_value, key=str):
        folder = partition_folder(staged, table, value)
        there = sorted(by_value[value])
        for file in there:
            if not is_whole(old, file, known):
                raise TakesFullBuild(f"{old / file.path} is damaged")
        rows = _Partition(table, old, there, by_partition.get(value, none))
        if rows.is_left:
            for written, taken in rows.write(folder):
                if taken is None:
                    patched.written.append(written)
                else:
                    patched.kept[written.path] = taken
    return patched


def _value(table: Table, file: DataFile) -> PartitionValue:
    if table.partition is None:
        return WHOLE
    text = partition_of(Path(file.path))
    return int(text) if table.partition.dtype.is_integer() else text


class _Partition:
    """The files of one partition, and what changes in it."""

    def __init__(self, table: Table, old: Path, files: Sequence[DataFile], change: Change) -> None:
        self._table = table
        self._old = old
        self._files = files
        self._change = change
        rows = sum(file.rows for file in files) - change.gone.height + change.fresh.height
        self.is_left = rows > 0 or table.partition is None
        """Whether there is anything to write: a table without partitions has a file without rows, too."""

    def write(self, folder: Path) -> Iterator[tuple[Written, DataFile | None]]:
        """Write the files; yield each with the old file whose place it takes over, null where it is new."""
        taken: dict[Path, DataFile] = {}
        with PartitionWriter(folder, self._table) as writer:
            if self._change.gone.height or self._change.fresh.height:
                self._stream(writer, taken)
            else:
                for file in self._files:
                    self._take(writer, file, taken)
        for written in writer.written:
            yield written, taken.get(written.path)

    def _take(self, writer: PartitionWriter, file: DataFile, taken: dict[Path, DataFile]) -> None:
        writer.take_over(self._old / file.path, file.rows)
        taken[writer.written[-1].path] = file

    def _stream(self, writer: PartitionWriter, taken: dict[Path, DataFile]) -> None:
        filled = [file for file in self._files if file.rows]
        if len(filled) == 1:  # nothing to look for: all that changes is in this one
            self._put(writer, filled[0], None, self._change)
            return
        firsts = self._firsts(filled)
        gone, fresh = (_placed(firsts, rows, self._table) for rows in (self._change.gone, self._change.fresh))
        before_leaving = self._before_leaving(firsts, gone, fresh)
        touched = {*gone[_FILE], *fresh[_FILE]} | before_leaving
        ids = [*firsts[self._table.key[0]], None]
        if not filled:
            writer.append(self._sorted(self._change.fresh))
        for number, file in enumerate(filled):
            if number not in touched and (
                writer.between_files or writer.ends_before(firsts[self._table.key[0]][number])
            ):
                self._take(writer, file, taken)
                continue
            here = pl.col(_FILE) == number
            change = Change(*(rows.filter(here).drop(_FILE) for rows in (gone, fresh)))
            if number in before_leaving:
                writer.append(self._changed(file, change))
            else:
                self._put(writer, file, ids[number + 1], change)

    def _put(self, writer: PartitionWriter, file: DataFile, follows: str | None, change: Change) -> None:
        """Write a file after the change; `follows`: the first id of the next one, null when there is none."""
        if writer.between_files:
            exchange = Exchange.of(change.gone, change.fresh, self._table.sort)
            old = Old(self._old / file.path, file.bytes, follows)
            if spliced(writer, self._table, old, exchange):
                return
        writer.append(self._changed(file, change))

    def _firsts(self, files: Sequence[DataFile]) -> pl.DataFrame:
        """Return the first row of each file: the columns that the table is sorted by."""
        schema = {name: self._table.columns()[name] for name in self._table.sort}
        rows = [
            pl.scan_parquet(self._old / file.path, hive_partitioning=False, glob=False)
            .select(self._table.sort)
            .head(1)
            .collect()
            for file in files
        ]
        return pl.concat([pl.DataFrame(schema=schema), *rows])

    def _before_leaving(self, firsts: pl.DataFrame, gone: pl.DataFrame, fresh: pl.DataFrame) -> set[int]:
        """Return the files whose last row is followed by one that goes: they may end elsewhere."""
        sort = list(self._table.sort)
        leaving = firsts.with_row_index(_FIRST).join(gone.select(sort), on=sort, how="semi", nulls_equal=True)
        leaving = leaving.join(fresh.select(sort), on=sort, how="anti", nulls_equal=True)
        return {number - 1 for number in leaving[_FIRST] if number}

    def _changed(self, file: DataFile, change: Change) -> pl.DataFrame:
        """Return the rows of a file after the change."""
        gone, fresh = change.gone, change.fresh
        rows = pl.read_parquet(self._old / file.path, hive_partitioning=False, glob=False)
        if gone.height + fresh.height <= FEW:
            left = exchanged(rows, gone, fresh, self._table.sort)
        else:
            left = self._exchanged(rows, gone, fresh)
        if rows.height - gone.height + fresh.height != left.height:
            raise TakesFullBuild(f"{self._old / file.path} does not hold the rows that are to go")
        return left

    def _exchanged(self, rows: pl.DataFrame, gone: pl.DataFrame, fresh: pl.DataFrame) -> pl.DataFrame:
        sort = list(self._table.sort)
        left = rows.join(gone.select(sort), on=sort, how="anti", nulls_equal=True, maintain_order="left")
        return self._sorted(pl.concat([left, fresh.select(left.columns)])) if fresh.height else left

    def _sorted(self, rows: pl.DataFrame) -> pl.DataFrame:
        return rows.sort(self._table.sort, nulls_last=True).select(self._table.columns().keys())


def _placed(firsts: pl.DataFrame, rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Return rows with the number of the file that they lie in, or come into: the last one that begins before them."""
    sort = list(table.sort)
    order = pl.concat(
        [
            firsts.select(sort).with_columns(row=pl.lit(None, pl.UInt32)),
            rows.select(sort).with_row_index("row").select(*sort, "row"),
        ]
    )
    order = order.sort(*sort, "row", nulls_last=[*[True] * len(sort), False])
    number = (pl.col("row").is_null().cum_sum().cast(pl.Int64) - 1).clip(0)
    found = order.with_columns(number.alias(_FILE)).drop_nulls("row").sort("row")
    return rows.with_columns(found[_FILE])
