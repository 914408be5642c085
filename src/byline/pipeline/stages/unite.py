"""Stage `unite`: records of one arXiv id or DOI, or of the same bytes, under different keys come into one paper bucket.

`settle` scatters records by their key, and beside them writes which keys each id stands with, by the id. Here the keys
that share an id are put together, and the few records that lie elsewhere are moved. Which keys belong together follows
from all records alone; where they are brought (the bucket of the smallest key) changes nothing but where the work is
done. Memory is bounded by a group of ids and a bucket; what grows with the corpus is one entry for each key that shares
an id with another one, of which there are as many as titles that changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from byline.core.union import components
from byline.files import run_files
from byline.papers import tied_keys
from byline.pipeline.stages.settle import bucket_of, settled_path


@dataclass(frozen=True)
class TieTask:
    """One group of ids, and the run files that hold its rows."""

    group: int
    files: tuple[Path, ...]


@dataclass(frozen=True)
class MoveTask:
    """One paper bucket that records leave, and where they go."""

    bucket: int
    settled: Path
    """Folder of the run files of `settle`."""
    slices: int
    """How many there are."""
    homes: tuple[tuple[str, int], ...]
    """Keys and the bucket that each goes to."""
    buckets: int
    target: Path


def find_ties(task: TieTask) -> list[tuple[str, str]]:
    """Return pairs of keys that an id of this group ties together."""
    return tied_keys(run_files.read_group(list(task.files), task.group))


def moves(pairs: Iterable[tuple[str, str]], buckets: int) -> dict[int, tuple[tuple[str, int], ...]]:
    """Return the keys that leave each bucket, and where each goes: to the bucket of the smallest key tied to it."""
    homes = components(pairs)
    table = pl.DataFrame(
        {"key": homes.keys(), "home": homes.values()}, schema=dict.fromkeys(("key", "home"), pl.String)
    )
    table = table.with_columns(
        bucket=bucket_of(table["key"], buckets), home=bucket_of(table["home"], buckets)
    ).filter(pl.col("bucket") != pl.col("home"))
    leaving: dict[int, list[tuple[str, int]]] = {}
    for key, home, bucket in table.sort("key").iter_rows():
        leaving.setdefault(bucket, []).append((key, home))
    return {bucket: tuple(keys) for bucket, keys in sorted(leaving.items())}


def move_rows(task: MoveTask) -> Path:
    """Write the rows that leave a bucket, in groups by where they go; return the run file."""
    settled = [settled_path(task.settled, number) for number in range(task.slices)]
    rows = run_files.read_group(settled, task.bucket)
    homes = dict(task.homes)
    rows = rows.filter(pl.col("paper_key").is_in(list(homes)))
    home = rows["paper_key"].replace_strict(homes, return_dtype=pl.Int64)
    run_files.write_groups(task.target, rows, home.to_numpy(), task.buckets)
    return task.target


def staying(rows: pl.DataFrame, left: Sequence[str]) -> pl.DataFrame:
    """Return a bucket's rows without those that left it."""
    return rows.filter(~pl.col("paper_key").is_in(list(left))) if left else rows
