"""Small words around names: how lists are divided and cut; suffixes that a comma may divide from their name."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from byline.segment.lines import Ints, Lines


@cache
def names_lists() -> dict[str, dict[str, list[str]]]:
    """Return the words and marks of lists of names, from `resources/names_lists.toml`: section → list → words."""
    return tomllib.loads((files("byline") / "resources" / "names_lists.toml").read_text("utf-8"))


_SUFFIXES = ("jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "ph.d.", "ph.d", "phd", "m.d.", "md", "esq.", "esq")


def _matches(lines: Lines, start: Ints, word: str) -> NDArray[np.bool_]:
    """Whether the folded text at `start` begins with a word."""
    same = np.ones(len(start), dtype=np.bool_)
    top = len(lines.folded) - 1
    for i, character in enumerate(word):
        same &= lines.folded[np.minimum(start + i, top)] == ord(character)
    return same


def is_suffix(lines: Lines, start: Ints, end: Ints) -> NDArray[np.bool_]:
    """Whether spans are nothing but a suffix of the name before them."""
    result = np.zeros(len(start), dtype=np.bool_)
    short = np.flatnonzero(end - start <= 5)
    for suffix in _SUFFIXES:
        fits = short[(end - start)[short] == len(suffix)]
        result[fits] |= _matches(lines, start[fits], suffix)
    return result
