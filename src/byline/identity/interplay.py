"""What pieces of evidence say together: small trees of questions, added to the log-odds of the additive model.

A rare name and ten years apart are one person more often than both weights add up to, a common name and two circles of
forty co-authors less often. Each tree asks a pair the same few questions ("is the rarity of the family name above 7.5
nats?"); its answers are the bits of a place in a table of log-odds. Trees that ask for what is not known weigh nothing.

    questions: rarity above 16? gap above 4.5 years?   says: [-0.10, -0.30, +0.40, +0.05]
    rarity 20, gap 2: yes, no: place 0b10 = 2, so +0.40
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from byline.identity.compare import Compared
from byline.identity.features import corpus_step, relation, years_between

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
HUNDREDTHS = 100
"""What a tree says is kept in hundredths, as whole numbers: their sum is the same in any order on any machine."""

EDGES: dict[str, tuple[float, ...]] = {
    "coauthors_least": (0.5, 1.5, 2.5, 4.5, 6.5, 10.5, 15.5, 20.5, 30.5, 40.5, 80.5),
    "coauthors_most": (0.5, 1.5, 2.5, 4.5, 6.5, 10.5, 15.5, 20.5, 30.5, 40.5, 80.5),
    "mentions_least": (1.5, 2.5, 3.5, 5.5, 8.5, 15.5),
    "mentions_most": (1.5, 2.5, 3.5, 5.5, 8.5, 15.5),
    "groups_least": (1.5, 2.5, 3.5, 4.5, 6.5, 8.5, 12.5, 16.5, 24.5, 32.5, 64.5),
    "groups_most": (1.5, 2.5, 3.5, 4.5, 6.5, 8.5, 12.5, 16.5, 24.5, 32.5, 64.5),
    "given_least": (2.0, 4.0, 5.0, 5.5, 6.0, 6.5, 7.0, 7.5, 8.0, 8.5, 9.25, 10.0, 11.0),
    "given_most": (2.0, 4.0, 5.0, 5.5, 6.0, 6.5, 7.0, 7.5, 8.0, 8.5, 9.25, 10.0, 11.0),
    "family": (2.5, 4.0, 4.5, 5.0, 5.5, 6.0, 6.5, 7.0, 7.5, 8.0, 8.75, 9.5, 10.25, 11.0),
    "name": (8.0, 9.0, 9.5, 10.0, 10.5, 11.0, 11.5, 12.0, 12.5, 13.0, 13.75, 14.5, 15.25, 16.0, 17.0, 18.0, 20.0),
    "fitting": (1.5, 2.5, 4.5, 8.5, 16.5, 24.5, 40.5, 64.5, 100.5),
    "gap": (0.01, 0.5, 1.0, 1.5, 2.5, 3.5, 4.5, 6.0, 8.0, 11.0, 14.0, 20.0),
    "span": (0.5, 1.0, 2.0, 3.0, 4.5, 6.0, 8.0, 10.0, 14.0, 20.0),
    "shared": (0.01, 4, 6, 8, 10, 12, 13, 14.5, 16, 18, 20, 22, 26, 32, 40, 60, 80, 120, 160),
    "shared_full": (0.5, 1.5, 2.5, 3.5, 5.5),
    "shared_weak": (0.5, 1.5, 2.5, 4.5),
    "shared_part": (0.001, 0.05, 0.1, 0.15, 0.2, 0.25, 0.34, 0.5, 0.67, 0.99),
    "words": (-1.0, -0.5, -0.25, 0.01, 0.3, 0.55, 0.8, 1.3, 1.8, 2.3, 2.8, 3.5, 4.8, 7.0, 9.0),
    "relation": (0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5),
    "middle": (0.5, 1.5, 2.5, 3.5, 4.5),
    "middles": (0.5, 1.5),
    "corpus": (0.5, 1.5, 2.5, 3.5),
}  # fmt: skip
"""What trees ask for, and the edges of its levels: the question (name, level) is whether a value is at or above that
edge. `least` and `most` are of both groups; rarities in nats, gap and span in years."""
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
    """Return the log-odds that all trees add for each pair, given the `values` of the pairs."""
    total = np.zeros(len(next(iter(found.values()))), dtype=np.int64)
    answers = _answers(trees, found)
    known = {name: ~np.isnan(found[name]) for name in MAY_LACK}
    for tree in trees:
        total += np.where(_all_known(tree, known), tree.says[_place(tree, answers)], 0)
    return np.asarray(total / HUNDREDTHS)


def by_kind(trees: Trees, found: Mapping[str, Floats]) -> dict[tuple[str, ...], Floats]:
    """Return the same, apart by what the trees ask for."""
    kinds = sorted({tree.kinds for tree in trees})
    return {kind: says(tuple(tree for tree in trees if tree.kinds == kind), found) for kind in kinds}


MAY_LACK = ("gap", "span")
"""What is unknown for a group without a date."""


def _answers(trees: Trees, found: Mapping[str, Floats]) -> dict[Question, npt.NDArray[np.uint8]]:
    """Return for each question that some tree asks 1 for the pairs whose value is at or above its edge."""
    asked = sorted({question for tree in trees for question in tree.asks})
    return {(name, level): (found[name] >= EDGES[name][level]).astype(np.uint8) for name, level in asked}


def _place(tree: Tree, answers: Mapping[Question, npt.NDArray[np.uint8]]) -> npt.NDArray[np.uint8]:
    place = np.zeros_like(answers[tree.asks[0]])
    for question in tree.asks:
        place = place + place + answers[question]
    return place


def _all_known(tree: Tree, known: Mapping[str, npt.NDArray[np.bool_]]) -> npt.NDArray[np.bool_] | np.bool_:
    """Tell the pairs of which everything is known that the tree asks for."""
    out: npt.NDArray[np.bool_] | np.bool_ = np.True_
    for name, _ in tree.asks:
        if name in known:
            out = out & known[name]
    return out
