"""Stage `merge`: the settled rows of one paper bucket → papers, records, quarantine, labels, and mentions.

All records that could be the same paper lie in one bucket, so buckets are independent of each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

from byline import affiliations, identity, papers
from byline.core import ids
from byline.decisions import curated
from byline.files import run_files
from byline.pipeline.stages.settle import says_code, settled_path
from byline.pipeline.stages.sorting import hash_order, published_order, write_partitions
from byline.pipeline.stages.unite import staying
from byline_schemas import AFFILIATIONS, PAPER_AFFILIATIONS, PAPERS, QUARANTINE, RECORDS


@dataclass(frozen=True)
class MergeTask:
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


@dataclass(frozen=True)
class MergeFacts:
    """What one paper bucket held."""

    partitions: dict[str, dict[str | int, int]]
    """Rows by table and partition value, in the order of the run file's batches."""
    statuses: Counter[str]
    reasons: Counter[str]
    decided: tuple[tuple[str, int, int], ...] = field(default=())
    """Paper, position and name bucket of the mentions that reviewed decisions speak of."""


def merge_bucket(task: MergeTask) -> MergeFacts:
    """Tell the papers of one bucket apart and write its rows of every table but authors and authorships."""
    settled = [settled_path(task.settled, number) for number in range(task.slices)]
    rows = staying(run_files.read_group(settled, task.bucket), task.left)
    if task.moved:
        rows = pl.concat([rows, run_files.read_group(task.moved, task.bucket)])
    merged = papers.merge_records(_with_record_ids(rows), says_code)
    labels = _labels(merged.papers)
    known = _known_labels(labels["label_as_listed"].unique().sort(), task)
    tables = {
        "papers": (PAPERS, _papers(merged), published_order()),
        "records": (RECORDS, merged.records, hash_order("record_id")),
        "quarantine": (QUARANTINE, _quarantine(merged.records), hash_order("record_id")),
        "paper_affiliations": (
            PAPER_AFFILIATIONS,
            _paper_affiliations(labels, known),
            hash_order("paper_id"),
        ),
        "affiliations": (
            AFFILIATIONS,
            _affiliations(known),
            hash_order("affiliation_id"),
        ),
    }
    partitions = {
        name: write_partitions(task.target, table, frame, order, task.batch_rows)
        for name, (table, frame, order) in tables.items()
    }
    mentions = identity.describe(merged.papers)
    bucket = mentions["block_key"].to_numpy() % np.uint64(task.name_buckets)
    run_files.write_groups(mentions_path(task.target), mentions, bucket.astype(np.int64), task.name_buckets)
    return MergeFacts(
        partitions=partitions,
        statuses=Counter(merged.records["status"].to_list()),
        reasons=Counter(merged.records["reason"].drop_nulls().to_list()),
        decided=_decided(mentions.with_columns(_bucket=bucket), task.curated),
    )


def merged_folder(folder: Path, bucket: int) -> Path:
    """Return where the files of a bucket lie."""
    return folder / f"{bucket:06d}"


def mentions_path(merged: Path) -> Path:
    """Return the run file of a bucket's mentions."""
    return merged / "mentions.run"


def _with_record_ids(rows: pl.DataFrame) -> pl.DataFrame:
    """Add `record_id`: a hash of file, bytes, and ordinal among equal ones in that file; in the files' order."""
    rows = rows.sort("source_file", "byte_start", "byte_end")
    ordinal = rows.select(pl.int_range(pl.len()).over("source_file", "digest")).to_series()
    keys = rows["source_file"] + ids.SEPARATOR + rows["digest"] + ids.SEPARATOR + ordinal.cast(pl.String)
    return rows.with_columns(record_id=ids.digest_all(keys, "record"))


def _papers(merged: papers.Merged) -> pl.DataFrame:
    counted = merged.papers.with_columns(
        author_count=pl.col("authors").list.len(),
        authors_source=pl.lit("listed"),
        filled=pl.lit([], dtype=pl.List(pl.String)),
        match_confidence=pl.lit(None, dtype=pl.Float32),
    )
    return counted.select(pl.col(name).cast(dtype) for name, dtype in PAPERS.columns().items())


def _quarantine(records: pl.DataFrame) -> pl.DataFrame:
    bad = records.filter(pl.col("status") == "quarantined")
    return bad.select(QUARANTINE.columns().keys())


def _labels(rows: pl.DataFrame) -> pl.DataFrame:
    """Return one row a listed label: paper_id, position, label_as_listed."""
    listed = (
        rows.select("paper_id", label_as_listed="labels")
        .explode("label_as_listed")
        .drop_nulls("label_as_listed")
    )
    position = (pl.int_range(pl.len()).over("paper_id") + 1).cast(pl.UInt16)
    return listed.with_columns(position=position)


def _paper_affiliations(labels: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    by_label = known.select("affiliation_id", "label_as_listed")
    joined = labels.join(by_label, on="label_as_listed", how="left", validate="m:1")
    return joined.select(PAPER_AFFILIATIONS.columns().keys())


def _known_labels(labels: pl.Series, task: MergeTask) -> pl.DataFrame:
    registry = affiliations.load_registry(task.ror, task.cache)
    return affiliations.resolve(labels, registry).with_columns(labels.alias("label_as_listed"))


def _affiliations(known: pl.DataFrame) -> pl.DataFrame:
    return known.select(AFFILIATIONS.columns().keys()).unique(
        "affiliation_id", keep="first", maintain_order=True
    )


def _decided(mentions: pl.DataFrame, decisions: Path | None) -> tuple[tuple[str, int, int], ...]:
    wanted = curated.decided_mentions(decisions)
    if wanted.is_empty():
        return ()
    found = mentions.join(wanted, on=["paper_id", "position"], how="semi")
    return tuple(found.select("paper_id", "position", "_bucket").iter_rows())
