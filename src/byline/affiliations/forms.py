"""Comparison forms of organisations' names and labels."""

from __future__ import annotations

from functools import cache

import polars as pl

from byline.core import resources
from byline.normalize.letters import without_accents
from byline.normalize.text import squash


@cache
def _words() -> tuple[list[str], list[str]]:
    """Return abbreviated words and their full forms, each padded so that only whole words match."""
    pairs = resources.table("organisations/words.tsv")
    return [f" {short} " for short, _ in pairs], [f" {full} " for _, full in pairs]


@cache
def legal_forms() -> tuple[str, ...]:
    """Return the legal forms of companies as they end a label in comparison form, the longest first."""
    return tuple(resources.lines("organisations/legal_forms.txt"))


@cache
def country_names() -> dict[str, str]:
    """Return the ISO code of each name of a country, in comparison form, that may stand behind an organisation's."""
    rows = resources.table("organisations/country_names.tsv")
    return {name: code for code, names in rows for name in names.split("|")}


def company_form(forms: pl.Series) -> pl.Series:
    """Return exact forms without the legal form of a company at the end: `amazon com inc` is `amazon com`."""
    ending = "|".join(legal_forms())
    return forms.str.replace(rf"^(.*?[^ ])(?: (?:{ending}))+$", "$1").alias("form")


def label_form(labels: pl.Series) -> pl.Series:
    """Return labels as the published table shows them: NFC, white space folded, lower case."""
    frame = labels.cast(pl.String).alias("label").to_frame()
    return frame.select(squash(pl.col("label").str.normalize("NFC")).str.to_lowercase()).to_series()


def exact_form(names: pl.Series) -> pl.Series:
    """Return names in the form that is compared: no case, accents, punctuation, nor a leading article."""
    plain = without_accents(names).str.replace_all("&", " and ", literal=True).str.replace_all(r"['’`]", "")
    plain = plain.str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()
    return plain.str.replace(r"^the ", "").alias("form")


def loose_form(forms: pl.Series) -> pl.Series:
    """Return exact forms with usual abbreviations spelled out: `univ` is `university`."""
    short, full = _words()
    padded = " " + forms.str.replace_all(" ", "  ", literal=True) + " "
    spelled = padded.str.replace_many(short, full, leftmost=True)
    return spelled.str.replace_all(r" +", " ").str.strip_chars().alias("form")
