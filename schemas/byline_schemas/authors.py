"""Table `authors`: one row a resolved person or collaboration."""

from __future__ import annotations

import polars as pl

from byline_schemas._base import (
    STRINGS,
    Model,
    Partition,
    Table,
    column,
    id_column,
    is_nfc,
    items_are_texts,
    items_rise,
    judged,
)
from byline_schemas._pandera import PolarsData, pa

KINDS = ["person", "collaboration"]


class Authors(Model):
    """One row a resolved person, or a collaboration that signs as an author."""

    author_id: pl.String = id_column(
        "Hash of the person's anchor, the smallest (published, nulls last, paper_id, position).", unique=True
    )
    name: pl.String = column(
        "The fullest form seen, in display order, with accents where a form has them; or the one the person wants.",
        example="Ada B. Lovelace",
    )
    given: pl.String = column("Given names.", example="Ada B.", nullable=True)
    family: pl.String = column(
        "Family name without particle and suffix; an article with a capital is part of it (Le Goff).",
        example="Lovelace",
    )
    particle: pl.String = column("Particle in front of the family name.", example="van der", nullable=True)
    suffix: pl.String = column(
        "Generation (Jr., III, Filho), else a degree that stood behind the name (PhD).",
        example="Jr.",
        nullable=True,
    )
    kind: pl.String = column("person or collaboration.", example="person", isin=KINDS)
    name_key: pl.String = column("Folded key for comparing names; not for display.", example="ada b lovelace")
    aliases: pl.List = column(
        "Every form as listed, sorted.", example=["A. Lovelace", "Ada B. Lovelace"], dtype_kwargs=STRINGS
    )
    paper_count: pl.UInt32 = column("Papers of this author in the dataset.", example=12, unit="papers", ge=1)
    first_published: pl.Date = column(
        "Date of the earliest paper; null when none has a date.",
        example="2019-04-30",
        unit="day",
        nullable=True,
    )
    last_published: pl.Date = column(
        "Date of the latest paper; null when none has a date.",
        example="2024-08-14",
        unit="day",
        nullable=True,
    )

    @pa.check("name", "given", "family", "particle", "suffix", "name_key", name="text_is_nfc_and_not_blank")
    @classmethod
    def _texts(cls, data: PolarsData) -> pl.LazyFrame:
        return is_nfc(data)

    @pa.check("aliases", name="list_items_are_texts")
    @classmethod
    def _items(cls, data: PolarsData) -> pl.LazyFrame:
        return items_are_texts(data)

    @pa.check("aliases", name="aliases_are_sorted_and_distinct")
    @classmethod
    def _aliases(cls, data: PolarsData) -> pl.LazyFrame:
        return items_rise(data)

    @pa.dataframe_check(name="first_published_not_after_last")
    @classmethod
    def _dates(cls, data: PolarsData) -> pl.LazyFrame:
        first, last = pl.col("first_published"), pl.col("last_published")
        return judged(data, (first.is_null() == last.is_null()) & (first <= last).fill_null(value=True))


_WHOLE = {
    "Æ": "A",
    "Œ": "O",
    "Ø": "O",
    "Ł": "L",
    "Đ": "D",
    "Ð": "D",
    "Þ": "T",
    "Ħ": "H",
    "Ŋ": "N",
    "Ŧ": "T",
    "Ə": "E",
}
"""Capitals of Latin that do not decompose."""


def _initial() -> pl.Expr:
    """Return the value of `initial`: the first letter of `family`, folded to A-Z, or '_'."""
    return pl.col("family").str.slice(0, 1).map_batches(_folded, return_dtype=pl.String)


def _folded(letters: pl.Series) -> pl.Series:
    """Return letters folded to A-Z, each other one as '_': they are few, and what folds them takes its time."""
    distinct = letters.unique()
    folded = distinct.str.normalize("NFKD").str.slice(0, 1).str.to_uppercase().replace(_WHOLE)
    values = folded.str.extract(r"^([A-Z])", 1).fill_null("_")
    return letters.replace_strict(distinct, values, default="_", return_dtype=pl.String)


AUTHORS = Table(
    name="authors",
    title="Authors",
    model=Authors,
    key=("author_id",),
    sort=("author_id",),
    partition=Partition(
        "initial", pl.String, "First letter of the family name, ASCII-folded; '_' for the rest.", _initial
    ),
)
