"""Comparison keys of names: letters a to z and single spaces, whatever script or accents the name was listed in."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import polars as pl
from anyascii import anyascii

from byline.normalize.letters import letters, without_accents

NOT_ASCII = r"[^\x00-\x7F]"
APOSTROPHES = r"['`´‘’ʻʼ′ˈ]"
UNFOLDED = r"[^a-z ]|  |^ | $"
"""What a folded name does not have: few names in lower case without accents have it, and only these are folded."""

COARSE = [
    ("ae", "a"),
    ("oe", "o"),
    ("ue", "u"),
    ("ij", "y"),
    ("ph", "f"),
    ("th", "t"),
    ("w", "v"),
    ("ck", "k"),
    ("tz", "z"),
]
"""Spellings of one sound that listings mix: Müller and Mueller, Bandyopadhyay's kind is left alone."""


CONSONANTS = "bcdfghjklmnpqrstvxyz"
DOUBLED = "|".join(c * 2 for c in CONSONANTS)
TO_COARSEN = rf" |{'|'.join(old for old, _ in COARSE)}|aa|ee|ii|oo|uu|{DOUBLED}|[oau]h|^[ae]l"
"""What a key has that `coarse` changes: two keys of three have nothing of it."""


def fold_names(names: pl.Series) -> pl.Series:
    """Return the names in the letters a to z and single spaces; "" when no letter is left. Null stays null.

    Accents go, apostrophes vanish (`O'Neil` is `oneil`), every other mark is a space, other scripts are transliterated
    by anyascii. Digits vanish.
    """
    beyond = names.str.contains(NOT_ASCII).fill_null(value=False).arg_true()
    out = names
    if beyond.len():
        out = names.clone().scatter(beyond, _to_ascii(names.gather(beyond)))
    out = out.str.to_lowercase()
    marked = out.str.contains(UNFOLDED).fill_null(value=False).arg_true()
    if not marked.len():
        return out
    some = out.gather(marked).str.replace_all("'", "", literal=True)
    return out.scatter(marked, some.str.replace_all(r"[^a-z]+", " ").str.strip_chars(" "))


def _to_ascii(names: pl.Series) -> pl.Series:
    """Return names with accents stripped and other scripts transliterated."""
    out = without_accents(names.str.replace_all(APOSTROPHES, "'"))
    rest = out.str.contains(NOT_ASCII).fill_null(value=False).arg_true()
    if rest.len():
        out = out.scatter(rest, pl.Series([anyascii(text) for text in out.gather(rest)], dtype=pl.String))
    return out


@lru_cache(maxsize=1 << 14)
def fold_one(name: str) -> str:
    """Return `fold` of one name."""
    text = name
    if not name.isascii():
        decomposed = "".join(
            c for c in unicodedata.normalize("NFKD", name) if unicodedata.category(c)[0] != "M"
        )
        text = re.sub(APOSTROPHES, "'", decomposed).lower()
        text = anyascii("".join(letters().get(c, c) for c in text))
    return " ".join(re.sub(r"[^a-z]+", " ", text.lower().replace("'", "")).split())


def coarse(keys: pl.Series) -> pl.Series:
    """Return a coarser key of folded family names, on which spellings of one name agree.

    Spaces go, `ae`, `oe`, `ue` lose their e, doubled letters become one, `oh` before a consonant or at the end is `o`
    (Onishi, Ohnishi, Oonishi), a leading Arabic article goes. It only decides which names are compared at all.
    """
    rows = keys.str.contains(TO_COARSEN).fill_null(value=False).arg_true()
    return keys.clone().scatter(rows, _coarsened(keys.gather(rows))) if rows.len() else keys


def _coarsened(keys: pl.Series) -> pl.Series:
    """Return coarser keys of folded family names; one that has nothing of `TO_COARSEN` would stay as it is."""
    out = keys.str.replace_all(" ", "", literal=True)
    for old, new in COARSE:
        out = out.str.replace_all(old, new, literal=True)
    out = out.str.replace_all(r"(a)a+|(e)e+|(i)i+|(o)o+|(u)u+", "${1}${2}${3}${4}${5}")
    doubled = out.str.contains(DOUBLED).fill_null(value=False).arg_true()
    if doubled.len():  # the search costs a tenth of the replacement
        single = out.gather(doubled).str.replace_many([c * 2 for c in CONSONANTS], list(CONSONANTS))
        out = out.clone().scatter(doubled, single)
    out = out.str.replace_all(r"([oau])h([bcdfgjklmnpqrstvxz]|$)", "${1}${2}")
    return out.str.replace(r"^[ae]l(.{4,})$", "${1}")
