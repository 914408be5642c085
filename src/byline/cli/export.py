"""`byline export`: the current snapshot in the formats of other people's tools."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Annotated

import typer

from byline.cli.options import DATASET, DatasetOption
from byline.core.display import clean


class FormatName(enum.StrEnum):
    """What a snapshot can become."""

    csv = "csv"
    xlsx = "xlsx"
    jsonl = "jsonl"
    parquet = "parquet"
    bibtex = "bibtex"
    ris = "ris"
    csl = "csl"
    sqlite = "sqlite"
    duckdb = "duckdb"
    network = "network"


Form = Annotated[FormatName, typer.Argument(metavar="FORMAT", help="|".join(FormatName))]
To = Annotated[
    str,
    typer.Option(
        metavar="DIR", help="Folder for the files; - prints a bibliography, or one table as csv, jsonl."
    ),
]
Tables = Annotated[
    list[str] | None,
    typer.Option(metavar="TABLE", help="Only this table (csv, xlsx, jsonl, parquet). Repeatable."),
]
Where = Annotated[
    str | None,
    typer.Option(metavar="SQL", help="Only papers for which this holds, and what belongs to them."),
]
Explode = Annotated[
    str | None,
    typer.Option(metavar="COLUMN", help="A row for each item of this list column, not one text."),
]
Guard = Annotated[
    bool,
    typer.Option("--guard/--no-guard", help="Disarm cells that spreadsheets would run; off for programs."),
]
MaxAuthors = Annotated[int, typer.Option(min=2, help="Leave papers of more authors out of the network.")]


def export(
    form: Form,
    to: To = "export",
    table: Tables = None,
    where: Where = None,
    explode: Explode = None,
    guard: Guard = True,
    max_authors: MaxAuthors = 100,
    out: DatasetOption = DATASET,
) -> None:
    """Write the current snapshot as tables, a bibliography, a database, or a network.

    csv, xlsx, jsonl, parquet: a file (or sheet) a table, lists joined with `; `. bibtex, ris, csl: the papers, with
    keys that stay. sqlite, duckdb: one file with keys and views. network: who wrote with whom, for Gephi, Cytoscape,
    VOSviewer and spreadsheets.

        byline export csv --where "category = 'cs.LG' AND year >= 2023"
    """
    from byline.cli.dataset import opened
    from byline.core.errors import UsageError
    from byline.export.write import BIBLIOGRAPHIES, LINES, Wishes, lines, texts
    from byline.export.write import export as write

    wishes = Wishes(tuple(table or ()), where, explode, guard, max_authors)
    with opened(out) as dataset:
        if to == "-":
            if form.value in BIBLIOGRAPHIES and not wishes.tables:
                pieces = texts(dataset, form.value, where)
            elif form.value in LINES and (len(wishes.tables) == 1 or (explode and not wishes.tables)):
                pieces = lines(dataset, form.value, wishes)
            else:
                raise UsageError(
                    f"{form.value} goes into files",
                    "Give a folder with --to DIR, or one --table as csv or jsonl.",
                )
            for text in pieces:
                typer.echo(text, nl=False)
            return
        done = write(dataset, form.value, Path(to), wishes)
    for note in done.notes:
        typer.echo(clean(note))
    for path in done.files:
        typer.echo(clean(str(path)))
