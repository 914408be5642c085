"""Given names as they may be written otherwise: nicknames, second names, and what like-sounding spellings share."""

from __future__ import annotations

from functools import cache

import polars as pl

from byline.core import resources

LEAST = 4
"""Letters from which two spellings of one given name are told from two short names."""


@cache
def _nicknames() -> pl.DataFrame:
    rows = [line.split() for line in resources.lines("names/nicknames.txt")]
    return pl.DataFrame(
        [(name, row[0]) for row in rows for name in row],
        schema={"first": pl.String, "long": pl.String},
        orient="row",
    ).unique("first", keep="first", maintain_order=True)


def long_forms(first: pl.Series) -> pl.Series:
    """Return the long form of each given name, `robert` of `bob`; the name itself where it is no nickname."""
    named = first.to_frame("first").join(_nicknames(), on="first", how="left", maintain_order="left")
    return named["long"].fill_null(first)


def second() -> pl.Expr:
    """Return the second given name of `given_key`, nothing where there is none or only its initial."""
    return full(_word(pl.col("given_key"), 1).str.replace_all("-", "", literal=True))


def half() -> pl.Expr:
    """Return the second half of a given name with a hyphen, or the second given name, likewise."""
    return full(_word(pl.col("given_key").str.replace_all("-", " ", literal=True), 1))


def _word(texts: pl.Expr, place: int) -> pl.Expr:
    return texts.str.split(" ").list.get(place, null_on_oob=True)


def full(word: pl.Expr) -> pl.Expr:
    """Return a given name, but nothing for an initial, of one letter or with a stop."""
    return (
        pl.when((word.str.len_chars() > 1) & ~word.str.contains(".", literal=True))
        .then(word)
        .otherwise(pl.lit(""))
    )


def skeleton() -> pl.Expr:
    """Return the consonants of the first given name after its first letter, doubled ones once, mute h left out."""
    rest = (
        pl.col("first")
        .str.slice(1)
        .str.replace_all("[aeiouyh]", "")
        .str.replace_all("ck", "k")
        .str.replace_all("z", "s")
    )
    return pl.col("first").str.slice(0, 1) + _once(rest, "bcdfgjklmnpqrstvwx")


def single() -> pl.Expr:
    """Return the first given name with doubled letters once and mute h left out: Mathieu and Matthieu agree."""
    return _once(pl.col("first").str.replace_all("h", ""), "abcdefgijklmnopqrstuvwxyz")


def sound(column: str) -> pl.Expr:
    """Return a name as it sounds across spellings: Luis and Luiz, Sofia and Sophia, Mathieu and Matthieu agree."""
    pairs = {"ph": "f", "ck": "k", "z": "s", "y": "i", "c": "k", "w": "v", "h": ""}
    return _once(pl.col(column).str.replace_many(list(pairs), list(pairs.values())), "abdefgijklmnopqrstuvx")


def _once(texts: pl.Expr, letters: str) -> pl.Expr:
    """Return the texts with these letters once where they are doubled."""
    return texts.str.replace_many([c * 2 for c in letters], list(letters))
