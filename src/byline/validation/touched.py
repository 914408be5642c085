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
    for group, rows in _rows(tables, {group: some for group, some in ids.items() if some.len()}).items():
        found += integrity.check({**tables, **rows}, [group])
    if sources is None or sources:
        records = tables["records"]
        some = records if sources is None else records.filter(pl.col("source_file").is_in(sorted(sources)))
        found += integrity.check({**tables, "records": some}, [integrity.SPANS])
    return [*between.told(found), *between.manifest_agrees(looked)]


def _rows(tables: integrity.Scans, ids: Mapping[str, pl.Series]) -> dict[str, dict[str, pl.LazyFrame]]:
    """Return by group of rules the rows of its ids, by table; each table is read once for all groups.

    The rules about authors compare dates with those of papers: there the papers that the authorships name come along.
    """
    names = sorted({name for group in ids for name in COLUMNS[group][1]} - {"papers"})
    queries = [_query(tables[name], name, ids) for name in names]
    read = dict(zip(names, pl.collect_all(queries), strict=True))
    found = {
        group: {name: _of(read[name], name, group, ids[group]) for name in COLUMNS[group][1] if name in read}
        for group in ids
    }
    wanted = [ids["papers"]] if "papers" in ids else []
    wanted += [found["authors"]["authorships"]["paper_id"]] if "authors" in ids else []
    if wanted:
        here = pl.col("paper_id").is_in(pl.concat(wanted).unique().implode())
        columns = ("paper_id", "published", *COLUMNS["papers"][1]["papers"])
        papers = tables["papers"].filter(here).select(columns).collect()
        for group in ids.keys() & {"papers", "authors"}:
            found[group]["papers"] = papers
        if "papers" in ids:
            found["papers"]["papers"] = papers.filter(pl.col("paper_id").is_in(ids["papers"].implode()))
    return {
        group: {name: rows.lazy() for name, rows in found[group].items()} for group in COLUMNS if group in ids
    }


def _query(table: pl.LazyFrame, name: str, ids: Mapping[str, pl.Series]) -> pl.LazyFrame:
    """Return the rows of a table that any group of rules is about, with the columns that any of them reads."""
    groups = [group for group in ids if name in COLUMNS[group][1]]
    here = [pl.col(COLUMNS[group][0]).is_in(ids[group].implode()) for group in groups]
    columns = [column for group in groups for column in (COLUMNS[group][0], *COLUMNS[group][1][name])]
    return table.filter(pl.any_horizontal(here)).select(list(dict.fromkeys(columns)))


def _of(rows: pl.DataFrame, name: str, group: str, ids: pl.Series) -> pl.DataFrame:
    """Return the rows that one group of rules is about."""
    column, names = COLUMNS[group]
    return rows.filter(pl.col(column).is_in(ids.implode())).select(column, *names[name])
