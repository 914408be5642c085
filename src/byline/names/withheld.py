r"""Names that are not to be published, taken out of running text.

A name in a text may stand with its family name first, in capitals, with other white space or none of its accents, and
glued to the word before it, as pastes have it. What stands in its place is the name that the person wants: a mark would
tell every reader that there is something to look for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from byline.names.folding import fold_names
from byline.names.parser import parse

HYPHENS, APOSTROPHES = "[-‐‑–]", "['’`´]"
GAP = r"[\s~]"
"""What stands between the words of a name: white space, or TeX's tie."""


@dataclass(frozen=True)
class Withheld:
    """Forms of a name that are not to be published, and the name that stands in their place."""

    forms: tuple[str, ...]
    wanted: str

    @cached_property
    def patterns(self) -> tuple[str, ...]:
        r"""Regular expressions (Rust's) of the forms, the longest first; one of a single word fits too much to be one.

        `Adam Byron` gives `(?i)\bAdam\.?[\s~]+Byron\.?\b` (anywhere as words), the same with `Byron, Adam`, and both
        as typed without borders: glued to the end of a title.
        """
        found = []
        for words in sorted(_orders(self.forms), key=lambda words: (-len(words), words)):
            body, stop = _pattern(words), r"\.?" if len(words[-1].rstrip(".")) == 1 else ""
            found += [rf"(?i)\b{body}\b{stop}", body + stop]
        return tuple(found)

    @cached_property
    def letters(self) -> frozenset[str]:
        """The folded letters of each form of several words, in both orders, without anything between them."""
        return frozenset(_letters(pl.Series([" ".join(words) for words in _orders(self.forms)])))

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of three letters and more of the forms, in lower case, that the wanted name does not have."""
        said = {word.lower().strip(".,") for form in self.forms for word in form.split()}
        return frozenset(word for word in said if len(word) > 2 and word not in self.wanted.lower())


def without(texts: pl.Series, names: Iterable[Withheld]) -> pl.Series:
    """Return the texts (String?) with every withheld name replaced by the wanted one; others come back as they were.

    So is every word without a space in it that spells the name: an address of a page, a name of an account. Patterns
    are put only to the few texts that hold the letters of a name, which all names are sought for at once.
    """
    names = tuple(names)
    at = still_there(texts, names).arg_true()
    if at.len() == 0:
        return texts
    some = texts.gather(at)
    for name in names:
        for pattern in name.patterns:
            some = some.str.replace_all(pattern, name.wanted.replace("$", "$$"))
        spelled = still_there(some, [name]).arg_true()
        if spelled.len():
            found = [_unspelled(text, name) for text in some.gather(spelled)]
            some = some.scatter(spelled, pl.Series(found, dtype=pl.String))
    return texts.clone().scatter(at, some)  # it writes in place


def _unspelled(text: str, name: Withheld) -> str:
    """Return a text with the words that spell a name replaced."""
    words = pl.Series(re.findall(r"\S+", text), dtype=pl.String)
    bad = set(words.filter(still_there(words, [name])))
    return re.sub(r"\S+", lambda found: name.wanted if found[0] in bad else found[0], text)


def still_there(texts: pl.Series, names: Iterable[Withheld]) -> pl.Series:
    """Tell which texts hold the letters of a withheld name, whatever stands between them: accents in TeX, a URL."""
    sought = sorted({letters for name in names for letters in name.letters})
    if not sought:
        return pl.Series(texts.name, [False] * texts.len(), dtype=pl.Boolean)
    return _letters(texts).str.contains_any(sought).fill_null(value=False)


def _letters(texts: pl.Series) -> pl.Series:
    return fold_names(texts.fill_null("")).str.replace_all(" ", "", literal=True)


def _orders(forms: tuple[str, ...]) -> set[tuple[str, ...]]:
    """Return the words of forms of several words as listed, and with the family name first."""
    parsed = parse(pl.Series(forms, dtype=pl.String)) if forms else pl.DataFrame()
    orders = {tuple(form.split()) for form in forms}
    for row in parsed.iter_rows(named=True):
        family = " ".join(part for part in (row["particle"], row["family"]) if part)
        if row["given"]:
            orders.add((*f"{family},".split(), *row["given"].split()))
            orders.add((*family.split(), *row["given"].split()))
            orders.add((*row["given"].split(), *family.split()))
    return {words for words in orders if len(words) > 1}


def _pattern(words: tuple[str, ...]) -> str:
    """Return a regular expression of words with gaps between them, none needed behind a stop or a comma."""
    pieces = []
    for place, word in enumerate(words):
        bare = word.rstrip(".,")
        mark = "," if word.endswith(",") else r"\.?"
        gap = "" if place == len(words) - 1 else f"{GAP}*" if word[-1] in ".," else f"{GAP}+"
        # the stop of the last word stays in the text: it may end the sentence
        pieces.append("".join(map(_letter, bare)) + ("" if place == len(words) - 1 else mark) + gap)
    return "".join(pieces)


def _letter(char: str) -> str:
    """Return a pattern of a letter as it is, decomposed, or without its accent; of a hyphen or apostrophe, any."""
    if char in "-‐‑–":
        return HYPHENS
    if char in "'’`´":
        return APOSTROPHES
    parts = unicodedata.normalize("NFD", char)
    return re.escape(char) if parts == char else f"(?:{char}|{parts}|{parts[0]})"
