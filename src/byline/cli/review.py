"""`byline review`: a person looks at what is doubtful, and the word is kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from byline.cli.asking import ask, choices
from byline.cli.options import DATASET, RAW, DatasetOption, RawOption
from byline.core.display import clean

if TYPE_CHECKING:
    from byline.boundary.explain import Reading
    from byline.explain.records import RecordFacts


Curated = Annotated[
    Path | None,
    typer.Option(help="Where decisions are kept.  [default: `curated` beside the raw folder]"),
]
Authors = Annotated[
    bool, typer.Option("--authors", help="Look at doubtful pairs of authors, not at bylines.")
]
Matches = Annotated[bool, typer.Option("--matches", help="Look at doubtful matches to arXiv's metadata.")]
Furniture = Annotated[
    bool,
    typer.Option(
        "--furniture", help="Look at unknown lines that repeat between records: are they the page's?"
    ),
]
Arxiv = Annotated[
    Path | None,
    typer.Option(help="For --matches: index or file.  [default: what the snapshot was made with]"),
]
Affiliations = Annotated[
    bool, typer.Option("--affiliations", help="Look at labels that no organisation was found for.")
]
Ror = Annotated[Path | None, typer.Option(help="For --affiliations: official ROR dump to choose from.")]
Limit = Annotated[int, typer.Option(min=1, help="How many to look at.")]
ListOnly = Annotated[bool, typer.Option("--list", help="Only list what is doubtful.")]


def review(
    raw: RawOption = RAW,
    out: DatasetOption = DATASET,
    curated: Curated = None,
    authors: Authors = False,
    matches: Matches = False,
    furniture: Furniture = False,
    arxiv: Arxiv = None,
    affiliations: Affiliations = False,
    ror: Ror = None,
    limit: Limit = 20,
    list_only: ListOnly = False,
) -> None:
    """Walk through what byline is not sure of, the most valuable first; later builds obey what you decide.

    Bylines: those that could not be read, then readings of low confidence. With --authors: pairs of author entries that
    may be one person. With --affiliations: labels that mean no organisation yet. With --matches: papers whose entry in
    arXiv's metadata is not sure. With --furniture: lines that repeat between records and that no list knows, such as a
    button of the page. Decisions are kept as plain files in the curated folder, to be reviewed and committed.
    """
    from byline.cli.dataset import fetched, here
    from byline.core.errors import UsageError
    from byline.core.options import Options
    from byline.snapshots.publishing import current

    listings = here(raw)
    with fetched(out) as place:
        folder = Options(raw=listings, out=place, curated=curated).curated_folder
        snapshot, cache = current(place), place / ".cache"
        if snapshot is None:
            raise UsageError(f"{out} holds no snapshot yet", "Run `byline build` first.")
        if furniture:
            from byline.cli.review_furniture import review_furniture

            kept = review_furniture(snapshot, listings, folder, limit, list_only=list_only)
        elif matches:
            from byline.cli.review_matches import review_matches

            kept = review_matches(snapshot, folder, limit, list_only, arxiv, cache)
        elif affiliations:
            from byline.cli.review_labels import review_labels

            kept = review_labels(snapshot, folder, limit, list_only, ror, cache)
        elif authors:
            kept = _review_authors(snapshot, folder, limit, list_only)
        else:
            kept = _review_records(snapshot, listings, folder, limit, list_only, cache)
    if kept:
        typer.echo(f"{kept} decision(s) kept in {folder}; the next `byline build` obeys them")


def _review_records(snapshot: Path, raw: Path, folder: Path, limit: int, list_only: bool, cache: Path) -> int:
    from itertools import islice

    from byline.boundary.explain import beside
    from byline.explain.queue import doubtful_records, keep_reading, standing
    from byline.explain.records import find_record, layout

    kept = 0
    for line in standing(snapshot):
        typer.echo(clean(line))
    doubts = list(islice(doubtful_records(snapshot), limit))
    if not doubts:
        typer.echo("nothing is doubtful")
    for number, doubt in enumerate(doubts, 1):
        title = f"{doubt.source_file}:{doubt.line}  {doubt.why}"
        typer.echo(clean(title if list_only else f"\n[{number}/{len(doubts)}] {title}"))
        if list_only:
            continue
        facts = find_record(raw / doubt.source_file, doubt.line, doubt.source_file, cache, folder)
        typer.echo(clean(layout(facts)))
        reading = _ask_reading(facts)
        if reading is not None and not (reading.title and reading.authors):
            typer.echo("a reading needs a title and at least one author; nothing kept")
        elif reading is not None and facts.explanation is not None:
            # Not from the record's fields: of one in quarantine they are empty.
            truncated, labels = beside(facts.explanation.byline, reading)
            keep_reading(folder, facts.explanation.byline, reading, truncated=truncated, labels=labels)
            kept += 1
    return kept


def _ask_reading(facts: RecordFacts) -> Reading | None:
    """Ask which reading is right: a number, `e` to type it, nothing to leave it, `q` to stop."""
    from byline.boundary.explain import Reading

    if facts.explanation is None:
        return None
    readings = facts.explanation.readings
    answer = ask(f"which reading is right? {choices(len(readings))}e to type it")
    if answer == "q":
        raise typer.Exit
    if answer.isdecimal() and 1 <= int(answer) <= len(readings):
        return readings[int(answer) - 1]
    if answer == "e":
        title = typer.prompt("title")
        names = typer.prompt("authors, separated by '; '")
        return Reading(title.strip(), [name.strip() for name in names.split(";") if name.strip()], 1.0, [])
    return None


def _review_authors(snapshot: Path, folder: Path, limit: int, list_only: bool) -> int:
    from byline.explain.authors import doubtful_pairs
    from byline.explain.queue import keep_verdict

    kept = 0
    pairs = doubtful_pairs(snapshot, limit)
    if not pairs:
        typer.echo("no pair of authors is doubtful")
    for number, pair in enumerate(pairs, 1):
        typer.echo(clean(f"\n[{number}/{len(pairs)}] {pair.text}"))
        if list_only:
            continue
        answer = ask("s same person, d different")
        if answer == "q":
            break
        if answer in ("s", "d"):
            keep_verdict(folder, "same" if answer == "s" else "different", pair.one, pair.other, pair.names)
            kept += 1
    return kept
