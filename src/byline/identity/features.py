"""Pairs of groups to levels of evidence: one small integer a feature, which the model gives a weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.identity.compare import Compared
from byline.identity.edges import PAIRS, Edges
from byline.identity.forms import First, Middle

Levels = npt.NDArray[np.int16]
SAME_FORM = {"plain": 0, "middle": 1, "initial": 2, "initials": 3, "bare": 4}
N_FIRST, N_MIDDLE = len(First), len(Middle)
KINDS = 5
"""Coarser kinds, see `KIND`."""
RELATIONS = 8
"""Kinds of name relation that other evidence is weighed apart for: see `relation`."""

SHAPE = {
    "name": (len(SAME_FORM) + N_FIRST * N_MIDDLE,),
    "family_name": (2,),
    "rarity": (RELATIONS, len(PAIRS["rarity"]) + 1, len(PAIRS["given"]) + 1),
    "fitting_names": (RELATIONS, len(PAIRS["fitting"]) + 1),
    "coauthors": (RELATIONS, len(PAIRS["shared"]) + 1),
    "met": (len(PAIRS["met"]) + 1, 2),
    "coauthor_count": (RELATIONS, len(PAIRS["coauthor_count"]) + 1),
    "strangers": (len(PAIRS["name"]) + 1, len(PAIRS["coauthor_count"]) + 1),
    "words": (len(PAIRS["terms"]) + 1, len(PAIRS["words"]) + 1),
    "years": (RELATIONS, len(PAIRS["years"]) + 1),
    "gap": (len(PAIRS["years"]) + 1,),
    "field": (2, 5),
    "size": (len(PAIRS["size"]) + 1, len(PAIRS["size"]) + 1),
    "namesakes": (RELATIONS, len(PAIRS["namesakes"]) + 1),
    "organisation": (3,),
    "corpus": (len(PAIRS["corpus"]) + 1, 3, len(PAIRS["name"]) + 1),
    "name_and_shared": (KINDS, len(PAIRS["fine_name"]) + 1, 2),
    "name_and_words": (KINDS, len(PAIRS["name"]) + 1, len(PAIRS["few_words"]) + 1),
    "both_counts": (KINDS, len(PAIRS["few"]) + 1, len(PAIRS["many"]) + 1, 2),
}
"""Each feature's table of weights; a level is the flat index into it, or UNKNOWN."""
UNKNOWN = -1
"""The level of a feature that nothing is known of: it weighs nothing."""


KIND = np.array([0, 1, 2, 3, 3, 4, 4, 4])
"""By relation (see `relation`): one full form, one of initials, one first name, an initial on a side, or otherwise."""
SIDE = np.array([0, 0, 1, 2, 2, 1, 1, 1])
"""By relation: one form, two full names, or an initial on a side."""


def corpus_step(papers: int) -> int:
    """Return on which level of `corpus` (see `edges`) a corpus of so many papers is."""
    return int(np.searchsorted(PAIRS["corpus"], papers, side="right"))


def weighed_alike(papers: int, others: int) -> bool:
    """Tell whether corpora of so many papers lie on one step: all that their sizes say is then the same."""
    return corpus_step(papers) == corpus_step(others)


def binned(values: pl.Series | npt.NDArray[Any], edges: Edges) -> Levels:
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

    def most(self, groups: pl.Series | npt.NDArray[Any], edges: Edges) -> Levels:
        """Return the level of the greater of both groups' values."""
        level = binned(groups, edges)
        return np.maximum(level[self.a], level[self.b])

    def least(self, groups: pl.Series | npt.NDArray[Any], edges: Edges) -> Levels:
        """Return the level of the smaller of both groups' values."""
        level = binned(groups, edges)
        return np.minimum(level[self.a], level[self.b])


def levels(compared: Compared, papers: int) -> dict[str, Levels]:
    """Return the level of each feature for each of the compared pairs, of a corpus of so many papers."""
    pairs, table = compared.pairs, compared.table
    both = _Pairs(table, *compared.ends)
    same, kind = compared.same_form, relation(compared)
    met = binned(pairs["rarity"].fill_null(0.0), PAIRS["shared"])
    count = np.where(met > 0, 0, both.least(table["coauthor_count"], PAIRS["coauthor_count"]))
    counts = (
        both.least(table["coauthor_count"], PAIRS["few"]),
        both.most(table["coauthor_count"], PAIRS["many"]),
    )
    name = both.of("rarity_given") + both.of("rarity_family")
    out = {
        "name": _name(both, pairs, same),
        "family_name": 1 - (same | pairs["family_same"].fill_null(value=True).to_numpy()),
        "rarity": (
            kind, both.most(table["rarity_family"], PAIRS["rarity"]), both.most(table["rarity_given"], PAIRS["given"]),
        ),
        "fitting_names": (kind, both.most(table["fitting_names"], PAIRS["fitting"])),
        "coauthors": (kind, met),
        # the same for all names: what kinds of relation seen too seldom lean on
        "met": (binned(pairs["rarity"].fill_null(0.0), PAIRS["met"]), same),
        "coauthor_count": (kind, count),
        "strangers": (both.most(name, PAIRS["name"]), count),
        "words": (both.least(table["terms"], PAIRS["terms"]), binned(pairs["words"], PAIRS["words"])),
        "years": (kind, gap := _years(compared)),
        "gap": gap,
        "field": (both.least(table["mentions"], PAIRS["both_large"]), _field(both)),
        "size": (both.least(table["mentions"], PAIRS["size"]), both.most(table["mentions"], PAIRS["size"])),
        "namesakes": (kind, both.most(table["groups"], PAIRS["namesakes"])),
        "organisation": _common(both, "organisations", (0, 1, 2)),
        "corpus": (np.full(len(kind), corpus_step(papers)), SIDE[kind], both.most(name, PAIRS["name"])),
        # three crossed tables: what a shared co-author, shared words, co-authors on both sides are worth by the name
        "name_and_shared": (KIND[kind], both.most(name, PAIRS["fine_name"]), met > 0),
        "name_and_words": (KIND[kind], both.most(name, PAIRS["name"]), binned(pairs["words"], PAIRS["few_words"])),
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
    return np.where(np.isnan(gap), np.int16(UNKNOWN), binned(gap, PAIRS["years"]))


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
