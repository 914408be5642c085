"""Stage `merge`: the settled rows of one paper bucket → records, quarantine, and papers with what follows from them.

All records that could be the same paper lie in one bucket, so buckets are independent of each other. With an index of
arXiv's metadata the papers are kept, and what they ask of it, until the stage `match` has found their entries.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import polars as pl

from byline import papers
from byline.core import ids
from byline.files import run_files
from byline.pipeline.stages import withholding
from byline.pipeline.stages.bucket import BucketTask, Decided, MergeFacts
from byline.pipeline.stages.paper_tables import Partitions, unfilled, write_papers
from byline.pipeline.stages.settle import says_code, settled_path
from byline.pipeline.stages.sorting import hash_order, write_partitions
from byline.pipeline.stages.unite import staying
from byline_schemas import QUARANTINE, RECORDS


def merge_bucket(task: BucketTask) -> MergeFacts:
    """Tell the papers of one bucket apart and write its rows of every table but authors and authorships."""
    settled = [settled_path(task.settled, number) for number in range(task.slices)]
    rows = staying(run_files.read_group(settled, task.bucket), task.left)
    if task.moved:
        rows = pl.concat([rows, run_files.read_group(task.moved, task.bucket)])
    merged = papers.merge_records(with_record_ids(rows), says_code)
    tables = {
        "records": (RECORDS, merged.records, hash_order("record_id")),
        "quarantine": (QUARANTINE, quarantined(merged.records, task.curated), hash_order("record_id")),
    }
    partitions: Partitions = {
        name: write_partitions(task.target, table, frame, order, task.batch_rows)
        for name, (table, frame, order) in tables.items()
    }
    decided = Decided()
    if task.index is None:
        more, decided = write_papers(unfilled(merged.papers), task)
        partitions |= more
    else:
        from byline.pipeline.stages import match  # noqa: PLC0415 - builds without an index need none of it

        match.ask(merged.papers, task)
    return MergeFacts(
        partitions=partitions,
        statuses=Counter(merged.records["status"].to_list()),
        reasons=Counter(merged.records["reason"].drop_nulls().to_list()),
        decided=decided,
    )


def with_record_ids(rows: pl.DataFrame) -> pl.DataFrame:
    """Add `record_id`: a hash of file, bytes, and ordinal among equal ones in that file; in the files' order."""
    rows = rows.sort("source_file", "byte_start", "byte_end")
    ordinal = rows.select(pl.int_range(pl.len()).over("source_file", "digest")).to_series()
    keys = rows["source_file"] + ids.SEPARATOR + rows["digest"] + ids.SEPARATOR + ordinal.cast(pl.String)
    return rows.with_columns(record_id=ids.digest_all(keys, "record"))


def quarantined(records: pl.DataFrame, decisions: Path | None) -> pl.DataFrame:
    """Return the rows of `quarantine` for records that could not be read."""
    bad = withholding.quarantine(records.filter(pl.col("status") == "quarantined"), decisions)
    return bad.select(QUARANTINE.columns().keys())
