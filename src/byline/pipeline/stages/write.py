"""Stage `write`: sorted run files → the Parquet files of a table's partitions, validated before they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa

from byline.files import run_files
from byline.files.parquet import PartitionWriter, Written
from byline.pipeline.checked import checked
from byline.pipeline.stages.sorting import ORDER, ROWS, run_path, run_schema, sample_path
from byline_schemas import TABLES, Table

PartitionValue = str | int


@dataclass(frozen=True)
class Source:
    """Where the rows of one partition lie: batches `first` to `stop` of a sorted run file, `group` of its sample."""

    path: Path
    group: int
    first: int
    stop: int
    rows: int


def sources(
    folder: Path, table: str, partitions: Mapping[PartitionValue, int], batch_rows: int
) -> Iterator[tuple[PartitionValue, Source]]:
    """Yield where the rows of each partition value lie in a sorted run file, given their numbers in its order."""
    path = run_path(folder, table)
    first = 0
    for group, (value, rows) in enumerate(partitions.items()):
        stop = first + -(-rows // batch_rows)
        yield value, Source(path, group, first, stop, rows)
        first = stop


@dataclass(frozen=True)
class WriteTask:
    """Partitions of one table to write together: many small ones, or one large one."""

    table: str
    partitions: tuple[tuple[PartitionValue, tuple[Source, ...]], ...]
    target: Path
    window_rows: int


def write_partition_files(task: WriteTask) -> list[Written]:
    """Sort, validate and write the rows of these partitions; return the files."""
    table = TABLES[task.table]
    if len(task.partitions) == 1:
        return _write_large(table, *task.partitions[0], task)
    return _write_small(table, task)


def partition_folder(target: Path, table: Table, value: PartitionValue) -> Path:
    """Return the Hive folder of a partition, or the table's own where it has none."""
    folder = target / table.name
    return folder if table.partition is None else folder / f"{table.partition.name}={value}"


def _write_small(table: Table, task: WriteTask) -> list[Written]:
    """Validate all partitions at once (a check costs as much on ten rows as on a thousand), then write each."""
    frames = [_sorted(table, _load(table, sources)) for _, sources in task.partitions]
    checked(table, pl.concat(frames), f"table {table.name}")
    written: list[Written] = []
    for (value, _), frame in zip(task.partitions, frames, strict=True):
        with PartitionWriter(partition_folder(task.target, table, value), table) as writer:
            writer.append(frame)
        written.extend(writer.written)
    return written


def _write_large(
    table: Table, value: PartitionValue, sources: tuple[Source, ...], task: WriteTask
) -> list[Written]:
    """Write one partition window by window: memory is bounded by the window, not by the partition."""
    with PartitionWriter(partition_folder(task.target, table, value), table) as writer:
        for window in _windows(table, sources, task.window_rows):
            writer.append(checked(table, _sorted(table, window), f"table {table.name}"))
            del window  # before the next one is read
    return writer.written


def _windows(table: Table, sources: tuple[Source, ...], window_rows: int) -> Iterator[pl.DataFrame]:
    """Yield the rows in ranges of `_order`, each about `window_rows` long, in rising order.

    Each source is sorted by itself; a window takes from every source what lies below its border, and is sorted then:

        source 1: 3 8 | 21 | 50        borders 20, 35: windows {3, 8, 5}, {21, 30}, {50, 40}
        source 2: 5   | 30 | 40
    """
    filled = [source for source in sources if source.rows]
    if sum(source.rows for source in filled) <= window_rows:
        yield _load(table, sources)
        return
    cursors = [_Cursor(source, keeps=len(filled) <= HELD) for source in filled]
    for border in [*_borders(filled, window_rows), None]:
        window = _below(cursors, border)
        if window is not None:
            yield window
        del window


def _below(cursors: list[_Cursor], border: int | None) -> pl.DataFrame | None:
    """Return the rows of all sources up to a border, null when there are none.

    Slices keep the whole batches they are cut from, so those of some sources at a time are put together.
    """
    parts = []
    for start in range(0, len(cursors), HELD):
        batches = [batch for cursor in cursors[start : start + HELD] for batch in cursor.below(border)]
        parts += [run_files.combined(batches)] if batches else []
        del batches  # before the next ones are read
    return pl.concat(parts) if parts else None


HELD = 750
"""Sources of which a batch is held at a time: with more of them what is left of a batch is read again for the next
window, so that what is held does not grow with the corpus."""


SAMPLED_AT_MOST = 1 << 18
"""Rows of the sample that are held, some 4 MB, besides those of `HELD` sources."""


def _borders(sources: list[Source], window_rows: int) -> list[int]:
    """Return where windows of about so many rows begin, but the first, from the sources' samples.

    The samples say for some orders how many rows each stands for; their running sum tells how many rows lie up to an
    order. For windows of 40 rows of a partition of 120:

        order                  3   8  20  21  35  50
        rows it stands for    16  16  24  16  24  24
        running sum           16  32  56  72  96 120
        windows = 120 / 40 = 3, which end near the rows 40 and 80
        first running sum from 40 on: 56, order 20;  from 80 on: 96, order 35
        borders [20, 35]: windows below 20, from 20 to below 35, from 35 on
    """
    sample = _sample(sources).with_columns(pl.col(ROWS).cum_sum())
    total = int(sample[ROWS][-1])
    windows = -(-total // window_rows)
    places = np.searchsorted(sample[ROWS].to_numpy(), np.arange(1, windows) * total / windows)
    return np.unique(sample[ORDER].to_numpy()[places]).tolist()  # type: ignore[no-any-return]  # a list of int


def _sample(sources: list[Source]) -> pl.DataFrame:
    """Return the sources' samples together, by their order; of very many only every so many, which stand for all."""
    held: list[pl.DataFrame] = []
    for start in range(0, len(sources), HELD):
        some = sources[start : start + HELD]
        batches = [run_files.read_batch(sample_path(source.path), source.group) for source in some]
        sample = pl.concat([*held, run_files.combined(batches)]).sort(ORDER)
        held = [_thinned(sample, -(-sample.height // SAMPLED_AT_MOST))]
    return held[0]


def _thinned(sample: pl.DataFrame, step: int) -> pl.DataFrame:
    """Return every so many of the rows, and the last; each stands for those before it, too.

    Orders 1, 4, 6, 9, 9 for 16, 16, 8, 16, 4 rows, every second: 4 for 32, 9 for 24, 9 for 4.
    """
    if step == 1:
        return sample
    rows = np.arange(step - 1, sample.height + step - 1, step).clip(max=sample.height - 1)
    upto = sample[ROWS].cum_sum().to_numpy()[rows]
    return sample[rows].with_columns(pl.Series(ROWS, np.diff(upto, prepend=0)))


class _Cursor:
    """Goes once through the rows of a source; holds one batch at most, and where it does not keep it none."""

    def __init__(self, source: Source, *, keeps: bool) -> None:
        self._path = source.path
        self._number, self._stop = source.first, source.stop
        self._given = 0
        """Rows of the batch that were given out."""
        self._keeps = keeps
        self._held: pa.RecordBatch | None = None

    def below(self, border: int | None) -> Iterator[pa.RecordBatch]:
        """Yield the rows not yet given out whose order lies below the border (null: all)."""
        while self._number < self._stop:
            batch = self._read() if self._held is None else self._held
            self._held = None
            cut = batch.num_rows
            if border is not None:
                cut = int(np.searchsorted(batch.column(ORDER).to_numpy(), border))
            if cut:
                yield batch.slice(0, cut)
            if cut < batch.num_rows:
                self._given += cut
                self._held = batch.slice(cut) if self._keeps else None
                return
            self._number, self._given = self._number + 1, 0

    def _read(self) -> pa.RecordBatch:
        """Return what is left of the batch."""
        return run_files.read_batch(self._path, self._number).slice(self._given)


def _load(table: Table, sources: tuple[Source, ...]) -> pl.DataFrame:
    batches = [
        run_files.read_batch(source.path, number)
        for source in sources
        for number in range(source.first, source.stop)
    ]
    return run_files.combined(batches) if batches else pl.DataFrame(schema=run_schema(table))


def _sorted(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the published columns in the table's order; rows of one key in `affiliations` are alike: one stays."""
    if table.name == "affiliations":
        rows = rows.sort("affiliation_id", "label").unique(
            "affiliation_id", keep="first", maintain_order=True
        )
    return rows.sort(table.sort, nulls_last=True).select(table.columns().keys())
