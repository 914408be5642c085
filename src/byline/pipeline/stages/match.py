"""Stage `match`: what the papers ask of arXiv's index → the entries that may be them, by paper bucket.

Keys go to the part of the index that holds them (`probe`), what is found there to the part of the papers (`fetch`),
entries back to the paper bucket that asked (`fill`). Each task holds one part or one bucket; nobody holds the index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl

from byline.decisions import curated
from byline.files import run_files
from byline.pipeline.stages.bucket import BucketTask, merged_folder
from byline.reference import layout, lookup
from byline.reference.keys import Kind, keys_only_id
from byline.reference.queries import queries, query_keys

ENDS = (1 << Kind.ABSTRACT_START) | (1 << Kind.ABSTRACT_END)
PROBED_BUCKETS = 16
"""Paper buckets whose keys are looked up at a time."""
FETCHED = 40_000
"""Entries that a task of `fetch` gives out, about."""
PAIRS = {
    "bucket": pl.UInt32(), "paper": pl.UInt32(), "row": pl.UInt32(), "kinds": pl.UInt8(), "has_text": pl.Boolean(),
}  # fmt: skip
"""A paper (its bucket, its number there) and the row of an entry that shares keys with it."""


def papers_path(merged: Path) -> Path:
    """Return the run file of a bucket's papers, as they were merged."""
    return merged / "unfilled.run"


def asked_path(merged: Path) -> Path:
    """Return the run file of the keys that a bucket's papers ask for, by part of the index."""
    return merged / "asked.run"


def ask(papers: pl.DataFrame, task: BucketTask) -> None:
    """Keep the papers of a bucket, and what they ask of the index."""
    assert task.index is not None
    index = layout.open_index(task.index)
    run_files.write_run(papers_path(task.target), papers, [papers.height])
    asked = asked_keys(papers, task.curated)
    has_text = papers["abstract"].is_not_null().gather(asked["paper"])
    asked = asked.with_columns(bucket=pl.lit(task.bucket, pl.UInt32), has_text=has_text)
    parts = lookup.part_of(index.keys, asked["key"])
    run_files.write_groups(asked_path(task.target), asked, parts, len(index.keys))


def asked_keys(papers: pl.DataFrame, decisions: Path | None) -> pl.DataFrame:
    """Return the keys of papers, with those of the entries that a person gave them.

    `papers`, as `merge_records` gives them, are asked by title, names, ids and abstract. The result:

    | column | type | what it says |
    |---|---|---|
    | `paper` | UInt32 | row of the paper |
    | `key` | UInt32 | hash of what an entry may share |
    | `kind` | UInt8 | of what: a number of `Kind` |
    """
    keys = query_keys(queries(papers))
    said = curated.match_decisions(decisions).drop_nulls("arxiv_id")
    if said.is_empty():
        return keys
    wanted = papers.select("paper_id").with_row_index("paper").join(said, on="paper_id", validate="m:1")
    return pl.concat([keys, keys_only_id(wanted["arxiv_id"], wanted["paper"]).select(keys.columns)])


@dataclass(frozen=True)
class ProbeTask:
    """A part of the index's keys, and where the keys that papers ask for lie."""

    part: int
    index: Path
    merged: Path
    """Folder of what `merge` wrote."""
    paper_buckets: int
    target: Path


def probe(task: ProbeTask) -> tuple[int, ...]:
    """Write the pairs of paper and entry that share keys of this part, by part of the papers; return how many each."""
    index = layout.open_index(task.index)
    pieces = []
    for start in range(0, task.paper_buckets, PROBED_BUCKETS):
        some = range(start, min(start + PROBED_BUCKETS, task.paper_buckets))
        paths = [asked_path(merged_folder(task.merged, bucket)) for bucket in some]
        found = lookup.probe(index, task.part, run_files.read_group(paths, task.part))
        pieces.append(gathered(found.with_columns(kinds=(2 ** pl.col("kind").cast(pl.Int32)).cast(pl.UInt8))))
    pairs = pl.concat(pieces)
    parts = lookup.part_of(index.papers, pairs["row"])
    return run_files.write_groups(task.target, pairs, parts, len(index.papers))


def gathered(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return each pair once, with all the kinds of keys that it shares, sorted.

    | column | type | what it says |
    |---|---|---|
    | `bucket`, `paper` | UInt32 | paper bucket, row of the paper in it |
    | `row` | UInt32 | row of the entry in the index |
    | `kinds` | UInt8 | a bit for each `Kind` of key that both have |
    | `has_text` | Boolean | whether the paper has an abstract |

    A pair met by its title (bit 0) and again by its authors (bit 2) comes in with 1 and 4, and once out with 5.
    """
    kinds = [((pl.col("kinds") & (1 << kind)) > 0).any().cast(pl.Int32) * (1 << kind) for kind in Kind]
    grouped = pairs.group_by("bucket", "paper", "row").agg(
        kinds=pl.sum_horizontal(kinds), has_text=pl.col("has_text").any()
    )
    return grouped.sort("bucket", "paper", "row").select(
        pl.col(name).cast(dtype) for name, dtype in PAIRS.items()
    )


@dataclass(frozen=True)
class FetchTask:
    """A part of the index's papers, and the paper buckets to which to send what they want of it."""

    part: int
    index: Path
    probed: tuple[Path, ...]
    first_bucket: int
    stop_bucket: int
    target: Path


def fetch(task: FetchTask) -> None:
    """Write the entries of this part by the paper bucket that asked for them.

    An abstract goes along where the paper has none, or where it must be compared.
    """
    index = layout.open_index(task.index)
    pairs = run_files.read_group(task.probed, task.part)
    pairs = pairs.filter(pl.col("bucket").is_between(task.first_bucket, task.stop_bucket - 1))
    pairs = gathered(pairs)
    entries = lookup.fetch(index, task.part, pairs["row"])
    found = pairs.join(entries, on="row", how="left", maintain_order="left")
    spared = pl.col("has_text") & ((pl.col("kinds") & ENDS) == ENDS)
    found = found.with_columns(abstract=pl.when(~spared).then("abstract"))
    bucket = found["bucket"].to_numpy().astype(np.int64) - task.first_bucket
    run_files.write_groups(task.target, found, bucket, task.stop_bucket - task.first_bucket)


def fetch_tasks(
    folder: Path, index: layout.Index, probed: Sequence[Path], counts: Sequence[Sequence[int]], buckets: int
) -> list[FetchTask]:
    """Return the tasks of `fetch`: every part by every range of buckets, as many ranges as keep them small.

    `counts`: pairs by key part and paper part, as `probe` returned them.
    """
    largest = max((sum(column) for column in zip(*counts, strict=True)), default=0)
    ranges = min(buckets, max(1, -(-largest // FETCHED)))
    borders = [buckets * number // ranges for number in range(ranges + 1)]
    return [
        FetchTask(part, index.folder, tuple(probed), first, stop, folder / f"{part:05d}-{first:06d}.run")
        for first, stop in pairwise(borders)
        for part in range(len(index.papers))
    ]
