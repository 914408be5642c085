"""Reviewed decisions: what a person has said is final. Files in the curated folder, absent when nothing is decided.

- `boundaries.jsonl`: one object a line: byline, title, authors, and optionally authors_truncated, labels, note.
- `authors.csv`: verdict (same | different), paper_id_a, position_a, paper_id_b, position_b, note.
- `categories.toml`: `order` (archives, first wins where a code fits several) and `[codes]` (code = category).
"""

from __future__ import annotations

import json
import tomllib
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from byline.errors import UsageError

BOUNDARIES = "boundaries.jsonl"
AUTHORS = "authors.csv"
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


def digests(folder: Path | None) -> dict[str, str]:
    """Return the SHA-256 of every file of decisions that is there, by name."""
    if folder is None:
        return {}
    paths = [folder / name for name in (BOUNDARIES, AUTHORS, CATEGORIES)]
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in paths if path.is_file()}


def boundaries(folder: Path | None) -> pl.DataFrame:
    """Return the reviewed readings of bylines; the last one of a byline counts.

    Raises `UsageError` naming file and line when one can't be read.
    """
    rows = []
    path = None if folder is None else folder / BOUNDARIES
    if path is not None and path.is_file():
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if line.strip():
                rows.append(_boundary(path, number, line))
    return pl.DataFrame(rows, schema=_BOUNDARY_COLUMNS).unique("byline", keep="last", maintain_order=True)


def _boundary(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        said = json.loads(line)
        reading: dict[str, Any] = {
            "byline": str(said["byline"]),
            "title": str(said["title"]),
            "authors": [str(name) for name in said["authors"]],
            "authors_truncated": bool(said.get("authors_truncated", False)),
            "labels": [str(label) for label in said.get("labels", [])],
        }
    except (ValueError, KeyError, TypeError) as problem:
        raise UsageError(
            f"{path}:{number}: not a reviewed reading ({type(problem).__name__}: {problem})",
            'Expected one JSON object a line: {"byline": "…", "title": "…", "authors": ["…"]}',
        ) from None
    if not reading["title"] or not reading["authors"] or not all(reading["authors"]):
        raise UsageError(
            f"{path}:{number}: a reading needs a title and at least one author", "Mend or remove the line."
        )
    return reading


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
    ).select(frame.columns)


def author_decisions(folder: Path | None) -> pl.DataFrame:
    """Return the reviewed same/different decisions on pairs of mentions.

    Raises `UsageError` naming the file when it can't be read or a verdict is neither same nor different.
    """
    path = None if folder is None else folder / AUTHORS
    if path is None or not path.is_file():
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


def decided_mentions(folder: Path | None) -> pl.DataFrame:
    """Return paper_id and position of every mention that a decision speaks of, each once."""
    table = author_decisions(folder)
    sides = [table.select(paper_id=f"paper_id_{s}", position=f"position_{s}") for s in "ab"]
    return pl.concat(sides).unique().sort("paper_id", "position")


def category_settings(folder: Path | None) -> dict[str, Any]:
    """Return the reviewed order of archives and single codes, as keyword arguments of `categories.resolve`."""
    path = None if folder is None else folder / CATEGORIES
    if path is None or not path.is_file():
        return {}
    try:
        said = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise UsageError(f"{path}: {problem}", "Expected `order = [...]` and a table `[codes]`.") from None
    unknown = said.keys() - {"order", "codes"}
    if unknown:
        raise UsageError(
            f"{path}: unknown setting {sorted(unknown)[0]!r}", "Expected `order = [...]` and `[codes]`."
        )
    return {"order": said.get("order"), "overrides": said.get("codes", {})}
