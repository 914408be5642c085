"""Stage `match`: what the papers ask of arXiv's index → the entries that may be them, by paper bucket.

Keys go to the part of the index that holds them (`probe`), rows that have them back to the paper bucket (`choose`),
those worth comparing to the part of the papers (`fetch`), entries back to the bucket (`fill`). Each task holds one
part or one bucket; nobody holds the index.
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
from byline.reference.keys import keys_only_id
from byline.reference.queries import names_of, queries, query_keys

PROBED_BUCKETS = 16
"""Paper buckets whose keys are looked up at a time."""
FETCHED = 40_000
"""Entries that a task of `fetch` gives out, about."""


def papers_path(merged: Path) -> Path:
    """Return the run file of a bucket's papers, as they were merged, with `names` (see `queries`)."""
    return merged / "unfilled.run"


def asked_path(merged: Path) -> Path:
    """Return the run file of the keys that a bucket's papers ask for, by part of the index."""
    return merged / "asked.run"


def ask(papers: pl.DataFrame, task: BucketTask) -> None:
    """Keep the papers of a bucket, and what they ask of the index."""
    assert task.index is not None
    index = layout.open_index(task.index)
    named = papers.with_columns(names_of(papers["authors"], papers["name_parts"]))
    run_files.write_run(papers_path(task.target), named, [papers.height])
    asked = asked_with_texts(named, task.curated).with_columns(bucket=pl.lit(task.bucket, pl.UInt32))
    parts = lookup.part_of(index.keys, asked["key"])
    run_files.write_groups(asked_path(task.target), asked, parts, len(index.keys))


def asked_with_texts(papers: pl.DataFrame, decisions: Path | None) -> pl.DataFrame:
    """Return what `asked_keys` does, and whether the page has the paper's abstract (`has_text`)."""
    asked = asked_keys(papers, decisions)
    return asked.with_columns(has_text=papers["abstract"].is_not_null().gather(asked["paper"]))


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


def probe(task: ProbeTask) -> None:
    """Write the pairs of paper and entry that share keys of this part, by paper bucket."""
    index = layout.open_index(task.index)
    pieces = []
    for start in range(0, task.paper_buckets, PROBED_BUCKETS):
        some = range(start, min(start + PROBED_BUCKETS, task.paper_buckets))
        paths = [asked_path(merged_folder(task.merged, bucket)) for bucket in some]
        found = lookup.probe(index, task.part, run_files.read_group(paths, task.part))
        pieces.append(lookup.gathered(lookup.as_pairs(found)))
    pairs = pl.concat(pieces)
    run_files.write_groups(
        task.target, pairs, pairs["bucket"].to_numpy().astype(np.int64), task.paper_buckets
    )


@dataclass(frozen=True)
class ChooseTask:
    """A paper bucket, and the run files of the pairs that share keys."""

    bucket: int
    index: Path
    probed: tuple[Path, ...]
    target: Path


def choose(task: ChooseTask) -> tuple[int, ...]:
    """Write the pairs of one bucket that are worth comparing, by part of the papers; return how many each."""
    index = layout.open_index(task.index)
    pairs = lookup.worth_comparing(lookup.gathered(run_files.read_group(task.probed, task.bucket)))
    return run_files.write_groups(
        task.target, pairs, lookup.part_of(index.papers, pairs["row"]), len(index.papers)
    )


@dataclass(frozen=True)
class FetchTask:
    """A part of the index's papers, and the paper buckets to which to send what they want of it."""

    part: int
    index: Path
    chosen: tuple[Path, ...]
    """Run files of the chosen pairs, of the buckets from `first_bucket` on."""
    first_bucket: int
    target: Path


def fetch(task: FetchTask) -> None:
    """Write the entries of this part by the paper bucket that asked for them."""
    index = layout.open_index(task.index)
    pairs = run_files.read_group(task.chosen, task.part)
    found = lookup.entries(index, task.part, pairs)
    bucket = found["bucket"].to_numpy().astype(np.int64) - task.first_bucket
    run_files.write_groups(task.target, found, bucket, len(task.chosen))


def fetch_tasks(
    folder: Path, index: layout.Index, chosen: Sequence[Path], counts: Sequence[Sequence[int]]
) -> list[FetchTask]:
    """Return the tasks of `fetch`: every part by every range of buckets, as many ranges as keep them small.

    `chosen`: a run file a bucket; `counts`: its pairs by paper part, as `choose` returned them.
    """
    largest = max((sum(column) for column in zip(*counts, strict=True)), default=0)
    ranges = min(len(chosen), max(1, -(-largest // FETCHED)))
    borders = [len(chosen) * number // ranges for number in range(ranges + 1)]
    return [
        FetchTask(
            part, index.folder, tuple(chosen[first:stop]), first, folder / f"{part:05d}-{first:06d}.run"
        )
        for first, stop in pairwise(borders)
        for part in range(len(index.papers))
    ]
