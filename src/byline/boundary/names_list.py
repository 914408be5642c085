"""One list of names, in any style that pages use, taken apart: separators, cut marks, degrees, the order of parts.

For lists that stand alone (an authors line, a Markdown entry) and for bylines whose list is not the card's. The card's
own lists, names between `, `, never come here. The module decides one list by itself; the style that many lists of a
page agree on is its caller's to find, and to ask for with `inverted`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from byline.boundary import wordlists
from byline.boundary.list_order import Degrees, Part, all_single, inverted_with, is_degree, is_team, paired
from byline.boundary.tails import is_organisation, may_be_organisation, split_tail


@dataclass(frozen=True)
class NamesList:
    """A list taken apart."""

    names: list[str]
    """As listed, without separators; `Keller, Anna` in an inverted list, degrees behind their name's comma."""
    parts: list[Part] | None
    """One a name where the list is inverted, null where the names stand in natural order."""
    cut: bool
    """A mark said that the list goes on."""
    labels: list[str]
    """Organisations behind the names."""
    doubts: list[str] = field(default_factory=list)
    """Why the reading is not sure, in words; empty where the list leaves no doubt."""


def read_names(text: str, *, inverted: bool | None = None) -> NamesList:
    """Take one list of names apart; `text` in NFC with single spaces.

    `inverted`: whether family names come first (`Keller, Anna, Brandt, Tomas`); null reads so what can't well be
    anything else, and says the doubt.

    >>> read_names("By Ada Pym, M.Sc., Bo Li & Cy Fox (3 more authors) · mila").names
    ['Ada Pym, M.Sc.', 'Bo Li', 'Cy Fox']
    """
    tail = split_tail(without_prefix(text.strip()))
    doubts: list[str] = []
    body, gap = _without_gap(tail.body)
    groups = _groups(body, doubts)
    groups, labels = _without_organisations(groups, doubts)
    degrees: Degrees | None = is_degree if inverted else None
    if inverted is None:
        degrees = inverted_with(groups)
        if degrees or all_single(groups):
            doubts.append("family names seem to come first")
    names, parts = paired(groups, degrees) if degrees else (_joined(groups), None)
    doubts += [f"{name!r} is no usual name" for name in names if not _is_usual(name)]
    doubts += [f"{name!r} may be no person" for name in names[1:] if may_be_organisation(name)]
    labels += [piece.strip() for piece in tail.labels.split(",") if piece.strip()]
    return NamesList(names, parts, tail.cut or gap, labels, doubts)


def without_prefix(text: str) -> str:
    """Return a list without the word before its first name (`Authors: `, `By `), or brackets around all of it."""
    text = _prefix().sub("", text, count=1)
    return text[1:-1] if _BRACKETED.fullmatch(text) else text


_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


@cache
def _prefix() -> re.Pattern[str]:
    lists = wordlists.names_lists()["prefix"]
    words, bare = ("|".join(map(re.escape, lists[kind])) for kind in ("words", "bare"))
    return re.compile(rf"^(?:(?i:{words})(?:\s?[:：]\s*|\s[-–—]\s)|(?:{bare})\s+(?=[^\W\d_a-z]\S*\s))")


_STRONG = re.compile(r"\s*[;；|¦•∙]\s*|\s+[·/]\s+|(?<![lL])·(?![lL])")
"""Separators that stand between names and in none."""
_GAP_BETWEEN = re.compile(r"(?:\s*[,;&]\s*|\s+)[\[(]?(?:…|\.(?:\s?\.)+)[\])]?(?:\s*[,;&]\s*|\s+)(?=\S)")
"""A mark that names were left out before the last ones: `Ada Pym, …, Bo Li`."""
_INDEX = re.compile(r"^(?:\d{1,3}|[a-z]|[*†‡§¶#]+)(?:[*†‡§¶#]*)$")
"""What a comma parts from the mark before it: `Pym1,2`."""
_MARKED = re.compile(r"[^\W\d_]\.?\^?(?:\d{1,3}|[⁰¹²³⁴-⁹*†‡§¶#]+)[*†‡§¶#]*$")
_COMMA = re.compile(r"\s*(?:,|，|、)\s*(?:(?:and|&|und|et|och|og|with)\s+)?")
_AND = re.compile(r"\s+(?:and|&|und|och|og|et|ve|и|with)\s+|(?<=[^\W\d_A-Z])&(?=[^\W\d_])")
_WEAK_AND = re.compile(r"\s+(?:y|e|i|en)\s+")
"""An `and` that stands in family names, too (`Ortega y Gasset`, `Mundet i Riera`, `Berg en Dal`)."""
_SMALL = re.compile(r"(?:contributions|help|support|assistance|an? |the )")
_SHORT_AND = re.compile(r"\s(?:et|ve|og|och|и|with)\s")
_LEADING_AND = re.compile(r"^(?:and|&|und)\s+")


def _groups(body: str, doubts: list[str]) -> list[list[str]]:
    """Divide a list: groups between strong separators (all of it where there are none), pieces between commas."""
    groups = [_pieces(group) for group in _STRONG.split(body)]
    divided = [[part for piece in group for part in _at_and(piece, doubts)] for group in groups if group]
    return [group for group in divided if group]


def _without_gap(body: str) -> tuple[str, bool]:
    """Return a list without the mark that names were left out before the last ones, and whether there was one."""
    pieces = _GAP_BETWEEN.split(body)
    return ", ".join(pieces), len(pieces) > 1


def _pieces(group: str) -> list[str]:
    """Divide a group at its commas, but not within brackets (`Ada Pym (Foo University, Bar)`)."""
    pieces: list[str] = []
    for piece in _COMMA.split(_LEADING_AND.sub("", group)):
        if pieces and pieces[-1].count("(") > pieces[-1].count(")"):
            pieces[-1] += f", {piece}"
        elif pieces and _INDEX.match(piece.strip()) and _MARKED.search(pieces[-1]):
            pieces[-1] += f",{piece.strip()}"
        elif piece.strip():
            pieces.append(piece)
    return [_without_colon(piece) if len(pieces) > 1 else piece for piece in pieces]


def _without_colon(piece: str) -> str:
    """Return a team's name without the colon before its writers' names: `FOO Collaboration:, A. Pym`."""
    return piece.rstrip(" :") if piece.endswith(":") and is_team(piece.rstrip(" :")) else piece


def _at_and(piece: str, doubts: list[str]) -> list[str]:
    """Divide a piece at `and` and `&`, but no organisation (`Institute of Arts and Crafts`)."""
    parts = [part for part in _AND.split(piece) if part]
    if len(parts) == 1 and _WEAK_AND.search(piece):
        parts = _WEAK_AND.split(piece)
        if any(len(part.split()) < 2 for part in parts):
            return [piece]
        doubts.append(f"{piece!r} may be one name")
    if len(parts) > 1 and is_team(piece):
        return [piece]
    if len(parts) > 1 and any(
        _SMALL.match(part) for part in parts
    ):  # `Ada Pym with contributions from Bo Li`
        doubts.append(f"{piece!r} says more than a name")
        return [piece]
    if _SHORT_AND.search(piece):
        doubts.append(f"{piece!r} may be one name")
    if len(parts) > 1 and is_organisation(piece):
        doubts.append(f"{piece!r} may be one organisation")
        return [piece]
    return parts


_BRACKETS = re.compile(r"\s*\(.*\)?$")


def _without_organisations(groups: list[list[str]], doubts: list[str]) -> tuple[list[list[str]], list[str]]:
    """Take organisations out that stand behind a person (`Anna Keller, University of Foo`); they become labels."""
    kept: list[list[str]] = []
    labels: list[str] = []
    for group in groups:
        behind = [
            bool(n or kept) and is_organisation(_BRACKETS.sub("", piece)) for n, piece in enumerate(group)
        ]
        mine = [piece for piece, is_label in zip(group, behind, strict=True) if not is_label]
        labels += [piece for piece, is_label in zip(group, behind, strict=True) if is_label]
        kept += [mine] if mine else []
    if labels:
        doubts.append(f"{labels[0]!r} seems to be an organisation")
    return kept, labels


def _joined(groups: list[list[str]]) -> list[str]:
    """Make names of a list in natural order: degrees and generations join the name before them."""
    names: list[str] = []
    for group in groups:
        for n, piece in enumerate(group):
            if n and is_degree(piece):
                names[-1] += f", {piece}"
            else:
                names.append(piece)
    return names


_ODD_NAME = re.compile(
    r"\d|[:;|=<>@/\\]|\bet al\b|…|\.\.\.|^\W*$|^(?i:with|(?:an? )?\w+ by) | (?:--|[–—+]) "
    r"|[a-zß-ÿ]{2}\. [A-ZÀ-Þ][a-zß-ÿ]+ [A-ZÀ-Þ][a-zß-ÿ]"  # `Ada Pym. Bo Li.`
    r"|^[a-z][A-ZÀ-Þ][a-zß-ÿ]"  # `cAda Pym`: a mark of its organisation
)
_NUMBER = re.compile(r"(?<=\w)-?\d+\b|\b(?:2nd|3rd|4th)$")
"""Digits of a team's own name (`XENON100 Collaboration`), or a generation."""
_MOST_WORDS = 6


_BEHIND = re.compile(r"[(\[]([^()\[\]]*)[)\]]$")


def _is_usual(name: str) -> bool:
    """Whether a name of a list could stand in any: letters, few words, nothing of another list or of a sentence."""
    bare = _NUMBER.sub("", name) if is_team(name) or name.endswith(("nd", "rd", "th")) else name
    behind = _BEHIND.search(name)
    if behind and (is_organisation(behind[1]) or may_be_organisation(behind[1]) or behind[1].islower()):
        return False
    return not _ODD_NAME.search(bare) and len(name.split()) <= _MOST_WORDS and not is_organisation(name)
