"""What a paste says: the reading of a build without its files, for `byline parse` and `byline.parse`."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import polars as pl

from byline import boundary, inputs, latex
from byline.forms import declared
from byline.normalize import categories
from byline.reading.slices import read_slices

SLICE_BYTES = 1 << 24
COLUMNS = (
    "form", "status", "reason", "detail", "title", "authors", "authors_truncated", "labels", "published",
    "published_precision", "category", "arxiv_id", "doi", "venue", "abstract", "boundary_confidence", "first_line",
    "last_line", "name_parts",
)  # fmt: skip
"""Of the rows; `name_parts` is what the form knows of the names' order, null where the page shows them plainly."""


def read_paste(paste: Path | bytes, said: str = "") -> pl.DataFrame:
    """Return what a paste says, a row a record, in the paste's order; lines are those of the whole paste.

    `paste`: a file (also `.gz` or `.zst`), or its bytes. `said`: what a person says of it, as
    `declared_as` returns it.

    Raises `UsageError`: the file can't be read.
    """
    with tempfile.TemporaryDirectory(prefix="byline-") as scratch:
        path = paste
        if not isinstance(path, Path):
            path = Path(scratch, "paste.txt")
            path.write_bytes(bytes(paste))
        (source,) = inputs.survey_files([path]).sources
        planned = inputs.plan(replace(source, declared=said), Path(scratch), SLICE_BYTES)
        frames = read_slices(planned.slices)
        rows = [
            frame.with_columns(pl.col("first_line", "last_line") + (piece.first_line - 1))
            for frame, piece in zip(frames, planned.slices, strict=True)
        ]
    return _said(pl.concat(rows)) if rows else pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))


def _said(rows: pl.DataFrame) -> pl.DataFrame:
    """Bring the rows into the words of the tables: status, the category's name, titles in plain Unicode."""
    category = categories.resolve(rows["category_code"])["category"]
    return rows.with_columns(
        status=pl.when(pl.col("reason").is_null()).then(pl.lit("published")).otherwise(pl.lit("quarantined")),
        title=latex.decode(rows["title"]),
        category=category,
    ).select(COLUMNS)


def declared_as(**said: str | None) -> str:
    """Return what a person says of a paste (form, published, venue, category) as `read_paste` takes it, nulls left out.

    Raises `UsageError`: a value can't be declared.
    """
    return declared.to_text(
        declared.declare({name: value for name, value in said.items() if value is not None}, "the options")
    )


def read_bylines(lines: list[str]) -> pl.DataFrame:
    """Return the readings of bylines, a row a line: title, authors, authors_truncated, labels, confidence, reason."""
    read = boundary.segment(pl.Series("byline", lines, dtype=pl.String))
    return read.select("title", "authors", "authors_truncated", "labels", "boundary_confidence", "reason")
