"""Resolved mentions to the table of authors."""

from __future__ import annotations

import polars as pl

ODD = r"[^\p{L}\p{M} .,'’-]"
"""A mark that no name has: a form with one was broken on its way."""
PARTS = ("name", "given", "family", "particle", "suffix", "kind", "name_key")
"""What a form is, beside its author."""
DIGRAPHS = [("ae", "a"), ("oe", "o"), ("ue", "u")]
"""How `ä`, `ö`, `ü` are written without accents: such a form is no fuller for it."""


def describe_authors(mentions: pl.DataFrame) -> pl.DataFrame:
    """Return one row an author, in any order, with the columns of the contract's `authors` table.

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
    mentions = mentions.select("author_id", *PARTS, "given_key", "name_as_listed", "paper_id", "published")
    once = mentions["author_id"].is_unique()
    several = mentions.filter(~once)
    alone = mentions.filter(once).select(
        "author_id", *PARTS, aliases=pl.concat_list("name_as_listed"), paper_count=pl.lit(1, pl.UInt32),
        first_published="published", last_published="published",
    )  # fmt: skip
    listed = several.select("author_id", "name_as_listed").unique().sort("author_id", "name_as_listed")
    aliases = listed.group_by("author_id").agg(aliases="name_as_listed")
    rest = several.group_by("author_id").agg(
        paper_count=pl.col("paper_id").n_unique().cast(pl.UInt32),
        first_published=pl.col("published").min(),
        last_published=pl.col("published").max(),
    )
    described = _fullest(several).join(aliases, on="author_id").join(rest, on="author_id")
    return pl.concat([alone, described.select(alone.columns)])


def _fullest(mentions: pl.DataFrame) -> pl.DataFrame:
    """Return one row an author: the parts of the name in the fullest form, see `describe_authors`."""
    forms = mentions.group_by("author_id", *PARTS).agg(pl.col("given_key").first(), pl.len().alias("seen"))
    once = forms["author_id"].is_unique()
    given, key, name = pl.col("given_key"), pl.col("name_key"), pl.col("name")
    ranked = forms.filter(~once).with_columns(
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
    best = ranked.sort(order.keys(), descending=list(order.values()), nulls_last=True)
    best = best.unique("author_id", keep="first", maintain_order=True)
    return pl.concat([forms.filter(once).select("author_id", *PARTS), best.select("author_id", *PARTS)])


def _letters(folded: pl.Expr) -> pl.Expr:
    """Return how many letters folded names have, `ae`, `oe` and `ue` counted as one."""
    for two, one in DIGRAPHS:
        folded = folded.str.replace_all(two, one, literal=True)
    return folded.str.replace_all(r"[- .]", "").str.len_chars()
