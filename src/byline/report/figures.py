"""What the report says in numbers: aggregates of a snapshot's tables, a few hundred rows whatever its size.

Nothing here depends on the clock, the machine, or what was published before, so that a snapshot's own report is the
same bytes wherever it is made. Every list has an end (`ROWS`) and says how many there are in all.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from byline.report.reductions import BY_NAME, NO_FORM, ROWS, STEPS
from byline.report.tallies import Tally
from byline_schemas import TABLES

CATEGORIES = 6
"""Categories with a colour of their own; the rest is one more."""
SPREAD = 12
"""Of more categories than this the archives are shown (`cs` for `cs.LG`): six of a hundred would be slivers."""
TEXT = 600
"""Characters of a raw text on the page."""
FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Other years, and papers without one, are one bar."""


@dataclass(frozen=True)
class Listing:
    """Some rows of a longer list."""

    rows: pl.DataFrame
    total: int

    def __post_init__(self) -> None:
        """Cut long texts: a hostile title must not make the page large."""
        texts = pl.col(pl.String)
        cut = pl.when(texts.str.len_chars() > TEXT).then(texts.str.slice(0, TEXT) + "…").otherwise(texts)
        object.__setattr__(self, "rows", self.rows.with_columns(cut.name.keep()))


@dataclass(frozen=True)
class Figures:
    """All that the page shows."""

    counts: dict[str, int]
    """Rows by table, and papers whose list is cut, that have code."""
    sources: Listing
    """source_file, form, records, published, duplicate, quarantined."""
    reasons: pl.DataFrame
    """reason, records."""
    quarantine: Listing
    """source_file, first_line, reason, detail, raw_text."""
    years: pl.DataFrame
    """year (0: another or none), category, papers."""
    authors: Listing
    """name, papers, first, last, kind, author_id."""
    productivity: pl.DataFrame
    """papers (of an author), authors."""
    organisations: Listing
    """name, label, country, ror_id, papers."""
    readings: Listing
    """title, source_file, first_line, confidence: the least certain published readings."""
    reading_bins: list[int]
    mentions: Listing
    """name_as_listed, title, author, author_id, confidence: the least certain persons."""
    mention_bins: list[int]
    given: pl.DataFrame
    """column, papers: what arXiv's metadata gave; `authors` where it completed or gave the list."""


def figures(tally: Tally) -> Figures:
    """Return the figures of a snapshot."""
    readings, mentions = tally.readings, tally.mentions
    titles = tally.titles(pl.concat([readings["paper_id"], mentions["paper_id"]]).unique())
    names = tally.names(mentions["author_id"].unique()).rename({"name": "author"})
    named = mentions.join(names, on="author_id", how="left", maintain_order="left")
    return Figures(
        counts=_counts(tally),
        sources=_sources(tally),
        reasons=_reasons(tally),
        quarantine=_quarantine(tally),
        years=_years(tally.counts("papers", "year", "year", "category")),
        authors=_authors(tally),
        productivity=_productivity(tally),
        organisations=_organisations(tally),
        readings=Listing(
            _titled(readings, titles, "title", "source_file", "first_line", "boundary_confidence"),
            _unsure(tally, "records"),
        ),
        reading_bins=_binned(tally.counts("papers", "step", "step")),
        mentions=Listing(
            _titled(named, titles, "name_as_listed", "author", "title", "identity_confidence", "author_id"),
            _unsure(tally, "authorships"),
        ),
        mention_bins=_binned(tally.counts("authorships", "step", "step")),
        given=tally.counts("papers", "given", "column").select("column", papers="n").sort("column"),
    )


def _counts(tally: Tally) -> dict[str, int]:
    of_papers = tally.counts("papers", "all")
    said = {"cut": int(of_papers["m"].sum()), "code": int(of_papers["k"].sum())}
    return {**{name: tally.rows(name) for name in TABLES}, **said}


def _unsure(tally: Tally, table: str) -> int:
    return int(tally.counts(table, "unsure")["n"].sum())


def _reasons(tally: Tally) -> pl.DataFrame:
    counted = tally.source.scan("quarantine").group_by("reason").agg(records=pl.len())
    return counted.sort("records", "reason", descending=[True, False]).collect()


def _sources(tally: Tally) -> Listing:
    form = pl.col("form").replace({NO_FORM: "card"}).fill_null("none")
    statuses = {
        name: pl.col("n").filter(pl.col("status") == name).sum()
        for name in ("published", "duplicate", "quarantined")
    }
    found = (
        tally.counts("records", "source", "source_file", "form", "status")
        .group_by("source_file", form=form)
        .agg(pl.col("n").sum().alias("records"), **statuses)
        .sort("records", "source_file", "form", descending=[True, False, False])
    )
    return Listing(found.head(ROWS), found.height)


def _quarantine(tally: Tally) -> Listing:
    total = tally.rows("quarantine")
    places = tally.quarantined if total else tally.quarantined.clear()
    rows = (
        tally.source.scan("quarantine")
        .join(places.lazy().select("record_id", "source_file", "first_line"), on="record_id", how="left")
        .sort(pl.col("reason") == "page_furniture", "source_file", "first_line")
        .head(ROWS)
        .select("source_file", "first_line", "reason", "detail", "raw_text")
    )
    return Listing(rows.collect(), total)


def _years(counted: pl.DataFrame) -> pl.DataFrame:
    """Return papers by year and category (or archive): the commonest ones by name, the others as one."""
    number = pl.col("year").cast(pl.Int32)
    year = pl.when(number.is_between(FIRST_YEAR, LAST_YEAR)).then(number).otherwise(0)
    by_year = counted.group_by(year=year, category="category").agg(papers=pl.col("n").sum())
    named = by_year.with_columns(pl.col("category").fill_null("none"))
    if named["category"].n_unique() > SPREAD:
        named = named.with_columns(pl.col("category").str.split(".").list.first())
    totals = named.group_by("category").agg(pl.col("papers").sum())
    common = totals.sort("papers", "category", descending=[True, False]).head(CATEGORIES)["category"]
    group = pl.when(pl.col("category").is_in(common.implode())).then("category").otherwise(pl.lit("other"))
    grouped = named.group_by("year", category=group).agg(pl.col("papers").sum())
    return grouped.sort("year", "category")


def _authors(tally: Tally) -> Listing:
    columns, falling = BY_NAME
    rows = (
        tally.leading.sort(*columns, descending=list(falling))
        .head(ROWS)
        .select("name", "paper_count", "first_published", "last_published", "kind", "author_id")
    )
    return Listing(rows, tally.rows("authors"))


def _productivity(tally: Tally) -> pl.DataFrame:
    counted = tally.counts("authors", "papers", "kind", "papers")
    by_papers = counted.group_by(pl.col("papers").cast(pl.Int64)).agg(authors=pl.col("n").sum())
    return by_papers.sort("papers")


def _organisations(tally: Tally) -> Listing:
    named = tally.source.scan("paper_affiliations").select("affiliation_id", "paper_id").collect()
    # The table is sorted by papers: those of one stand together, and numbers are compared far faster than ids.
    by_paper = named.select("affiliation_id", paper=pl.col("paper_id").rle_id())
    counted = by_paper.lazy().group_by("affiliation_id").agg(papers=pl.col("paper").n_unique())
    rows = (
        tally.source.scan("affiliations")
        .join(counted, on="affiliation_id", how="left")
        .select("name", "label", "country", "ror_id", pl.col("papers").fill_null(0))
        .sort("papers", "name", "label", descending=[True, False, False])
        .collect()
    )
    return Listing(rows.head(ROWS), rows.height)


def _titled(rows: pl.DataFrame, titles: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Return columns of these rows, the paper's title among them."""
    return rows.join(titles, on="paper_id", how="left", maintain_order="left").select(columns)


def _binned(counted: pl.DataFrame) -> list[int]:
    """Return how many values there are by number of `STEPS`, from none to all of them. `counted`: step, n."""
    found = dict(counted.drop_nulls("step").select(pl.col("step").cast(pl.Int64), "n").iter_rows())
    return [int(found.get(number, 0)) for number in range(len(STEPS) + 1)]
