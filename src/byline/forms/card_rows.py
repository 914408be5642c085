"""The columns that a second reading of a card gives, and how readings are put over rows."""

from __future__ import annotations

import polars as pl

from byline.forms.name_lists import PARTS

READ = {
    "title": pl.String(),
    "authors": pl.List(pl.String),
    "authors_truncated": pl.Boolean(),
    "labels": pl.List(pl.String),
    "name_parts": PARTS,
    "boundary_confidence": pl.Float32(),
    "abstract": pl.String(),
}
"""What is read of a card: null where it was not read so."""


def nothing(count: int) -> pl.DataFrame:
    """Return so many rows with the columns of READ, all null."""
    return pl.DataFrame(
        {name: pl.Series([None], dtype=dtype).new_from_index(0, count) for name, dtype in READ.items()}
    )


def put(frame: pl.DataFrame, rows: pl.Series, values: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with some rows replaced by others (where those have a title)."""
    if not len(rows):
        return frame
    numbered = values.with_columns(_row=rows.cast(pl.Int64), _hit=pl.col("title").is_not_null())
    joined = frame.with_row_index("_row").with_columns(pl.col("_row").cast(pl.Int64))
    joined = joined.join(numbered, on="_row", how="left", maintain_order="left", suffix="_new")
    hit = pl.col("_hit").fill_null(value=False)
    return joined.select(
        pl.when(hit).then(f"{name}_new").otherwise(name).alias(name) for name in frame.columns
    )
