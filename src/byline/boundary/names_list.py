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
from byline.boundary.tails import is_organisation, split_tail, team_words
from byline.names.affixes import suffix_between_commas


@dataclass(frozen=True)
class Part:
    """What a list in inverted order knows of a name: `Keller, Anna M., Jr.`."""

    given: str | None
    family: str
    suffix: str | None = None


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
    groups = _groups(tail.body, doubts)
    groups, labels = _without_organisations(groups, doubts)
    if inverted is None:
        inverted = _is_inverted(groups)
        if inverted or _all_single(groups):
            doubts.append("family names seem to come first")
    names, parts = _paired(groups) if inverted else (_joined(groups), None)
    doubts += [f"{name!r} is no usual name" for name in names if not _is_usual(name)]
    labels += [piece.strip() for piece in tail.labels.split(",") if piece.strip()]
    return NamesList(names, parts, tail.cut, labels, doubts)


def without_prefix(text: str) -> str:
    """Return a list without the word before its first name: `Authors: `, `By `."""
    return _prefix().sub("", text, count=1)


@cache
def _prefix() -> re.Pattern[str]:
    lists = wordlists.names_lists()["prefix"]
    words, bare = ("|".join(map(re.escape, lists[kind])) for kind in ("words", "bare"))
    return re.compile(rf"^(?:(?i:{words})\s?[:：]\s*|(?:{bare})\s+(?=[^\W\d_a-z]\S*\s))")


def is_degree(piece: str) -> bool:
    """Whether a piece of a list is a degree, a fellowship or a generation, so that it belongs to the name before it."""
    if len(piece) == 2 and piece[1] == ".":  # `V.` is an initial, `V` the fifth
        return False
    return suffix_between_commas(piece.rstrip("*†‡§")) is not None


_STRONG = re.compile(r"\s*[;；|¦•∙]\s*|\s+[·/]\s+|(?<![lL])·(?![lL])")
"""Separators that stand between names and in none."""
_COMMA = re.compile(r"\s*(?:,|，|、)\s*(?:(?:and|&|und|et)\s+)?")
_AND = re.compile(r"\s+(?:and|&|und)\s+|(?<=[^\W\d_A-Z])&(?=[^\W\d_])")
_LEADING_AND = re.compile(r"^(?:and|&|und)\s+")


def _groups(body: str, doubts: list[str]) -> list[list[str]]:
    """Divide a list: groups between strong separators (all of it where there are none), pieces between commas."""
    groups = [_pieces(group) for group in _STRONG.split(body)]
    divided = [[part for piece in group for part in _at_and(piece, doubts)] for group in groups if group]
    return [group for group in divided if group]


def _pieces(group: str) -> list[str]:
    """Divide a group at its commas, but not within brackets (`Ada Pym (Foo University, Bar)`)."""
    pieces: list[str] = []
    for piece in _COMMA.split(_LEADING_AND.sub("", group)):
        if pieces and pieces[-1].count("(") > pieces[-1].count(")"):
            pieces[-1] += f", {piece}"
        elif piece.strip():
            pieces.append(piece)
    return pieces


def _at_and(piece: str, doubts: list[str]) -> list[str]:
    """Divide a piece at `and` and `&`, but no organisation (`Institute of Arts and Crafts`)."""
    parts = [part for part in _AND.split(piece) if part]
    if len(parts) > 1 and _is_team(piece):
        return [piece]
    if len(parts) > 1 and is_organisation(piece):
        doubts.append(f"{piece!r} may be one organisation")
        return [piece]
    return parts


def _is_team(piece: str) -> bool:
    return not team_words().isdisjoint(piece.casefold().split())


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


_INITIALS = re.compile(r"^(?:[^\W\d_]{1,2}\.[\s-]?|[^\W\d_][\s-]?)+$")
"""Initials, with stops or without: `A.`, `T.-J.`, `Yu. A.`, `AB`; their case is looked at besides."""
_MOST_INITIALS = 6
_WORD = r"[^\W\d_][^\W\d_'’.-]*(?:['’-][^\W\d_]+)*"
_FAMILY = re.compile(
    rf"^(?:[^\W\d_A-Z][^\s]*\s|(?:Van|Von|De|Di|Da|Del|Della|Le|La|El|Al|Bin|St\.)\s)*{_WORD}$"
)
"""A family name as inverted lists print it: one word, particles before it."""
_GIVEN = re.compile(rf"^{_WORD}(?:\s(?:[^\W\d_]\.?)){{0,3}}$")
"""Given names as inverted lists print them: one word, initials behind it."""


def _is_inverted(groups: list[list[str]]) -> bool:
    """Whether family names come first: every second piece is given names or initials, and no piece is a whole name."""
    pieces = [[piece for piece in group if not is_degree(piece)] for group in groups]
    if len(groups) > 1:
        return all(len(mine) == 2 and _is_pair(*mine) for mine in pieces)
    (mine,) = pieces or [[]]
    if len(mine) == 2 and not _are_initials(mine[1]):
        return False  # `Michal, Bialek`: two people of one name each, or one name that a comma divided
    return (
        len(mine) >= 2
        and len(mine) % 2 == 0
        and all(_is_pair(mine[n], mine[n + 1]) for n in range(0, len(mine), 2))
    )


def _are_initials(piece: str) -> bool:
    """Whether a piece of a list is initials and nothing else."""
    if len(piece) > 2 * _MOST_INITIALS or not _INITIALS.match(piece):
        return False
    runs = re.findall(r"[^\W\d_]+\.?", piece)
    return all(run[0].isupper() for run in runs) and all(
        len(run) == 1 or (run.endswith(".") and len(run) <= 3) or (run.isupper() and len(run) <= 3)
        for run in runs
    )


def _all_single(groups: list[list[str]]) -> bool:
    """Whether a list holds several names and each is one word (in a script with case)."""
    pieces = [piece for group in groups for piece in group if not is_degree(piece)]
    return len(pieces) > 1 and all(" " not in piece and piece.lower() != piece.upper() for piece in pieces)


def _is_pair(family: str, given: str) -> bool:
    """Whether two pieces are one name in inverted order."""
    if family.lower() == family.upper():  # scripts without case write a whole name as one word
        return False
    initials = _are_initials(given) and not _are_initials(family) and not _is_team(family)
    return initials or (_FAMILY.match(family) is not None and _GIVEN.match(given) is not None)


def _paired(groups: list[list[str]]) -> tuple[list[str], list[Part]]:
    """Make names of an inverted list: family, given, and degrees or generations behind."""
    names: list[str] = []
    parts: list[Part] = []
    for group in groups:
        rest = list(group)
        while rest:
            family = rest.pop(0)
            given = rest.pop(0) if rest and not is_degree(rest[0]) else None
            suffix = rest.pop(0) if rest and is_degree(rest[0]) else None
            names.append(", ".join(piece for piece in (family, given, suffix) if piece))
            parts.append(Part(given, family, suffix))
    return names, parts


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


_ODD_NAME = re.compile(r"\d|[:;|=<>@/\\]|\bet al\b|…|\.\.\.|^\W*$")
_MOST_WORDS = 6


def _is_usual(name: str) -> bool:
    """Whether a name of a list could stand in any: letters, few words, nothing of another list or of a sentence."""
    return not _ODD_NAME.search(name) and len(name.split()) <= _MOST_WORDS and not is_organisation(name)
