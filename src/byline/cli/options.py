"""Options that several commands take, each declared once: the alias is the annotation of the parameter.

An option of one command alone stands beside that command.
"""

from __future__ import annotations

import enum
from typing import Annotated

import typer

RAW = "data/raw"
"""Where raw listings lie when nobody says."""
DATASET = "data/processed"
"""Where the dataset lies when nobody says."""

RawOption = Annotated[str, typer.Option(metavar="DIR", help="Folder of raw listings.")]

DatasetOption = Annotated[str, typer.Option(metavar="DIR", help="The dataset: output folder or s3://…")]
"""Of commands that read it."""
OutputOption = Annotated[str, typer.Option(metavar="DIR", help="Output folder, or s3://…")]
"""Of commands that change what lies there."""
DatasetArgument = Annotated[
    str | None,
    typer.Argument(help="Output folder, or s3://…  [default: data/processed]", show_default=False),
]
SameAsArgument = Annotated[str | None, typer.Option("--out", metavar="DIR", help="The same as the argument.")]

WaitOption = Annotated[float, typer.Option(min=0, help="Seconds to wait while a build runs.")]
"""Of commands other than builds."""


class Shape(enum.StrEnum):
    """How findings are listed."""

    text = "text"
    json = "json"


ShapeOption = Annotated[
    Shape, typer.Option("--format", help="text for people, json for programs: one object a line.")
]
