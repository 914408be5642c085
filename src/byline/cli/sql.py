"""`byline sql`: questions to the current snapshot in SQL, answered by DuckDB."""

from __future__ import annotations

import enum
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from byline.cli.options import DATASET, DatasetOption
from byline.core.display import clean

if TYPE_CHECKING:
    import duckdb

ROWS_SHOWN = 200
"""Rows of a table on the terminal; csv and json give all."""


class Shape(enum.StrEnum):
    """How rows are written."""

    table = "table"
    csv = "csv"
    json = "json"


def sql(
    query: Annotated[
        str | None, typer.Argument(help="Statements; read from standard input when not given.")
    ] = None,
    shape: Annotated[
        Shape,
        typer.Option("--format", help="table for people, csv and json (one object a line) for programs."),
    ] = Shape.table,
    out: DatasetOption = DATASET,
) -> None:
    """Ask the current snapshot in SQL: a view a table, and author_redirects beside them.

    Only statements that read are run, and DuckDB opens nothing but the snapshot. Without a query it reads one after the
    other from standard input, up to a semicolon.

        byline sql "SELECT name, paper_count FROM authors ORDER BY paper_count DESC LIMIT 10"
    """
    from byline.cli.dataset import opened
    from byline.export.database import connect

    with opened(out) as dataset, connect(dataset) as connection:
        if query is not None and query != "-":
            _answer(connection, query, shape)
        elif sys.stdin.isatty():
            _converse(connection, shape)
        else:
            _answer(connection, sys.stdin.read(), shape)


def _converse(connection: duckdb.DuckDBPyConnection, shape: Shape) -> None:
    """Answer one statement after the other; a mistake is said and the next one asked for."""
    from byline.core.errors import UsageError

    typer.echo(
        "Tables: " + ", ".join(_tables(connection)) + ". End a statement with ; and the session with Ctrl-D."
    )
    for statement in _statements():
        try:
            _answer(connection, statement, shape)
        except UsageError as mistake:
            typer.echo(clean(str(mistake)), err=True)


def _statements() -> Iterator[str]:
    lines: list[str] = []
    while True:
        try:
            line = input("byline> " if not lines else "   ...> ")
        except EOFError:
            typer.echo()
            return
        lines.append(line)
        if line.rstrip().endswith(";"):
            yield "\n".join(lines)
            lines = []


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [str(row[0]) for row in connection.execute("SHOW TABLES").fetchall()]


def _answer(connection: duckdb.DuckDBPyConnection, query: str, shape: Shape) -> None:
    from byline.export.database import run

    answer = run(connection, query)
    if answer is None:
        return
    names = [str(column[0]) for column in answer.description or []]
    if shape is Shape.table:
        _print_table(names, answer)
    elif shape is Shape.csv:
        import csv

        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(names)
        while rows := answer.fetchmany(10_000):
            writer.writerows(rows)
    else:
        import json

        while rows := answer.fetchmany(10_000):
            for row in rows:
                typer.echo(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False, default=str))


def _print_table(names: list[str], answer: duckdb.DuckDBPyConnection) -> None:
    """Print the first rows as a table as wide as the terminal."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    rows: list[tuple[Any, ...]] = answer.fetchmany(ROWS_SHOWN + 1)
    table = Table(show_edge=False)
    for name in names:
        table.add_column(Text(clean(name)), overflow="fold")
    for row in rows[:ROWS_SHOWN]:
        table.add_row(*(Text("" if value is None else clean(str(value))) for value in row))
    Console().print(table)
    if len(rows) > ROWS_SHOWN:
        typer.echo(f"the first {ROWS_SHOWN} rows; --format csv gives all", err=True)
