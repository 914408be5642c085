"""Rows between the stages: what was read of one slice of a raw file, before anything is normalized."""

from __future__ import annotations

import polars as pl

from byline_schemas._base import STRINGS, Model, Table, column, is_nfc, judged
from byline_schemas._pandera import PolarsData, pa


class Parsed(Model):
    """One row a raw record as read: header, byline told apart into title and authors, abstract."""

    byte_start: pl.UInt64 = column("Where the record starts.", example=0, unit="bytes into the slice")
    byte_end: pl.UInt64 = column("Where the next one starts.", example=812, unit="bytes into the slice")
    first_line: pl.UInt32 = column(
        "First line of the content.", example=1, unit="1-based line of the slice", ge=1
    )
    last_line: pl.UInt32 = column(
        "Last line of the content.", example=3, unit="1-based line of the slice", ge=1
    )
    digest: pl.String = column(
        "Digest of the record's bytes.", example="0f1e…", str_matches=r"^[0-9a-f]{20}$"
    )
    reason: pl.String = column(
        "Why it is quarantined; null when it is not.", example="bad_date", nullable=True
    )
    detail: pl.String = column("What was expected and what stood there.", example="expected …", nullable=True)
    raw_text: pl.String = column("The text of a quarantined record.", example="LGFeb 30, …", nullable=True)
    category_code: pl.String = column("Category code as listed.", example="LG", nullable=True)
    published: pl.Date = column("Date as listed.", example="2023-09-25", nullable=True)
    badges: pl.List = column("Badges as listed.", example=["Code"], dtype_kwargs=STRINGS)
    byline: pl.String = column(
        "Title and authors as listed.", example="On Sparse GatesAda Lovelace", nullable=True
    )
    abstract: pl.String = column("Abstract as listed.", example="We …", nullable=True)
    title: pl.String = column("Title as listed.", example="On Sparse Gates", nullable=True)
    authors: pl.List = column("Authors as listed, in order.", example=["Ada Lovelace"], dtype_kwargs=STRINGS)
    authors_truncated: pl.Boolean = column("Whether the page cut the list.", example=False)
    labels: pl.List = column("Organisation labels as listed.", example=["example labs"], dtype_kwargs=STRINGS)
    boundary_confidence: pl.Float32 = column(
        "Calibrated probability of the boundary.",
        example=0.999,
        unit="probability",
        nullable=True,
        in_range={"min_value": 0, "max_value": 1},
    )

    @pa.check("byline", "abstract", "title", name="text_is_nfc_and_not_blank")
    @classmethod
    def _texts(cls, data: PolarsData) -> pl.LazyFrame:
        return is_nfc(data)

    @pa.dataframe_check(name="quarantined_or_complete")
    @classmethod
    def _complete(cls, data: PolarsData) -> pl.LazyFrame:
        filled = pl.all_horizontal(
            pl.col("category_code", "published", "byline", "title", "boundary_confidence").is_not_null(),
            pl.col("authors").list.len() > 0,
        )
        bad = pl.all_horizontal(pl.col("reason", "detail", "raw_text").is_not_null())
        return judged(data, pl.when(pl.col("reason").is_null()).then(filled).otherwise(bad))

    @pa.dataframe_check(name="span_is_not_reversed")
    @classmethod
    def _span(cls, data: PolarsData) -> pl.LazyFrame:
        lines = pl.col("first_line") <= pl.col("last_line")
        return judged(data, lines & (pl.col("byte_start") <= pl.col("byte_end")))


PARSED = Table(name="parsed", title="Parsed records", model=Parsed, key=("byte_start",), sort=("byte_start",))
