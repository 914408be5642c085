"""The rules between tables for the rows that a build touched, and what can be told of the whole at little cost."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from byline.snapshots import manifest
from byline.validation import between, snapshot
from byline.validation.report import Finding
from byline_schemas import integrity

COLUMNS = {
    "papers": ("paper_id", ("papers", "authorships", "records", "paper_affiliations")),
    "authors": ("author_id", ("authors", "authorships")),
    "records": ("record_id", ("records", "quarantine")),
    "affiliations": ("affiliation_id", ("affiliations", "paper_affiliations")),
}
"""Groups of rules: the id that each is about, and the tables that have it."""


def touched_agree(folder: Path, ids: Mapping[str, pl.Series]) -> list[Finding]:
    """Check every rule between tables for some ids by group (see `COLUMNS`), and the spans and counts of all records.

    All rows of these ids are looked at, wherever they lie; rows of others can't have changed.
    """
    looked = snapshot.of(folder, manifest.read_manifest(folder))
    tables = between.scans(looked)
    found = []
    for group, (column, names) in COLUMNS.items():
        if ids[group].len():
            here = pl.col(column).is_in(ids[group].implode())
            some = {**tables, **{name: tables[name].filter(here) for name in names}}
            found += integrity.check(some, [group])
    found += integrity.check(tables, [integrity.SPANS])
    return [*between.told(found), *between.manifest_agrees(looked)]
