"""Looking up in the index: keys to the numbers of papers, numbers to papers; one part of it at a time."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow.parquet as pq

from byline.core.sorted_arrays import look_up
from byline.files.run_files import to_polars
from byline.reference.layout import Index, Part

Numbers = npt.NDArray[np.int64]


def part_of(parts: tuple[Part, ...], numbers: pl.Series) -> Numbers:
    """Return for each key or row the part that would hold it."""
    firsts = np.array([part.first for part in parts[1:]], dtype=np.int64)
    return np.searchsorted(firsts, numbers.to_numpy().astype(np.int64), side="right").astype(np.int64)


def probe(index: Index, number: int, wanted: pl.DataFrame) -> pl.DataFrame:
    """Return `wanted` (with a column `key`) once for each paper that has the key, its number as `row`.

    All wanted keys are of part `number`.
    """
    if wanted.is_empty():
        return wanted.with_columns(row=pl.lit(0, pl.UInt32)).drop("key")
    part = index.keys[number]
    held = _keys(index.folder / part.path, part.sha256)
    found = held.join(wanted.select(pl.col("key").unique()), on="key", how="semi")
    return wanted.join(found, on="key").drop("key")


@lru_cache(maxsize=1)
def _keys(path: Path, sha256: str) -> pl.DataFrame:
    """Return a part of the keys; look-ups that follow each other want the same one (of this digest)."""
    return to_polars(pq.read_table(path, use_threads=False))


def fetch(index: Index, number: int, rows: pl.Series) -> pl.DataFrame:
    """Return the papers of these numbers, all of part `number`, each once, with their `row`, in rising order.

    Only the row groups that hold one are read.
    """
    part = index.papers[number]
    local = np.unique(rows.to_numpy().astype(np.int64)) - part.first
    with pq.ParquetFile(index.folder / part.path) as file:
        sizes = [file.metadata.row_group(k).num_rows for k in range(file.num_row_groups)]
        starts = np.cumsum([0, *sizes])
        groups = np.unique(np.searchsorted(starts, local, side="right") - 1)
        table = file.read_row_groups(groups.tolist(), use_threads=False)
    there = np.concatenate([np.arange(starts[k], starts[k + 1]) for k in groups.tolist()] or [local])
    at, _ = look_up(there, local)
    found = to_polars(table)[at]
    return found.with_columns(row=pl.Series(local + part.first, dtype=pl.UInt32))
