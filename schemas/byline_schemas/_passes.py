"""The joins behind the rules between tables: one row a key, and what each table says of it.

The functions that cut (`papers`, `authors` …) yield the tables of a pass, limited to a range of ids; those that join
(`by_paper`, `by_author` …) take them, and rules compare the columns of a row. In two passes over papers:

    pass 1: ids from "" to below "8000"         pass 2: ids from "8000" on
    papers        03ab… author_count 2
    authorships   03ab… position 1, 03ab… position 3 is_last

    by_paper:  paper_id  rows  author_count  mentions  positions  last_position  lasts
               03ab…     1     2             2         2          3              1

and the rule "positions run from 1 to author_count" fails for 03ab…, since last_position is 3. A key that only one table
has gets a row, too, with nulls from the others: that is how a mention of no paper is found.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from itertools import chain

import polars as pl

from byline_schemas._base import ID_PATTERN
from byline_schemas._cuts import Spill, batches, cut, put_all, ranges, within
from byline_schemas._tally import Scans


def papers(scans: Scans, passes: int, spill: Spill | None) -> Iterator[Scans]:
    """Yield papers and what refers to them, by ranges of paper_id."""
    tables = {
        "papers": scans["papers"].select(
            "paper_id", "year", "author_count", "authors_truncated", "record_count"
        ),
        "authorships": scans["authorships"].select("paper_id", "position", "is_last", "year"),
        "records": scans["records"].filter(pl.col("paper_id").is_not_null()).select("paper_id", "status"),
        "labels": scans["paper_affiliations"].select("paper_id", "position"),
    }
    return cut(tables, "paper_id", passes, spill)


def by_paper(tables: Scans) -> pl.LazyFrame:
    """Return one row a paper_id: `papers`, and what the tables that refer to it say."""
    position = pl.col("position").cast(pl.Int64)
    return _joined(
        "paper_id",
        (
            tables["papers"],
            (
                pl.len().alias("rows"),
                pl.col("year", "author_count", "authors_truncated", "record_count").first(),
            ),
        ),
        (
            tables["authorships"],
            (
                pl.len().cast(pl.Int64).alias("mentions"),
                position.n_unique().cast(pl.Int64).alias("positions"),
                position.min().alias("first_position"),
                position.max().alias("last_position"),
                pl.col("is_last").sum().cast(pl.Int64).alias("lasts"),
                (pl.col("is_last") * position).max().alias("marked_last"),
                pl.col("year").min().alias("earliest_year"),
                pl.col("year").max().alias("latest_year"),
            ),
        ),
        (
            tables["records"],
            (
                pl.len().cast(pl.Int64).alias("records"),
                (pl.col("status") == "published").sum().cast(pl.Int64).alias("published_records"),
            ),
        ),
        (
            tables["labels"],
            (
                pl.len().cast(pl.Int64).alias("labels"),
                pl.col("position").n_unique().cast(pl.Int64).alias("label_positions"),
                pl.col("position").max().cast(pl.Int64).alias("last_label"),
            ),
        ),
    )


def _joined(key: str, *parts: tuple[pl.LazyFrame, tuple[pl.Expr, ...]]) -> pl.LazyFrame:
    """Return one row a key of any table: what is said of its rows in each (table, facts), null where it has none."""
    grouped = [table.group_by(key).agg(*facts) for table, facts in parts]
    return reduce(lambda one, other: one.join(other, on=key, how="full", coalesce=True), grouped)


def authors(scans: Scans, passes: int, spill: Spill | None) -> Iterator[Scans]:
    """Yield authors, their identifiers, and their mentions (form, paper, its date) as `works`, by author_id."""
    people = scans["authors"].select(
        "author_id", "aliases", "paper_count", "first_published", "last_published"
    )
    mentions = scans["authorships"].select("author_id", "name_as_listed", "paper_id")
    dates = scans["papers"].select("paper_id", "published")
    identifiers = scans["author_identifiers"].select("author_id")
    cut_people = cut({"authors": people, "identifiers": identifiers}, "author_id", passes, spill)
    if spill is None:
        for part, (low, high) in zip(cut_people, ranges(passes), strict=True):
            some = within(mentions, "author_id", low, high)
            yield {**part, "works": _dated(some, dates, whole=passes == 1)}
        return
    parts = cut({"mentions": mentions, "dates": dates}, "paper_id", passes, spill)
    dated = (part["mentions"].join(part["dates"], on="paper_id", how="left") for part in parts)
    put_all(spill, "works", chain.from_iterable(map(batches, dated)), "author_id", passes)
    for place, part in enumerate(cut_people):
        yield {**part, "works": spill.take("works", place).with_columns(_number("paper_id"))}


def _dated(mentions: pl.LazyFrame, dates: pl.LazyFrame, *, whole: bool) -> pl.LazyFrame:
    """Add the dates of their papers to mentions, where these are the whole table or some of it."""
    held = mentions.with_columns(_number("paper_id")).collect(engine="streaming").lazy()
    dates = dates.with_columns(_number("paper_id"))
    if not whole:  # only the papers of these authors are held: those of all would grow with the dataset
        own = dates.join(held.select("paper_id").unique(), on="paper_id", how="semi")
        dates = own.collect(engine="streaming").lazy()
    return held.join(dates, on="paper_id", how="left")


def by_author(tables: Scans) -> pl.LazyFrame:
    """Return one row an author_id: `authors`, and what its authorships and their papers say."""
    facts = pl.col("paper_count", "first_published", "last_published").first()
    return _joined(
        "author_id",
        (tables["authors"], (pl.len().alias("rows"), facts)),
        (
            tables["works"],
            (
                pl.col("paper_id").n_unique().cast(pl.Int64).alias("papers"),
                pl.col("published").min().alias("earliest"),
                pl.col("published").max().alias("latest"),
            ),
        ),
    )


def _number(name: str) -> pl.Expr:
    """Return an id as the number that its hexadecimal digits write, which takes a third of the text's memory.

    A text that is no id gets a number beyond them, from its hash.
    """
    text = pl.col(name)
    written = text.str.to_integer(base=16, dtype=pl.Int128, strict=False)
    other = text.hash().cast(pl.Int128) + (1 << 81)
    return (
        pl.when(text.str.contains(ID_PATTERN)).then(written).when(text.is_not_null()).then(other).alias(name)
    )


def by_alias(tables: Scans) -> pl.LazyFrame:
    """Return one row an author_id and form: whether `aliases` holds it and whether it was listed."""
    aliases = tables["authors"].select("author_id", form="aliases")
    listed = tables["works"].select("author_id", form="name_as_listed")
    known = aliases.explode("form").with_columns(alias=pl.lit(value=True))
    return known.join(
        listed.unique().with_columns(listed=pl.lit(value=True)),
        on=["author_id", "form"],
        how="full",
        coalesce=True,
    )


def records(scans: Scans, passes: int, _: Spill | None) -> Iterator[Scans]:
    """Yield records and quarantine by ranges of record_id, by which both are sorted: a pass reads its part."""
    tables = {
        "records": scans["records"].select("record_id", "status"),
        "quarantine": scans["quarantine"].select("record_id"),
    }
    return cut(tables, "record_id", passes, None)


def by_record(tables: Scans) -> pl.LazyFrame:
    """Return one row a record_id: `records` and `quarantine`."""
    return _joined(
        "record_id",
        (tables["records"], (pl.len().alias("rows"), pl.col("status").first())),
        (tables["quarantine"], (pl.len().alias("reasons"),)),
    )


def affiliations(scans: Scans, passes: int, spill: Spill | None) -> Iterator[Scans]:
    """Yield affiliations and the papers that name them, by ranges of affiliation_id."""
    tables = {
        "affiliations": scans["affiliations"].select("affiliation_id"),
        "labels": scans["paper_affiliations"].select("affiliation_id"),
    }
    return cut(tables, "affiliation_id", passes, spill)


def by_affiliation(tables: Scans) -> pl.LazyFrame:
    """Return one row an affiliation_id: `affiliations` and `paper_affiliations`."""
    return _joined(
        "affiliation_id",
        (tables["affiliations"], (pl.len().alias("rows"),)),
        (tables["labels"], (pl.len().alias("papers"),)),
    )


def by_identified(tables: Scans) -> pl.LazyFrame:
    """Return one row an author_id that has identifiers: how many rows `authors` has of it."""
    identified = tables["identifiers"].group_by("author_id").agg(identifiers=pl.len())
    known = tables["authors"].group_by("author_id").agg(rows=pl.len())
    return identified.join(known, on="author_id", how="left")


def whole(scans: Scans, passes: int, spill: Spill | None) -> Iterator[Scans]:
    """Yield the identifiers at once: people give them by hand, so they are few."""
    yield {"identifiers": scans["author_identifiers"].select("scheme", "value")}


def by_identifier(tables: Scans) -> pl.LazyFrame:
    """Return one row an identifier, and of how many authors it is."""
    return tables["identifiers"].group_by("scheme", "value").agg(bearers=pl.len())
