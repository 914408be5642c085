"""Rows of an index's parts, and the abstracts of papers: from the index, or from the file that it lies beside."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from byline.core.errors import UsageError
from byline.core.sorted_arrays import look_up
from byline.files.run_files import to_polars
from byline.reference.layout import Beside, Index
from byline.reference.records import abstracts_of

Numbers = npt.NDArray[np.int64]
AGAIN = "Give the file again with --arxiv FILE, or make an index that needs no file: byline arxiv-index FILE."


def taken(path: Path, local: Numbers, columns: list[str]) -> pl.DataFrame:
    """Return some columns of the rows that have these numbers in a part, in the numbers' order.

    Only the row groups that hold one are read.
    """
    with pq.ParquetFile(path) as file:
        sizes = [file.metadata.row_group(k).num_rows for k in range(file.num_row_groups)]
        starts = np.cumsum([0, *sizes])
        groups = np.unique(np.searchsorted(starts, local, side="right") - 1)
        table = file.read_row_groups(groups.tolist(), columns=columns, use_threads=False)
    there = np.concatenate([np.arange(starts[k], starts[k + 1]) for k in groups.tolist()] or [local])
    at, _ = look_up(there, local)
    return to_polars(table)[at]


def read_abstracts(index: Index, number: int, local: Numbers, ids: pl.Series) -> pl.Series:
    """Return the abstracts of rows of a part of the papers; `ids` are theirs.

    Raises `UsageError`: the index lies beside a file that is gone, or another one by now.
    """
    if not len(local):
        return pl.Series([], dtype=pl.String)
    part, beside = index.texts.parts[number], index.texts.beside
    if beside is None:
        return taken(index.folder / part.path, local, ["abstract"])["abstract"]
    places = taken(index.folder / part.path, local, ["start", "bytes"])
    try:
        found = abstracts_of(b"\n".join(_lines(beside, places)))
    except (OSError, pa.ArrowInvalid):
        raise _other(beside) from None
    if not found["arxiv_id"].equals(ids):
        raise _other(beside)
    return found["abstract"]


def check_beside(index: Index) -> None:
    """Raise `UsageError` where an index lies beside a file that is gone, or another one by now."""
    beside = index.texts.beside
    if beside is not None and not _same(beside):
        raise _other(beside)


def _lines(beside: Beside, places: pl.DataFrame) -> list[bytes]:
    """Return lines of the file, given their places."""
    if not _same(beside):
        raise OSError
    with Path(beside.path).open("rb", buffering=0) as file:
        return [os.pread(file.fileno(), size, start) for start, size in places.iter_rows()]


def _same(beside: Beside) -> bool:
    path = Path(beside.path)
    try:
        return path.is_file() and Beside.of(path) == beside  # a pipe would be waited for
    except OSError:
        return False


def _other(beside: Beside) -> UsageError:
    return UsageError(f"{beside.path}: not, or no longer, the file whose index is asked for abstracts", AGAIN)
