"""`byline parse`: what a paste says, on the terminal or as data; nothing is written."""

from __future__ import annotations

import enum
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import polars as pl


class FormatName(enum.StrEnum):
    """What the records are printed as."""

    table = "table"
    json = "json"
    csv = "csv"
    bibtex = "bibtex"
    parquet = "parquet"


def parse(
    paste: Annotated[
        str, typer.Argument(metavar="[FILE|-]", help="A file with the paste; - for standard input.")
    ] = "-",
    shape: Annotated[
        FormatName, typer.Option("--format", help="table for people; json is one array.")
    ] = FormatName.table,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 when anything is quarantined.")] = False,
    form: Annotated[str | None, typer.Option(help="The page's form, when the text doesn't tell.")] = None,
    published: Annotated[str | None, typer.Option(help="Date for records that state none.")] = None,
    venue: Annotated[str | None, typer.Option(help="Venue for records that state none.")] = None,
    category: Annotated[str | None, typer.Option(help="arXiv category for records that state none.")] = None,
) -> None:
    """Print what a paste says; exit 0 when something could be read, 1 when nothing could.

    Doubtful records are marked with ?, records that could not be read are listed with the reason. A build does more: it
    looks twice, merges records of one paper, and finds out who is who.

        xclip -o | byline parse
    """
    from byline.reading.paste import declared_as, read_paste

    if paste == "-" and sys.stdin.isatty():
        typer.echo("paste the list, then press Ctrl-D on an empty line", err=True)
    given = sys.stdin.buffer.read() if paste == "-" else Path(paste)
    rows = read_paste(given, declared_as(form=form, published=published, venue=venue, category=category))
    _print(rows, shape)
    read = (rows["status"] == "published").sum()
    bad = ((rows["status"] == "quarantined") & (rows["reason"] != "page_furniture")).sum()
    if not read or (strict and bad):
        raise typer.Exit(1)


def _print(rows: pl.DataFrame, shape: FormatName) -> None:
    from byline.export import pastes

    if shape is FormatName.table:
        from rich.console import Console

        pastes.as_table(rows, Console())
    elif shape is FormatName.json:
        typer.echo(pastes.as_json(rows))
    elif shape is FormatName.csv:
        typer.echo(pastes.as_csv(rows), nl=False)
    elif shape is FormatName.parquet:
        rows.write_parquet(sys.stdout.buffer)
    else:
        typer.echo(pastes.as_bibtex(rows), nl=False)
