"""Pairs of groups to levels of evidence: one small integer a feature, which the model gives a weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.identity.compare import Compared
from byline.identity.forms import First, Middle

Levels = npt.NDArray[np.int16]
SAME_FORM = {"plain": 0, "middle": 1, "initial": 2, "initials": 3, "bare": 4}
N_FIRST, N_MIDDLE = len(First), len(Middle)
KINDS = 5
"""Coarser kinds, see `KIND`."""
RELATIONS = 8
"""Kinds of name relation that other evidence is weighed apart for: see `relation`."""

RARITY_EDGES = [2.5, 4.0, 5.0, 6.0, 7.0, 8.0, 9.5, 11.0]
NAME_EDGES = [9.0, 10.5, 12.0, 14.0, 17.0]
GIVEN_EDGES = [5.0, 6.0, 7.0, 8.5, 10.0]
FITTING_EDGES = [1.5, 2.5, 4.5, 8.5, 16.5, 40.5]
SHARED_EDGES = [0.01, 8.0, 13.0, 17.0, 22.0, 40.0]
MET_EDGES = [0.01, 6.0, 10.0, 14.0, 18.0, 26.0, 40.0, 80.0, 160.0]
COAUTHOR_COUNT_EDGES = [0.5, 2.5, 5.5, 10.5, 20.5, 40.5]
FINE_NAME_EDGES = [9.0, 10.0, 11.0, 12.0, 13.0, 14.5, 16.0, 18.0]
FEW_WORDS_EDGES = [-0.3, 0.5, 1.5, 3.5]
FEW_EDGES = [2.5, 6.5, 15.5]
MANY_EDGES = [2.5, 6.5, 15.5, 40.0]
"""Co-authors of the group with fewer, and of the one with more."""
WORDS_EDGES = [-0.5, 0.3, 0.8, 1.8, 2.8, 4.8, 9.0]
TERMS_EDGES = [8.5, 16.5, 30.5]
YEARS_EDGES = [0.01, 1.0, 2.5, 4.5, 8.0, 14.0]
SIZE_EDGES = [1.5, 3.5, 8.5]
NAMESAKES_EDGES = [2.5, 4.5, 8.5, 16.5, 32.5]
CORPUS_EDGES = [600.0, 2_400.0, 10_000.0, 40_000.0]
"""Papers of the corpus at which a name's two mentions get likelier one person's: coarse, so that a few new papers
seldom change anything but what they touch. In a listing of 300 papers of a whole field few persons return."""
BOTH_LARGE = 2.5
"""Mentions beyond which a group's category says more."""

SHAPE = {
    "name": (len(SAME_FORM) + N_FIRST * N_MIDDLE,),
    "family_name": (2,),
    "rarity": (RELATIONS, len(RARITY_EDGES) + 1, len(GIVEN_EDGES) + 1),
    "fitting_names": (RELATIONS, len(FITTING_EDGES) + 1),
    "coauthors": (RELATIONS, len(SHARED_EDGES) + 1),
    "met": (len(MET_EDGES) + 1, 2),
    "coauthor_count": (RELATIONS, len(COAUTHOR_COUNT_EDGES) + 1),
    "strangers": (len(NAME_EDGES) + 1, len(COAUTHOR_COUNT_EDGES) + 1),
    "words": (len(TERMS_EDGES) + 1, len(WORDS_EDGES) + 1),
    "years": (RELATIONS, len(YEARS_EDGES) + 1),
    "gap": (len(YEARS_EDGES) + 1,),
    "field": (2, 5),
    "size": (len(SIZE_EDGES) + 1, len(SIZE_EDGES) + 1),
    "namesakes": (RELATIONS, len(NAMESAKES_EDGES) + 1),
    "organisation": (3,),
    "corpus": (len(CORPUS_EDGES) + 1, 3, len(NAME_EDGES) + 1),
    "name_and_shared": (KINDS, len(FINE_NAME_EDGES) + 1, 2),
    "name_and_words": (KINDS, len(NAME_EDGES) + 1, len(FEW_WORDS_EDGES) + 1),
    "both_counts": (KINDS, len(FEW_EDGES) + 1, len(MANY_EDGES) + 1, 2),
}
"""Each feature's table of weights; a level is the flat index into it, or UNKNOWN."""
UNKNOWN = -1
"""The level of a feature that nothing is known of: it weighs nothing."""


KIND = np.array([0, 1, 2, 3, 3, 4, 4, 4])
"""By relation (see `relation`): one full form, one of initials, one first name, an initial on a side, or otherwise."""
SIDE = np.array([0, 0, 1, 2, 2, 1, 1, 1])
"""By relation: one form, two full names, or an initial on a side."""


def corpus_step(papers: int) -> int:
    """Return the step of CORPUS_EDGES that a corpus of so many papers is on."""
    return int(np.searchsorted(CORPUS_EDGES, papers, side="right"))


def weighed_alike(papers: int, others: int) -> bool:
    """Tell whether corpora of so many papers lie on one step: all that their sizes say is then the same."""
    return corpus_step(papers) == corpus_step(others)


def binned(values: pl.Series | npt.NDArray[Any], edges: list[float]) -> Levels:
    """Return by how many edges each value lies: the level that a table of weights is indexed by."""
    found: Levels = np.searchsorted(
        np.array(edges), np.asarray(values, dtype=np.float64), side="right"
    ).astype(np.int16)
    return found


@dataclass(frozen=True)
class _Pairs:
    """Candidate pairs over the table of their groups.

    What is binned is binned by group, before the pairs are looked at: the greater value has the greater level.
    """

    table: pl.DataFrame
    a: npt.NDArray[np.int64]
    b: npt.NDArray[np.int64]

    def of(self, column: str) -> npt.NDArray[Any]:
        """Return a column of the groups."""
        return self.table[column].to_numpy()

    def most(self, groups: pl.Series | npt.NDArray[Any], edges: list[float]) -> Levels:
        """Return the level of the greater of both groups' values."""
        level = binned(groups, edges)
        return np.maximum(level[self.a], level[self.b])

    def least(self, groups: pl.Series | npt.NDArray[Any], edges: list[float]) -> Levels:
        """Return the level of the smaller of both groups' values."""
        level = binned(groups, edges)
        return np.minimum(level[self.a], level[self.b])


def levels(compared: Compared, papers: int) -> dict[str, Levels]:
    """Return the level of each feature for each of the compared pairs, of a corpus of so many papers."""
    pairs, table = compared.pairs, compared.table
    both = _Pairs(table, *compared.ends)
    same, kind = compared.same_form, relation(compared)
    met = binned(pairs["rarity"].fill_null(0.0), SHARED_EDGES)
    count = np.where(met > 0, 0, both.least(table["coauthor_count"], COAUTHOR_COUNT_EDGES))
    counts = (both.least(table["coauthor_count"], FEW_EDGES), both.most(table["coauthor_count"], MANY_EDGES))
    name = both.of("rarity_given") + both.of("rarity_family")
    out = {
        "name": _name(both, pairs, same),
        "family_name": 1 - (same | pairs["family_same"].fill_null(value=True).to_numpy()),
        "rarity": (
            kind, both.most(table["rarity_family"], RARITY_EDGES), both.most(table["rarity_given"], GIVEN_EDGES),
        ),
        "fitting_names": (kind, both.most(table["fitting_names"], FITTING_EDGES)),
        "coauthors": (kind, met),
        # the same for all names: what kinds of relation seen too seldom lean on
        "met": (binned(pairs["rarity"].fill_null(0.0), MET_EDGES), same),
        "coauthor_count": (kind, count),
        "strangers": (both.most(name, NAME_EDGES), count),
        "words": (both.least(table["terms"], TERMS_EDGES), binned(pairs["words"], WORDS_EDGES)),
        "years": (kind, gap := _years(compared)),
        "gap": gap,
        "field": (both.least(table["mentions"], [BOTH_LARGE]), _field(both)),
        "size": (both.least(table["mentions"], SIZE_EDGES), both.most(table["mentions"], SIZE_EDGES)),
        "namesakes": (kind, both.most(table["groups"], NAMESAKES_EDGES)),
        "organisation": _common(both, "organisations", (0, 1, 2)),
        "corpus": (np.full(len(kind), corpus_step(papers)), SIDE[kind], both.most(name, NAME_EDGES)),
        # three crossed tables: what a shared co-author, shared words and two circles are worth beside a rarer name
        "name_and_shared": (KIND[kind], both.most(name, FINE_NAME_EDGES), met > 0),
        "name_and_words": (KIND[kind], both.most(name, NAME_EDGES), binned(pairs["words"], FEW_WORDS_EDGES)),
        "both_counts": (KIND[kind], *counts, met > 0),
    }  # fmt: skip
    return {name: _place(index, SHAPE[name]) for name, index in out.items()}


def _place(index: npt.NDArray[Any] | tuple[npt.NDArray[Any], ...], shape: tuple[int, ...]) -> Levels:
    """Return the flat index into a table of this shape, UNKNOWN where a part of it is."""
    if not isinstance(index, tuple):
        return index.astype(np.int16)
    flat = index[0].astype(np.int16)
    for part, size in zip(index[1:], shape[1:], strict=True):
        flat = np.where(part == UNKNOWN, np.int16(UNKNOWN), flat * np.int16(size) + part)
    return flat


def relation(compared: Compared) -> Levels:
    """Return the kind of name relation of each pair, by which other evidence is weighed apart.

    0 same full form, 1 same form with initials only, 2 same first name, 3 initial and name, 4 both initials, 5 short,
    begun or bare, 6 spelled otherwise, 7 the first given name dropped.
    """
    kind = np.full(len(First) + 1, 5, dtype=np.int16)
    for number, codes in (
        (2, (First.SAME, First.JOINED)), (3, (First.INITIAL,)), (4, (First.INITIALS,)),
        (6, (First.SPELLED,)), (7, (First.DROPPED,)),
    ):  # fmt: skip
        kind[list(codes)] = number
    out: Levels = kind[compared.pairs["first"].fill_null(-1).to_numpy()]  # -1, no relation, is the last
    same, (a, _) = compared.same_form, compared.ends
    out[same] = np.where(compared.table["is_full"].to_numpy()[a[same]], 0, 1)
    return out


def _name(both: _Pairs, pairs: pl.DataFrame, same: npt.NDArray[np.bool_]) -> Levels:
    more, bare = both.of("letters") != "", both.of("given_key") == ""
    alike = np.where(bare, 4, np.where(both.of("is_full"), 0, 2) + more)
    middle = pairs["mid"].fill_null(0).to_numpy().astype(np.int16)
    first = np.maximum(pairs["first"].fill_null(0).to_numpy(), 0).astype(np.int16)
    apart = len(SAME_FORM) + first * N_MIDDLE + middle
    return np.where(same, alike[both.a], apart).astype(np.int16)


def _years(compared: Compared) -> Levels:
    """Return the level of the years between two groups, UNKNOWN where one of them has no date."""
    gap = years_between(compared)
    return np.where(np.isnan(gap), np.int16(UNKNOWN), binned(gap, YEARS_EDGES))


def years_between(compared: Compared) -> npt.NDArray[np.float64]:
    """Return the years between the two groups' spans of publication, 0 where they overlap, NaN where one has none."""
    start, end = (compared.table[name].to_numpy() for name in ("start", "end"))
    a, b = compared.ends
    after = np.maximum(start[a] - end[b], start[b] - end[a])
    gap: npt.NDArray[np.float64] = np.maximum(after, 0.0)
    return gap


def _common(both: _Pairs, column: str, said: tuple[int, int, int]) -> Levels:
    """Return which of `said` holds: one side unknown, nothing in common, something; `column` holds 64 bits a group."""
    bits = both.of(column)
    if not bits.any():
        return np.full(len(both.a), said[0], dtype=np.int16)
    a, b = bits[both.a], bits[both.b]
    return np.where((a == 0) | (b == 0), said[0], np.where(a & b, said[2], said[1])).astype(np.int16)


def _field(both: _Pairs) -> Levels:
    """Return what is shared: 0 nothing, in archives near each other, 1 an archive, 2 a category, else UNKNOWN.

    3 is nothing, in distant archives, 4 in unrelated ones (see `archives`); a group of several archives is as near as
    its nearest.
    """
    out = _common(both, "fields", (UNKNOWN, 0, 2))
    archives, near, reach = (both.of(name) for name in ("archives", "near", "reach"))
    nothing = (out == 0) & (archives[both.a] != 0) & (archives[both.b] != 0)
    out[nothing & (near[both.a] & archives[both.b] == 0)] = 3
    out[nothing & (reach[both.a] & archives[both.b] == 0)] = 4
    out[nothing & (archives[both.a] & archives[both.b] != 0)] = 1
    return out
