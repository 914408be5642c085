r"""The fold of titles: what is left is the same for two pages that typeset one title differently, and for them only.

LaTeX and HTML are decoded, then NFKC, case folded, accents off the letters; letters, digits and mathematical signs
stay, everything else goes. So `Poincar\'e` and `Poincaré` are one, `C` and `C++`, `x<5` and `x>5` are not.

A minus is a sign of mathematics, a hyphen is not, and pages write both with one character: between dollars it is a
minus, and in running text where a formula goes on behind it (`x²-y`, not `L²-norm`).
"""

from __future__ import annotations

import html
import re

import polars as pl

from byline import latex
from byline.normalize.letters import letters
from byline.normalize.text import NOT_ASCII

MINUS = "−"
MARKED = r"&#?\w+;|</?[A-Za-z]|\\texorpdfstring|\$[^$]*-[^$]*\$|\\\(.*-.*\\\)"
"""What the decoded title may not show: HTML, the two versions of a title for two media, a minus between dollars."""
FORMULA = r"[⁰¹²³⁴-⁹₀-₉^_=]"
"""Marks of a formula in running text."""

_ACCENTS = r"[\x{300}-\x{337}\x{339}-\x{36F}]+"
_STRUCK = r"(\p{L})\x{338}+"
_DROPPED = r"[^\p{L}\p{N}\p{Sm}]+"
_BRACED = r"\s*\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"
_TWO_MEDIA = re.compile(r"\\texorpdfstring" + _BRACED + _BRACED)
_TAG = re.compile(
    r"</?(?:i|b|u|em|strong|sub|sup|tt|scp|sc|span|inline-formula|italic|bold|(?:mml:)?m\w+)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_MATH = re.compile(r"(?<!\\)\$[^$]+\$|\\\(.+?\\\)")
_WORD = re.compile(rf"\S*{FORMULA}\S*")
_SUBTRACTED = re.compile(r"(?<=[=<>+*/^({])-|-(?=[({]|\d|[^\W\d_](?![^\W\d_]))")
_TWICE = 3
"""An entity may be escaped once more by the next page (`&amp;lt;`); beyond this somebody is playing."""


def fold_titles(listed: pl.Series, decoded: pl.Series) -> pl.Series:
    """Return the fold of titles, given as listed and decoded (`latex.decode`).

    A title that folds to nothing stays as listed, null stays null.
    """
    rows, texts = unmarked_titles(listed)
    if rows.len():
        decoded = decoded.clone().scatter(rows, latex.decode(texts))
    return fold_unmarked(listed, decoded)


def unmarked_titles(listed: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return the rows of titles whose decoded form does not show all that their fold goes by, and what does, undecoded.

    For `A <i>b</i> c` in row 3 that is 3 and `A b c`.
    """
    rows = listed.str.contains(MARKED).fill_null(value=False).arg_true()
    return rows, pl.Series([_without_markup(title) for title in listed.gather(rows)], dtype=pl.String)


def fold_unmarked(listed: pl.Series, decoded: pl.Series) -> pl.Series:
    """Return the same, where what `unmarked_titles` gives stands decoded in its rows already."""
    formulas = (decoded.str.contains(FORMULA) & decoded.str.contains("-", literal=True)).fill_null(
        value=False
    )
    if formulas.any():
        at = formulas.arg_true()
        signed = pl.Series([_with_minus(title) for title in decoded.gather(at)], dtype=pl.String)
        decoded = decoded.clone().scatter(at, signed)
    folded = _folded(decoded)
    return pl.select(pl.when(folded == "").then(listed).otherwise(folded)).to_series().rename("title_key")


def _without_markup(title: str) -> str:
    """Return a listed title without HTML, in the version for print, with the minus of its mathematics a sign."""
    for _ in range(_TWICE):
        if (plain := html.unescape(title)) == title:
            break
        title = plain
    title = _TWO_MEDIA.sub(r"\1", _TAG.sub("", title))
    # A hyphen that ends a formula belongs to the word behind it: `$L^2-$norm` is `$L^2$-norm`.
    return _MATH.sub(lambda math: math[0][:-2].replace("-", MINUS) + math[0][-2:], title)


def _with_minus(title: str) -> str:
    """Return a decoded title with the hyphens of its formulas as minus: beside an operator, a letter or a digit."""
    return _WORD.sub(lambda word: _SUBTRACTED.sub(MINUS, word[0]), title)


def _folded(texts: pl.Series) -> pl.Series:
    beyond = texts.str.contains(NOT_ASCII).fill_null(value=False).arg_true()
    kept = texts.str.to_lowercase()
    if beyond.len():
        kept = kept.scatter(beyond, _plain_letters(texts.gather(beyond)))
    return kept.str.replace_all(_DROPPED, "")


def _plain_letters(texts: pl.Series) -> pl.Series:
    """Fold texts beyond ASCII: compatibility forms, case (`ß` is `ss`), accents, letters with a stroke.

    Marks of scripts that have no accents are part of the letter: `が` is not `か`. A stroke through a sign is no
    accent: `≠` is not `=`.
    """
    folded = [text.casefold() for text in texts.str.normalize("NFKC")]
    apart = pl.Series(folded, dtype=pl.String).str.normalize("NFKD")
    bare = apart.str.replace_all(_ACCENTS, "").str.replace_all(_STRUCK, "$1")
    return bare.str.normalize("NFKC").str.replace_many(list(letters()), list(letters().values()))
