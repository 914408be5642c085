"""Whether two abstracts are of one paper: alike, revised, or one a snippet of the other; else they plainly differ."""

from __future__ import annotations

import re
from functools import lru_cache

from byline.papers.spelling import spelled_alike

ELLIPSIS = re.compile(r"\s*(?:…|\.\.\.+|\[…\])\s*")
WORD = re.compile(r"[^\W_]+")
SNIPPET = 12
"""Letters from which a text that stands in another is a snippet of it, not a phrase that both happen to hold."""
REVISED = 0.6
"""Share of the shorter abstract's words that a revision keeps at least; see docs/decisions/papers.md for the count."""
FEW_WORDS = 30
"""An abstract of so few distinct words may be a phrase (`Preface to the volume of …`) of which one word tells apart."""


def abstracts_agree(one: str, other: str) -> bool:
    """Tell whether two abstracts (decoded) are of one paper."""
    if one == other:
        return True
    a, b = _letters(one), _letters(other)
    return a == b or _holds(a, other) or _holds(b, one) or _is_revision(one, other)


FEW_WORDS_OF_A_SNIPPET = 8
SHOWN = 0.7
"""Share of a snippet's words that the whole has: the rest are pieces of formulas, which are cut anywhere."""


@lru_cache(maxsize=256)
def _letters(text: str) -> str:
    return "".join(WORD.findall(text.casefold()))


def _holds(letters: str, snippet: str) -> bool:
    """Tell whether a text holds another one, or the pieces that ellipses leave of it, in order."""
    pieces = [piece for part in ELLIPSIS.split(snippet) if (piece := _letters(part))]
    if sum(map(len, pieces)) < SNIPPET:
        return False
    at = 0
    for piece in pieces:
        at = letters.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True


@lru_cache(maxsize=256)
def _words(text: str) -> frozenset[str]:
    return frozenset(WORD.findall(text.casefold()))


def _is_revision(one: str, other: str) -> bool:
    """Tell whether one text is a revision of the other, by the words that the shorter one shares."""
    a, b = _words(one), _words(other)
    few = min(len(a), len(b))
    if few >= FEW_WORDS:
        return len(a & b) >= REVISED * few
    if few >= FEW_WORDS_OF_A_SNIPPET and ELLIPSIS.search(one if len(a) < len(b) else other):
        return len(a & b) >= SHOWN * few  # cut within mathematics it decodes to other letters
    return all(any(spelled_alike(x, y) for y in b) for x in a - b) and all(
        any(spelled_alike(x, y) for y in a) for x in b - a
    )
