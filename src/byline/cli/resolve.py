"""`byline resolve`: where ids that were published earlier lead today."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from byline.cli.options import DATASET, DatasetOption, Shape, ShapeOption
from byline.core.display import clean


def resolve(
    ids: Annotated[list[str], typer.Argument(metavar="ID", help="Ids of authors or papers.")],
    shape: ShapeOption = Shape.text,
    out: DatasetOption = DATASET,
) -> None:
    """Follow old ids of authors and papers to the ones of today; exit 1 when one was never published here.

    One line an id: the id, what it is, what happened (current, merged, split, renamed, gone), and where it leads.
    In SQL: `SELECT * FROM author_redirects`.
    """
    from byline.cli.dataset import opened
    from byline.snapshots import redirects
    from byline.snapshots.successors import resolve as follow

    with opened(out, tables=redirects.TABLES) as dataset:
        found = follow(dataset, ids)
    for one in found:
        line = (
            json.dumps(asdict(one))
            if shape is Shape.json
            else f"{one.old}  {one.what}  {one.how}  {' '.join(one.now)}"
        )
        typer.echo(clean(line.rstrip()))
    if any(one.how == "unknown" for one in found):
        raise typer.Exit(1)
