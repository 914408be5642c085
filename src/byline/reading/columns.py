"""Columns of the rows that reading gives, and their types: those of `byline_schemas.PARSED`, as a test holds.

They stand here once more because a paste is read without Pandera, whose import takes longer than the reading.
"""

from __future__ import annotations

import polars as pl

TEXTS = pl.List(pl.String)
NAMES = pl.List(pl.Struct({"given": pl.String, "family": pl.String, "suffix": pl.String}))
COLUMNS: dict[str, pl.DataType] = {
    "byte_start": pl.UInt64(),
    "byte_end": pl.UInt64(),
    "first_line": pl.UInt32(),
    "last_line": pl.UInt32(),
    "digest": pl.String(),
    "reason": pl.String(),
    "detail": pl.String(),
    "raw_text": pl.String(),
    "form": pl.String(),
    "category_code": pl.String(),
    "published": pl.Date(),
    "published_precision": pl.String(),
    "arxiv_id": pl.String(),
    "doi": pl.String(),
    "venue": pl.String(),
    "comments": pl.String(),
    "badges": TEXTS,
    "listed_links": TEXTS,
    "byline": pl.String(),
    "abstract": pl.String(),
    "title": pl.String(),
    "authors": TEXTS,
    "name_parts": NAMES,
    "authors_truncated": pl.Boolean(),
    "labels": TEXTS,
    "boundary_confidence": pl.Float32(),
}
