"""The rules between tables for the rows that a build touched, and what can be told of the whole at little cost."""

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
"""Groups of rules: the id that each is about, and the tables that have it with what the rules ask of their rows."""


def touched_agree(folder: Path, ids: Mapping[str, pl.Series]) -> list[Finding]:
    """Check every rule between tables for some ids by group (see `COLUMNS`), and the spans and counts of all records.

    All rows of these ids are looked at, wherever they lie; rows of others can't have changed.
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
    """Return the rows of these ids, read once; of `authors` those papers, too, that the authorships name."""
    column, names = COLUMNS[group]
    here = pl.col(column).is_in(ids.implode())
    queries = [tables[name].filter(here).select(column, *asked) for name, asked in names.items()]
    some = dict(zip(names, pl.collect_all(queries), strict=True))
    if group == "authors":
        named = some["authorships"]["paper_id"].unique()
        dates = tables["papers"].filter(pl.col("paper_id").is_in(named.implode()))
        some["papers"] = dates.select("paper_id", "published").collect()
    return {name: rows.lazy() for name, rows in some.items()}
