"""One SQLite or DuckDB file: the tables with their keys, and views that answer the first questions."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from byline.core.extras import needed
from byline.export.selection import Selection
from byline_schemas import TABLES

REFERENCES = {
    ("authorships", "paper_id"): "papers (paper_id)",
    ("authorships", "author_id"): "authors (author_id)",
    ("author_identifiers", "author_id"): "authors (author_id)",
    ("paper_affiliations", "paper_id"): "papers (paper_id)",
    ("paper_affiliations", "affiliation_id"): "affiliations (affiliation_id)",
    ("quarantine", "record_id"): "records (record_id)",
}
ORDER = (
    "papers",
    "authors",
    "affiliations",
    "records",
    "authorships",
    "author_identifiers",
    "paper_affiliations",
    "quarantine",
)
"""What is pointed to comes first."""
VIEWS = {
    "paper_authors": """
        SELECT p.paper_id, p.title, p.published, s.position, a.author_id, a.name, s.name_as_listed,
               s.identity_confidence
        FROM authorships s JOIN papers p ON p.paper_id = s.paper_id JOIN authors a ON a.author_id = s.author_id
    """,
    "paper_organisations": """
        SELECT p.paper_id, p.title, p.published, l.position, f.name AS organisation, f.ror_id, f.country
        FROM paper_affiliations l JOIN papers p ON p.paper_id = l.paper_id
        JOIN affiliations f ON f.affiliation_id = l.affiliation_id
    """,
    "coauthors": """
        SELECT x.author_id AS author_id, y.author_id AS coauthor_id, count(*) AS papers
        FROM authorships x JOIN authorships y ON x.paper_id = y.paper_id AND x.author_id <> y.author_id
        GROUP BY x.author_id, y.author_id
    """,
}
BATCH = 10_000


def to_sqlite(selection: Selection, to: Path) -> list[Path]:
    """Write `byline.sqlite`; lists are JSON, dates are `YYYY-MM-DD`. Datasette opens it as it is."""
    path = _fresh(to / "byline.sqlite")
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        with connection:
            for name in _tables(selection):
                frame = selection.load(name).collect()
                connection.execute(_create(name, frame.schema, _sqlite_type))
                marks = ", ".join("?" * frame.width)
                connection.executemany(f"INSERT INTO {name} VALUES ({marks})", _sqlite_rows(frame))
            for name, query in VIEWS.items():
                connection.execute(f"CREATE VIEW {name} AS {query}")
            connection.execute("CREATE INDEX authorships_by_author ON authorships (author_id)")
    finally:
        connection.close()
    return [path]


def to_duckdb(selection: Selection, to: Path) -> list[Path]:
    """Write `byline.duckdb`; lists are lists.

    Raises `UsageError`: DuckDB is not installed.
    """
    with needed("export", "a DuckDB file"):
        import duckdb  # noqa: PLC0415 - an extra
    path = _fresh(to / "byline.duckdb")
    with duckdb.connect(path) as connection:
        for name in _tables(selection):
            frame = selection.load(name).collect()
            connection.execute(_create(name, frame.schema, _duckdb_type))
            connection.register("rows_of_table", frame)
            connection.execute(f"INSERT INTO {name} SELECT * FROM rows_of_table")
            connection.unregister("rows_of_table")
        for name, query in VIEWS.items():
            connection.execute(f"CREATE VIEW {name} AS {query}")
    return [path]


def _tables(selection: Selection) -> list[str]:
    """Return the tables that the snapshot has, what is pointed to first."""
    return [name for name in ORDER if name in selection.dataset.tables]


def _fresh(path: Path) -> Path:
    """Remove what an earlier export left: a database would be added to."""
    path.unlink(missing_ok=True)
    return path


def _create(table: str, schema: pl.Schema, type_of: Any) -> str:  # noqa: ANN401 - a function of a data type
    columns = []
    for name, kind in schema.items():
        reference = REFERENCES.get((table, name))
        columns.append(f"{name} {type_of(kind)}" + (f" REFERENCES {reference}" if reference else ""))
    key = ", ".join(TABLES[table].key)
    return f"CREATE TABLE {table} ({', '.join(columns)}, PRIMARY KEY ({key}))"


def _sqlite_type(kind: pl.DataType) -> str:
    if kind.is_integer() or kind == pl.Boolean:
        return "INTEGER"
    return "REAL" if kind.is_float() else "TEXT"


def _duckdb_type(kind: pl.DataType) -> str:
    names: Sequence[tuple[bool, str]] = (
        (isinstance(kind, pl.List), "VARCHAR[]"),
        (kind == pl.Boolean, "BOOLEAN"),
        (kind == pl.Date, "DATE"),
        (kind.is_integer(), "BIGINT"),
        (kind.is_float(), "DOUBLE"),
    )
    return next((name for holds, name in names if holds), "VARCHAR")


def _sqlite_rows(frame: pl.DataFrame) -> Iterator[tuple[object, ...]]:
    dates = [name for name, kind in frame.schema.items() if kind == pl.Date]
    frame = frame.with_columns(pl.col(name).dt.to_string("iso") for name in dates)
    for row in frame.iter_rows(buffer_size=BATCH):
        yield tuple(
            json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value for value in row
        )
