"""A file of which rows change: what stays is copied as it lies, row groups and columns, the rest is written anew.

Where the row groups of the new file end is found as the writer finds it, from the ids of all its rows, which are read
for that. A group whose rows are those of a group of the old file is copied; where some of these rows have other values
now, only the columns of these values are decoded and written. A group that lost or got a row is written as a whole.

    group  rows of it          what is done
    0      none changes        copied
    1      another confidence  copied but for the column of confidences
    2      one more            decoded and written
"""

from __future__ import annotations

import mmap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.files import cuts
from byline.files.footers import NotByline, Parts, Piece
from byline.files.parquet import PartitionWriter, all_text_bytes
from byline.pipeline.incremental.exchanging import FEW, Exchange, places
from byline.pipeline.incremental.kept import TakesFullBuild
from byline_schemas import Table

LEAST_BYTES = 1 << 20
"""Of a file that loses or gets rows: a smaller one is as soon written as a whole."""
SOON_READ = 4
"""Row groups of a file up to which all columns that are asked for are read at once, whichever groups change."""
VALUE_BYTES = 16
"""Of a value in memory beside its text, at most."""
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Old:
    """A published file, its size, and the first id of the one that follows it (null: none does)."""

    path: Path
    bytes: int
    follows: str | None


def spliced(writer: PartitionWriter, table: Table, old: Old, change: Exchange) -> bool:
    """Write a file anew by copying what stays of it; tell whether that could be done.

    It can't where the file would end elsewhere, or is so large that bytes cut it. Where many rows go or come, and where
    the file is small, it is not worth it.

    Raises `TakesFullBuild`: rows that are to go, or to change, are not there.
    """
    moved = change.left.height + change.came.height
    if moved > FEW or (moved and old.bytes < LEAST_BYTES):
        return False
    try:
        parts = Parts.of(_mapped(old.path))
        if (moved and len(parts.groups) == 1) or _size(parts, change) > cuts.GROUP_BYTES:
            return False
        file = _File(table, old, parts, change)
        groups = file.groups()
        if groups is None:
            return False
        writer.put(_pieces(writer, file, groups))
    except NotByline:
        return False
    return True


def _mapped(path: Path) -> memoryview:
    """Return the bytes of a file as they lie on the disk: few of them are looked at, the others copied."""
    with path.open("rb") as source:
        return memoryview(mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ))


def _size(parts: Parts, change: Exchange) -> int:
    """Return how many bytes the rows take in memory, at most."""
    fresh = [change.now, change.came]
    values = parts.values + sum(parts.rows) + sum(rows.height * rows.width for rows in fresh)
    return parts.texts + sum(all_text_bytes(rows) for rows in fresh) + VALUE_BYTES * values


def _pieces(writer: PartitionWriter, file: _File, groups: Sequence[pl.DataFrame | int]) -> list[Piece]:
    """Return the row groups of the new file, given rows or the number of an old one for each."""
    anew = [group for group in groups if isinstance(group, pl.DataFrame)]
    written = iter(_numbered(writer.in_memory(anew))) if anew else iter(())
    changed = [group for group in groups if isinstance(group, int) and file.changes(group)]
    columns = _numbered(writer.in_memory(file.columns(changed))) if changed else []
    instead = dict(zip(changed, columns, strict=True))
    return [
        Piece(file.parts, group, instead.get(group)) if isinstance(group, int) else next(written)
        for group in groups
    ]


def _numbered(made: Parts) -> list[Piece]:
    return [Piece(made, number) for number in range(len(made.groups))]


class _File:
    """A published file and what changes in it."""

    def __init__(self, table: Table, old: Old, parts: Parts, change: Exchange) -> None:
        """Find the rows that change. Raises `TakesFullBuild`: some are not there."""
        self.parts = parts
        self._table = table
        self._old = old
        self._change = change
        self._starts = np.cumsum([0, *parts.rows])
        """Where row groups begin, and where the last one ends."""
        self._names = change.changed_columns()
        at_once = self._names if len(parts.groups) <= SOON_READ else []
        self._keys = self._read([*table.sort, *at_once])
        self._at = change.rows_of(self._keys)
        """The rows that have other values now, in the order of `change.now`."""
        if len(self._at) != change.now.height:
            raise TakesFullBuild(f"{old.path} does not hold the rows that are to change")

    def _read(self, columns: Sequence[str], start: int = 0, size: int | None = None) -> pl.DataFrame:
        """Return columns of rows, all from `start` on without `size`."""
        rows = pl.scan_parquet(self._old.path, hive_partitioning=False, glob=False).select(columns)
        return rows.slice(start, size).collect()

    def groups(self) -> list[pl.DataFrame | int] | None:
        """Return the row groups of the new file: rows, or the number of an old one that has the same rows.

        Null where the file ends elsewhere, or most of its row groups lost or got a row.
        """
        left, came = self._change.left, self._change.came
        if not left.height and not came.height:
            return list(range(len(self.parts.groups)))
        sort, key = list(self._table.sort), self._table.key[0]
        leaving, entering = places(self._keys, left, came, sort)
        if len(leaving) != left.height:
            raise TakesFullBuild(f"{self._old.path} does not hold the rows that are to go")
        origin = origins(self._keys.height, leaving, entering)
        rule = cuts.cuts_of(self._table)
        bits = cuts.zero_bits(pl.concat([self._keys[key], came[key]]), rule.least_bits)[origin]
        follows = self._old.follows
        behind = None if follows is None else int(cuts.zero_bits(pl.Series([follows]))[0])
        ends = cuts.groups_of_file(rule, bits, behind)
        if ends is None:
            return None
        groups = [origin[start:stop] for start, stop in pairwise([0, *ends])]
        numbers = [self._same(rows) for rows in groups]
        if numbers.count(None) * 2 > len(numbers):
            return None
        return [
            self._rows(rows) if number is None else number
            for rows, number in zip(groups, numbers, strict=True)
        ]

    def _same(self, rows: Rows) -> int | None:
        """Return the number of the old row group that has the same rows (see `origins`), null where none has."""
        if (rows >= self._starts[-1]).any():
            return None
        number = int(np.searchsorted(self._starts, rows[0], side="right")) - 1
        return number if [rows[0], rows[-1] + 1, len(rows)] == self._place(number) else None

    def _rows(self, rows: Rows) -> pl.DataFrame:
        """Return rows (see `origins`) with all columns, as they are now."""
        last = int(self._starts[-1])
        were = rows[rows < last]
        first, size = (int(were.min()), int(were.max() - were.min()) + 1) if len(were) else (0, 0)
        found = self._read(list(self._table.columns()), first, size)
        changed = np.flatnonzero((self._at >= first) & (self._at < first + size))
        order = np.where(rows < last, rows - first, size + rows - last)
        moved = np.arange(size + self._change.came.height + len(changed))
        moved[self._at[changed] - first] = moved[len(moved) - len(changed) :]
        order = moved[order]
        now = self._change.now[changed]
        source = pl.concat(
            [found, *(one.select(found.columns) for one in (self._change.came, now))], rechunk=False
        )
        runs = np.split(order, np.flatnonzero(np.diff(order) != 1) + 1)
        return pl.concat([source.slice(int(run[0]), len(run)) for run in runs], rechunk=False)

    def _place(self, group: int) -> list[int]:
        """Return the first row of a row group, the first behind it, and how many there are."""
        start, stop = (int(row) for row in self._starts[group : group + 2])
        return [start, stop, stop - start]

    def changes(self, group: int) -> bool:
        """Tell whether a row of a row group has another value now."""
        start, stop, _ = self._place(group)
        return bool(self._names) and bool(((self._at >= start) & (self._at < stop)).any())

    def columns(self, groups: Sequence[int]) -> list[pl.DataFrame]:
        """Return of some row groups the columns in which any row of the file changes, as they are now."""
        names = self._names
        first, last = int(self._starts[min(groups)]), int(self._starts[max(groups) + 1])
        if names[0] in self._keys.columns:
            rows = self._keys.select(names).slice(first, last - first)
        else:
            rows = self._read(names, first, last - first)
        here = np.flatnonzero((self._at >= first) & (self._at < last))
        place = np.arange(rows.height)
        place[self._at[here] - first] = rows.height + np.arange(len(here))
        now = pl.concat([rows, self._change.now.select(names)[here]])[place]
        begins = [(int(self._starts[group]) - first, self.parts.rows[group]) for group in groups]
        return [now.slice(begin, size) for begin, size in begins]


def origins(rows: int, leaving: Sequence[int], entering: Sequence[int]) -> Rows:
    """Return for each row of the new file which one of the old it was; beyond these, of those that come.

    For example, of three rows the row 1 goes, and one comes before it, one at the end: 0, 3, 2, 4.
    """
    order = np.insert(np.arange(rows), entering, rows + np.arange(len(entering)))
    return order[~np.isin(order, leaving)]
