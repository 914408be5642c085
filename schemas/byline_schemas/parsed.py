"""Rows between the stages: what was read of one slice of a raw file, before anything is normalized."""

from __future__ import annotations

import polars as pl

from byline_schemas._base import (
    ARXIV_PATTERN,
    DOI_PATTERN,
    FORM_PATTERN,
    PRECISIONS,
    STRINGS,
    Model,
    Table,
    column,
    dated_as_precise,
    is_nfc,
    items_are_texts,
    judged,
)
from byline_schemas._pandera import PolarsData, pa

NAME_PARTS = pl.Struct({"given": pl.String, "family": pl.String, "suffix": pl.String})
"""What a form knows of the parts of a name: `Family, Given` and the like; family is never null."""


class Parsed(Model):
    """One row a raw record as read: what its form says, title and authors told apart."""

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
    form: pl.String = column(
        "The form recognized; null where none was.", example="card", nullable=True, str_matches=FORM_PATTERN
    )
    category_code: pl.String = column("Category code as listed.", example="LG", nullable=True)
    published: pl.Date = column(
        "Date as listed, for a month or a year its first day.", example="2023-09-25", nullable=True
    )
    published_precision: pl.String = column("How exactly it is dated.", example="day", isin=PRECISIONS)
    arxiv_id: pl.String = column(
        "arXiv's identifier, without version.", example="2310.01234", nullable=True, str_matches=ARXIV_PATTERN
    )
    doi: pl.String = column(
        "DOI in lower case, without resolver.",
        example="10.1000/xyz123",
        nullable=True,
        str_matches=DOI_PATTERN,
    )
    venue: pl.String = column(
        "Journal or conference as listed, without volume, pages and year.", example="J. Gates", nullable=True
    )
    comments: pl.String = column("The authors' comments as listed.", example="12 pages", nullable=True)
    badges: pl.List = column("Badges as listed.", example=["Code"], dtype_kwargs=STRINGS)
    listed_links: pl.List = column(
        "URLs that the record's own lines state, outside the abstract.",
        example=["https://example.org/code"],
        dtype_kwargs=STRINGS,
    )
    byline: pl.String = column(
        "Title and authors as listed, glued; null in forms where they stand apart.",
        example="On Sparse GatesAda Lovelace",
        nullable=True,
    )
    abstract: pl.String = column("Abstract as listed.", example="We …", nullable=True)
    title: pl.String = column("Title as listed.", example="On Sparse Gates", nullable=True)
    authors: pl.List = column("Authors as listed, in order.", example=["Ada Lovelace"], dtype_kwargs=STRINGS)
    name_parts: pl.List = column(
        "What the form knows of the parts of each name; null where it gives display names in natural order only.",
        example=[{"given": "Ada", "family": "Lovelace", "suffix": None}],
        nullable=True,
        dtype_kwargs={"inner": NAME_PARTS},
    )
    authors_truncated: pl.Boolean = column("Whether the page cut the list.", example=False)
    labels: pl.List = column("Organisation labels as listed.", example=["example labs"], dtype_kwargs=STRINGS)
    boundary_confidence: pl.Float32 = column(
        "Calibrated probability of the boundary.",
        example=0.999,
        unit="probability",
        nullable=True,
        in_range={"min_value": 0, "max_value": 1},
    )

    @pa.check("byline", "abstract", "title", "venue", "comments", name="text_is_nfc_and_not_blank")
    @classmethod
    def _texts(cls, data: PolarsData) -> pl.LazyFrame:
        return is_nfc(data)

    @pa.dataframe_check(name="quarantined_or_complete")
    @classmethod
    def _complete(cls, data: PolarsData) -> pl.LazyFrame:
        filled = pl.all_horizontal(
            pl.col("form", "title", "boundary_confidence").is_not_null(),
            pl.col("authors").list.len() > 0,
        )
        bad = pl.all_horizontal(pl.col("reason", "detail", "raw_text").is_not_null())
        return judged(data, pl.when(pl.col("reason").is_null()).then(filled).otherwise(bad))

    @pa.check("listed_links", name="list_items_are_texts")
    @classmethod
    def _links(cls, data: PolarsData) -> pl.LazyFrame:
        return items_are_texts(data)

    @pa.dataframe_check(name="date_is_as_precise_as_said")
    @classmethod
    def _dated(cls, data: PolarsData) -> pl.LazyFrame:
        return dated_as_precise(data)

    @pa.dataframe_check(name="each_name_has_its_parts")
    @classmethod
    def _parts(cls, data: PolarsData) -> pl.LazyFrame:
        each = pl.col("name_parts").list.len() == pl.col("authors").list.len()
        return judged(data, each.fill_null(value=True))

    @pa.dataframe_check(name="span_is_not_reversed")
    @classmethod
    def _span(cls, data: PolarsData) -> pl.LazyFrame:
        lines = pl.col("first_line") <= pl.col("last_line")
        return judged(data, lines & (pl.col("byte_start") <= pl.col("byte_end")))


PARSED = Table(name="parsed", title="Parsed records", model=Parsed, key=("byte_start",), sort=("byte_start",))
