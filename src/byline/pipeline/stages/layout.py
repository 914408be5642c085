"""How the rows of tables lie in sorted run files, and which of them a task of `write` takes together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from byline.pipeline.stages.sorting import WHOLE
from byline.pipeline.stages.write import PartitionValue, Source, WriteTask, sources
from byline_schemas import TABLES

WINDOW_ROWS = {"papers": 12_000, "quarantine": 10_000}
"""Rows that `write` holds at a time."""
WINDOW_ROWS_ELSE = 120_000
SMALLEST_BATCH = 16
"""Rows: with fewer, a batch costs more than its rows."""


class Produced(NamedTuple):
    """What the tasks of a stage wrote."""

    folders: Sequence[tuple[Path, Mapping[str, Mapping[PartitionValue, int]]]]
    """Each with the rows by table and partition value; a task writes one, or several where it takes its work apart."""
    tasks: int
    """How many there were: how many rows a batch has follows from it."""


def batch_rows(files: int) -> dict[str, int]:
    """Return the rows of a batch by table, when so many tasks write files of it: one batch of each makes a window.

    With very many files it is more than a window: `SMALLEST_BATCH` rows of each.
    """
    return {name: max(SMALLEST_BATCH, _window_rows(name) // max(1, files)) for name in TABLES}


def write_tasks(stages: Iterable[Produced], target: Path) -> Iterator[WriteTask]:
    """Yield the tasks that write all tables: a large partition by itself, small ones of a table together."""
    for name, by_value in _sources_by_table(stages).items():
        window = _window_rows(name)
        group: list[tuple[PartitionValue, tuple[Source, ...]]] = []
        held = 0
        for value in sorted(by_value, key=lambda v: (isinstance(v, str), v)):
            rows = sum(source.rows for source in by_value[value])
            if group and held + rows > window:
                yield WriteTask(name, tuple(group), target, window)
                group, held = [], 0
            group.append((value, tuple(by_value[value])))
            held += rows
        yield WriteTask(name, tuple(group), target, window)


def _window_rows(table: str) -> int:
    return WINDOW_ROWS.get(table, WINDOW_ROWS_ELSE)


def _sources_by_table(stages: Iterable[Produced]) -> dict[str, dict[PartitionValue, list[Source]]]:
    """Return for every table and partition value where its rows lie."""
    found: dict[str, dict[PartitionValue, list[Source]]] = {
        name: {} if table.partition else {WHOLE: []} for name, table in TABLES.items()
    }
    for produced in stages:
        rows_of = batch_rows(produced.tasks)
        for folder, tables in produced.folders:
            for name, partitions in tables.items():
                for value, source in sources(folder, name, partitions, rows_of[name]):
                    found[name].setdefault(value, []).append(source)
    return found
