"""`byline review --furniture`: which lines between records are the page's."""

from __future__ import annotations

from pathlib import Path

import typer

from byline.cli.asking import ask
from byline.core.display import clean


def review_furniture(snapshot: Path, raw: Path, folder: Path, limit: int, *, list_only: bool) -> int:
    """Offer lines that repeat between records; return how many were kept as the page's."""
    from byline.explain.furniture import keep_furniture, unknown_lines

    found = unknown_lines(snapshot, raw)[:limit]
    if not found:
        typer.echo("no unknown line repeats between records")
    kept = 0
    for number, line in enumerate(found, 1):
        place = f"{line.source_file}:{line.line}"
        typer.echo(clean(f"[{number}/{len(found)}] {line.count} times, first {place}\n    {line.text}"))
        if list_only:
            continue
        answer = ask("p a line of the page (menu, button, count)")
        if answer == "q":
            break
        if answer == "p":
            keep_furniture(folder, line.text)
            kept += 1
    return kept
