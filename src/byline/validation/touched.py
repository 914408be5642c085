"""The rules between tables, put only to the rows that a build changed, and cheap checks of the whole dataset."""

from __future__ import annotations

from collections.abc import Mapping
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


def touched_agree(folder: Path, ids: Mapping[str, pl.Series]) -> list[Finding]:
    """Return what breaks the rules between tables, where a build changed only rows of some ids.

    `ids`: by group of rules (see `COLUMNS`), the ids whose rows the build changed. Every row of these ids is checked,
    in whichever file it lies; rows of other ids are as they were when they were checked. The bytes that records span
    and what the manifest counts are checked for all rows: that costs little.
    """
    looked = snapshot.of(folder, manifest.read_manifest(folder))
    tables = between.scans(looked)
    found = []
    for group in COLUMNS:
        if ids[group].len():
            found += integrity.check({**tables, **_some(tables, group, ids[group])}, [group])
    found += integrity.check(tables, [integrity.SPANS])
    return [*between.told(found), *between.manifest_agrees(looked)]


def _some(tables: integrity.Scans, group: str, ids: pl.Series) -> dict[str, pl.LazyFrame]:
    """Return the rows of these ids, each table read once.

    The rules about authors compare dates with those of papers: there the papers that the authorships name come along.
    """
    column, names = COLUMNS[group]
    here = pl.col(column).is_in(ids.implode())
    queries = [tables[name].filter(here).select(column, *asked) for name, asked in names.items()]
    some = dict(zip(names, pl.collect_all(queries), strict=True))
    if group == "authors":
        named = some["authorships"]["paper_id"].unique()
        dates = tables["papers"].filter(pl.col("paper_id").is_in(named.implode()))
        some["papers"] = dates.select("paper_id", "published").collect()
    return {name: rows.lazy() for name, rows in some.items()}
