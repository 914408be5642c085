"""What changed between two snapshots: papers, authors, their fields; row by row and in summary.

Rows are compared by key in passes over ranges of ids, so that memory is bounded by a pass; of each pass
only the rows that differ are kept. Files that both snapshots have, by their SHA-256, are not read: of a build that
added a few records these are most.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from byline.core.errors import DataError
from byline.snapshots import manifest, moves, publishing
from byline.snapshots.labels import labelled
from byline.snapshots.scan import ROWS_PER_PASS, id_ranges, scan_differing
from byline_schemas import TABLES, Table

COMPARED = ("papers", "authors", "authorships", "author_identifiers", "affiliations", "paper_affiliations")
"""Tables that are compared; `records` and `quarantine` follow the raw files line by line."""

SCHEMA = {
    "table": pl.String,
    "key": pl.String,
    "change": pl.String,
    "field": pl.String,
    "old": pl.String,
    "new": pl.String,
}
"""One row a difference: `change` is added, removed, changed (then `field`, `old`, `new`), or for papers and authors
also merged, split, renamed (then `new` is the id the old one became). `Diff.rows` has `label`, too: see `labelled`."""


@dataclass(frozen=True)
class Diff:
    """The differences between two snapshots, sorted by table, key and field."""

    old: str
    new: str
    rows: pl.DataFrame

    def summary(self) -> pl.DataFrame:
        """Return how many keys each table has added, removed, changed (by field), merged, split or renamed."""
        counted = self.rows.group_by("table", "change", "field").agg(pl.col("key").n_unique().alias("count"))
        order = {name: place for place, name in enumerate(COMPARED)}
        return counted.sort(pl.col("table").replace_strict(order, return_dtype=pl.Int64), "change", "field")


def diff(old: Path, new: Path, rows_per_pass: int = ROWS_PER_PASS) -> Diff:
    """Compare two datasets (snapshot folders, or output folders with `current`).

    Raises `DataError` when one of them is no dataset, or can't be read.
    """
    before, now = publishing.locate(old), publishing.locate(new)
    try:
        rows = _differences(before, now, rows_per_pass)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, KeyError) as error:
        raise DataError(
            f"{old} and {new} can't be compared: {type(error).__name__}: {error}",
            "`byline validate` on each of them says what is wrong.",
        ) from error
    names = [manifest.read_manifest(folder).snapshot_id for folder in (before, now)]
    return Diff(names[0], names[1], rows)


def _differences(before: Path, now: Path, rows_per_pass: int) -> pl.DataFrame:
    parts = [pl.DataFrame(schema=SCHEMA)]
    for name in COMPARED:
        parts.extend(_table(before, now, TABLES[name], rows_per_pass))
    rows = labelled(_with_fates(pl.concat(parts), before, now), before, now)
    order = {name: place for place, name in enumerate(COMPARED)}
    place = pl.col("table").replace_strict(order, return_dtype=pl.Int64)
    return rows.sort(place, "key", "change", "field", "new")


def _with_fates(rows: pl.DataFrame, old: Path, new: Path) -> pl.DataFrame:
    """Say of papers and authors that are not there any more whether they were merged, split or renamed."""
    papers = moves.paper_moves(old, new)
    authors = moves.author_moves(old, new, papers)
    for table, moved in (("papers", papers), ("authors", authors)):
        fates = moved.filter(pl.col("kind") != "gone")
        told = fates.select(
            table=pl.lit(table),
            key="old",
            change="kind",
            field=pl.lit(None, dtype=pl.String),
            old="old",
            new="new",
        )
        is_removed = (pl.col("table") == table) & (pl.col("change") == "removed")
        rows = pl.concat([rows.filter(~(is_removed & pl.col("key").is_in(fates["old"].implode()))), told])
    return rows


def _table(old: Path, new: Path, table: Table, rows_per_pass: int) -> Iterator[pl.DataFrame]:
    before, now = scan_differing(old, new, table.name), scan_differing(new, old, table.name)
    size = max(int(rows.select(pl.len()).collect().item()) for rows in (before, now))
    for within in id_ranges(size, rows_per_pass, table.key[0]):
        yield from _pass(_side(before, table, within), _side(now, table, within), table)


def _side(scanned: pl.LazyFrame, table: Table, within: pl.Expr) -> pl.DataFrame:
    """Return a range of rows as a key and one text a field."""
    rows = scanned.filter(within).collect(engine="streaming")
    key = pl.concat_str([pl.col(name).cast(pl.String) for name in table.key], separator="/")
    fields = [name for name in table.columns() if name not in table.key and name in rows.columns]
    return rows.select(key.alias("_key"), *(_text(name, rows.schema[name]) for name in fields))


def _text(name: str, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, pl.List):
        return pl.concat_str(pl.lit("["), pl.col(name).list.join("; "), pl.lit("]")).alias(name)
    return pl.col(name).cast(pl.String)


def _pass(old: pl.DataFrame, new: pl.DataFrame, table: Table) -> Iterator[pl.DataFrame]:
    yield _rows(table, old.join(new, on="_key", how="anti"), "removed")
    yield _rows(table, new.join(old, on="_key", how="anti"), "added")
    both = old.join(new, on="_key", how="inner", suffix="/new")
    for field in (name for name in old.columns if name != "_key" and name in new.columns):
        changed = both.filter(pl.col(field).ne_missing(pl.col(f"{field}/new")))
        yield _rows(table, changed, "changed", field)


def _rows(table: Table, rows: pl.DataFrame, change: str, field: str | None = None) -> pl.DataFrame:
    none = pl.lit(None, dtype=pl.String)
    return rows.select(
        table=pl.lit(table.name),
        key="_key",
        change=pl.lit(change),
        field=pl.lit(field, dtype=pl.String),
        old=pl.col(field) if field else none,
        new=pl.col(f"{field}/new") if field else none,
    )
