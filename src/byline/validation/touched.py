"""The rules between tables, put only to the rows that a build changed, and cheap checks of the whole dataset."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import polars as pl

from byline.snapshots import manifest
from byline.validation import between, snapshot
from byline.validation.report import Finding
from byline_schemas import integrity

COLUMNS: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {
    "papers": (
        "paper_id",
        {
            "papers": ("year", "author_count", "authors_truncated", "record_count"),
            "authorships": ("position", "is_last", "year"),
            "records": ("status",),
            "paper_affiliations": ("position",),
        },
    ),
    "authors": (
        "author_id",
        {
            "authors": ("aliases", "paper_count", "first_published", "last_published"),
            "authorships": ("name_as_listed", "paper_id"),
            "author_identifiers": (),
        },
    ),
    "records": ("record_id", {"records": ("status",), "quarantine": ()}),
    "affiliations": ("affiliation_id", {"affiliations": (), "paper_affiliations": ()}),
}
"""By group of rules: the column with the id that its rules are about, and the tables with that column, each with the
other columns that the rules read. The rules themselves are in `byline_schemas.integrity`."""


def touched_agree(
    folder: Path, ids: Mapping[str, pl.Series], sources: Collection[str] | None = None
) -> list[Finding]:
    """Return what breaks the rules between tables, where a build changed only rows of some ids.

    `ids`: by group of rules (see `COLUMNS`), the ids whose rows the build changed. Every row of these ids is checked,
    in whichever file it lies; rows of other ids are as they were when they were checked. So are the spans of raw files
    but those in `sources`, of which records came or went (null: all). What the manifest counts is checked for all rows:
    that costs little.
    """
    looked = snapshot.of(folder, manifest.read_manifest(folder))
    tables = between.scans(looked)
    found = []
    asked = {group: some for group, some in ids.items() if some.len()}
    organisations = asked.pop("affiliations", None)
    for group, rows in _rows(looked, asked).items():
        found += integrity.check({**tables, **rows}, [group])
    if organisations is not None:
        found += integrity.check({**tables, **_organisations(looked, organisations)}, ["affiliations"])
    if sources is None or sources:
        records = tables["records"]
        some = records if sources is None else records.filter(pl.col("source_file").is_in(sorted(sources)))
        found += integrity.check({**tables, "records": some}, [integrity.SPANS])
    return [*between.told(found), *between.manifest_agrees(looked)]


def _rows(looked: snapshot.Snapshot, ids: Mapping[str, pl.Series]) -> dict[str, dict[str, pl.LazyFrame]]:
    """Return by group of rules the rows of its ids, by table; each table is read once for all groups.

    The rules about authors compare dates with those of papers: there the papers that the authorships name come along.
    """
    names = sorted({name for group in ids for name in COLUMNS[group][1]} - {"papers"})
    read = dict(zip(names, pl.collect_all([_query(looked, name, ids) for name in names]), strict=True))
    found = {
        group: {name: _of(read[name], name, group, ids) for name in COLUMNS[group][1] if name in read}
        for group in COLUMNS
        if group in ids
    }
    wanted = [ids["papers"]] if "papers" in ids else []
    wanted += [found["authors"]["authorships"]["paper_id"]] if "authors" in ids else []
    if wanted:
        here = _among("paper_id", pl.concat(wanted).unique())
        columns = ("paper_id", "published", *COLUMNS["papers"][1]["papers"])
        papers = looked.scan_at_once("papers").filter(here).select(columns).collect()
        for group in ids.keys() & {"papers", "authors"}:
            found[group]["papers"] = papers
        if "papers" in ids:
            found["papers"]["papers"] = _some(papers, "paper_id", ids["papers"])
    return {group: {name: rows.lazy() for name, rows in of.items()} for group, of in found.items()}


def _organisations(looked: snapshot.Snapshot, ids: pl.Series) -> dict[str, pl.LazyFrame]:
    """Return the rows of some affiliations, and of each that papers name a row: the rules ask no more of its labels.

    A few organisations may stand in as many labels as there are papers.
    """
    rows = {name: _query(looked, name, {"affiliations": ids}) for name in COLUMNS["affiliations"][1]}
    labels = rows["paper_affiliations"].unique().collect(engine="streaming")
    return {**rows, "paper_affiliations": labels.lazy()}


def _query(looked: snapshot.Snapshot, name: str, ids: Mapping[str, pl.Series]) -> pl.LazyFrame:
    """Return the rows of a table that any group of rules is about, with the columns that any of them reads."""
    groups = [group for group in ids if name in COLUMNS[group][1]]
    here = [_among(COLUMNS[group][0], ids[group]) for group in groups]
    columns = [column for group in groups for column in (COLUMNS[group][0], *COLUMNS[group][1][name])]
    return looked.scan_at_once(name).filter(pl.any_horizontal(here)).select(list(dict.fromkeys(columns)))


def _of(rows: pl.DataFrame, name: str, group: str, ids: Mapping[str, pl.Series]) -> pl.DataFrame:
    """Return the rows that one group of rules is about."""
    column, names = COLUMNS[group]
    rows = rows.select(column, *names[name])
    alone = [other for other in ids if name in COLUMNS[other][1]] == [group]
    return rows if alone else _some(rows, column, ids[group])


def _among(column: str, ids: pl.Series) -> pl.Expr:
    return pl.col(column).is_in(ids.implode())


def _some(rows: pl.DataFrame, column: str, ids: pl.Series) -> pl.DataFrame:
    return rows.join(ids.to_frame(column), on=column, how="semi")
