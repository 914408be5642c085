"""What the tasks on one paper bucket have in common: where its rows come from, and where they go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import polars as pl


@dataclass(frozen=True)
class BucketTask:
    """One paper bucket: where to take it from, and where the tables' rows go."""

    bucket: int
    settled: Path
    """Folder of the run files of `settle`."""
    slices: int
    """How many there are."""
    target: Path
    batch_rows: Mapping[str, int]
    """Rows of a batch by table."""
    name_buckets: int
    ror: Path | None
    cache: Path
    curated: Path | None
    left: tuple[str, ...] = ()
    """Keys whose records `unite` moved to another bucket."""
    moved: tuple[Path, ...] = ()
    """Run files of the records that it moved."""
    index: Path | None = None
    """Index of arXiv's metadata; null where the page's word is all there is."""


class Decided(NamedTuple):
    """What reviewed decisions speak of and a paper bucket holds."""

    mentions: tuple[tuple[str, int, int], ...] = ()
    """Paper, position and name block."""
    papers: tuple[str, ...] = ()

    @classmethod
    def total(cls, parts: Sequence[Decided]) -> Decided:
        """Return all that several parts hold."""
        return cls(
            tuple(mention for part in parts for mention in part.mentions),
            tuple(paper for part in parts for paper in part.papers),
        )


DECIDED = {"paper_id": pl.String, "position": pl.UInt16, "block": pl.UInt64}
"""The columns of a frame of `Decided`: of a paper itself position and block are null."""


@dataclass(frozen=True)
class MergeFacts:
    """What one paper bucket held."""

    partitions: dict[str, dict[str | int, int]]
    """Rows by table and partition value, in the order of the run file's batches."""
    statuses: Counter[str]
    reasons: Counter[str]
    decided: Decided = field(default_factory=Decided)


def merged_folder(folder: Path, bucket: int) -> Path:
    """Return where the files of a bucket lie."""
    return folder / f"{bucket:06d}"
