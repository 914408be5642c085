"""The rows that papers become: the tables `papers`, `affiliations`, `paper_affiliations`, and their mentions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from byline import affiliations, identity
from byline.decisions import curated, organisations, people
from byline.files import run_files
from byline.pipeline.stages import withholding
from byline.pipeline.stages.bucket import BucketTask, Decided
from byline.pipeline.stages.sorting import hash_order, published_order, write_partitions
from byline_schemas import AFFILIATIONS, PAPER_AFFILIATIONS, PAPERS

Partitions = dict[str, dict[str | int, int]]


def write_papers(papers: pl.DataFrame, task: BucketTask) -> tuple[Partitions, Decided]:
    """Write what the papers of a bucket become; return rows by table and partition, and what of it was decided upon.

    `papers`: one row a paper, with its authors, labels and, where a registry added authors, sources.
    """
    shown = withholding.papers(papers, task.curated)
    labels = listed_labels(shown)
    known = known_labels(labels["label_as_listed"].unique().sort(), task.ror, task.cache, task.curated)
    tables = {
        "papers": (PAPERS, paper_rows(shown), published_order()),
        "paper_affiliations": (
            PAPER_AFFILIATIONS,
            paper_affiliation_rows(labels, known),
            hash_order("paper_id"),
        ),
        "affiliations": (AFFILIATIONS, affiliation_rows(known), hash_order("affiliation_id")),
    }
    partitions = {
        name: write_partitions(task.target, table, frame, order, task.batch_rows)
        for name, (table, frame, order) in tables.items()
    }
    mentions = identity.describe(papers)
    bucket = mentions["block_key"].to_numpy() % np.uint64(task.name_buckets)
    run_files.write_groups(mentions_path(task.target), mentions, bucket.astype(np.int64), task.name_buckets)
    return partitions, decided_of(mentions, task.curated)


def mentions_path(merged: Path) -> Path:
    """Return the run file of a bucket's mentions."""
    return merged / "mentions.run"


def paper_rows(papers: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of `papers`."""
    counted = papers.with_columns(author_count=pl.col("authors").list.len())
    return counted.select(pl.col(name).cast(dtype) for name, dtype in PAPERS.columns().items())


def unfilled(papers: pl.DataFrame) -> pl.DataFrame:
    """Return merged papers with the columns that say what a registry gave: nothing."""
    return papers.with_columns(
        authors_source=pl.lit("listed"),
        filled=pl.lit([], dtype=pl.List(pl.String)),
        match_confidence=pl.lit(None, dtype=pl.Float32),
    )


def listed_labels(papers: pl.DataFrame) -> pl.DataFrame:
    """Return one row a listed label: paper_id, position, label_as_listed."""
    listed = (
        papers.select("paper_id", label_as_listed="labels")
        .explode("label_as_listed")
        .drop_nulls("label_as_listed")
    )
    position = (pl.int_range(pl.len()).over("paper_id") + 1).cast(pl.UInt16)
    return listed.with_columns(position=position)


def paper_affiliation_rows(labels: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of `paper_affiliations`, given the listed labels and what each of them means."""
    by_label = known.select("affiliation_id", "label_as_listed")
    joined = labels.join(by_label, on="label_as_listed", how="left", validate="m:1")
    return joined.select(PAPER_AFFILIATIONS.columns().keys())


def known_labels(labels: pl.Series, ror: Path | None, cache: Path, decisions: Path | None) -> pl.DataFrame:
    """Return the organisation of each listed label, row by row, with the label as `label_as_listed`."""
    registry = affiliations.load_registry(ror, cache)
    found = affiliations.resolve(labels, registry, organisations.meanings(decisions))
    return found.with_columns(labels.alias("label_as_listed"))


def affiliation_rows(known: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of `affiliations`, each organisation once."""
    return known.select(AFFILIATIONS.columns().keys()).unique(
        "affiliation_id", keep="first", maintain_order=True
    )


def decided_of(mentions: pl.DataFrame, decisions: Path | None) -> Decided:
    """Return what of some papers decisions speak of, given all mentions of them (rows of `identity.describe`)."""
    wanted, matched = people.decided_mentions(decisions), curated.matched_papers(decisions)
    if wanted.is_empty() and matched.is_empty():
        return Decided()
    found = mentions.join(wanted, on=["paper_id", "position"], how="semi")
    ids = pl.concat([wanted["paper_id"], matched["paper_id"]]).unique()
    there = mentions["paper_id"].unique()
    papers = there.filter(there.is_in(ids.implode()))
    return Decided(
        tuple(found.select("paper_id", "position", "block_key").iter_rows()), tuple(papers.sort().to_list())
    )
