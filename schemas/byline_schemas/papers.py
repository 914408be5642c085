"""Table `papers`: one row a distinct paper."""

from __future__ import annotations

import polars as pl

from byline_schemas._base import (
    ARXIV_PATTERN,
    DOI_PATTERN,
    PRECISIONS,
    STRINGS,
    Model,
    Partition,
    Table,
    column,
    dated_as_precise,
    id_column,
    is_nfc,
    items_are_texts,
    judged,
    published_year,
)
from byline_schemas._pandera import PolarsData, pa

CATEGORY = r"^[a-z-]+(\.[A-Za-z-]+)?$"
SOURCES = ["listed", "arxiv"]
"""Where authors come from: the page itself, or arXiv's metadata."""


class Papers(Model):
    """One row a distinct paper; raw records that say the same paper are merged into one row."""

    paper_id: pl.String = id_column(
        "Hash of the folded title and of the folded family name of the first listed author.", unique=True
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
    category_code: pl.String = column(
        "Category code as listed; null where the page gives none.", example="LG", nullable=True
    )
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
        "Date listed, for a month or a year its first day: of the merged records the most precise, the earliest among "
        "equals; null where no page dates it.",
        example="2023-09-25",
        unit="day, proleptic Gregorian",
        nullable=True,
    )
    published_precision: pl.String = column(
        "How exactly `published` is known.", example="day", isin=PRECISIONS
    )
    badges: pl.List = column("Badges listed beside the date.", example=["Code"], dtype_kwargs=STRINGS)
    has_code: pl.Boolean = column(
        "Whether a badge, or a link's label, says that there is code.", example=True
    )
    links: pl.List = column(
        "URLs in the abstract and beside it, trailing punctuation off.",
        example=["https://example.org/code"],
        dtype_kwargs=STRINGS,
    )
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
        "Journal or conference as listed, without volume, pages and year.",
        example="Journal of Gates",
        nullable=True,
    )
    comments: pl.String = column(
        "The authors' comments as listed.", example="12 pages, 3 figures", nullable=True
    )
    author_count: pl.UInt16 = column(
        "Authors in `authorships`, not counting 'et al.'.", example=3, unit="authors", ge=1
    )
    authors_truncated: pl.Boolean = column(
        "Whether the page cut the list ('et al.') and nothing filled it.", example=True
    )
    authors_source: pl.String = column(
        "Where the authors come from: `arxiv` only where some were added.", example="listed", isin=SOURCES
    )
    filled: pl.List = column(
        "Columns that the page left null and whose value arXiv's metadata gave: of abstract, abstract_tex, arxiv_id, "
        "category, category_candidates, category_name, comments, doi, published, published_precision, venue.",
        example=["arxiv_id"],
        dtype_kwargs=STRINGS,
    )
    match_confidence: pl.Float32 = column(
        "Calibrated probability that the entry of arXiv's metadata is this paper; null without one.",
        example=0.998,
        unit="probability",
        nullable=True,
        in_range={"min_value": 0, "max_value": 1},
    )
    boundary_confidence: pl.Float32 = column(
        "Calibrated probability that title and authors were told apart rightly.",
        example=0.999,
        unit="probability",
        in_range={"min_value": 0, "max_value": 1},
    )
    record_count: pl.UInt32 = column("Raw records merged into this row.", example=1, unit="records", ge=1)

    @pa.check(
        "title", "title_tex", "abstract", "abstract_tex", "category_code", "venue", "comments",
        name="text_is_nfc_and_not_blank",
    )  # fmt: skip
    @classmethod
    def _texts(cls, data: PolarsData) -> pl.LazyFrame:
        return is_nfc(data)

    @pa.check("badges", "links", "category_candidates", "filled", name="list_items_are_texts")
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

    @pa.dataframe_check(name="a_code_badge_means_code")
    @classmethod
    def _has_code(cls, data: PolarsData) -> pl.LazyFrame:
        return judged(data, pl.col("has_code") | ~pl.col("badges").list.contains("Code"))

    @pa.dataframe_check(name="date_is_as_precise_as_said")
    @classmethod
    def _dated(cls, data: PolarsData) -> pl.LazyFrame:
        return dated_as_precise(data)

    @pa.dataframe_check(name="what_is_filled_was_matched")
    @classmethod
    def _filled(cls, data: PolarsData) -> pl.LazyFrame:
        touched = (pl.col("filled").list.len() > 0) | (pl.col("authors_source") == "arxiv")
        return judged(data, ~touched | pl.col("match_confidence").is_not_null())


PAPERS = Table(
    name="papers",
    title="Papers",
    model=Papers,
    key=("paper_id",),
    sort=("published", "paper_id"),
    partition=Partition("year", pl.Int32, "Year of `published`, 0 where there is none.", published_year),
)
