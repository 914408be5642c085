"""What changes in each published table, given what changed in records, papers and persons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from byline import identity
from byline.pipeline.incremental import matching
from byline.pipeline.incremental.differing import differing
from byline.pipeline.incremental.kept import Kept
from byline.pipeline.incremental.papers import Side, Touched
from byline.pipeline.incremental.patching import VALUE, Change
from byline.pipeline.incremental.persons import Persons
from byline.pipeline.incremental.revised import Revised
from byline.pipeline.stages import merge, withholding
from byline.pipeline.stages.bucket import Decided
from byline.pipeline.stages.matched import Matched
from byline.pipeline.stages.paper_tables import (
    affiliation_rows,
    decided_of,
    known_labels,
    listed_labels,
    paper_affiliation_rows,
    paper_rows,
)
from byline.pipeline.stages.sorting import WHOLE
from byline_schemas import TABLES, published_year

if TYPE_CHECKING:
    from byline.pipeline.state import Build


BESIDE = ("authors", "labels", "name_parts", "supplied")
"""What a merged paper says beside the columns of table `papers`."""


@dataclass(frozen=True)
class Changes:
    """What changes in every table, and how many labels stand for each organisation then (`affiliations` of a state)."""

    tables: dict[str, Change]
    labels: pl.DataFrame


@dataclass(frozen=True)
class Papers:
    """Merged papers that went and came, and their mentions (rows of `identity.describe`)."""

    gone: pl.DataFrame
    fresh: pl.DataFrame
    mentions_gone: pl.DataFrame
    mentions_fresh: pl.DataFrame
    matched: Matched | None
    """What that changes of the matches with arXiv's metadata; null without it."""
    again: pl.Series
    """Papers that went, and those that stay and changed decisions speak of."""
    decided: Decided
    """What of the papers that came, or that changed decisions speak of, decisions speak of now."""
    named: pl.DataFrame
    """paper_id, position, block: mentions that changed decisions speak of, as they were and as they are."""


def papers_of(build: Build, touched: Touched, revised: Revised) -> Papers:
    """Return the papers that differ, with what pages cut, and the mentions that do."""
    columns = [*TABLES["papers"].columns(), *BESIDE]
    before, now = (
        side.papers.with_columns(author_count=pl.col("authors").list.len()).select(columns)
        for side in (touched.before, touched.now)
    )
    gone, fresh = differing(before, now, ["paper_id"])
    if revised.papers.len():  # also where the records say what they said
        moved = [gone["paper_id"], fresh["paper_id"], revised.papers]
        some = pl.col("paper_id").is_in(pl.concat(moved).unique().implode())
        gone, fresh = before.filter(some), now.filter(some)
    gone, fresh, matched = matching.filled(build, revised, gone, fresh)
    again, described = gone["paper_id"], (identity.describe(gone), identity.describe(fresh))
    decided = decided_of(described[1], revised.now)
    named = pl.concat(
        one.join(revised.mentions, on=identity.MENTION, how="semi").select(
            *identity.MENTION, block="block_key"
        )
        for one in described
    )
    if revised.papers.len() and not revised.withheld:  # else what is shown of the same papers may differ
        gone, fresh = differing(gone, fresh, ["paper_id"])
    mentions = differing(*described, identity.MENTION)
    return Papers(gone, fresh, *mentions, matched, again, decided, named)


def changes(
    build: Build, kept: Kept, touched: Touched, papers: Papers, persons: Persons, revised: Revised
) -> Changes:
    """Return what changes in every table."""
    said, before, now = (revised.before, revised.now), touched.before, touched.now
    shown = [withholding.papers(one, by) for one, by in zip((papers.gone, papers.fresh), said, strict=True)]
    gone, fresh = (_paper_labels(build, one, by) for one, by in zip(shown, said, strict=True))
    labels = label_counts(kept.frame("affiliations"), gone[0], fresh[0])
    found = {
        "papers": (paper_rows(shown[0]), paper_rows(shown[1])),
        "authorships": (persons.mentions_gone, persons.mentions_fresh),
        "authors": (persons.authors_gone, persons.authors_fresh),
        "author_identifiers": (persons.identifiers_gone, persons.identifiers_fresh),
        "paper_affiliations": differing(gone[0], fresh[0], ["paper_id", "position"]),
        "affiliations": _affiliations(build, kept, labels, (gone[1], fresh[1]), revised),
        "records": differing(_records(before), _records(now), ["record_id"]),
        "quarantine": differing(_bad(before, said[0]), _bad(now, said[1]), ["record_id"]),
    }
    others = {name: (table.empty(), table.empty()) for name, table in TABLES.items() if name not in found}
    return Changes(
        {
            name: Change(_placed(name, left), _placed(name, came))
            for name, (left, came) in (found | others).items()
        },
        labels,
    )


def _records(side: Side) -> pl.DataFrame:
    return side.records.select(TABLES["records"].columns().keys())


def _bad(side: Side, decisions: Path | None) -> pl.DataFrame:
    return merge.quarantined(side.records, decisions)


def _affiliations(
    build: Build,
    kept: Kept,
    labels: pl.DataFrame,
    papers: tuple[pl.DataFrame, pl.DataFrame],
    revised: Revised,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows of `affiliations` that go and come.

    `labels` counts those of the new snapshot; `papers`: the rows of labels of papers that went, and of those that came.
    """
    left, came = (rows.select("affiliation_id") for rows in (kept.frame("affiliations"), labels))
    gone = papers[0].join(came, on="affiliation_id", how="anti")
    fresh = papers[1].join(left, on="affiliation_id", how="anti")
    if revised.labels.is_empty():
        return gone, fresh
    # a row follows from its label alone: of those that stay some mean something else now
    stays = left.join(came, on="affiliation_id")
    was, now = (
        affiliation_rows(known_labels(revised.labels, build.options.ror, build.options.cache, said)).join(
            stays, on="affiliation_id", how="semi"
        )
        for said in (revised.before, revised.now)
    )
    changed = differing(was, now, ["affiliation_id"])
    return pl.concat([gone, changed[0]]), pl.concat([fresh, changed[1]])


def _placed(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of a table with the partition that each lies in."""
    table = TABLES[name]
    if table.partition is None:
        value = pl.lit(WHOLE)
    elif name == "authorships":
        value = published_year()
    else:
        value = table.partition.value()
    return rows.with_columns(value.alias(VALUE)).select(*table.columns(), VALUE)


def _paper_labels(
    build: Build, papers: pl.DataFrame, decisions: Path | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows of `paper_affiliations` and `affiliations` that papers give."""
    labels = listed_labels(papers)
    distinct = labels["label_as_listed"].unique().sort()
    known = known_labels(distinct, build.options.ror, build.options.cache, decisions)
    return paper_affiliation_rows(labels, known), affiliation_rows(known)


def differs(touched: Touched, people: Persons) -> tuple[dict[str, pl.DataFrame], dict[str, pl.DataFrame]]:
    """Return in what the snapshot before can differ from the new one, and the other way round."""

    def side(one: Side, authors: pl.DataFrame, mentions: pl.DataFrame) -> dict[str, pl.DataFrame]:
        return {
            "papers": one.papers.select("paper_id"),
            "records": one.records.select("record_id", "source_sha256", "byte_start", "paper_id"),
            "authors": authors.select("author_id"),
            "authorships": mentions,
        }

    return (
        side(touched.before, people.authors_gone, people.before),
        side(touched.now, people.authors_fresh, people.now),
    )


def label_counts(before: pl.DataFrame, gone: pl.DataFrame, fresh: pl.DataFrame) -> pl.DataFrame:
    """Return the table `affiliations` of a state after rows of `paper_affiliations` went and came."""
    signed = [
        rows.select("affiliation_id", labels=pl.lit(sign, pl.Int64))
        for rows, sign in ((gone, -1), (fresh, 1))
    ]
    total = pl.concat([before, *signed]).group_by("affiliation_id").agg(pl.col("labels").sum())
    return total.filter(pl.col("labels") > 0).sort("affiliation_id")


def counted(before: Mapping[str, int], gone: pl.Series, fresh: pl.Series) -> dict[str, int]:
    """Return counts by value after some values went and others came; none that is 0.

    For example, 3 `published` and 1 `duplicate`, of which a `duplicate` goes and a `published` comes: 4 `published`.
    """
    total = dict(before)
    for values, sign in ((gone, -1), (fresh, 1)):
        for value, number in values.drop_nulls().value_counts().iter_rows():
            total[value] = total.get(value, 0) + sign * number
    return {value: number for value, number in total.items() if number}
