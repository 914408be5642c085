"""Whether two lists of authors can be one: each name with each, as far as both lists go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from byline import names
from byline.core.ids import SEPARATOR
from byline.papers.spelling import spelled_alike

WORD = 4
"""Letters from which a family name may be the last word of a longer one."""


@dataclass(frozen=True, slots=True)
class Name:
    """A listed name as far as it is compared: folded family name, its coarse block, folded given names."""

    family: str
    block: str
    given: tuple[str, ...]


Names = tuple[Name, ...]


def read_lists(authors: pl.Series, parts: pl.Series) -> list[Names]:
    """Return the lists (List(String), as listed; what forms know of the parts of each name, or null) as names."""
    frame = pl.DataFrame({"name": authors, "parts": parts}).with_row_index("row")
    same = pl.col("parts").list.len() == pl.col("name").list.len()
    nothing = pl.lit(None, dtype=parts.dtype.inner)  # type: ignore[attr-defined]  # a list of structs
    frame = frame.with_columns(
        parts=pl.when(same.fill_null(value=False))
        .then("parts")
        .otherwise(nothing.repeat_by(pl.col("name").list.len()))
    )
    flat = frame.explode("name", "parts").drop_nulls("name")
    parsed = names.parse(flat["name"], flat["parts"]).select("family_key", "block", "given_key")
    lists: list[list[Name]] = [[] for _ in range(len(authors))]
    for row, family, block, given in zip(flat["row"], *parsed.get_columns(), strict=True):
        lists[row].append(_name(family, block, given))
    return [tuple(one) for one in lists]


@lru_cache(maxsize=1 << 16)
def _name(family: str, block: str, given: str) -> Name:
    return Name(family, block, tuple(given.replace("-", " ").replace(".", "").split()))


def lists_agree(one: Names, other: Names) -> bool:
    """Tell whether the names of both lists agree, each with the one of its place, as far as both go."""
    return one == other or all(a is b or _agree(a, b) for a, b in zip(one, other, strict=False))


@lru_cache(maxsize=1 << 16)
def _agree(one: Name, other: Name) -> bool:
    if _families_agree(one, other) and _givens_agree(one.given, other.given):
        return True
    return _whole(one) == _whole(other)


def _whole(name: Name) -> str:
    """Return all words of a name in one order: pages differ in which comes first, and where a family name begins."""
    return SEPARATOR.join(sorted([*name.given, name.family]))


def _families_agree(one: Name, other: Name) -> bool:
    """Tell whether family names are one: alike, spelled alike, or one with a particle or a first surname more."""
    a, b = one.family, other.family
    if a == b or one.block == other.block:
        return True
    short, long = sorted((a, b), key=len)
    return spelled_alike(a, b) or (len(short) >= WORD and long.endswith(short))


def _givens_agree(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether given names fit: the first with the first, and the fewer others, in order, among the more.

    Example: (ada, b) fits (a,), (ada, bea), (ada, k, b) and (), not (ada, k) nor (ida, b).
    """
    if not one or not other or "".join(one) == "".join(other):
        return True
    if not _fit(one[0], other[0]):
        return False
    few, many = sorted((one[1:], other[1:]), key=len)
    rest = iter(many)
    return all(any(_fit(name, found) for found in rest) for name in few)


def _fit(one: str, other: str) -> bool:
    """Tell whether a given name is another: the same, an initial of it (`Y`, `Yu`), its beginning, or spelled alike."""
    short, long = sorted((one, other), key=len)
    return long.startswith(short) or spelled_alike(one, other)
