"""Titles that are typed otherwise and are the same: slips, endings, spellings, abbreviations, numbers as words.

A worked example: `The two-body problem of modelling trees` and `2-body problem of modeling tree`. Without the article
and with numbers as digits they are `2 body problem of modelling trees` and `2 body problem of modeling tree`: as many
words, of which two differ, by a letter each.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from rapidfuzz import process
from rapidfuzz.distance import OSA


@cache
def rules() -> dict[str, Any]:
    """Return the data of spelling: notes beside titles, numbers by words, Greek letters, how near words are."""
    text = (files("byline") / "resources" / "arxiv_titles.toml").read_text("utf-8")
    return tomllib.loads(text)


def without_notes(titles: pl.Series) -> pl.Series:
    """Return titles without what a page put before or behind them (`[v2] Sparse gates (preprint)`); never blank."""
    out = titles
    for pattern in (*rules()["notes"]["before"], *rules()["notes"]["behind"]):
        out = out.str.replace(pattern, "")
    return out.zip_with(out.str.contains(r"\p{L}").fill_null(value=True), titles)


def plain_words(folded: pl.Series) -> pl.Series:
    """Return folded titles with numbers as digits and Greek letters by name, without articles and `and`."""
    out = folded.str.replace_many(rules()["greek"])
    kept = pl.element().filter(~pl.element().is_in(rules()["near"]["skipped"]))
    plain = out.str.split(" ").list.eval(kept.replace(rules()["numbers"])).list.join(" ")
    return plain.zip_with(plain != "", out)


def near_titles(one: pl.Series, other: pl.Series, like: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    """Tell the pairs of folded titles that are typed otherwise, but the same; `like`: how similar their letters are."""
    near = np.zeros(len(one), dtype=np.bool_)
    rows = np.flatnonzero(like >= rules()["near"]["like"])
    if not len(rows):
        return near
    words = pl.DataFrame({"a": plain_words(one.gather(rows)), "b": plain_words(other.gather(rows))})
    same = words.select(pl.col("a", "b").str.replace_all(" ", "", literal=True))
    near[rows] = (same["a"] == same["b"]).to_numpy()
    lists = words.select(pl.col("a", "b").str.split(" ")).with_columns(row=pl.Series(rows))
    even = lists.filter(pl.col("a").list.len() == pl.col("b").list.len())
    apart = even.explode("a", "b").filter(pl.col("a") != pl.col("b"))
    judged = apart.with_columns(fits=_near_words(apart["a"], apart["b"])).group_by("row")
    typed = judged.agg(pl.col("fits").all(), count=pl.len())
    near[typed.filter("fits", pl.col("count") <= rules()["near"]["words"])["row"].to_numpy()] = True
    return near


@cache
def _excluded() -> dict[str, str]:
    """Return for each word of a group of opposites, and its plural, the group's first word."""
    groups = rules()["opposites"]["groups"]
    return {word + ending: group[0] for group in groups for word in group for ending in ("", "s")}


def opposed(mine: pl.Series, theirs: pl.Series) -> pl.Series:
    """Tell the pairs of titles that have opposites: `mine` and `theirs` are the words that one of both has alone.

    `[local]`, `[global]` are, and `[finite]`, `[infinite]`: the same behind `in`.
    """
    settings = rules()["opposites"]
    groups = _excluded()
    stem = rf"^(?:{'|'.join(settings['beginnings'])})(\p{{L}}{{{settings['letters']},}})$"
    words = pl.DataFrame({"a": mine, "b": theirs})
    group = pl.element().replace_strict(groups, default=None, return_dtype=pl.String)
    a, b = pl.col("a"), pl.col("b")
    same_group = a.list.eval(group.drop_nulls()).list.set_intersection(b.list.eval(group.drop_nulls()))
    stems = {name: pl.col(name).list.eval(pl.element().str.extract(stem).drop_nulls()) for name in ("a", "b")}
    turned = [stems["a"].list.set_intersection(b), stems["b"].list.set_intersection(a)]
    found = pl.any_horizontal(one.list.len() > 0 for one in (same_group, *turned))
    return words.select(found.fill_null(value=False)).to_series()


def _near_words(one: pl.Series, other: pl.Series) -> pl.Series:
    """Tell the pairs of words that may be one: a slip, an ending, one cut short. Numbers never are."""
    limits = rules()["near"]
    apart = process.cpdist(one.to_list(), other.to_list(), scorer=OSA.distance, dtype=np.int32)
    frame = pl.DataFrame({"a": one, "b": other, "apart": apart})
    a, b = pl.col("a"), pl.col("b")
    least = pl.min_horizontal(a.str.len_chars(), b.str.len_chars())
    turned = pl.any_horizontal(
        pl.concat_str(pl.lit(letter), short) == long
        for letter in limits["turning"]
        for short, long in ((a, b), (b, a))
    )
    slip = (pl.col("apart") <= limits["slip"]) & ~turned
    long = (
        (least >= limits["long"])
        & (a.str.head(2) == b.str.head(2))
        & (pl.col("apart") <= limits["slip_long"])
    )
    cut_short = a.str.starts_with(b) | b.str.starts_with(a)
    plain = ~pl.any_horizontal(pl.col("a", "b").str.contains(r"\p{N}"))
    small = pl.any_horizontal(pl.col("a", "b").is_in(limits["small"]))
    enough = (least >= limits["letters"]) | small
    return frame.select((slip | long | cut_short) & plain & enough).to_series()
