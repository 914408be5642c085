"""The history beside the snapshots: the log can be read, ends with what is current, and redirects lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from byline.core.errors import DataError
from byline.snapshots import history, redirects
from byline.snapshots.scan import scan_table
from byline.validation.report import Finding
from byline_schemas import AUTHOR_REDIRECTS, SchemaErrors

LOG = f"{history.FOLDER}/{history.LOG}"
REDIRECTS = f"{history.FOLDER}/{history.REDIRECTS.as_posix()}"


def history_agrees(out: Path, folder: Path) -> Iterator[Finding]:
    """Check the history of an output folder whose current snapshot is `folder`; a missing one is no failure."""
    try:
        entries = history.entries(out)
    except (DataError, OSError, UnicodeDecodeError) as error:
        yield Finding("history_is_sound", str(error), file=LOG)
        return
    if entries and entries[-1].snapshot != folder.name:
        message = f"the last line names {entries[-1].snapshot}, current is {folder.name}"
        yield Finding("history_ends_with_current", message, file=LOG)
    yield from _redirects(out, folder)


def _redirects(out: Path, folder: Path) -> Iterator[Finding]:
    table = AUTHOR_REDIRECTS.name
    try:
        rows = redirects.read(out / history.FOLDER / history.REDIRECTS)
        AUTHOR_REDIRECTS.model.validate(rows, lazy=True)
        present = scan_table(folder, "authors").select("author_id").collect()["author_id"]
    except (SchemaErrors, DataError, pl.exceptions.PolarsError, OSError, KeyError) as error:
        yield Finding("redirects_are_sound", str(error)[:500], table, REDIRECTS)
        return
    known = present.implode()
    stray = rows.filter(pl.col("new_author_id").is_not_null() & ~pl.col("new_author_id").is_in(known))
    back = rows.filter(pl.col("old_author_id").is_in(known))
    for wrong, message in ((stray, "leads to no author"), (back, "its old id is current")):
        for old in wrong["old_author_id"].head(20):
            yield Finding("redirects_lead_to_authors", message, table, REDIRECTS, old, wrong.height)
