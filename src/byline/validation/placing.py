"""A quick look at where rows lie: many files at once, before `order` goes through each.

A table lies in some thirty files, and opening one by one and asking each takes longer than reading all of the columns.
Tables of which every row lies where it belongs need no other look; of others, and of what can't be read so, nothing is
said: `order` finds the rows, and words what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby
from pathlib import Path

import numpy as np
import polars as pl

from byline.snapshots.manifest import DataFile
from byline_schemas import Table

HELD_ROWS = 400_000
"""Rows of the files that are looked at together, and of the largest one: the columns that are read take some 30 MB."""
UNREADABLE = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)
FILE, PART = "_file", "_part"


def surely_placed(
    folder: Path, files: Sequence[DataFile], table: Table, needed: Sequence[str], *, keyed: bool
) -> bool:
    """Tell whether all rows of these files are sorted and in the right partition; false says nothing.

    `needed`: the columns of the order and those that the partition's value follows from, if it does (`keyed`). Files
    come by partition. The last row of the files before goes first; of two partitions the rows are not compared:

        file                        partition   published   paper_id
        year=2021/part-00000 (end)  year=2021   2021-12-30  77fe…
        year=2021/part-00001        year=2021   2021-12-31  03ab…
        year=2022/part-00000        year=2022   2022-01-01  01d2…
    """
    last: pl.DataFrame | None = None
    for some in _together(files):
        try:
            rows = _read(folder, some, needed)
        except UNREADABLE:
            return False
        if rows is None:
            return False
        both = rows if last is None else pl.concat([last, rows])
        if not both.select(_in_order(table) & (_in_partition(table) if keyed else pl.lit(value=True))).item():
            return False
        last = both.tail(1)
    return True


def _together(files: Sequence[DataFile]) -> Iterator[list[DataFile]]:
    """Yield files of about so many rows together."""
    ends = accumulate(item.rows for item in files)
    numbered = [(end // HELD_ROWS, item) for end, item in zip(ends, files, strict=True)]
    for _, group in groupby(numbered, key=lambda one: one[0]):
        yield [item for _, item in group]


def _read(folder: Path, files: Sequence[DataFile], columns: Sequence[str]) -> pl.DataFrame | None:
    """Return the rows of files, with the name of the folder that each lies in.

    Null where they hold other numbers of rows than the manifest says, or one of them more than may be held.
    """
    count = sum(item.rows for item in files)
    if max(item.rows for item in files) > HELD_ROWS:
        return None
    paths = [folder / item.path for item in files]
    scan = pl.scan_parquet(paths, hive_partitioning=False, glob=False, include_file_paths=FILE)
    rows = scan.select(*columns, FILE).head(count + 1).collect()
    if rows.height != count:
        return None
    runs = rows[FILE].rle().struct.unnest()
    parts = pl.Series([Path(path).parent.name for path in runs["value"]], dtype=pl.String)
    return rows.select(*columns, parts.gather(np.repeat(np.arange(len(parts)), runs["len"])).alias(PART))


def _in_order(table: Table) -> pl.Expr:
    """Return whether no row sorts before the one above it in its partition; nulls come last."""
    falls = pl.lit(value=False)
    for name in reversed(table.sort):
        this, above = pl.col(name), pl.col(name).shift(1)
        less = (this < above).fill_null(value=False) | (this.is_not_null() & above.is_null())
        falls = less | (this.eq_missing(above) & falls)
    return (falls & (pl.col(PART) == pl.col(PART).shift(1))).any().not_()


def _in_partition(table: Table) -> pl.Expr:
    """Return whether the folder of every row is that of its partition value."""
    assert table.partition is not None
    named = pl.lit(f"{table.partition.name}=") + table.partition.value().cast(pl.String)
    return (named == pl.col(PART)).fill_null(value=False).all()
