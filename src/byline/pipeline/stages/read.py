"""Stage `read`: slices of raw files → parsed rows, validated and kept in the cache by content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path

import polars as pl

from byline import boundary
from byline.files import run_files
from byline.inputs import Slice
from byline.listing.reasons import MISSING_BYLINE
from byline.pipeline.checked import checked
from byline.reading import slices as reading
from byline_schemas import PARSED


@dataclass(frozen=True)
class ReadTask:
    """Slices to read in one go; `cache` is the folder of this code version's parsed rows."""

    slices: tuple[Slice, ...]
    cache: Path


@dataclass(frozen=True)
class SliceFacts:
    """What was found in one slice: its rows, which bylines need a second look, and whether the cache had it."""

    digest: str
    rows: int
    doubtful: tuple[tuple[int, str, str | None], ...]
    """Row in the slice, byline, and the abstract as far as it is evidence."""
    mentions: int
    """Listed authors."""
    cached: bool
    authorless: tuple[tuple[int, str, str], ...] = ()
    """Row, arXiv id and title of records that arXiv's metadata could complete."""


def cache_path(cache: Path, digest: str) -> Path:
    """Return where the parsed rows of the slice with this digest lie."""
    return cache / digest[:2] / f"{digest}.parsed"


def load_parsed(cache: Path, digest: str, columns: list[str] | None = None) -> pl.DataFrame | None:
    """Return the parsed rows of a slice from the cache (all columns or some); null when missing or damaged."""
    payload = run_files.read_checked(cache_path(cache, digest))
    if payload is None:
        return None
    wanted = PARSED.columns() if columns is None else {name: PARSED.columns()[name] for name in columns}
    frame = run_files.unpacked(payload, columns)
    if frame is None:  # bytes of the right digest, but no Arrow file
        return None
    sound = {name: frame.schema.get(name) for name in wanted} == dict(wanted)
    return frame.select(wanted.keys()) if sound else None


def read_slices(task: ReadTask) -> list[SliceFacts]:
    """Parse and segment the slices that the cache lacks; return the facts of all, in order."""
    facts: dict[int, SliceFacts] = {}
    missing: list[int] = []
    for index, piece in enumerate(task.slices):
        frame = load_parsed(task.cache, piece.digest)
        if frame is None:
            missing.append(index)
        else:
            facts[index] = _facts(piece.digest, frame, cached=True)
    for index, frame in zip(missing, parse_slices([task.slices[i] for i in missing]), strict=True):
        digest = task.slices[index].digest
        run_files.write_checked(cache_path(task.cache, digest), run_files.packed(frame))
        facts[index] = _facts(digest, frame, cached=False)
    return [facts[index] for index in range(len(task.slices))]


def _facts(digest: str, frame: pl.DataFrame, *, cached: bool) -> SliceFacts:
    unsure = boundary.doubtful(frame) & frame["byline"].is_not_null()
    said = pl.col("abstract").str.head(boundary.LONGEST_ABSTRACT)
    rows = frame.with_row_index("row").filter(unsure).select("row", "byline", said).rows()
    mentions = int(frame["authors"].list.len().sum())
    unsigned = (
        (pl.col("reason") == MISSING_BYLINE)
        & pl.col("arxiv_id").is_not_null()
        & pl.col("title").is_not_null()
    )
    lacking = frame.with_row_index("row").filter(unsigned).select("row", "arxiv_id", "title").rows()
    return SliceFacts(digest, frame.height, tuple(rows), mentions, cached, tuple(lacking))


def parse_slices(slices: Sequence[Slice]) -> list[pl.DataFrame]:
    """Return one validated frame a slice."""
    frames = reading.read_slices(slices)
    if not frames:
        return []
    together = checked(PARSED, pl.concat(frames), "parsed records")
    starts = [0, *accumulate(frame.height for frame in frames)]
    return [together.slice(start, stop - start) for start, stop in pairwise(starts)]
