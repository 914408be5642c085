"""Resolved mentions to the table of authors."""

from __future__ import annotations

import polars as pl

ODD = r"[^\p{L}\p{M} .,'’-]"
"""A mark that no name has: a form with one was broken on its way."""
DIGRAPHS = [("ae", "a"), ("oe", "o"), ("ue", "u")]
"""How `ä`, `ö`, `ü` are written without accents: such a form is no fuller for it."""


def describe_authors(mentions: pl.DataFrame) -> pl.DataFrame:
    """Return one row an author, sorted by author_id, with the columns of the contract's `authors` table.

    | column of `mentions` | type | what it says |
    |---|---|---|
    | `author_id` | String | see `resolve` |
    | name, given, family, particle, suffix, kind | String? | parts of the name, see `names.parse` |
    | `name_key`, `given_key` | String | its keys |
    | `paper_id`, `published` | String, Date? | the paper, to count and to date by |

    The name is the fullest form seen: without odd marks, then most
    letters in the given names without initials, then most letters at all, then most letters with accents (`José`
    before `Jose`, `Müller` before `Mueller`), then the most frequent, then the first in code point order.
    """
    parts = ["name", "given", "family", "particle", "suffix", "kind", "name_key"]
    forms = mentions.group_by("author_id", *parts).agg(pl.col("given_key").first(), pl.len().alias("seen"))
    given, key, name = pl.col("given_key"), pl.col("name_key"), pl.col("name")
    forms = forms.with_columns(
        odd=(pl.col("kind") == "person") & name.str.contains(ODD),
        full=_letters(given.str.replace_all(r"\b[a-z]{1,3}\.|\b[a-z]\b", "")),
        length=_letters(key),
        accents=name.str.count_matches(r"[^\x00-\x7F’]"),
        words=name.str.len_chars(),
    )
    order = {
        "author_id": False,
        "odd": False,
        "full": True,
        "length": True,
        "accents": True,
        "words": True,
        "seen": True,
    }
    order |= dict.fromkeys(["name", "name_key", "particle", "suffix"], False)
    best = forms.sort(order.keys(), descending=list(order.values()), nulls_last=True)
    best = best.unique("author_id", keep="first", maintain_order=True).select("author_id", *parts)
    rest = mentions.group_by("author_id").agg(
        aliases=pl.col("name_as_listed").unique().sort(),
        paper_count=pl.col("paper_id").n_unique().cast(pl.UInt32),
        first_published=pl.col("published").min(),
        last_published=pl.col("published").max(),
    )
    return best.join(rest, on="author_id").sort("author_id")


def _letters(folded: pl.Expr) -> pl.Expr:
    """Return how many letters folded names have, `ae`, `oe` and `ue` counted as one."""
    for two, one in DIGRAPHS:
        folded = folded.str.replace_all(two, one, literal=True)
    return folded.str.replace_all(r"[- .]", "").str.len_chars()
