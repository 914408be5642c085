"""`byline log`: what was published, when and why."""

from __future__ import annotations

import enum
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from byline.core.display import clean

if TYPE_CHECKING:
    from byline.snapshots.history import Entry


class Shape(enum.StrEnum):
    """How publications are listed."""

    text = "text"
    json = "json"


def log(
    dataset: Annotated[
        str | None,
        typer.Argument(help="Output folder, or s3://…  [default: data/processed]", show_default=False),
    ] = None,
    number: Annotated[int, typer.Option("-n", "--number", min=1, help="Show at most this many.")] = 20,
    shape: Annotated[
        Shape, typer.Option("--format", help="text for people, json for programs: one object a line.")
    ] = Shape.text,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    out: Annotated[str | None, typer.Option("--out", metavar="DIR", help="The same as the argument.")] = None,
) -> None:
    """List publications, the latest first: when, which snapshot, how much changed, what was overridden.

    A `*` marks the current snapshot; `gone` says that its folder was pruned. Details of what changed
    between two: byline diff OLD NEW.
    """
    from byline.cli.dataset import fetched, which

    with fetched(place := which(dataset, out)) as folder:
        _list(folder, place, number, as_json=as_json or shape is Shape.json)


def _list(out: Path, place: str, number: int, *, as_json: bool) -> None:
    from byline.snapshots import history, publishing

    entries = history.entries(out)
    there, current = set(publishing.snapshots(out)), history.pointed(out)
    shown = list(zip(entries, [None, *entries][:-1], strict=True))[::-1][:number]
    for entry, before in shown:
        if as_json:
            typer.echo(json.dumps({**asdict(entry), "there": entry.snapshot in there}, sort_keys=True))
        else:
            mark = "*" if entry.snapshot == current and entry is entries[-1] else " "
            gone = "" if entry.snapshot in there else "  gone"
            typer.echo(
                clean(f"{mark} {entry.when}  {entry.snapshot}  {entry.kind}{gone}  {_changes(entry, before)}")
            )
            for note in [*(f"overridden: {gate}" for gate in entry.accepted), *entry.warnings]:
                typer.echo(clean(f"      {note}"))
    if not entries:
        typer.echo(f"nothing was published in {place} yet")


def _changes(entry: Entry, before: Entry | None) -> str:
    """Return the tables' rows with what changed since the entry before."""
    parts = []
    for name in ("papers", "authors", "authorships"):
        rows = entry.counts.get(name, 0)
        change = rows - before.counts.get(name, 0) if before else 0
        parts.append(f"{rows} {name}" + (f" ({change:+d})" if change else ""))
    return ", ".join(parts)
