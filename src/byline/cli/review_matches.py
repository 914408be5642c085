"""The part of `byline review` about entries of arXiv's metadata."""

from __future__ import annotations

from pathlib import Path

import typer

from byline.cli.asking import ask, choices
from byline.core.display import clean


def review_matches(
    snapshot: Path, folder: Path, limit: int, list_only: bool, arxiv: Path | None, cache: Path
) -> int:
    """Ask of each doubtful match which entry it is; return how many decisions were kept."""
    from itertools import islice

    from byline.core.errors import UsageError
    from byline.explain.matches import consider, doubtful_matches, index_of, keep_match, told

    index = index_of(snapshot, cache, arxiv)
    if index is None:
        raise UsageError(
            "no index of arXiv's metadata is kept for this snapshot", "Give it with --arxiv PATH."
        )
    kept = 0
    doubts = list(islice(doubtful_matches(snapshot), limit))
    if not doubts:
        typer.echo("no match is doubtful")
    for number, paper in enumerate(doubts, 1):
        title = f"{paper['paper_id']}  {paper['match_confidence']:.3f}  {paper['title']}"
        typer.echo(clean(title if list_only else f"\n[{number}/{len(doubts)}] {title}"))
        if list_only:
            continue
        typer.echo(clean(f"  {', '.join(paper['authors'] or [])}  {paper['published']}"))
        found = consider(paper, index)
        typer.echo(clean("\n".join(told(found))))
        answer = ask(f"which one is it? {choices(len(found))}n none")
        if answer == "q":
            break
        if answer == "n" or (answer.isdecimal() and 1 <= int(answer) <= len(found)):
            keep_match(
                folder,
                paper["paper_id"],
                None if answer == "n" else found[int(answer) - 1].arxiv_id,
                paper["title"],
            )
            kept += 1
    return kept
