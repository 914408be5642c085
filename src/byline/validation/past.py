"""The history beside the snapshots: the log can be read, ends with what is current, and redirects lead somewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from byline.core.errors import BylineError, DataError
from byline.snapshots import history, redirects, runs
from byline.snapshots.scan import scan_table
from byline.validation import chronicle
from byline.validation.report import Finding
from byline_schemas import SchemaErrors, Table


def history_agrees(out: Path, folder: Path) -> Iterator[Finding]:
    """Check the history of an output folder whose current snapshot is `folder`."""
    try:
        entries = history.entries(out)
    except (DataError, OSError, UnicodeDecodeError) as error:
        yield Finding("history_is_sound", str(error), file=chronicle.LOG)
        return
    yield from chronicle.whole(out, entries, folder.name)
    for name, table in redirects.TABLES.items():
        yield from _redirects(out, folder, name, table)
        yield from _followed(out, folder, name)
    yield from _reports(out)


def _reports(out: Path) -> Iterator[Finding]:
    """Check that every report of a run has its shape, and the name that it says."""
    place = f"{history.FOLDER}/{runs.FOLDER}"
    try:
        names = runs.names(out)
    except (BylineError, OSError) as error:
        yield Finding("run_reports_are_sound", str(error), file=place)
        return
    for name in names:
        try:
            found = runs.read_run(runs.folder_of(out) / name)
        except DataError as error:
            if (runs.folder_of(out) / name).exists():  # not one that a run beyond the bound removed meanwhile
                yield Finding("run_reports_are_sound", error.what, file=f"{place}/{name}")
            continue
        if f"{found.run}.json" != name:
            message = f"it says that it is the report of {found.run!r}"
            yield Finding("run_reports_are_sound", message, file=f"{place}/{name}")


def _redirects(out: Path, folder: Path, name: str, table: Table) -> Iterator[Finding]:
    """Check the redirects of papers or authors: every one leads from an id that is left to one that is there."""
    place = f"{history.FOLDER}/{redirects.place(table).as_posix()}"
    old, new, _ = table.key
    key = f"{name.removesuffix('s')}_id"
    try:
        rows = redirects.read_redirects(history.standing(out, redirects.place(table)), table)
        table.validate(rows)
        present = scan_table(folder, name).select(key).collect()[key]
    except (SchemaErrors, DataError, pl.exceptions.PolarsError, OSError, KeyError) as error:
        yield Finding("redirects_are_sound", str(error)[:500], table.name, place)
        return
    yield from _contradictions(rows, table, place)
    known = present.implode()
    stray = rows.filter(pl.col(new).is_not_null() & ~pl.col(new).is_in(known))
    back = rows.filter(pl.col(old).is_in(known))
    for wrong, message in ((stray, f"leads to none of the {name}"), (back, "its old id is current")):
        for lost in wrong[old].head(20):
            yield Finding(f"redirects_lead_to_{name}", message, table.name, place, lost, wrong.height)


def _followed(out: Path, folder: Path, name: str) -> Iterator[Finding]:
    """Check that every redirect leads to who holds now what its old id held, and that none is missing.

    Nothing to check in a history of an earlier byline, which did not keep what ids held.
    """
    table, kept = redirects.TABLES[name], redirects.LOST[name]
    place = f"{history.FOLDER}/{redirects.place(kept).as_posix()}"
    if not os.path.lexists(lies := history.standing(out, redirects.place(kept))):
        return
    try:
        held = redirects.read_redirects(lies, kept)
        kept.validate(held)
        expected = redirects.holders(held, folder, name)
        told = redirects.read_redirects(history.standing(out, redirects.place(table)), table)
        told = told.select(old=table.key[0], new=table.key[1])
    except (SchemaErrors, DataError, pl.exceptions.PolarsError, OSError, KeyError) as error:
        yield Finding("redirects_are_sound", str(error)[:500], kept.name, place)
        return
    for one, other, what in (
        (told, expected, "leads to {}, which holds nothing of it"),
        (expected, told, "does not lead to {}, which holds what it held"),
    ):
        wrong = one.join(other, on=["old", "new"], how="anti", nulls_equal=True).sort("old", "new")
        for old, new in wrong.head(20).iter_rows():
            message = what.format(new) if new is not None else "is gone by one of the tables only"
            yield Finding("redirects_follow_mentions", message, table.name, place, old, wrong.height)


def _contradictions(rows: pl.DataFrame, table: Table, place: str) -> Iterator[Finding]:
    """Check that the rows of an old id agree: split has several successors, each once; the others have one row."""
    old, new, _ = table.key
    told = rows.group_by(old).agg(
        pl.len().alias("rows"), pl.col(new).n_unique().alias("successors"),
        pl.col("kind").n_unique().alias("kinds"), pl.col("kind").first().alias("kind"),
    ).sort(old)  # fmt: skip
    several = pl.col("kind") == "split"
    wrong = told.filter(
        (pl.col("kinds") > 1) | (pl.col("successors") < pl.col("rows")) | (several != (pl.col("rows") > 1))
    )
    for lost in wrong[old].head(20):
        message = "its rows contradict each other: only a split has several, each to another id"
        yield Finding("redirects_agree", message, table.name, place, lost, wrong.height)
