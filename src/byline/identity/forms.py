"""Distinct name forms of a block, and which of them one person may carry."""

from __future__ import annotations

from enum import IntEnum
from functools import cache
from importlib.resources import files

import polars as pl

FORM = ("block", "kind", "family_key", "given_key", "suffix")
"""Mentions that agree in these columns carry the same form of a name."""


class First(IntEnum):
    """How the first given names of two forms relate."""

    SAME = 0
    """Full and equal."""
    JOINED = 1
    """Equal when written together: Xi Mei and Ximei."""
    SHORT = 2
    """One is the other's short form: Bob and Robert."""
    BEGINS = 3
    """One begins the other: Alessandr and Alessandro; but also Xin and Xinyu."""
    INITIAL = 4
    """One is the other's initial."""
    INITIALS = 5
    """Both are the same initial."""
    BARE = 6
    """Neither has a given name, or both are collaborations."""
    SPELLED = 7
    """Full, with the same consonants: Philippe and Phillippe, Dimitrios and Dimitris."""
    DROPPED = 8
    """One form starts with the other's second given name: W. John and John."""


class Middle(IntEnum):
    """How what follows the first given name relates."""

    NONE = 0
    MISSING = 1
    """Only one form has it."""
    LETTERS = 2
    """The initials agree."""
    FULL = 3
    """Full middle names agree."""
    CONFLICT = 4


@cache
def _nicknames() -> pl.DataFrame:
    text = (files("byline") / "resources" / "nicknames.txt").read_text(encoding="utf-8")
    rows = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    return pl.DataFrame(
        [(name, row[0]) for row in rows for name in row],
        schema={"first": pl.String, "long": pl.String},
        orient="row",
    ).unique("first", keep="first", maintain_order=True)


def forms(mentions: pl.DataFrame) -> pl.DataFrame:
    """Return the distinct forms of mentions that carry a `form` number, in its order, with the parts to compare.

    Adds first, is_full, letters (the initials after the first), middle (the second given name when full), joined,
    long (the nickname's long form, else first) and letter (the initial of long): only forms of one (block, letter)
    are compared.
    """
    distinct = (
        mentions.group_by("form").agg(pl.col(*FORM, "rarity").first(), pl.len().alias("seen")).sort("form")
    )
    tokens = pl.col("given_key").str.split(" ")
    head = tokens.list.first().fill_null("")
    parts = pl.col("given_key").str.replace_all("-", " ", literal=True).str.split(" ")
    spelled = head.str.contains(r"^[a-z](?:-[a-z])+$")
    out = distinct.with_columns(
        first=pl.when(spelled)
        .then(head.str.slice(0, 1))
        .otherwise(head.str.replace_all("-", "", literal=True)),
        letters=parts.list.slice(1).list.eval(pl.element().str.slice(0, 1)).list.join(""),
        middle=pl.when(~spelled).then(tokens.list.get(1, null_on_oob=True)),
        joined=pl.col("given_key").str.replace_all("[- ]", ""),
    ).with_columns(
        is_full=pl.col("first").str.len_chars() > 1,
        middle=pl.when(pl.col("middle").str.len_chars() > 1).then("middle").fill_null(""),
        second=tokens.list.get(1, null_on_oob=True).str.replace_all("-", "", literal=True).fill_null(""),
        half=parts.list.get(1, null_on_oob=True).fill_null(""),
        skeleton=_skeleton(),
        single=_single(),
    )
    out = out.join(_nicknames(), on="first", how="left", maintain_order="left")
    out = out.with_columns(long=pl.col("long").fill_null(pl.col("first")))
    return out.with_columns(letter=pl.col("long").str.slice(0, 1))


def _skeleton() -> pl.Expr:
    """Return the consonants of the first given name after its first letter, doubled ones once, mute h left out."""
    rest = (
        pl.col("first")
        .str.slice(1)
        .str.replace_all("[aeiouyh]", "")
        .str.replace_all("ck", "k")
        .str.replace_all("z", "s")
    )
    once = rest.str.replace_many([c * 2 for c in "bcdfgjklmnpqrstvwx"], list("bcdfgjklmnpqrstvwx"))
    return pl.col("first").str.slice(0, 1) + once


def _single() -> pl.Expr:
    """Return the first given name with doubled letters once and mute h left out: Mathieu and Matthieu agree."""
    letters = "abcdefgijklmnopqrstuvwxyz"
    return pl.col("first").str.replace_all("h", "").str.replace_many([c * 2 for c in letters], list(letters))


def related(table: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs of forms, a < b, that one person may carry: form_a, form_b, first, mid (codes), family_same."""
    base = table.select(
        "form", "block", "letter", "kind", "family_key", "suffix", "first", "letters", "middle", "joined",
        "is_full", "long", "second", "half", "skeleton", "single", start=pl.col("first").str.slice(0, 3),
    )  # fmt: skip
    full = base.filter("is_full")
    initial = base.filter(~pl.col("is_full") & (pl.col("first") != ""))
    bare = base.filter(pl.col("first") == "")
    spelled = full.filter((pl.col("skeleton").str.len_chars() >= 3) & (pl.col("first").str.len_chars() >= 4))
    doubled = full.filter(pl.col("single").str.len_chars() >= 4)
    second = base.filter(pl.col("second").str.len_chars() > 1)
    double = base.filter((pl.col("half").str.len_chars() > 1) & (pl.col("half") != pl.col("second")))
    pairs = pl.concat(
        [
            _pairs(full, full, ["block", "first"], First.SAME),
            _pairs(full, full, ["block", "joined"], First.JOINED),
            _pairs(full, full, ["block", "long"], First.SHORT),
            _pairs(full, full, ["block", "start"], First.BEGINS).filter(_one_begins_the_other()),
            _pairs(initial, full, ["block", "letter"], First.INITIAL),
            _pairs(initial, initial, ["block", "letter"], First.INITIALS),
            _pairs(bare, bare, ["block"], First.BARE),
            _pairs(spelled, spelled, ["block", "skeleton"], First.SPELLED),
            _pairs(doubled, doubled, ["block", "single"], First.SPELLED),
            _pairs(second, full.with_columns(second="first"), ["block", "second"], First.DROPPED),
            _pairs(double, full.with_columns(half="first"), ["block", "half"], First.DROPPED),
        ]
    )
    pairs = pairs.filter(
        (pl.col("suffix") == pl.col("suffix_b")).fill_null(value=True) & (pl.col("kind") == pl.col("kind_b"))
    )
    pairs = pairs.select(
        form_a=pl.min_horizontal("form", "form_b"), form_b=pl.max_horizontal("form", "form_b"), first="code",
        mid=_middle(), family_same=pl.col("family_key") == pl.col("family_key_b"),
    )  # fmt: skip
    return pairs.sort("form_a", "form_b", "first").unique(
        ["form_a", "form_b"], keep="first", maintain_order=True
    )


def _pairs(left: pl.DataFrame, right: pl.DataFrame, on: list[str], code: First) -> pl.DataFrame:
    keep = ["form", "kind", "family_key", "suffix", "first", "letters", "middle"]
    joined = left.select(*{*keep, *on}).join(
        right.select(*{*keep, *on}), on=on, suffix="_b", maintain_order="left_right"
    )
    wide = joined.filter(
        (pl.col("form") < pl.col("form_b")) if left is right else pl.col("form") != pl.col("form_b")
    )
    for key in ("first",):
        if key in on:
            wide = wide.with_columns(first_b="first")
    columns = [*keep, *(f"{column}_b" for column in keep)]
    return wide.select(columns).with_columns(code=pl.lit(int(code), pl.Int8))


def _one_begins_the_other() -> pl.Expr:
    longer = pl.col("first").str.starts_with(pl.col("first_b")) | pl.col("first_b").str.starts_with(
        pl.col("first")
    )
    return longer & (
        pl.min_horizontal(pl.col("first").str.len_chars(), pl.col("first_b").str.len_chars()) >= 3
    )


def _middle() -> pl.Expr:
    a, b = pl.col("letters"), pl.col("letters_b")
    fits = a.str.starts_with(b) | b.str.starts_with(a) | a.str.ends_with(b) | b.str.ends_with(a)
    both_full = (pl.col("middle") != "") & (pl.col("middle_b") != "")
    return (
        pl.when((a == "") & (b == "")).then(int(Middle.NONE))
        .when((a == "") | (b == "")).then(int(Middle.MISSING))
        .when(~fits).then(int(Middle.CONFLICT))
        .when(both_full & (pl.col("middle") == pl.col("middle_b"))).then(int(Middle.FULL))
        .when(both_full).then(int(Middle.CONFLICT))
        .otherwise(int(Middle.LETTERS)).cast(pl.Int8)
    )  # fmt: skip
