"""Contract 1.0: the four tables that 2.0 changed, so that datasets of the time can still be checked.

Nothing is written by these models, and nothing in them changes any more.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import polars as pl

from byline_schemas import authors, authorships, papers, records
from byline_schemas._base import (
    STRINGS,
    Model,
    Table,
    column,
    id_column,
    is_nfc,
    items_are_texts,
    items_rise,
    judged,
)
from byline_schemas._pandera import PolarsData, pa
from byline_schemas.authors import KINDS
from byline_schemas.papers import CATEGORY
from byline_schemas.records import STATUSES


class Papers1(Model):
    """One row a distinct paper; raw records that say the same paper are merged into one row."""

    paper_id: pl.String = id_column(
        "Hash of the folded listed title and of the first author's last token.", unique=True
    )
    title: pl.String = column(
        "Title in plain Unicode, LaTeX decoded where that is safe.", example="On Sparse Gates"
    )
    title_tex: pl.String = column(
        "Title as listed; null when equal to `title`.", example=r"On $\ell_1$ Gates", nullable=True
    )
    abstract: pl.String = column(
        "Abstract in plain Unicode; null when none was listed.", example="We …", nullable=True
    )
    abstract_tex: pl.String = column(
        "Abstract as listed; null when equal to `abstract`.", example=r"We show $n\leq5$.", nullable=True
    )
    category_code: pl.String = column("Category code as listed.", example="LG")
    category: pl.String = column(
        "arXiv category, aliases resolved; null when the code fits no active one.",
        example="cs.LG",
        nullable=True,
        str_matches=CATEGORY,
    )
    category_candidates: pl.List = column(
        "All active arXiv categories that fit the code, the chosen one first.",
        example=["cs.LG"],
        dtype_kwargs=STRINGS,
    )
    category_name: pl.String = column("Name of `category`.", example="Machine Learning", nullable=True)
    published: pl.Date = column(
        "Date listed; the earliest of the merged records.",
        example="2023-09-25",
        unit="day, proleptic Gregorian",
    )
    badges: pl.List = column("Badges listed beside the date.", example=["Code"], dtype_kwargs=STRINGS)
    has_code: pl.Boolean = column("Whether the badges say that there is code.", example=True)
    links: pl.List = column(
        "URLs in the abstract, trailing punctuation off.",
        example=["https://example.org/code"],
        dtype_kwargs=STRINGS,
    )
    author_count: pl.UInt16 = column(
        "Authors listed, not counting 'et al.'.", example=3, unit="authors", ge=1
    )
    authors_truncated: pl.Boolean = column("Whether the page cut the list ('et al.').", example=True)
    boundary_confidence: pl.Float32 = column(
        "Calibrated probability that title and authors were told apart rightly.",
        example=0.999,
        unit="probability",
        in_range={"min_value": 0, "max_value": 1},
    )
    record_count: pl.UInt32 = column("Raw records merged into this row.", example=1, unit="records", ge=1)

    @pa.check(
        "title", "title_tex", "abstract", "abstract_tex", "category_code", name="text_is_nfc_and_not_blank"
    )
    @classmethod
    def _texts(cls, data: PolarsData) -> pl.LazyFrame:
        return is_nfc(data)

    @pa.check("badges", "links", "category_candidates", name="list_items_are_texts")
    @classmethod
    def _items(cls, data: PolarsData) -> pl.LazyFrame:
        return items_are_texts(data)

    @pa.dataframe_check(name="tex_differs_from_plain")
    @classmethod
    def _tex_differs(cls, data: PolarsData) -> pl.LazyFrame:
        title = pl.col("title_tex").is_null() | (pl.col("title_tex") != pl.col("title"))
        abstract = pl.col("abstract_tex").is_null() | (
            pl.col("abstract_tex") != pl.col("abstract")
        ).fill_null(False)
        return judged(data, title & abstract)

    @pa.dataframe_check(name="category_is_first_candidate")
    @classmethod
    def _category(cls, data: PolarsData) -> pl.LazyFrame:
        first = pl.col("category_candidates").list.first()
        same_null = pl.col("category").is_null() == pl.col("category_name").is_null()
        return judged(data, pl.col("category").eq_missing(first) & same_null)

    @pa.dataframe_check(name="has_code_follows_badges")
    @classmethod
    def _has_code(cls, data: PolarsData) -> pl.LazyFrame:
        return judged(data, pl.col("has_code") == pl.col("badges").list.contains("Code"))


class Authors1(Model):
    """One row a resolved person, or a collaboration that signs as an author."""

    author_id: pl.String = id_column("Hash of the person's earliest mention.", unique=True)
    name: pl.String = column("The fullest form seen, in display order.", example="Ada B. Lovelace")
    given: pl.String = column("Given names.", example="Ada B.", nullable=True)
    family: pl.String = column("Family name without particle and suffix.", example="Lovelace")
    particle: pl.String = column("Particle in front of the family name.", example="van der", nullable=True)
    suffix: pl.String = column("Generational suffix.", example="Jr.", nullable=True)
    kind: pl.String = column("person or collaboration.", example="person", isin=KINDS)
    name_key: pl.String = column("Folded key for comparing names; not for display.", example="ada b lovelace")
    aliases: pl.List = column(
        "Every form as listed, sorted.", example=["A. Lovelace", "Ada B. Lovelace"], dtype_kwargs=STRINGS
    )
    paper_count: pl.UInt32 = column("Papers of this author in the dataset.", example=12, unit="papers", ge=1)
    first_published: pl.Date = column("Date of the earliest paper.", example="2019-04-30", unit="day")
    last_published: pl.Date = column("Date of the latest paper.", example="2024-08-14", unit="day")

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
        return judged(data, pl.col("first_published") <= pl.col("last_published"))


class Authorships1(Model):
    """One row a listed author of a paper, with who that is and how sure that is."""

    paper_id: pl.String = id_column("The paper; see `papers`.")
    position: pl.UInt16 = column("Place in the list.", example=1, unit="1-based position", ge=1)
    author_id: pl.String = id_column("The author; see `authors`.")
    name_as_listed: pl.String = column("What the page said.", example="A. Lovelace")
    is_last: pl.Boolean = column(
        "Whether this is the paper's last author; false for all of a list that was cut.", example=False
    )
    identity_confidence: pl.Float32 = column(
        "Calibrated probability that this mention belongs to this author.",
        example=0.97,
        unit="probability",
        in_range={"min_value": 0, "max_value": 1},
    )

    @pa.check("name_as_listed", name="text_is_nfc_and_not_blank")
    @classmethod
    def _texts(cls, data: PolarsData) -> pl.LazyFrame:
        return is_nfc(data)

    @pa.check("name_as_listed", name="text_has_no_space_at_its_ends")
    @classmethod
    def _ends(cls, data: PolarsData) -> pl.LazyFrame:
        name = pl.col(data.key)
        return judged(data, ~(name.str.starts_with(" ") | name.str.ends_with(" ")))

    class Config(Model.Config):
        """Pandera's settings."""

        unique: ClassVar[list[str]] = ["paper_id", "position"]


class Records1(Model):
    """One row a raw record. The spans of a file lie end to end from 0 to the file's length."""

    record_id: pl.String = id_column(
        "Hash of the file, the record's bytes and its ordinal among equal ones.", unique=True
    )
    source_file: pl.String = column("File, relative to the raw folder.", example="2024/listing.txt")
    source_sha256: pl.String = column(
        "SHA-256 of the file as it lies.", example="9f86…", str_matches=r"^[0-9a-f]{64}$"
    )
    first_line: pl.UInt32 = column("First line of the content.", example=4, unit="1-based line", ge=1)
    last_line: pl.UInt32 = column("Last line of the content.", example=6, unit="1-based line", ge=1)
    byte_start: pl.UInt64 = column(
        "Where the record starts.", example=0, unit="bytes into the uncompressed file"
    )
    byte_end: pl.UInt64 = column(
        "Where the next one starts.", example=812, unit="bytes into the uncompressed file"
    )
    status: pl.String = column("What became of it.", example="published", isin=STATUSES)
    paper_id: pl.String = id_column("The paper; null when quarantined.", nullable=True)
    boundary_confidence: pl.Float32 = column(
        "Calibrated probability that title and authors were told apart rightly.",
        example=0.999,
        unit="probability",
        nullable=True,
        in_range={"min_value": 0, "max_value": 1},
    )

    @pa.dataframe_check(name="span_is_not_reversed")
    @classmethod
    def _span(cls, data: PolarsData) -> pl.LazyFrame:
        lines = pl.col("first_line") <= pl.col("last_line")
        return judged(data, lines & (pl.col("byte_start") <= pl.col("byte_end")))

    @pa.dataframe_check(name="paper_is_null_when_quarantined")
    @classmethod
    def _paper(cls, data: PolarsData) -> pl.LazyFrame:
        return judged(data, (pl.col("status") == "quarantined") == pl.col("paper_id").is_null())


TABLES: dict[str, Table] = {
    "papers": replace(papers.PAPERS, model=Papers1),
    "authors": replace(authors.AUTHORS, model=Authors1),
    "authorships": replace(authorships.AUTHORSHIPS, model=Authorships1),
    "records": replace(records.RECORDS, model=Records1),
}
"""The tables that differ from those of 2.0, by name."""
