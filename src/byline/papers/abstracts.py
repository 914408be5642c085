"""Whether two abstracts are of one paper: alike, revised, or one a snippet of the other; else they plainly differ."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

from byline.papers.spelling import spelled_alike

ELLIPSIS = re.compile(r"\s*(?:…|\.\.\.+|\[…\])\s*")
WORD = re.compile(r"[^\W_]+")
SNIPPET = 12
"""Letters from which a text that stands in another is a snippet of it, not a phrase that both happen to hold."""
REVISED = 0.6
"""Share of the shorter abstract's words that a revision keeps at least; see docs/decisions/papers.md for the count."""
FEW_WORDS = 30
"""An abstract of so few distinct words may be a phrase (`Preface to the volume of …`) of which one word tells apart."""
FEW_WORDS_OF_A_SNIPPET = 8
SHOWN = 0.7
"""Share of a snippet's words that the whole has: the rest are pieces of formulas, which are cut anywhere."""
BITS = 1024


@dataclass(frozen=True)
class Abstract:
    """A decoded abstract, and what is compared of it: read once, however many others it meets."""

    text: str

    @cached_property
    def letters(self) -> str:
        """The letters and digits, case folded."""
        return "".join(WORD.findall(self.text.casefold()))

    @cached_property
    def words(self) -> frozenset[str]:
        """The distinct words, case folded."""
        return frozenset(WORD.findall(self.text.casefold()))

    @cached_property
    def pieces(self) -> tuple[str, ...]:
        """What ellipses leave, as letters; one piece where there is none."""
        parts = ELLIPSIS.split(self.text.casefold())
        return tuple(piece for part in parts if (piece := "".join(WORD.findall(part))))

    @cached_property
    def is_cut(self) -> bool:
        """Whether an ellipsis stands in it."""
        return ELLIPSIS.search(self.text) is not None

    @cached_property
    def bits(self) -> int:
        """The words as bits by their hash: two texts share at most as many words as bits, and `hidden` ones."""
        bits = 0
        for word in self.words:
            bits |= 1 << crc32(word.encode()) % BITS
        return bits

    @cached_property
    def hidden(self) -> int:
        """How many words have no bit of their own."""
        return len(self.words) - self.bits.bit_count()

    def holds(self, other: Abstract) -> bool:
        """Tell whether another text, or the pieces that ellipses leave of it, stand in this one in order."""
        pieces = other.pieces
        if sum(map(len, pieces)) < SNIPPET:
            return False
        at = 0
        for piece in pieces:
            at = self.letters.find(piece, at)
            if at < 0:
                return False
            at += len(piece)
        return True


def abstracts_agree(one: Abstract, other: Abstract) -> bool:
    """Tell whether two abstracts are of one paper."""
    if one.text == other.text or one.letters == other.letters:
        return True
    return one.holds(other) or other.holds(one) or _is_revision(one, other)


def _is_revision(one: Abstract, other: Abstract) -> bool:
    """Tell whether one text is a revision of the other, by the words that the shorter one shares."""
    short, long = (one, other) if len(one.words) <= len(other.words) else (other, one)
    few = len(short.words)
    if few >= FEW_WORDS:
        return _shared(short, long, REVISED * few)
    if few >= FEW_WORDS_OF_A_SNIPPET and short.is_cut:
        return _shared(short, long, SHOWN * few)  # cut within mathematics it decodes to other letters
    a, b = short.words - long.words, long.words - short.words
    return all(any(spelled_alike(x, y) for y in long.words) for x in a) and all(
        any(spelled_alike(x, y) for y in short.words) for x in b
    )


def _shared(one: Abstract, other: Abstract, least: float) -> bool:
    """Tell whether two texts share so many words; most pairs are told apart by their bits, which takes a tenth."""
    if (one.bits & other.bits).bit_count() + one.hidden < least:
        return False
    return len(one.words & other.words) >= least
