"""Which rows are exported: all of a snapshot, or those that belong to some of its papers."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from byline.snapshots.dataset import Dataset

BY_PAPER = ("papers", "authorships", "paper_affiliations")
"""Tables whose rows belong to a paper by `paper_id`."""
NEWER = {
    "papers": {
        "published_precision": pl.String(),
        "arxiv_id": pl.String(),
        "doi": pl.String(),
        "venue": pl.String(),
        "comments": pl.String(),
    },
    "authorships": {"source": pl.String()},
}
"""Columns that snapshots of contract 1.0 lack: exports of such a snapshot have them empty."""


@dataclass(frozen=True)
class Selection:
    """A snapshot, and the papers of it that are meant; `papers` null means all."""

    dataset: Dataset
    papers: pl.Series | None = None

    def load(self, table: str) -> pl.LazyFrame:
        """Return the rows of a table that belong to the papers: their authors and organisations, their records."""
        frame = self._whole(table)
        if self.papers is None:
            return frame
        ids = self.papers.implode()
        if table in (*BY_PAPER, "records"):
            return frame.filter(pl.col("paper_id").is_in(ids))
        if table == "authors":
            return self._used(frame, "authorships", "author_id")
        if table == "author_identifiers":
            return self._used(frame, "authors", "author_id")
        if table == "affiliations":
            return self._used(frame, "paper_affiliations", "affiliation_id")
        return frame.clear()  # what is quarantined belongs to no paper

    def _used(self, frame: pl.LazyFrame, by: str, key: str) -> pl.LazyFrame:
        return frame.join(self.load(by).select(key).unique(), on=key, how="semi")

    def _whole(self, table: str) -> pl.LazyFrame:
        frame = self.dataset.load(table)
        there = frame.collect_schema().names()
        missing = {name: kind for name, kind in NEWER.get(table, {}).items() if name not in there}
        return frame.with_columns(pl.lit(None, dtype=kind).alias(name) for name, kind in missing.items())
