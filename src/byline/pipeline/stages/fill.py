"""Stage `match`, its end: the papers of one bucket and the entries that may be them → papers with what pages cut."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from byline.core.hashing import hash64
from byline.decisions import curated
from byline.files import run_files
from byline.pipeline.stages.bucket import BucketTask, Decided
from byline.pipeline.stages.evidence import summed
from byline.pipeline.stages.match import papers_path
from byline.pipeline.stages.matched import IDS, Matched
from byline.pipeline.stages.paper_tables import Partitions, write_papers
from byline.reference.features import features
from byline.reference.filling import filled
from byline.reference.queries import queries
from byline.reference.records import ENTRIES
from byline.reference.scoring import decide, threshold

WORTH_SAYING = 0.01
"""Confidence below which the best candidate is no match at all."""
DOUBTFUL = 0.05
"""Confidence from which a match that filled nothing is worth a person's look."""


@dataclass(frozen=True)
class FillTask:
    """A paper bucket, and the run files and groups that hold the entries for it."""

    bucket: BucketTask
    entries: tuple[tuple[Path, int], ...]


@dataclass(frozen=True)
class FillFacts:
    """What came of one bucket: rows by table, what was decided upon, the matches."""

    partitions: Partitions
    decided: Decided
    matched: Matched


def fill_bucket(task: FillTask) -> FillFacts:
    """Fill the papers of one bucket and write what they become."""
    papers = run_files.read_group([papers_path(task.bucket.target)], 0)
    entries = pl.concat([run_files.read_group([path], group) for path, group in task.entries])
    papers, matched = fill_papers(papers, entries, task.bucket.curated)
    partitions, decided = write_papers(papers, task.bucket)
    return FillFacts(partitions, decided, matched)


def fill_papers(
    papers: pl.DataFrame, entries: pl.DataFrame, decisions: Path | None
) -> tuple[pl.DataFrame, Matched]:
    """Return merged papers with what their entries add, without `names`, and what came of the matches.

    `papers` and `entries` as `matches` takes them, `names` among the papers' columns.
    """
    found = matches(papers, entries, decisions)
    papers, disagreements = filled(papers.drop("names"), found)
    carried = pl.DataFrame({"key": hash64(papers["arxiv_id"].drop_nulls(), "arxiv")}).with_columns(count=1)
    return papers, Matched(
        filled=int(found["fills"].sum()),
        doubtful=int(((found["confidence"] >= DOUBTFUL) & ~found["fills"]).sum()),
        disagreements=disagreements,
        ids=summed([carried.cast(pl.Schema(IDS))]),
    )


def matches(papers: pl.DataFrame, entries: pl.DataFrame, decisions: Path | None) -> pl.DataFrame:
    """Return the entry of each paper, row-aligned. Below the threshold nothing fills, but the confidence is told.

    `entries`: pairs (see `lookup.gathered`) with the entries' columns (`records.ENTRIES`). The result:

    | column | type | what it says |
    |---|---|---|
    | the columns of `ENTRIES` | all may be null | the best entry |
    | `confidence` | Float32? | that it is this paper; null where it is not worth saying |
    | `fills` | Boolean | whether the paper's empty fields are filled from it |
    | `agrees` | Boolean | whether their names agree |
    """
    asked = queries(papers)
    entries = entries.sort("paper", "row")
    compared = features(asked[entries["paper"]], entries)
    agrees = ((compared["names_same"] + compared["names_fit"]) > 0).alias("agrees")
    entries = entries.with_columns(agrees)
    best = decide(entries.select("paper", "row", "arxiv_id"), compared)
    best = best.with_columns(fills=pl.col("confidence") >= threshold(), confidence=_told("confidence"))
    best = _as_decided(best, papers, entries, decisions)
    chosen = best.join(
        entries.drop("kinds", "has_text", "bucket"), on=["paper", "row"], how="left", validate="1:1"
    )
    joined = asked.select("paper").join(chosen, on="paper", how="left", maintain_order="left")
    return joined.select(*ENTRIES, "confidence", pl.col("fills", "agrees").fill_null(value=False))


def _told(name: str) -> pl.Expr:
    return pl.when(pl.col(name) >= WORTH_SAYING).then(name)


def _as_decided(
    best: pl.DataFrame, papers: pl.DataFrame, entries: pl.DataFrame, decisions: Path | None
) -> pl.DataFrame:
    """Return the matches as a person decided them: an entry's id is certain, none at all is none."""
    said = curated.match_decisions(decisions)
    if said.is_empty():
        return best
    mine = papers.select("paper_id").with_row_index("paper").join(said, on="paper_id", validate="m:1")
    if mine.is_empty():
        return best
    rows = mine.join(entries.select("paper", "row", "arxiv_id"), on=["paper", "arxiv_id"]).unique(
        "paper", keep="first", maintain_order=True
    )
    certain = rows.select(
        "paper",
        "row",
        confidence=pl.lit(1.0, pl.Float32),
        compared=pl.lit(1, pl.UInt32),
        fills=pl.lit(value=True),
    )
    rest = best.join(mine, on="paper", how="anti")
    return pl.concat([rest, certain.select(pl.col(n).cast(t) for n, t in rest.schema.items())]).sort("paper")
