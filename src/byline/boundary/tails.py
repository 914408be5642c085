"""The end of a list of names: the mark that says it was cut, a count of those left out, organisations behind it.

A page writes `et al.`, `… (12 additional authors not shown)`, `+3 authors`, with or without a space, and `·`, `•` or
`|` before organisations. `split_tail` takes all of that off; `plain` rewrites it as the card has it (` et al. · mila`),
so that the boundary model meets one form only. What stands before the tail, title and names, is never touched.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

import polars as pl

from byline.affiliations import load_registry
from byline.boundary import wordlists
from byline.core import resources

LONGEST_TAIL = 160
"""Characters from the end in which a mark is looked for: the longest count of authors left out takes about 60."""


@dataclass(frozen=True)
class Tail:
    """A text without its tail: `body` ends with the last name; `cut`: a mark was taken off; `labels` as listed."""

    body: str
    cut: bool
    labels: str


def split_tail(text: str, *, in_card: bool = False) -> Tail:
    """Take the marks of a cut list, and the organisations behind it, off the end of a byline or a list of names.

    `text` has single spaces. Organisations are told by a mark before their separator, by the registry, by being all
    in lower case where the names are not, or by ` · `; `A | B` is two names. `in_card`: the text is a whole byline,
    whose title may hold a ` · `, too, so that it proves nothing here.

    >>> split_tail("Ada Pym, Bo Liet al.· mila")
    Tail(body='Ada Pym, Bo Li', cut=True, labels='mila')
    """
    for found in re.finditer(_separator(), text):
        before, cut = cut_off(text[: found.start()].rstrip())
        labels = text[found.end() :].strip()
        said = found[0] == " · " and text.count(" · ") == 1 and not in_card
        if cut or (before and labels and (said or _are_labels(found[0], before, labels))):
            return Tail(before, cut, labels)
    body, cut = cut_off(text)
    return Tail(body, cut, "")


def cut_off(text: str) -> tuple[str, bool]:
    """Return a list of names without the marks at its end that say it was cut, and whether there were any."""
    cut = False
    while True:
        start = max(0, len(text) - LONGEST_TAIL)
        found = _counted(text, start) or _mark().search(text, start)
        if found is None or found.start() == 0:
            return text, cut
        text, cut = text[: found.start()].rstrip(" ,;:·"), True


def plain(bylines: pl.Series) -> pl.Series:
    """Return bylines (String, no nulls) with odd tails rewritten as the card has them; all others as they are."""
    rows = odd(bylines).arg_true()
    if not len(rows):
        return bylines
    return bylines.clone().scatter(
        rows, pl.Series([_rewritten(text) for text in bylines.gather(rows)], dtype=pl.String)
    )


def odd(bylines: pl.Series) -> pl.Series:
    """Tell bylines that may end in a mark, or hold a separator, in another form than the card's; more are told than do.

    The card's own end (` et al.`, ` · `) is no reason; one regular expression, since every record passes here.
    """
    return bylines.str.contains(_ODD)


_LAST_MARK = re.compile(r"(?<=[^\s,;])[,;] ?$")
"""A comma that a list ends in."""


def _rewritten(text: str) -> str:
    tail = split_tail(text, in_card=True)
    if not tail.cut and not tail.labels:
        return _LAST_MARK.sub("", text)
    return tail.body + (" et al." if tail.cut else "") + (f" · {tail.labels}" if tail.labels else "")


_ODD = (
    r"[•∙‧⋅・|¦‖]|[^ ]·|·[^ ]|…|\. ?\. ?\.|[^ ]et\.? al|et\. ?al|\+ ?\d| u\. ?a\.|[,;] ?$"
    r"|(?i: (?:et alii|etc\.?|[(\[]more[)\]])(?: · |$))"
    r"|(?i: (?:m\. ?fl\.?|e\.a\.|a kol\.|i in\.|ve ark\.|ve diğerleri|и соавт\.)(?: · |$))"
    r"|(?i: al(?:ii)?\.?[,;: ]*[(\[+•…\d]| al(?:\.[.,;:]+|[,;:]+)(?:$| ?·))"
    r"|(?i:(?:more|others?|authors?|shown|listed|omitted|hidden|people|names|additional|coll|cols|and al|autres"
    r"|otros|outros|altri|andere|др|другие)[.)\]]*(?: · |$))"
    r"|(?:[等他ほか外외][\d 名人명인]*)(?: · |$)"
)


@cache
def _mark() -> re.Pattern[str]:
    """Return the pattern of a mark at the end: behind a space, comma or bracket, or glued to the name before it."""
    latin, glued, apart = (
        _either(wordlists.names_lists()["cut"][kind]) for kind in ("latin", "glued", "apart")
    )
    mark = rf"(?<!\d)(?:{glued})|(?<=[\s,;(\[])(?:(?i:{latin})|{apart})|(?<=[^\W\d_])(?:{latin})(?=\.)"
    return re.compile(rf"[\s,;:(\[]*(?:{mark})[.,;:)\]\s]*$")


@cache
def _count() -> re.Pattern[str]:
    words = _either(wordlists.names_lists()["cut"]["count"])
    sign = r"(?:\+|and|&|plus|with|et|und|他|外|외|ほか)"
    return re.compile(
        rf"[\s,;]*(?:(?<=[\s,;])|(?<=[^\W\d_]{{2}})(?=[+(\[他外ほ]))[(\[]?\s*(?:{sign}\s*)*\d[\d,]*\s*\+?(?:\s*(?:{words})\b)*\s*[)\]]?[.\s]*$",
        re.IGNORECASE,
    )


def _counted(text: str, start: int) -> re.Match[str] | None:
    """Find a count of names left out at the end: a number with a sign or a word, not a bare one (`CERN 12`)."""
    found = _count().search(text, start)
    return found if found and re.search(r"\+|[^\W\d_]", found[0]) else None


def _either(words: list[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s?") for word in sorted(words, key=len, reverse=True))


@cache
def _separator() -> str:
    marks = "".join(map(re.escape, wordlists.names_lists()["labels"]["separators"]))
    return rf"\s[{marks}]\s?|[{marks}]\s|(?<=[^\W_])[{marks}](?=[^\W\d_])|(?<=[.,;…)\]])[{marks}](?=[^\W\d_])"


def _are_labels(separator: str, before: str, labels: str) -> bool:
    """Whether what stands behind a separator, with no mark before it, can only be organisations."""
    pieces = [piece.strip() for piece in labels.split(",")]
    if re.search(_separator(), labels) or not all(pieces):
        return False
    if separator == "・":  # in Japanese it stands within a name
        return False
    small = labels == labels.lower() and before != before.lower()
    return small or all(is_organisation(piece) for piece in pieces)


def is_organisation(text: str) -> bool:
    """Whether a text names an organisation: one that the registry knows, or that holds a word of such names."""
    folded = _folded(text)
    words = set(without_marks(folded).split())
    if words & _organisation_words() and not words & team_words():
        return True
    if text.endswith(_native_endings()):
        return True
    if " " not in folded and len(folded) < _LONG_ENOUGH and not text.isupper():
        return False  # `ANU` is one, `Anu` a name
    return folded in known_organisations()


def may_be_organisation(text: str) -> bool:
    """Whether a name in a list may be an organisation's or a country's (`Inria`, `Germany`), or a person's."""
    return text in _own_names() or _folded(text) in _countries()


_LONG_ENOUGH = 6
"""Letters from which on one word is an organisation however it is written."""


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold().replace("&", " and ")).strip()


def without_marks(text: str) -> str:
    """Return a text without the marks on its letters: `université` as `universite`."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


@cache
def _organisation_words() -> frozenset[str]:
    return frozenset(map(without_marks, wordlists.names_lists()["organisations"]["words"]))


@cache
def _native_endings() -> tuple[str, ...]:
    return tuple(wordlists.names_lists()["organisations"]["native"])


@cache
def _countries() -> frozenset[str]:
    return frozenset(wordlists.names_lists()["organisations"]["countries"])


@resources.kept
def _own_names() -> frozenset[str]:
    """Return the names of the curated organisations that are one word, as they write them."""
    return frozenset(name for name in load_registry().organisations["name"] if " " not in name)


@cache
def team_words() -> frozenset[str]:
    """Return the folded words of teams that write papers: with one, an organisation's name may be an author's."""
    return frozenset(wordlists.names_lists()["organisations"]["teams"])


@resources.kept
def known_organisations() -> frozenset[str]:
    """Return the folded names of the curated organisations, those of two letters left out (`MS`, `TI`)."""
    return frozenset(form for form in load_registry().forms["form"] if len(form) > 2)
