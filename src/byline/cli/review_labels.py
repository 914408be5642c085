"""The part of `byline review` about organisations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from byline.cli.asking import ask, choices
from byline.core.display import clean

if TYPE_CHECKING:
    from byline.explain.labels import Organisation


def review_labels(
    snapshot: Path, folder: Path, limit: int, list_only: bool, ror: Path | None, cache: Path
) -> int:
    """Ask of each label without an organisation what it means; return how many decisions were kept."""
    from byline.affiliations import load_registry
    from byline.explain.labels import candidates, keep_meaning, offered, told, unresolved

    names = candidates(load_registry(ror, cache))
    kept = 0
    labels = unresolved(snapshot, folder, limit)
    if not labels:
        typer.echo("every label means an organisation, or was decided upon")
    for number, label in enumerate(labels, 1):
        like = offered(label.label, names)
        typer.echo(clean(f"\n[{number}/{len(labels)}] {label.label}"))
        typer.echo(clean("\n".join(told(label, like))))
        if list_only:
            continue
        answer, meant = _ask(like)
        if answer == "q":
            break
        if answer:
            keep_meaning(folder, label.label, meant, "")
            kept += 1
    return kept


def _ask(like: list[Organisation]) -> tuple[str, Organisation | None]:
    """Return the answer (empty: skip) and the organisation that is meant; null: none."""
    from byline.explain.labels import Organisation

    answer = ask(f"which one is it? {choices(len(like))}t to type its name, n no organisation")
    if answer.isdecimal() and 1 <= int(answer) <= len(like):
        return answer, like[int(answer) - 1]
    if answer == "t":
        name = typer.prompt("name").strip()
        return ("t", Organisation(name, None, None, None)) if name else ("", None)
    return (answer, None) if answer in ("n", "q") else ("", None)
