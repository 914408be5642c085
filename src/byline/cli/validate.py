"""`byline validate`: every schema, every rule between tables, every hash; all failures at once."""

from __future__ import annotations

import enum
from typing import Annotated

import typer

from byline.cli.options import SameAsArgument


class Format(enum.StrEnum):
    """How the report is written."""

    text = "text"
    json = "json"
    junit = "junit"


def validate(
    dataset: Annotated[
        str | None,
        typer.Argument(
            help="Output folder or s3://… (its `current` snapshot), or one snapshot's folder.  "
            "[default: data/processed]",
            show_default=False,
        ),
    ] = None,
    out: SameAsArgument = None,
    output: Annotated[
        Format, typer.Option("--format", help="text for people, json for programs, junit for CI.")
    ] = Format.text,
    quick: Annotated[
        bool, typer.Option("--quick", help="Leave out the checks of single rows; all else is checked.")
    ] = False,
) -> None:
    """Check a dataset against the contract; exit 0 when it keeps it, 1 when it does not.

    Checks that every file the manifest lists is there and has its SHA-256, that columns and types are the
    models', that every row satisfies its model, that rows are sorted and lie in their partition, and
    every rule between tables. All failures are reported at once, with table, row and rule. Nothing of the
    dataset is changed or executed.

    In CI:  byline validate data/processed --format junit > validate.xml
    """
    from byline.cli.dataset import fetched, which
    from byline.core.options import is_address
    from byline.validation import validate as check

    place = which(dataset, out)
    with fetched(place) as folder:
        report = check(folder, deep=not quick)
    if is_address(place):
        report = report.at(place)
    shown = {Format.text: report.text, Format.json: report.json, Format.junit: report.junit}[output]()
    typer.echo(shown.rstrip("\n"))
    if not report.ok:
        raise typer.Exit(1)
