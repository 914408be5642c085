"""Boosting of small trees on whole numbers, so that every machine plants the same ones.

Each tree asks every pair the same few questions (oblivious decision trees, as in CatBoost).
It is grown question by question: the one that lowers the loss of the additive model and the trees before it
the most, to second order. Slopes and bends are rounded to whole numbers of 2**-24, so that their sums are exact in any
order; of two equal gains the first question in the order of EDGES wins.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from byline.identity.interplay import EDGES, HUNDREDTHS, MAY_LACK, Question, Tree, Trees

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
TREES = 150
DEPTH = 4
RATE = 0.1
"""How much of its best value a tree says: the rest is left to the trees after it."""
PENALTY = 20.0
"""Of the squared values of a tree, in pairs of average weight."""
GRID = 2.0**24


def grow(
    values: Mapping[str, Floats], truth: Floats, weight: Floats, start: Floats, trees: int = TREES
) -> Trees:
    """Return trees that add to the log-odds `start` of pairs: `values` as of `interplay`, `truth` 0 or 1, `weight`.

    A pair of which a tree asks what is not known is passed over by it, as in use.
    """
    levels = {name: np.searchsorted(EDGES[name], values[name], side="right") for name in EDGES}
    unknown = {name: np.isnan(values[name]) for name in MAY_LACK}
    logit, grown = start.copy(), []
    for _ in range(trees):
        said = 1.0 / (1.0 + np.exp(-logit))
        slope = np.round(weight * (said - truth) * GRID)
        bend = np.round(weight * said * (1.0 - said) * GRID)
        tree, place = _tree(levels, slope, bend)
        grown.append(tree)
        passed = np.zeros(len(logit), dtype=np.bool_)
        for name, _ in tree.asks:
            passed |= unknown.get(name, False)
        logit += np.where(passed, 0, tree.says[place]) / HUNDREDTHS
    return tuple(grown)


def _tree(levels: Mapping[str, Ints], slope: Floats, bend: Floats) -> tuple[Tree, Ints]:
    """Return the next tree, and each pair's place in it."""
    place = np.zeros(len(slope), dtype=np.int64)
    asks: list[Question] = []
    for depth in range(DEPTH):
        name, level = _best_question(levels, place, 1 << depth, slope, bend)
        asks.append((name, level))
        place = place * 2 + (levels[name] > level)
    own, curve = (np.bincount(place, what, 1 << DEPTH) / GRID for what in (slope, bend))
    says = np.round(-RATE * own / (curve + PENALTY) * HUNDREDTHS).astype(np.int64)
    return Tree(tuple(asks), says), place


def _best_question(
    levels: Mapping[str, Ints], place: Ints, places: int, slope: Floats, bend: Floats
) -> Question:
    """Return the question that divides the pairs of all places together best.

    A place with slopes -3 and +3 on both sides of an edge, bends 1, and penalty 1 gains 9 / 2 + 9 / 2 = 9.
    """
    best, found = -1.0, ("", 0)
    for name, level in levels.items():
        size = len(EDGES[name]) + 1
        below, curve = (
            np.bincount(place * size + level, what, places * size).reshape(places, size).cumsum(axis=1) / GRID
            for what in (slope, bend)
        )
        left, curve_left = below[:, :-1], curve[:, :-1]
        right, curve_right = below[:, -1:] - left, curve[:, -1:] - curve_left
        gain = left**2 / (curve_left + PENALTY) + right**2 / (curve_right + PENALTY)
        total = gain.sum(axis=0)
        at = int(total.argmax())
        if total[at] > best:
            best, found = float(total[at]), (name, at)
    return found
