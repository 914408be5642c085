"""Pandera's models, put to the rows of the files, many small files at once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from byline.snapshots.manifest import DataFile
from byline.validation import following, rows, texts
from byline.validation.order import Placement
from byline.validation.read import BATCH_ROWS, batches, key_of
from byline.validation.report import Finding
from byline.validation.snapshot import Snapshot
from byline.validation.verdict import Verdict
from byline_schemas import SchemaErrors, Table

SHOWN = 20
"""Failing rows that are reported of one check and batch."""


@dataclass
class _Batch:
    """Rows of one or several files, and where each piece of them comes from."""

    frames: list[pl.DataFrame] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    """Row of the batch at which each piece starts."""
    places: list[tuple[str, int]] = field(default_factory=list)
    """File of each piece, and its first row there."""
    rows: int = 0

    def add(self, frame: pl.DataFrame, path: str, first: int) -> None:
        self.frames.append(frame)
        self.starts.append(self.rows)
        self.places.append((path, first))
        self.rows += frame.height

    def place(self, row: int) -> tuple[str, int]:
        """Return the file and the row there of a row of the batch."""
        piece = bisect_right(self.starts, row) - 1
        path, first = self.places[piece]
        return path, first + row - self.starts[piece]


def rows_hold(
    looked: Snapshot, files: Sequence[DataFile], table: Table, *, related: bool
) -> Iterator[Finding]:
    """Put the table's model to the rows of its files, and the rules of single rows and of their order beside it.

    `related` says whether other tables may be read as well, to compare rows with what belongs to them there.

    A check costs some ms however few the rows, so small files are put together; large ones are cut, which bounds the
    memory. A file of an older contract may lack columns; they are added as nulls where the model allows nulls.
    """
    columns, placement = list(table.columns()), Placement(table)
    batch = _Batch()
    for item in sorted(files):
        first = 0
        for frame in batches(looked.folder / item.path, columns):
            yield from placement.look(item.path, first, frame)
            if batch.rows + frame.height > BATCH_ROWS or not _alike(batch, frame):
                yield from _checked(batch, table, looked, related=related)
                batch = _Batch()
            batch.add(frame, item.path, first)
            first += frame.height
    yield from _checked(batch, table, looked, related=related)


def _alike(batch: _Batch, frame: pl.DataFrame) -> bool:
    return not batch.frames or batch.frames[0].schema == frame.schema


def _checked(batch: _Batch, table: Table, looked: Snapshot, *, related: bool) -> Iterator[Finding]:
    if not batch.frames:
        return
    frame = pl.concat(batch.frames)
    try:
        if looked.older:
            frame, schema = _completed(frame, table)
            schema.validate(frame, lazy=True)
        else:
            table.validate(frame)
    except SchemaErrors as failed:
        yield from _cases(failed, frame, table, batch)
    for verdict in _verdicts(frame, table, looked, related=related):
        wrong = verdict.broken.fill_null(value=False).arg_true()
        for index in wrong.head(SHOWN):
            path, row = _place(frame, table, batch, index)
            yield Finding(verdict.rule, verdict.message, table.name, path, row, wrong.len())


def _verdicts(frame: pl.DataFrame, table: Table, looked: Snapshot, *, related: bool) -> Iterator[Verdict]:
    """Yield what the rules of single rows say beside the model; of contract 1 they were not asked."""
    if looked.first_contract:
        return
    if table.name == "records":
        yield from rows.confident(frame)
    if table.name == "papers" and related:
        yield from following.papers_follow(frame, looked)
    if looked.mine:
        yield from texts.hold(frame, table)
        yield from rows.follow(frame, table, looked)


def _completed(frame: pl.DataFrame, table: Table) -> tuple[pl.DataFrame, Any]:
    """Add the columns that an older contract lacks, as nulls; those that may not be null are not asked for."""
    schema = table.model.to_schema()
    columns = table.columns()
    missing = [name for name in columns if name not in frame.columns]
    required = [name for name in missing if not schema.columns[name].nullable]
    added = [pl.lit(None, dtype=columns[name]).alias(name) for name in missing if name not in required]
    kept = [name for name in columns if name not in required]
    return frame.with_columns(added).select(kept), schema.remove_columns(required)


def _cases(failed: SchemaErrors, frame: pl.DataFrame, table: Table, batch: _Batch) -> Iterator[Finding]:
    grouped = failed.failure_cases.group_by("column", "check", maintain_order=True).agg(
        pl.len().alias("count"), pl.col("index").head(SHOWN), pl.col("failure_case").head(SHOWN)
    )
    for group in grouped.iter_rows(named=True):
        for index, value in zip(group["index"], group["failure_case"], strict=True):
            path, row = _place(frame, table, batch, index)
            yield Finding(
                rule=f"model:{group['check']}",
                message=f"column {group['column']}: fails on {str(value)[:200]!r}",
                table=table.name,
                file=path,
                row=row,
                count=int(group["count"]),
            )


def _place(
    frame: pl.DataFrame, table: Table, batch: _Batch, index: int | None
) -> tuple[str | None, str | None]:
    """Return the file and the row that a failure case means; a check of the whole frame has none."""
    if index is None or index >= frame.height:
        return None, None
    path, row = batch.place(index)
    return path, f"row {row} ({key_of(frame, table, index)})"
