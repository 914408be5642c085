"""Stage `write`: sorted run files → the Parquet files of a table's partitions, validated before they are written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from byline import runs
from byline.checked import checked
from byline.parquet import PartitionWriter, Written
from byline.stages.sorting import ORDER, run_schema
from schemas import TABLES, Table

PartitionValue = str | int

SAMPLED = 64
"""Rows of a window that are looked at to find where windows begin: they come out within some 30 % of the size."""
GOLDEN = (5**0.5 - 1) / 2


@dataclass(frozen=True)
class Source:
    """Where the rows of one partition lie: batch `group` of a run file."""

    path: Path
    group: int
    rows: int


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
    return writer.written


def _windows(table: Table, sources: tuple[Source, ...], window_rows: int) -> Iterator[pl.DataFrame]:
    """Yield the rows in ranges of `_order`, each about `window_rows` long, in rising order."""
    filled = [source for source in sources if source.rows]
    if sum(source.rows for source in filled) <= window_rows:
        yield _load(table, sources)
        return
    orders = [runs.read_numbers(source.path, source.group, ORDER) for source in filled]
    borders = _borders(orders, window_rows)
    cuts = [[0, *np.searchsorted(order, borders), len(order)] for order in orders]
    for k in range(len(borders) + 1):
        pieces = [
            runs.Piece(source.path, source.group, int(cut[k]), int(cut[k + 1]))
            for source, cut in zip(filled, cuts, strict=True)
            if cut[k + 1] > cut[k]
        ]
        if pieces:
            yield runs.read_pieces(pieces)


def _borders(orders: list[npt.NDArray[np.int64]], window_rows: int) -> npt.NDArray[np.int64]:
    """Return where windows of about so many rows begin, but the first, from a sample across all sources.

    The sample is spread evenly by multiples of the golden ratio: every so many rows of sorted sources would pick much
    the same places in each of them, above all where they are short.
    """
    whole = np.concatenate(orders)
    places = np.arange(max(1, len(whole) * SAMPLED // window_rows)) * GOLDEN % 1.0
    sample = np.sort(whole[(places * len(whole)).astype(np.int64)])
    return np.unique(sample[SAMPLED::SAMPLED])


def _load(table: Table, sources: tuple[Source, ...]) -> pl.DataFrame:
    if not sources:
        return pl.DataFrame(schema=run_schema(table))
    return runs.read_pieces([runs.Piece(source.path, source.group) for source in sources])


def _sorted(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the published columns in the table's order; rows of one key in `affiliations` are alike: one stays."""
    if table.name == "affiliations":
        rows = rows.sort("affiliation_id", "label").unique(
            "affiliation_id", keep="first", maintain_order=True
        )
    return rows.sort(table.sort).select(table.columns().keys())
