"""`byline explain`: how a record was read, why mentions are together or two authors apart."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from byline.cli.text import clean

_ID = re.compile(r"[0-9a-f]{20}")


def explain(
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE:LINE | AUTHOR_ID [AUTHOR_ID]", help="A line of a raw file, or one or two authors."
        ),
    ],
    raw: Annotated[Path, typer.Option(help="Folder that FILE may be relative to.")] = Path("data/raw"),
    out: Annotated[Path, typer.Option(help="Folder that holds `current`.")] = Path("data/processed"),
    candidates: Annotated[int, typer.Option(min=1, help="Readings to show.")] = 6,
) -> None:
    """Show how a record was read, or why an author's mentions are together, or why two authors are apart.

    FILE:LINE shows every candidate boundary of the record at that line, its probability, and the evidence that weighed
    most. AUTHOR_ID shows the mentions of an author and what ties them together; two ids show what keeps them apart.
    """
    from byline.core.errors import UsageError

    if all(_ID.fullmatch(item) for item in what) and len(what) <= 2:
        from byline.explain.authors import explain_authors

        typer.echo(clean(explain_authors(out, what)))
        return
    place, _, line = what[0].rpartition(":")
    if len(what) != 1 or not place or not line.isdecimal() or int(line) < 1:
        raise UsageError(
            f"{' '.join(what)}: neither FILE:LINE nor one or two author ids",
            "For example: byline explain data/raw/listing.txt:4",
        )
    from byline.core.options import Options
    from byline.explain.records import find_record, layout

    path = Path(place) if Path(place).is_file() else raw / place
    decisions = Options(raw=raw, out=out).curated_folder
    facts = find_record(path, int(line), place, out / ".cache", decisions)
    typer.echo(clean(layout(facts, candidates)))
