"""A file of which a few rows change: row groups that stay are copied as they are, the others are written anew.

Where the row groups of the new file end is found as the writer finds it, from the ids of all its rows, which are read
for that. A group whose rows are those of a group of the old file is copied; rows of other groups alone are decoded.
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
from byline.files.footers import NotByline, Parts
from byline.files.parquet import PartitionWriter, all_text_bytes
from byline.pipeline.incremental.exchanging import places
from byline.pipeline.incremental.kept import TakesFullBuild
from byline_schemas import Table

LEAST_BYTES = 1 << 20
"""Of a file: a smaller one is as soon written as a whole."""
VALUE_BYTES = 16
"""Of a value in memory beside its text, at most."""
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Old:
    """A published file, and the first id of the one that follows it (null: none does)."""

    path: Path
    follows: str | None


def spliced(writer: PartitionWriter, table: Table, old: Old, gone: pl.DataFrame, fresh: pl.DataFrame) -> bool:
    """Write a file anew by copying what stays of it; tell whether that could be done.

    It can't where the file has one row group only, would end elsewhere, or is so large that bytes cut it.

    Raises `TakesFullBuild`: rows that are to go are not there.
    """
    try:
        parts = Parts.of(_mapped(old.path))
        if len(parts.groups) == 1 or _size(parts, fresh) > cuts.GROUP_BYTES:
            return False
        pieces = _pieces(table, parts, old, gone, fresh)
        if pieces is None:
            return False
        groups = [piece for piece in pieces if isinstance(piece, pl.DataFrame)]
        made = ((made, number) for made in [writer.in_memory(groups)] for number in range(len(groups)))
        writer.put([next(made) if isinstance(piece, pl.DataFrame) else (parts, piece) for piece in pieces])
    except NotByline:
        return False
    return True


def _mapped(path: Path) -> memoryview:
    """Return the bytes of a file as they lie on the disk: few of them are looked at, the others copied."""
    with path.open("rb") as source:
        return memoryview(mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ))


def _size(parts: Parts, fresh: pl.DataFrame) -> int:
    """Return how many bytes the rows take in memory, at most."""
    values = parts.values + sum(parts.rows) + fresh.height * fresh.width
    return parts.texts + all_text_bytes(fresh) + VALUE_BYTES * values


def _pieces(
    table: Table, parts: Parts, old: Old, gone: pl.DataFrame, fresh: pl.DataFrame
) -> list[pl.DataFrame | int] | None:
    """Return the row groups of the new file: rows, or the number of one to copy; null when the file ends elsewhere."""
    sort = list(table.sort)
    keys = pl.read_parquet(old.path, columns=sort, hive_partitioning=False, glob=False).select(sort)
    coming = fresh.sort(sort, nulls_last=True)
    leaving, entering = places(keys, gone, coming, sort)
    if len(leaving) != gone.height:
        raise TakesFullBuild(f"{old.path} does not hold the rows that are to go")
    origin = origins(keys.height, leaving, entering)
    ids = pl.concat([keys[table.key[0]], coming[table.key[0]]])
    rule = cuts.cuts_of(table)
    bits = cuts.zero_bits(ids, rule.least_bits)[origin]
    behind = None if old.follows is None else int(cuts.zero_bits(pl.Series([old.follows]))[0])
    ends = cuts.groups_of_file(rule, bits, behind)
    if ends is None:
        return None
    starts = np.cumsum([0, *parts.rows])
    return [_group(table, old, coming, origin[start:stop], starts) for start, stop in pairwise([0, *ends])]


def origins(rows: int, leaving: Sequence[int], entering: Sequence[int]) -> Rows:
    """Return for each row of the new file which one of the old it was; beyond these, of those that come.

    For example, of three rows the row 1 goes, and one comes before it, one at the end: 0, 3, 2, 4.
    """
    order = np.insert(np.arange(rows), entering, rows + np.arange(len(entering)))
    return order[~np.isin(order, leaving)]


def _group(table: Table, old: Old, coming: pl.DataFrame, rows: Rows, starts: Rows) -> pl.DataFrame | int:
    """Return the row group of some rows (see `origins`), or the number of the old one that is the same.

    `starts`: where the row groups of the old file begin, and where the last one ends.
    """
    number = int(np.searchsorted(starts, rows[0], side="right")) - 1
    last = int(starts[-1])
    were = rows[rows < last]
    if len(were) == len(rows) and [rows[0], rows[-1] + 1, len(rows)] == _place(starts, number):
        return number
    first, size = (int(were.min()), int(were.max() - were.min()) + 1) if len(were) else (0, 0)
    found = pl.scan_parquet(old.path, hive_partitioning=False, glob=False).slice(first, size).collect()
    source = pl.concat([found, coming.select(found.columns)], rechunk=False)
    order = np.where(rows < last, rows - first, size + rows - last)
    runs = np.split(order, np.flatnonzero(np.diff(order) != 1) + 1)
    pieces = [source.slice(int(run[0]), len(run)) for run in runs]
    return pl.concat(pieces, rechunk=False).select(table.columns().keys())


def _place(starts: Rows, number: int) -> list[int]:
    """Return the first row of a row group, the first behind it, and how many there are."""
    start, stop = starts[number : number + 2]
    return [start, stop, stop - start]
