"""The order of a name's parts in a list, and what stands behind a name: family names first, degrees, generations."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from byline.boundary.tails import team_words
from byline.names.affixes import suffix_between_commas

Degrees = Callable[[str], bool]
"""Tells pieces that are a degree or a generation from those that are names."""


@dataclass(frozen=True)
class Part:
    """What a list in inverted order knows of a name: `Keller, Anna M., Jr.`."""

    given: str | None
    family: str
    suffix: str | None = None


def is_degree(piece: str) -> bool:
    """Whether a piece of a list is a degree, a fellowship or a generation, so that it belongs to the name before it."""
    if len(piece) == 2 and piece[1] == ".":  # `V.` is an initial, `V` the fifth
        return False
    return suffix_between_commas(piece.rstrip("*†‡§")) is not None


def is_team(piece: str) -> bool:
    """Whether a piece holds a word of teams that write papers."""
    return not team_words().isdisjoint(piece.casefold().split())


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
_GIVENS = re.compile(rf"^{_WORD}(?:\s(?:[^\W\d_]\.?|{_WORD})){{0,3}}$")
"""The same where the family names are one word each and the list is long: several words."""


def inverted_with(groups: list[list[str]]) -> Degrees | None:
    """Return, where family names come first, what tells degrees from given names; None where they don't.

    They do where every second piece is given names or initials, and no piece is a whole name. `M.A.` is a degree or
    initials: the latter where only so the pieces pair up, and another piece is initials beyond doubt.
    """
    if _pairs_up(groups, is_degree):
        return is_degree
    initials = any(_are_initials(piece) and not is_degree(piece) for group in groups for piece in group)
    return _is_degree_only if initials and _pairs_up(groups, _is_degree_only) else None


def _is_degree_only(piece: str) -> bool:
    return is_degree(piece) and not _are_initials(piece)


def _pairs_up(groups: list[list[str]], degrees: Degrees) -> bool:
    pieces = [[piece for piece in group if not degrees(piece)] for group in groups]
    if len(groups) > 1:
        return all(len(mine) == 2 and _is_pair(*mine) for mine in pieces)
    (mine,) = pieces or [[]]
    if len(mine) == 2 and not _are_initials(mine[1]):
        return False  # `Michal, Bialek`: two people of one name each, or one name that a comma divided
    pairs = [(mine[n], mine[n + 1]) for n in range(0, len(mine) - 1, 2)]
    if len(mine) < 2 or len(mine) % 2:
        return False
    return all(_is_pair(*pair) for pair in pairs) or (len(pairs) > 1 and _are_words_and_names(pairs))


def _are_words_and_names(pairs: list[tuple[str, str]]) -> bool:
    """Whether every first piece is one word, and every second one or several: `Keller, Anna Maria, Brandt, Tomas`."""
    return all(
        _FAMILY.match(family) and _GIVENS.match(given) and family.lower() != family.upper()
        for family, given in pairs
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


def all_single(groups: list[list[str]]) -> bool:
    """Whether a list holds several names and each is one word (in a script with case)."""
    pieces = [piece for group in groups for piece in group if not is_degree(piece)]
    return len(pieces) > 1 and all(" " not in piece and piece.lower() != piece.upper() for piece in pieces)


def _is_pair(family: str, given: str) -> bool:
    """Whether two pieces are one name in inverted order."""
    if family.lower() == family.upper():  # scripts without case write a whole name as one word
        return False
    initials = _are_initials(given) and not _are_initials(family) and not is_team(family)
    return initials or (_FAMILY.match(family) is not None and _GIVEN.match(given) is not None)


def paired(groups: list[list[str]], degrees: Degrees) -> tuple[list[str], list[Part]]:
    """Make names of an inverted list: family, given, and degrees or generations behind.

    `degrees` tells these; the names come back as listed, and their parts.
    """
    names: list[str] = []
    parts: list[Part] = []
    for group in groups:
        rest = list(group)
        while rest:
            family = rest.pop(0)
            given = rest.pop(0) if rest and not degrees(rest[0]) else None
            suffix = rest.pop(0) if rest and degrees(rest[0]) else None
            names.append(", ".join(piece for piece in (family, given, suffix) if piece))
            parts.append(Part(given, family, suffix))
    return names, parts
