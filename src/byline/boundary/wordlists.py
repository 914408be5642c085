"""Small words around names: how lists are divided and cut; suffixes that a comma may divide from their name."""

from __future__ import annotations

import tomllib
from functools import cache

import numpy as np
from numpy.typing import NDArray

from byline.boundary import characters as ch
from byline.boundary.lines import Ints, Lines
from byline.boundary.spans import Bounds
from byline.core import resources
from byline.core.hashing import BASE
from byline.names.affixes import suffix_between_commas
from byline.names.wordlists import suffixes, syllables


@cache
def names_lists() -> dict[str, dict[str, list[str]]]:
    """Return the words and marks of lists of names, from `resources/names_lists.toml`: section → list → words."""
    return tomllib.loads(resources.text("names_lists.toml"))


LONGEST = 16
"""Characters of a span that may be a suffix ("Dr. rer. nat.")."""
MASK = (1 << 64) - 1


def _hash(text: str) -> int:
    """Return the polynomial hash, modulo 2**64, of a text's code points."""
    value = 0
    for character in text:
        value = (value * BASE + ord(character)) & MASK
    return value


@resources.kept
def _known_suffixes() -> NDArray[np.uint64]:
    """Return the hashes of the folded forms of suffixes, ascending."""
    return np.sort(np.array([_hash(key) for key in suffixes()], dtype=np.uint64))


def is_suffix(lines: Lines, start: Ints, end: Ints) -> NDArray[np.bool_]:
    """Tell which spans are nothing but a suffix of the name before them: `Jr.`, `MSc`, `Ph. D.`, `FRCP`.

    The list is the one that names are parsed with (`resources/names/suffixes.tsv`). Its folded forms are looked for by
    hash among the letters and digits of short spans; the few that agree are then read as written.
    """
    result = np.zeros(len(start), dtype=np.bool_)
    short = np.flatnonzero((end - start <= LONGEST) & (end > start))
    known = _known_suffixes()
    found = _letters_hash(lines, start[short], end[short])
    at = np.minimum(np.searchsorted(known, found), len(known) - 1)
    for row in short[known[at] == found]:
        result[row] = suffix_between_commas(_text(lines, start[row], end[row])) is not None
    return result


def _letters_hash(lines: Lines, start: Ints, end: Ints) -> NDArray[np.uint64]:
    """Return the hash of each span's folded letters and digits, one column of characters at a time.

    `Ph.D.` and `phd` both give ((p * BASE + h) * BASE + d): stops and spaces leave the sum as it was.
    """
    value = np.zeros(len(start), dtype=np.uint64)
    for offset in range(int((end - start).max(initial=0))):
        at = np.minimum(start + offset, len(lines.kinds) - 1)
        kind = lines.kinds[at]
        letter = (start + offset < end) & ((kind >= ch.LOWER) & (kind <= ch.DIGIT))
        value = np.where(letter, value * np.uint64(BASE) + lines.folded[at], value)
    return value


def folded_text(lines: Lines, start: int, end: int) -> str:
    """Return the folded text of a span."""
    return "".join(map(chr, lines.folded[start:end]))


def syllable_counts(lines: Lines, span: Bounds, asked: NDArray[np.bool_]) -> Ints:
    """Return how many syllables of Chinese or Korean given names each span is; 0 where it is none, or not asked for.

    `fangxia` is two, `severin` none.
    """
    found = np.zeros(len(asked), dtype=np.int64)
    for row in np.flatnonzero(asked).tolist():
        found[row] = len(syllables(folded_text(lines, span[0][row], span[1][row])))
    return found


def _text(lines: Lines, start: int, end: int) -> str:
    return "".join(map(chr, lines.codes[start:end]))
