"""Reviewed decisions: what a person has said is final. Files in the curated folder, absent when nothing is decided.

- `boundaries.jsonl`: one object a line: byline, title, authors, and optionally authors_truncated, labels, note.
- `authors.csv`: verdict (same | different), paper_id_a, position_a, paper_id_b, position_b, note.
- `matches.jsonl`: one object a line: paper_id, arxiv_id (null: none of arXiv's papers is this one), optionally note.
- `categories.toml`: `order` (archives, first wins where a code fits several) and `[codes]` (code = category).
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, astuple, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import polars as pl
from pydantic import AfterValidator, Field, Strict

from byline.core.errors import UsageError
from byline.core.limits import LONGEST_LIST
from byline.core.shapes import Text, shaped
from byline.listing.text import fold
from byline.normalize import categories

BOUNDARIES = "boundaries.jsonl"
AUTHORS = "authors.csv"
MATCHES = "matches.jsonl"
CATEGORIES = "categories.toml"

DECISION_COLUMNS = {
    "verdict": pl.String(),
    "paper_id_a": pl.String(),
    "position_a": pl.UInt16(),
    "paper_id_b": pl.String(),
    "position_b": pl.UInt16(),
}
_BOUNDARY_COLUMNS = {
    "byline": pl.String(),
    "title": pl.String(),
    "authors": pl.List(pl.String),
    "authors_truncated": pl.Boolean(),
    "labels": pl.List(pl.String),
}


def _as_listed(said: str) -> str:
    """Return a text as a listing's are kept: NFC, white space folded. Raises ValueError for a blank one."""
    said.encode("utf-8")  # a lone surrogate is no text
    folded = str(fold(pl.Series([said])).item())
    if not folded:
        raise ValueError("a text is blank")
    return folded


Listed = Annotated[Text, AfterValidator(_as_listed)]


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
    paths = [_file(folder, name) for name in (BOUNDARIES, AUTHORS, MATCHES, CATEGORIES)]
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in paths if path is not None}


def boundaries(folder: Path | None) -> pl.DataFrame:
    """Return the reviewed readings of bylines; the last one of a byline counts.

    Raises `UsageError` naming file and line when one can't be read.
    """
    rows = []
    path = _file(folder, BOUNDARIES)
    if path is not None:
        for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
            if line.strip():
                rows.append(_boundary(path, number, line))
    return pl.DataFrame(rows, schema=_BOUNDARY_COLUMNS).unique("byline", keep="last", maintain_order=True)


def _boundary(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        return asdict(shaped(json.loads(line.decode("utf-8")), Reading))
    except ValueError as problem:
        raise UsageError(
            f"{path}:{number}: not a reviewed reading ({problem})",
            'Expected one JSON object a line: {"byline": "…", "title": "…", "authors": ["…"]}',
        ) from None


def _file(folder: Path | None, name: str) -> Path | None:
    """Return a file of decisions, null when there is none. Raises `UsageError` where something else bears its name."""
    path = None if folder is None else folder / name
    if path is None or not path.exists():
        return None
    if not path.is_file():
        raise UsageError(
            f"{path} is not a file", "Move it away, or put the decisions into a file of that name."
        )
    return path


def apply_boundaries(frame: pl.DataFrame, folder: Path | None) -> pl.DataFrame:
    """Return parsed rows with the reviewed readings in place; such a reading has confidence 1."""
    decided = boundaries(folder)
    if decided.is_empty():
        return frame
    new = decided.rename({name: f"{name}_new" for name in decided.columns if name != "byline"})
    joined = frame.join(new, on="byline", how="left", validate="m:1", maintain_order="left")
    hit = pl.col("title_new").is_not_null()
    names = [name for name in decided.columns if name != "byline"]
    return joined.with_columns(
        *(pl.when(hit).then(f"{name}_new").otherwise(name).alias(name) for name in names),
        *(pl.when(hit).then(None).otherwise(name).alias(name) for name in ("reason", "detail", "raw_text")),
        boundary_confidence=pl.when(hit).then(pl.lit(1.0, dtype=pl.Float32)).otherwise("boundary_confidence"),
        name_parts=pl.when(hit).then(None).otherwise("name_parts"),  # they belong to the names that went
    ).select(frame.columns)


def author_decisions(folder: Path | None) -> pl.DataFrame:
    """Return the reviewed same/different decisions on pairs of mentions.

    Raises `UsageError` naming the file when it can't be read or a verdict is neither same nor different.
    """
    path = _file(folder, AUTHORS)
    if path is None:
        return pl.DataFrame(schema=DECISION_COLUMNS)
    try:
        table = pl.read_csv(path, schema_overrides=DECISION_COLUMNS, columns=list(DECISION_COLUMNS))
    except (pl.exceptions.PolarsError, OSError) as problem:
        raise UsageError(
            f"{path}: {problem}", f"Expected a CSV with the columns {', '.join(DECISION_COLUMNS)}."
        ) from None
    for number, row in enumerate(table.iter_rows(named=True), 2):
        if row["verdict"] not in ("same", "different") or None in row.values():
            raise UsageError(
                f"{path}:{number}: a decision needs a verdict (same or different) and two mentions"
            )
    return table.select(DECISION_COLUMNS.keys())


def match_decisions(folder: Path | None) -> pl.DataFrame:
    """Return the reviewed matches to arXiv's metadata: paper_id, arxiv_id (null: none); the last one of a paper counts.

    Raises `UsageError` naming file and line when one can't be read.
    """
    rows = []
    path = _file(folder, MATCHES)
    for number, line in enumerate(path.read_bytes().split(b"\n") if path is not None else (), 1):
        if line.strip():
            rows.append(_match(path, number, line))
    frame = pl.DataFrame(rows, schema={"paper_id": pl.String, "arxiv_id": pl.String}, orient="row")
    return frame.unique("paper_id", keep="last", maintain_order=True)


def _match(path: Path | None, number: int, line: bytes) -> tuple[str, str | None]:
    try:
        return astuple(shaped(json.loads(line.decode("utf-8")), Match))
    except ValueError as problem:
        raise UsageError(
            f"{path}:{number}: not a reviewed match ({problem})",
            'Expected one JSON object a line: {"paper_id": "…", "arxiv_id": "2310.01234" or null}',
        ) from None


def decided_mentions(folder: Path | None) -> pl.DataFrame:
    """Return paper_id and position of every mention that a decision speaks of, each once."""
    table = author_decisions(folder)
    sides = [table.select(paper_id=f"paper_id_{s}", position=f"position_{s}") for s in "ab"]
    return pl.concat(sides).unique().sort("paper_id", "position")


def category_settings(folder: Path | None) -> dict[str, Any]:
    """Return the reviewed order of archives and single codes, as keyword arguments of `categories.resolve`."""
    path = _file(folder, CATEGORIES)
    if path is None:
        return {}
    try:
        said = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
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
