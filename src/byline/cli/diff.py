"""`byline diff`: what changed between two snapshots."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from byline.cli.options import DATASET, Shape
from byline.core.display import clean

if TYPE_CHECKING:
    from byline.snapshots.diff import Diff

WIDTH = 120
"""Characters of a value that the text shows."""


def diff(
    old: Annotated[str, typer.Argument(help="Snapshot id, snapshot folder, output folder or s3://…")],
    new: Annotated[str, typer.Argument(help="As OLD.")] = "current",
    out: Annotated[
        str,
        typer.Option(
            metavar="DIR", help="Output folder, or s3://…, in which ids and the word current are looked up."
        ),
    ] = DATASET,
    rows: Annotated[int, typer.Option(min=0, help="Show at most this many single differences.")] = 50,
    output: Annotated[
        Shape, typer.Option("--format", help="text for people; json: one object a line, all of them.")
    ] = Shape.text,
) -> None:
    """Show what changed from OLD to NEW: papers, authors and fields; authors merged and split.

    A summary first, then single differences. `byline log` lists the ids.
    """
    from byline.snapshots.diff import diff as compare

    with ExitStack() as stack:
        home = _home(out, [old, new], stack)
        found = compare(_folder(old, home, stack), _folder(new, home, stack))
    if output is Shape.json:
        for row in found.rows.iter_rows(named=True):
            typer.echo(_json(row))
        return
    typer.echo(_text(found, rows))


def _home(out: str, words: list[str], stack: ExitStack) -> Path:
    """Return the output folder that ids are looked up in; of one on an object store a copy of what they name."""
    from byline.cli.dataset import fetched
    from byline_schemas import TABLES

    named = [word for word in words if "/" not in word]
    if not named:
        return Path(out)
    others = [word for word in named if word != "current"]
    return stack.enter_context(fetched(out, tables=TABLES, others=others))


def _folder(name: str, home: Path, stack: ExitStack) -> Path:
    """Return the folder that a word on the command line means; what lies on an object store is copied until the end."""
    from byline.cli.dataset import fetched
    from byline.core.options import is_address
    from byline.snapshots import publishing
    from byline_schemas import TABLES

    if is_address(name):
        return stack.enter_context(fetched(name, tables=TABLES))
    if "/" in name:
        return Path(name)
    inside = publishing.folder_of(home, name)
    return home if name == "current" else inside if inside.is_dir() else Path(name)


def _json(row: dict[str, object]) -> str:
    import json

    return json.dumps(row, sort_keys=True)  # ASCII only: nothing in it acts on a terminal


def _text(found: Diff, limit: int) -> str:
    lines = [f"{found.old} -> {found.new}"]
    for table, change, field, count in found.summary().iter_rows():
        lines.append(f"  {table}: {count} {change}" + (f" in {field}" if field else ""))
    if found.rows.is_empty():
        lines.append("  no differences")
    for row in found.rows.head(limit).iter_rows(named=True):
        lines.append(_line(row))
    if found.rows.height > limit:
        lines.append(f"… and {found.rows.height - limit} more (--rows, or --format json)")
    return "\n".join(lines)


def _line(row: dict[str, str | None]) -> str:
    label = "" if row["label"] is None else f" {_short(row['label'])!r}"
    line = f"{row['table']} {row['key']}{label} {row['change']}"
    if row["field"] is not None:
        line += f" {row['field']}: {_short(row['old'])} -> {_short(row['new'])}"
    elif row["new"] is not None:
        line += f" -> {row['new']}"
    return clean(line).replace("\n", "\\n")


def _short(value: str | None) -> str:
    if value is None:
        return "null"
    return value if len(value) <= WIDTH else f"{value[:WIDTH]}…"
