"""`byline explain`: how a record was read, why mentions are together or two authors apart."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from byline.cli.options import DATASET, RAW, DatasetOption
from byline.core.display import clean

if TYPE_CHECKING:
    from byline.explain.records import RecordFacts

_ID = re.compile(r"[0-9a-f]{20}")
OF_AUTHORS = ("papers", "authors", "authorships", "paper_affiliations")
"""Tables that tell why mentions are together."""


def explain(
    what: Annotated[
        list[str],
        typer.Argument(metavar="FILE:LINE|AUTHOR_ID", help="A line of a raw file, or one or two authors."),
    ],
    raw: Annotated[str, typer.Option(metavar="DIR", help="Folder that FILE may be relative to.")] = RAW,
    out: DatasetOption = DATASET,
    arxiv: Annotated[
        Path | None,
        typer.Option(
            help="Index of arXiv's metadata, or its file.  [default: what the snapshot was made with]"
        ),
    ] = None,
    candidates: Annotated[int, typer.Option(min=1, help="Readings to show.")] = 6,
) -> None:
    """Show how a record was read, or why an author's mentions are together, or why two authors are apart.

    FILE:LINE shows every candidate boundary of the record at that line, its probability, and the evidence that weighed
    most; where a build had arXiv's metadata, also which of its entries were considered. AUTHOR_ID shows the mentions of
    an author and what ties them together; two ids show what keeps them apart.
    """
    from byline.cli.dataset import fetched, here
    from byline.core.errors import UsageError

    if all(_ID.fullmatch(item) for item in what) and len(what) <= 2:
        from byline.explain.authors import explain_authors

        with fetched(out, tables=OF_AUTHORS) as folder:
            typer.echo(clean(explain_authors(folder, what)))
        return
    place, _, line = what[0].rpartition(":")
    if len(what) != 1 or not place or not line.isdecimal() or int(line) < 1:
        raise UsageError(
            f"{' '.join(what)}: neither FILE:LINE nor one or two author ids",
            "For example: byline explain data/raw/listing.txt:4",
        )
    with fetched(out, tables=("records",)) as folder:
        _record(place, int(line), here(raw), folder, arxiv, candidates)


def _record(place: str, line: int, raw: Path, out: Path, arxiv: Path | None, candidates: int) -> None:
    from byline.core.errors import UsageError
    from byline.core.options import Options
    from byline.explain.records import find_record, layout, shown

    path = Path(place) if Path(place).is_file() else raw / place
    decisions = Options(raw=raw, out=out).curated_folder
    facts = find_record(path, line, place, out / ".cache", decisions)
    source, root = path.resolve(), raw.resolve()
    name = source.relative_to(root).as_posix() if source.is_relative_to(root) else source.name
    try:
        said = _considered(facts, name, out, arxiv, decisions)
    except UsageError as problem:  # how the record was read can be told without the metadata
        if arxiv is not None:
            raise
        said = ["", f"arXiv's metadata can't be asked: {problem}"]
    for told in shown([layout(facts, candidates), *said], decisions):
        typer.echo(clean(told))


def _considered(facts: RecordFacts, source: str, out: Path, arxiv: Path | None, decisions: Path) -> list[str]:
    """Return what of arXiv's metadata was considered for a record, as lines; none where there is no index."""
    from byline.explain.matches import border_of, consider, index_of, settled, told
    from byline.explain.records import as_paper
    from byline.reference.features import settings
    from byline.snapshots.publishing import current

    index = index_of(current(out), out / ".cache", arxiv)
    if index is None:
        return []
    lines, doubt = [""], facts.explanation
    if doubt is not None and facts.decided is None and doubt.confidence < settings()["border"]["doubtful"]:
        said = border_of(doubt.byline, index)
        if said is not None:
            facts = replace(facts, fields={**facts.fields, **said, "arxiv_id": facts.fields["arxiv_id"]})
            names = ", ".join(said["authors"]) + (" et al." if said["authors_truncated"] else "")
            lines.append(f"read as arXiv's metadata has it ({said['arxiv_id']}): {said['title']} | {names}")
    paper = as_paper(facts)
    if paper is None:
        return []
    decided = settled(current(out), source, facts.fields["first_line"], decisions)
    return [*lines, *told(consider(paper, index, decisions if decisions.is_dir() else None), decided)]
