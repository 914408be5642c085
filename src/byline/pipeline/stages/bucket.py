"""What the tasks on one paper bucket have in common: where its rows come from, and where they go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple


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
    """Paper, position and name bucket."""
    papers: tuple[str, ...] = ()


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
