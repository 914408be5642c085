"""What pieces of evidence say together: small trees of questions, added to the log-odds of the additive model.

A rare name and ten years apart are one person more often than both weights add up to, a common name and forty
co-authors on either side less often. Each tree asks a pair the same few questions ("is the rarity of the family name
above 7.5 nats?"); its answers are the bits of a place in a table of log-odds. Trees that ask for what is not known
weigh nothing.

    questions: rarity above 16? gap above 4.5 years?   says: [-0.10, -0.30, +0.40, +0.05]
    rarity 20, gap 2: yes, no: place 0b10 = 2, so +0.40
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from byline.identity.compare import Compared
from byline.identity.edges import TREES
from byline.identity.features import corpus_step, relation, years_between

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
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
