"""Resolved mentions to the table of authors."""

from __future__ import annotations

import polars as pl


def describe_authors(mentions: pl.DataFrame) -> pl.DataFrame:
    """Return one row an author, sorted by author_id, with the columns of the contract's `authors` table.

    `mentions`: rows of `describe` with `author_id`. The name is the fullest form seen: most letters in the parsed name
    without initials, then most letters at all, then the most frequent, then the first in code point order.
    """
    full = pl.col("given_key").str.replace_all(r"\b[a-z]\b", "").str.replace_all(r"[- ]", "").str.len_chars()
    parts = ["name", "given", "family", "particle", "suffix", "kind", "name_key"]
    forms = mentions.group_by("author_id", *parts).agg(
        full.first().alias("full"),
        pl.col("name").first().str.len_chars().alias("length"),
        pl.len().alias("seen"),
    )
    keep = ["author_id", "full", "length", "seen", "name", "name_key", "particle", "suffix"]
    best = forms.sort(keep, descending=[False, True, True, True, False, False, False, False], nulls_last=True)
    best = best.unique("author_id", keep="first", maintain_order=True).select("author_id", *parts)
    rest = mentions.group_by("author_id").agg(
        aliases=pl.col("name_as_listed").unique().sort(),
        paper_count=pl.col("paper_id").n_unique().cast(pl.UInt32),
        first_published=pl.col("published").min(),
        last_published=pl.col("published").max(),
    )
    return best.join(rest, on="author_id").sort("author_id")
