"""The joins behind the rules between tables: one row a key, what each table says of it, for a range of ids."""

from __future__ import annotations

import polars as pl

from schemas._tally import Scans, within


def by_paper(scans: Scans, low: str, high: str) -> pl.LazyFrame:
    """Return one row a paper_id: `papers`, and what the tables that refer to it say."""
    papers = within(scans["papers"], "paper_id", low, high)
    parts = [_authorships(scans, low, high), _records(scans, low, high), _labels(scans, low, high)]
    joined = papers.group_by("paper_id").agg(
        pl.len().alias("rows"),
        pl.col("year", "author_count", "authors_truncated", "record_count").first(),
    )
    for part in parts:
        joined = joined.join(part, on="paper_id", how="full", coalesce=True)
    return joined


def _authorships(scans: Scans, low: str, high: str) -> pl.LazyFrame:
    position = pl.col("position").cast(pl.Int64)
    rows = within(scans["authorships"], "paper_id", low, high)
    return rows.group_by("paper_id").agg(
        pl.len().cast(pl.Int64).alias("mentions"),
        position.n_unique().cast(pl.Int64).alias("positions"),
        position.min().alias("first_position"),
        position.max().alias("last_position"),
        pl.col("is_last").sum().cast(pl.Int64).alias("lasts"),
        (pl.col("is_last") * position).max().alias("marked_last"),
        pl.col("year").min().alias("earliest_year"),
        pl.col("year").max().alias("latest_year"),
    )


def _records(scans: Scans, low: str, high: str) -> pl.LazyFrame:
    rows = within(scans["records"].filter(pl.col("paper_id").is_not_null()), "paper_id", low, high)
    return rows.group_by("paper_id").agg(
        pl.len().cast(pl.Int64).alias("records"),
        (pl.col("status") == "published").sum().cast(pl.Int64).alias("published_records"),
    )


def _labels(scans: Scans, low: str, high: str) -> pl.LazyFrame:
    rows = within(scans["paper_affiliations"], "paper_id", low, high)
    return rows.group_by("paper_id").agg(
        pl.len().cast(pl.Int64).alias("labels"),
        pl.col("position").n_unique().cast(pl.Int64).alias("label_positions"),
        pl.col("position").max().cast(pl.Int64).alias("last_label"),
    )


def by_author(scans: Scans, low: str, high: str) -> pl.LazyFrame:
    """Return one row an author_id: `authors`, and what its authorships and their papers say."""
    authors = within(scans["authors"], "author_id", low, high)
    facts = ("paper_count", "first_published", "last_published")
    return (
        authors.group_by("author_id")
        .agg(pl.len().alias("rows"), pl.col(*facts).first())
        .join(_works(scans, low, high), on="author_id", how="full", coalesce=True)
    )


def _works(scans: Scans, low: str, high: str) -> pl.LazyFrame:
    mentions = within(scans["authorships"], "author_id", low, high).select("author_id", _number("paper_id"))
    held = mentions.collect(engine="streaming")
    # Only the papers of these authors are held: those of all would grow with the dataset.
    own = held.lazy().select("paper_id").unique()
    dates = scans["papers"].select(_number("paper_id"), "published").join(own, on="paper_id", how="semi")
    dated = dates.collect(engine="streaming").lazy()
    return (
        held.lazy()
        .join(dated, on="paper_id", how="left")
        .group_by("author_id")
        .agg(
            pl.col("paper_id").n_unique().cast(pl.Int64).alias("papers"),
            pl.col("published").min().alias("earliest"),
            pl.col("published").max().alias("latest"),
        )
    )


def _number(name: str) -> pl.Expr:
    """Return an id as the number that its hexadecimal digits write, which takes a third of the text's memory.

    A text that is no such number gets one beyond them, from its hash.
    """
    written = pl.col(name).str.to_integer(base=16, dtype=pl.Int128, strict=False)
    return pl.coalesce(written, pl.col(name).hash().cast(pl.Int128) + (1 << 81)).alias(name)


def by_alias(scans: Scans, low: str, high: str) -> pl.LazyFrame:
    """Return one row an author_id and form: whether `aliases` holds it and whether it was listed."""
    aliases = within(scans["authors"], "author_id", low, high).select("author_id", form="aliases")
    listed = within(scans["authorships"], "author_id", low, high).select("author_id", form="name_as_listed")
    known = aliases.explode("form").with_columns(alias=pl.lit(value=True))
    return known.join(
        listed.unique().with_columns(listed=pl.lit(value=True)),
        on=["author_id", "form"],
        how="full",
        coalesce=True,
    )


def by_record(scans: Scans, low: str, high: str) -> pl.LazyFrame:
    """Return one row a record_id: `records` and `quarantine`."""
    records = within(scans["records"], "record_id", low, high).group_by("record_id")
    quarantine = within(scans["quarantine"], "record_id", low, high).group_by("record_id")
    return records.agg(pl.len().alias("rows"), pl.col("status").first()).join(
        quarantine.agg(pl.len().alias("reasons")), on="record_id", how="full", coalesce=True
    )


def by_affiliation(scans: Scans, low: str, high: str) -> pl.LazyFrame:
    """Return one row an affiliation_id: `affiliations` and `paper_affiliations`."""
    known = within(scans["affiliations"], "affiliation_id", low, high).group_by("affiliation_id")
    used = within(scans["paper_affiliations"], "affiliation_id", low, high).group_by("affiliation_id")
    return known.agg(pl.len().alias("rows")).join(
        used.agg(pl.len().alias("papers")), on="affiliation_id", how="full", coalesce=True
    )
