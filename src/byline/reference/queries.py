"""What a listing's papers ask of the index."""

from __future__ import annotations

import re

import polars as pl

from byline.core import resources
from byline.names import wordlists
from byline.names.folding import fold_names
from byline.names.repair import repair
from byline.reference import keys
from byline.reference.author_keys import first_authors
from byline.reference.authors import NAME

LETTER = r"\p{L}"
SUFFIXES = r"(?i),? (?:jr|sr|ii|iii|iv)\.?$"
WITH_DEGREE = r",|\p{Lu}\.?$"
"""What a name with a degree behind it has: a comma, or a capital at its end."""
QUERY: dict[str, pl.DataType] = {
    "paper": pl.UInt32(), "arxiv_id": pl.String(), "doi": pl.String(), "title": pl.String(), "abstract": pl.String(),
    "published": pl.Date(), "published_precision": pl.String(), "category_candidates": pl.List(pl.String),
    "names": pl.List(NAME), "cut": pl.Boolean(),
}  # fmt: skip
"""A paper as it asks: its number, what the page says, its names in parts, and whether the page cut their list."""


def queries(papers: pl.DataFrame) -> pl.DataFrame:
    """Return merged papers as `QUERY`; `paper` counts them from 0.

    `papers`: the columns of the table `papers`, authors, and name_parts (null where the page gave display names); or
    names, as this gave them before.
    """
    if "names" not in papers.columns:
        papers = papers.with_columns(names_of(papers["authors"], papers["name_parts"]))
    frame = papers.with_row_index("paper").with_columns(
        title=pl.coalesce("title_tex", "title"),
        abstract=pl.coalesce("abstract_tex", "abstract"),
        cut="authors_truncated",
    )
    return frame.select(pl.col(name).cast(dtype) for name, dtype in QUERY.items())


@resources.kept
def _degrees() -> str:
    """Return the pattern of degrees behind a name (`, Ph. D.`, ` MD`), from the table that names are parsed with."""
    listed = wordlists.suffixes()
    written = ["[. ]*".join(map(re.escape, key)) for key, one in listed.items() if one.kind == "degree"]
    exact = [re.escape(one.shown) for one in listed.values() if one.kind == "exact"]
    return rf"(?:(?i:(?:,\s*|\s)(?:{'|'.join(written)})\.?)|,\s*(?:{'|'.join(exact)}))+$"


def _without_degrees(names: pl.Series) -> pl.Series:
    rows = names.str.contains(WITH_DEGREE).fill_null(value=False).arg_true()
    return names.scatter(rows, names.gather(rows).str.replace(_degrees(), "")) if rows.len() else names


def names_of(authors: pl.Series, parts: pl.Series) -> pl.Series:
    """Return listed names in parts: those that the page gave, else family name last, or first before a comma.

    What has no letter (`:` behind a collaboration) is no name, and left out.
    """
    listed = pl.DataFrame({"name": authors}).with_row_index("row").explode("name").drop_nulls("name")
    distinct = pl.DataFrame({"name": listed["name"].unique()})
    distinct = distinct.with_columns(whole=_without_degrees(repair(distinct["name"])))
    bare = pl.col("whole").str.replace(SUFFIXES, "").str.strip_chars()
    comma = bare.str.extract_groups(r"^([^,]+),\s*(\S.*)$")
    turned = comma.struct.field("1").is_not_null()
    distinct = distinct.with_columns(
        family=pl.when(turned).then(comma.struct.field("1")).otherwise(bare.str.extract(r"(\S+)$")),
        given=pl.when(turned).then(comma.struct.field("2")).otherwise(bare.str.extract(r"^(.+?)\s+\S+$")),
        suffix=pl.col("whole").str.extract(r"(?i) (jr|sr|ii|iii|iv)\.?$"),
    )
    distinct = distinct.filter(pl.col("whole").str.contains(LETTER))
    split = listed.join(distinct, on="name", maintain_order="left")
    lists = split.group_by("row", maintain_order=True).agg(names=pl.struct("given", "family", "suffix"))
    rows = pl.DataFrame({"row": pl.int_range(len(authors), dtype=pl.UInt32, eager=True), "parts": parts})
    joined = rows.join(lists, on="row", how="left", maintain_order="left")
    return (
        joined.select(
            pl.coalesce(pl.col("parts").cast(pl.List(NAME)), "names").fill_null(pl.lit([], pl.List(NAME)))
        )
        .to_series()
        .rename("names")
    )


def query_keys(asked: pl.DataFrame) -> pl.DataFrame:
    """Return the keys of queries as `keys.KEYS`, `row` renamed to `paper`."""
    leading = first_authors(asked["names"])
    made = keys.keys_of(pl.concat([asked, leading], how="horizontal")).rename({"row": "paper"})
    numbers = asked["paper"]
    return made.with_columns(paper=numbers.gather(made["paper"]))


def folded_names(given: pl.Series, family: pl.Series) -> pl.DataFrame:
    """Return names folded: family, last, given, first, whole; what is missing is "".

    `last` is the last word of the family name, `first` the first given name, `whole` all letters in order. An `and`
    that a list left before its last name is none of it.
    """
    family, given = fold_names(family.fill_null("")), fold_names(given.fill_null(""))
    given = given.str.replace(r"^and ", "")
    return pl.DataFrame(
        {
            "family": family,
            "last": family.str.extract(r"([^ ]*)$", 1),
            "given": given,
            "first": given.str.extract(r"^([^ ]*)", 1),
            "whole": (given + family).str.replace_all(" ", "", literal=True),
        }
    )
