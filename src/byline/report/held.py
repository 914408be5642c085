"""The columns of a snapshot's tables that the report counts and sorts by: read once where a table is not large.

A table lies in some thirty files, and opening them takes longer than reading a few of their columns; the report looks
at most tables several times.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import polars as pl
import polars.selectors as cs

Tables = Callable[[str], pl.LazyFrame]
"""Gives a table of the snapshot by name, its partition key a column."""

HELD_ROWS = 400_000
"""Rows of a table that are held, some 50 MB; the files of larger tables are read whenever they are asked for."""
LEADING = 2_000
"""Persons of most papers: among them the closest pairs are looked for, and the first of all authors are listed."""
COLUMNS = {
    "papers": ("year", "category", "authors_truncated", "has_code", "filled", "authors_source", "boundary_confidence"),
    "authors": ("author_id", "name", "kind", "paper_count", "first_published", "last_published"),
    "authorships": ("paper_id", "position", "author_id", "name_as_listed", "identity_confidence"),
    "author_identifiers": ("author_id",),
    "affiliations": ("affiliation_id", "name", "label", "country", "ror_id"),
    "paper_affiliations": ("paper_id", "affiliation_id"),
    "records": (
        "record_id", "source_file", "first_line", "form", "status", "paper_id", "boundary_confidence",
    ),
    "quarantine": ("record_id", "reason"),
}  # fmt: skip
"""What is looked at of all rows; texts, of the few rows that are shown, are left where they lie."""


class Held:
    """Gives the columns in `COLUMNS` of a table by name, as far as the snapshot's contract has them."""

    def __init__(self, tables: Tables) -> None:
        """Nothing is read before it is asked for."""
        self.whole = tables
        """Gives all columns."""
        self._held: dict[str, pl.DataFrame | None] = {}
        self._rows: dict[str, int] = {}

    def __call__(self, name: str) -> pl.LazyFrame:
        """Return the columns of a table."""
        frame = self._frame(name)
        return self._scan(name) if frame is None else frame.lazy()

    @cached_property
    def paper_counts(self) -> pl.DataFrame:
        """`kind` and `paper_count` of every author."""
        return self("authors").select("kind", "paper_count").collect()

    @cached_property
    def leading(self) -> pl.DataFrame:
        """The columns of authors of most papers: of `LEADING` persons, and of all who have as many papers as the last.

        So many columns are read of few authors.
        """
        counts = self.paper_counts.filter(pl.col("kind") == "person")["paper_count"]
        rows = self("authors")
        if counts.len() > LEADING:
            rows = rows.filter(pl.col("paper_count") >= counts.top_k(LEADING).min())
        return rows.collect()

    def rows(self, name: str) -> int:
        """Return how many rows a table has."""
        if name not in self._rows:
            self._rows[name] = int(self.whole(name).select(pl.len()).collect().item())
        return self._rows[name]

    def _frame(self, name: str) -> pl.DataFrame | None:
        """Return the columns of a table that may be held, null of a larger one."""
        if name not in self._held:
            self._held[name] = self._scan(name).collect() if self.rows(name) <= HELD_ROWS else None
        return self._held[name]

    def _scan(self, name: str) -> pl.LazyFrame:
        return self.whole(name).select(cs.by_name(COLUMNS[name], require_all=False))
