"""Reviewed decisions: what a person has said is final. Files in the curated folder, absent when nothing is decided.

- `boundaries.jsonl`: one object a line: byline, title, authors, and optionally authors_truncated, labels, note.
- `authors.csv`, `identifiers.csv`, `names.jsonl`: see `people`; `affiliations.csv`: see `organisations`.
- `matches.jsonl`: one object a line: paper_id, arxiv_id (null: none of arXiv's papers is this one), optionally note.
- `categories.toml`: `order` (archives, first wins where a code fits several) and `[codes]` (code = category).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, astuple, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import polars as pl
from pydantic import Field, Strict

from byline.core.decoding import from_toml
from byline.core.errors import UsageError
from byline.core.limits import LONGEST_LIST
from byline.core.overlay import overlaid
from byline.decisions import organisations, people
from byline.decisions.files import Listed, find, json_lines
from byline.normalize import categories

BOUNDARIES = "boundaries.jsonl"
MATCHES = "matches.jsonl"
CATEGORIES = "categories.toml"

_BOUNDARY_COLUMNS = {
    "byline": pl.String(),
    "title": pl.String(),
    "authors": pl.List(pl.String),
    "authors_truncated": pl.Boolean(),
    "labels": pl.List(pl.String),
}


@dataclass(frozen=True)
class Reading:
    """A line of `boundaries.jsonl`: how a person reads a byline."""

    byline: Listed
    title: Listed
    authors: Annotated[list[Listed], Field(min_length=1, max_length=LONGEST_LIST)]
    authors_truncated: Annotated[bool, Strict()] = False
    labels: Annotated[list[Listed], Field(max_length=LONGEST_LIST)] = field(default_factory=list)


@dataclass(frozen=True)
class Match:
    """A line of `matches.jsonl`: which entry of arXiv's a paper is; null: none of them."""

    paper_id: Listed
    arxiv_id: Listed | None


def digests(folder: Path | None) -> dict[str, str]:
    """Return the SHA-256 of every file of decisions that is there, by name."""
    if folder is None:
        return {}
    names = (BOUNDARIES, MATCHES, CATEGORIES, *people.FILES, organisations.NAME)
    paths = [find(folder, name) for name in names]
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in paths if path is not None}


def boundaries(folder: Path | None) -> pl.DataFrame:
    """Return the reviewed readings of bylines; the last one of a byline counts.

    Raises `UsageError` naming file and line when one can't be read.
    """
    example = '{"byline": "…", "title": "…", "authors": ["…"]}'
    lines = json_lines(find(folder, BOUNDARIES), Reading, "a reviewed reading", example)
    rows = [asdict(one) for _, one in lines]
    return pl.DataFrame(rows, schema=_BOUNDARY_COLUMNS).unique("byline", keep="last", maintain_order=True)


def apply_boundaries(frame: pl.DataFrame, folder: Path | None) -> pl.DataFrame:
    """Return parsed rows with the reviewed readings in place; such a reading has confidence 1."""
    decided = boundaries(folder)
    if decided.is_empty():
        return frame
    decided = decided.with_columns(
        boundary_confidence=pl.lit(1.0, dtype=pl.Float32),
        name_parts=pl.lit(None, dtype=frame.schema["name_parts"]),  # they belong to the names that went
    )
    return overlaid(frame, decided, "byline")


def match_decisions(folder: Path | None) -> pl.DataFrame:
    """Return the reviewed matches to arXiv's metadata: paper_id, arxiv_id (null: none); the last one of a paper counts.

    Raises `UsageError` naming file and line when one can't be read.
    """
    rows = [astuple(one) for _, one in _matches(folder)]
    frame = pl.DataFrame(rows, schema={"paper_id": pl.String, "arxiv_id": pl.String}, orient="row")
    return frame.unique("paper_id", keep="last", maintain_order=True)


def matched_papers(folder: Path | None) -> pl.DataFrame:
    """Return paper_id of every paper that a match speaks of, each once, and the places (`FILE:LINE`)."""
    rows = [(one.paper_id, f"{MATCHES}:{number}") for number, one in _matches(folder)]
    frame = pl.DataFrame(rows, schema={"paper_id": pl.String, "place": pl.String}, orient="row")
    return frame.group_by("paper_id", maintain_order=True).agg(places="place")


def _matches(folder: Path | None) -> Iterator[tuple[int, Match]]:
    example = '{"paper_id": "…", "arxiv_id": "2310.01234" or null}'
    return json_lines(find(folder, MATCHES), Match, "a reviewed match", example)


def category_settings(folder: Path | None) -> dict[str, Any]:
    """Return the reviewed order of archives and single codes, as keyword arguments of `categories.resolve`."""
    path = find(folder, CATEGORIES)
    if path is None:
        return {}
    try:
        said = from_toml(path.read_bytes())
    except ValueError as problem:
        raise UsageError(f"{path}: {problem}", _CATEGORIES_HOLD) from None
    unknown = said.keys() - {"order", "codes"}
    if unknown:
        raise UsageError(f"{path}: unknown setting {sorted(unknown)[0]!r}", _CATEGORIES_HOLD)
    order, codes = said.get("order", []), said.get("codes", {})
    if not isinstance(order, list) or not isinstance(codes, dict):
        raise UsageError(f"{path}: `order` is a list and `codes` a table", _CATEGORIES_HOLD)
    wrong = [one for one in [*order, *codes.values()] if not isinstance(one, str)]
    if wrong:
        raise UsageError(f"{path}: {wrong[0]!r:.60} is not a text", _CATEGORIES_HOLD)
    try:
        categories.resolve(pl.Series([], dtype=pl.String), order, codes)
    except UsageError as problem:
        raise UsageError(f"{path}: {problem.what}", problem.way_out) from None
    return {"order": order, "overrides": codes}


_CATEGORIES_HOLD = 'Expected `order = ["cs", …]` and a table `[codes]` of lines such as `CO = "math.CO"`.'
