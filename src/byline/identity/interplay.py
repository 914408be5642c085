"""What pieces of evidence say together: small trees of questions, added to the log-odds of the additive model.

A rare name and ten years apart are one person more often than both weights add up to, a common name and forty
co-authors on either side less often. Each tree asks a pair the same few questions ("is the rarity of the family name
above 7.5 nats?"); its answers are the bits of a place in a table of log-odds. Trees that ask for what is not known
weigh nothing.

    questions: rarity above 16? gap above 4.5 years?   says: [-0.10, -0.30, +0.40, +0.05]
    rarity 20, gap 2: yes, no: place 0b10 = 2, so +0.40
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from byline.identity.compare import Compared
from byline.identity.edges import TREES
from byline.identity.features import corpus_step, relation, years_between

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Ints32 = npt.NDArray[np.int32]
HUNDREDTHS = 100
"""What a tree says is kept in hundredths, as whole numbers: their sum is the same in any order on any machine."""

EDGES = TREES
"""What trees ask for, and the edges of its levels: the question (name, level) is whether a value is at or above that
edge."""
KINDS = {
    "coauthors": "co-authors", "mentions": "papers", "groups": "namesakes", "given": "name", "family": "name",
    "name": "name", "fitting": "name", "gap": "years", "span": "years", "shared": "co-authors in common",
    "words": "words", "relation": "name", "middle": "name", "middles": "name", "corpus": "size of the corpus",
}  # fmt: skip
"""What each piece is called in words, by the first part of its name."""

Question = tuple[str, int]


@dataclass(frozen=True)
class Tree:
    """Questions, the same for every pair, and what each combination of answers says."""

    asks: tuple[Question, ...]
    says: Ints
    """Log-odds in hundredths, 2 to the number of questions; the first question is the highest bit."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return what it asks for, in words, sorted."""
        return tuple(sorted({KINDS[name.split("_")[0]] for name, _ in self.asks}))


Trees = tuple[Tree, ...]
_COLUMNS = (
    "coauthor_count", "mentions", "groups", "rarity_given", "rarity_family", "fitting_names", "start", "end",
)  # fmt: skip


def values(compared: Compared, papers: int) -> dict[str, Floats]:
    """Return the value of each of EDGES for each of the compared pairs, of a corpus of so many papers; NaN: unknown."""
    pairs, (a, b) = compared.pairs, compared.ends
    table = {name: compared.table[name].to_numpy().astype(np.float64) for name in _COLUMNS}

    def least(name: str) -> Floats:
        return np.minimum(table[name][a], table[name][b])

    def most(name: str) -> Floats:
        return np.maximum(table[name][a], table[name][b])

    rarity = table["rarity_given"] + table["rarity_family"]
    full = pairs["full"].fill_null(0).to_numpy().astype(np.float64)
    middles = (compared.table["letters"] != "").to_numpy().astype(np.float64)
    return {
        "coauthors_least": least("coauthor_count"), "coauthors_most": most("coauthor_count"),
        "mentions_least": least("mentions"), "mentions_most": most("mentions"),
        "groups_least": least("groups"), "groups_most": most("groups"),
        "given_least": least("rarity_given"), "given_most": most("rarity_given"), "family": most("rarity_family"),
        "name": np.maximum(rarity[a], rarity[b]), "fitting": most("fitting_names"),
        "gap": years_between(compared),
        "span": np.maximum(table["end"][a], table["end"][b]) - np.minimum(table["start"][a], table["start"][b]),
        "shared": pairs["rarity"].fill_null(0.0).to_numpy(), "shared_full": full,
        "shared_weak": pairs["weak"].fill_null(0).to_numpy().astype(np.float64),
        "shared_part": full / np.maximum(least("coauthor_count"), 1.0), "words": pairs["words"].to_numpy(),
        "relation": relation(compared).astype(np.float64),
        "middle": pairs["mid"].fill_null(0).to_numpy().astype(np.float64), "middles": middles[a] + middles[b],
        "corpus": np.full(len(a), float(corpus_step(papers))),
    }  # fmt: skip


def says(trees: Trees, found: Mapping[str, Floats]) -> Floats:
    """Return the log-odds that all trees add for each pair, given the `values` of the pairs.

    A tree that asks for what is unknown of a pair says nothing of it.
    """
    total = np.zeros(len(next(iter(found.values()))), dtype=np.int32)
    answers = _answers(trees, found)
    for lacking, alike in _by_lack(trees).items():
        said = np.zeros_like(total)
        for some in _by_two(alike):
            said += _together(some, answers)
        for name in lacking:
            said[np.isnan(found[name])] = 0
        total += said
    return np.asarray(total / HUNDREDTHS)


def by_kind(trees: Trees, found: Mapping[str, Floats]) -> dict[tuple[str, ...], Floats]:
    """Return the same, apart by what the trees ask for."""
    kinds = sorted({tree.kinds for tree in trees})
    return {kind: says(tuple(tree for tree in trees if tree.kinds == kind), found) for kind in kinds}


BITS = 8
"""Answers that a byte holds."""
MAY_LACK = ("gap", "span")
"""What is unknown for a group without a date."""


def _answers(trees: Trees, found: Mapping[str, Floats]) -> dict[Question, npt.NDArray[np.uint8]]:
    """Return for each question that some tree asks 1 for the pairs whose value is at or above its edge."""
    asked = sorted({question for tree in trees for question in tree.asks})
    return {(name, level): (found[name] >= EDGES[name][level]).astype(np.uint8) for name, level in asked}


def _by_lack(trees: Trees) -> dict[tuple[str, ...], list[Tree]]:
    """Return the trees by what they ask for that may be unknown."""
    found: dict[tuple[str, ...], list[Tree]] = {}
    for tree in trees:
        asked = {name for name, _ in tree.asks}
        found.setdefault(tuple(name for name in MAY_LACK if name in asked), []).append(tree)
    return found


def _by_two(trees: Sequence[Tree]) -> Iterator[Sequence[Tree]]:
    """Yield trees two at a time, or alone where two ask for more than a byte holds."""
    for start in range(0, len(trees), 2):
        two = trees[start : start + 2]
        if sum(len(tree.asks) for tree in two) <= BITS:
            yield two
        else:
            yield from ([tree] for tree in two)


def _together(trees: Sequence[Tree], answers: Mapping[Question, npt.NDArray[np.uint8]]) -> Ints32:
    """Return what one tree says, or two: of two the answers are put together, which takes half as many looks.

    Two trees of one question each say 3, 5 and 0, 20: together 3, 23, 5, 25 for the answers 00, 01, 10, 11.
    """
    asks = [question for tree in trees for question in tree.asks]
    table = trees[0].says.astype(np.int32)
    for tree in trees[1:]:
        table = np.add.outer(table, tree.says.astype(np.int32)).ravel()
    place = answers[asks[0]].copy()
    for question in asks[1:]:
        place <<= 1
        place |= answers[question]
    found: Ints32 = table.take(place)
    return found
