"""What the report says in numbers: aggregates of a snapshot's tables, a few hundred rows whatever its size.

Nothing here depends on the clock, the machine, or what was published before, so that a snapshot's own report is the
same bytes wherever it is made. Every list has an end (`ROWS`) and says how many there are in all.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from byline.report.held import COLUMNS, Held

ROWS = 200
"""Rows of a list on the page."""
DOUBTFUL = 0.99
"""Below this a published reading is listed as doubtful; `byline review` offers the same ones."""
UNSURE = 0.9
"""Below this a mention's person is listed as doubtful."""
CATEGORIES = 6
"""Categories with a colour of their own; the rest is one more."""
SPREAD = 12
"""Of more categories than this the archives are shown (`cs` for `cs.LG`): six of a hundred would be slivers."""
TEXT = 600
"""Characters of a raw text on the page."""
FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Other years, and papers without one, are one bar."""
STEPS = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999)
"""Where the classes of probabilities begin that the page counts: finer where most values lie."""


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


def figures(tables: Held) -> Figures:
    """Return the figures of a snapshot."""
    papers, readings, mentions = _papers(tables("papers")), _readings(tables), _mentions(tables)
    titles = _titles(tables, readings, mentions)
    return Figures(
        counts=_counts(tables, papers),
        sources=_sources(tables),
        reasons=_counted(tables("quarantine"), "reason", "records"),
        quarantine=_quarantine(tables),
        years=_years(papers),
        authors=_authors(tables),
        productivity=_productivity(tables),
        organisations=_organisations(tables),
        readings=_titled(readings, titles, "title", "source_file", "first_line", "boundary_confidence"),
        reading_bins=_binned(papers.group_by("step").agg(pl.col("n").sum())),
        mentions=_titled(
            mentions, titles, "name_as_listed", "author", "title", "identity_confidence", "author_id"
        ),
        mention_bins=_bins(tables("authorships"), "identity_confidence"),
        given=_given(tables("papers")),
    )


def _papers(papers: pl.LazyFrame) -> pl.DataFrame:
    """Return how many papers (`n`) are alike in what is counted of them: one look at them serves several figures."""
    keys = ["year", "category", "authors_truncated", "has_code"]
    return papers.group_by(*keys, step=_step("boundary_confidence")).agg(n=pl.len()).collect()


def _counts(tables: Held, papers: pl.DataFrame) -> dict[str, int]:
    counts = {name: tables.rows(name) for name in COLUMNS}
    said = {"cut": "authors_truncated", "code": "has_code"}
    return {**counts, **{name: int(papers.filter(column)["n"].sum()) for name, column in said.items()}}


def _counted(frame: pl.LazyFrame, key: str, name: str) -> pl.DataFrame:
    return frame.group_by(key).agg(pl.len().alias(name)).sort(name, key, descending=[True, False]).collect()


def _sources(tables: Held) -> Listing:
    statuses = {name: (pl.col("status") == name).sum() for name in ("published", "duplicate", "quarantined")}
    records = tables("records")
    known = "form" in records.collect_schema().names()  # snapshots of contract 1.0 knew one form
    form = pl.col("form").fill_null("none") if known else pl.lit("card")
    found = (
        records.group_by("source_file", form=form)
        .agg(pl.len().alias("records"), **statuses)
        .sort("records", "source_file", "form", descending=[True, False, False])
        .collect()
    )
    return Listing(found.head(ROWS), found.height)


def _quarantine(tables: Held) -> Listing:
    bad = tables.whole("quarantine")
    places = tables("records").select("record_id", "source_file", "first_line")
    rows = (
        bad.join(places, on="record_id", how="left")
        .sort(pl.col("reason") == "page_furniture", "source_file", "first_line")
        .head(ROWS)
        .select("source_file", "first_line", "reason", "detail", "raw_text")
    )
    return Listing(rows.collect(), tables.rows("quarantine"))


def _years(papers: pl.DataFrame) -> pl.DataFrame:
    """Return papers by year and category (or archive): the commonest ones by name, the others as one."""
    year = pl.when(pl.col("year").is_between(FIRST_YEAR, LAST_YEAR)).then("year").otherwise(0)
    counted = papers.group_by(year=year, category="category").agg(papers=pl.col("n").sum())
    named = counted.with_columns(pl.col("category").fill_null("none"))
    if named["category"].n_unique() > SPREAD:
        named = named.with_columns(pl.col("category").str.split(".").list.first())
    totals = named.group_by("category").agg(pl.col("papers").sum())
    common = totals.sort("papers", "category", descending=[True, False]).head(CATEGORIES)["category"]
    group = pl.when(pl.col("category").is_in(common.implode())).then("category").otherwise(pl.lit("other"))
    grouped = named.group_by("year", category=group).agg(pl.col("papers").sum())
    return grouped.sort("year", "category")


def _given(papers: pl.LazyFrame) -> pl.DataFrame:
    """Return by column in how many papers arXiv's metadata gave its value."""
    there = papers.collect_schema().names()  # snapshots of contract 1.0 knew no such thing
    parts = [pl.LazyFrame(schema={"column": pl.String})]
    if "filled" in there:
        parts.append(papers.select(column="filled").explode("column"))
    if "authors_source" in there:
        completed = papers.filter(pl.col("authors_source") == "arxiv")
        parts.append(completed.select(column=pl.lit("authors")))
    every = pl.concat(parts).drop_nulls()
    return every.group_by("column").agg(papers=pl.len()).sort("column").collect()


def _authors(tables: Held) -> Listing:
    rows = (
        tables.leading.sort("paper_count", "name", "author_id", descending=[True, False, False])
        .head(ROWS)
        .select("name", "paper_count", "first_published", "last_published", "kind", "author_id")
    )
    return Listing(rows, tables.rows("authors"))


def _productivity(tables: Held) -> pl.DataFrame:
    return tables.paper_counts.group_by(papers="paper_count").agg(authors=pl.len()).sort("papers")


def _organisations(tables: Held) -> Listing:
    counted = (
        tables("paper_affiliations").group_by("affiliation_id").agg(papers=pl.col("paper_id").n_unique())
    )
    rows = (
        tables("affiliations")
        .join(counted, on="affiliation_id", how="left")
        .select("name", "label", "country", "ror_id", pl.col("papers").fill_null(0))
        .sort("papers", "name", "label", descending=[True, False, False])
        .collect()
    )
    return Listing(rows.head(ROWS), rows.height)


def _unsure(rows: pl.LazyFrame, order: list[str], *others: str) -> Listing:
    """Return the rows of least confidence, and how many there are: columns to sort by, the confidence first."""
    confidences = rows.select(order[0]).collect()[order[0]]
    if confidences.len() > ROWS:  # the other columns are read of few
        rows = rows.filter(pl.col(order[0]) <= confidences.bottom_k(ROWS).max())
    return Listing(rows.sort(order).head(ROWS).select(*order, *others).collect(), confidences.len())


def _readings(tables: Held) -> Listing:
    """Return the published records that are least certain, with their papers."""
    unsure = tables("records").filter(
        pl.col("status") == "published", pl.col("boundary_confidence") < DOUBTFUL
    )
    return _unsure(unsure, ["boundary_confidence", "source_file", "first_line"], "paper_id")


def _mentions(tables: Held) -> Listing:
    """Return the authorships whose person is least certain, with the name that the person has."""
    unsure = tables("authorships").filter(pl.col("identity_confidence") < UNSURE)
    order = ["identity_confidence", "paper_id", "position"]
    found = _unsure(unsure, order, "author_id", "name_as_listed")
    named = tables("authors").filter(pl.col("author_id").is_in(found.rows["author_id"].unique().implode()))
    names = named.select("author_id", author="name").collect()
    rows = found.rows.join(names, on="author_id", how="left", maintain_order="left")
    return Listing(rows, found.total)


def _titles(tables: Held, *chosen: Listing) -> pl.DataFrame:
    """Return the titles of the papers of some rows: texts of other papers are not decoded."""
    ids = pl.concat([one.rows["paper_id"] for one in chosen]).unique()
    papers = tables.whole("papers").filter(pl.col("paper_id").is_in(ids.implode()))
    return papers.select("paper_id", "title").collect()


def _titled(chosen: Listing, titles: pl.DataFrame, *columns: str) -> Listing:
    """Return columns of these rows, the paper's title among them."""
    rows = chosen.rows.join(titles, on="paper_id", how="left", maintain_order="left")
    return Listing(rows.select(columns), chosen.total)


def _bins(frame: pl.LazyFrame, column: str) -> list[int]:
    """Return how many values lie below the first of `STEPS`, between each two, and from the last on."""
    return _binned(frame.group_by(step=_step(column)).agg(n=pl.len()).collect())


def _step(column: str) -> pl.Expr:
    """Return how many of `STEPS` a value has reached; null where there is none."""
    return pl.when(pl.col(column).is_not_null()).then(
        pl.sum_horizontal(pl.col(column) >= step for step in STEPS)
    )


def _binned(counted: pl.DataFrame) -> list[int]:
    """Return how many values there are by number of `STEPS`, from none to all of them. `counted`: step, n."""
    found = dict(counted.drop_nulls("step").iter_rows())
    return [int(found.get(number, 0)) for number in range(len(STEPS) + 1)]
