"""What pieces of evidence say together. The values are made up."""

import numpy as np
import pytest

from benchmarks import identity_trees
from byline.identity import interplay, model
from byline.identity.interplay import EDGES, Tree

SHARED_16, GAP_4 = EDGES["shared"].index(16), EDGES["gap"].index(4.5)
EXAMPLE = Tree((("shared", SHARED_16), ("gap", GAP_4)), np.array([-10, -30, 40, 5]))


def values(rows: int, **known: list[float]) -> dict[str, np.ndarray]:
    return {name: np.array(known.get(name, [0.0] * rows), dtype=np.float64) for name in EDGES}


def test_the_answers_are_the_bits_of_a_place_in_the_table():
    found = values(4, shared=[3.0, 3.0, 20.0, 16.0], gap=[0.0, 9.0, 2.0, 4.5])
    assert interplay.says((EXAMPLE,), found).tolist() == [-0.10, -0.30, 0.40, 0.05]


def test_trees_add_up():
    found = values(1, shared=[20.0], gap=[2.0])
    assert interplay.says((EXAMPLE, EXAMPLE), found).tolist() == [0.80]
    assert interplay.says((), found).tolist() == [0.0]


def test_a_tree_that_asks_for_what_is_not_known_weighs_nothing():
    other = Tree((("shared", SHARED_16), ("name", 0)), np.array([0, 0, 7, 7]))
    found = values(1, shared=[20.0], gap=[float("nan")])
    assert interplay.says((EXAMPLE, other), found).tolist() == [0.07]


def test_trees_that_are_asked_together_say_what_each_says():
    draw = np.random.default_rng(7)
    found = {name: draw.uniform(-1, 30, 100) for name in EDGES}
    found["gap"][::3] = found["span"][::5] = np.nan
    deep = Tree(tuple(("words", level) for level in range(5)), np.arange(32))
    trees = (*model.load().trees[:21], deep, deep)
    alone = sum(interplay.says((tree,), found) for tree in trees)
    assert interplay.says(trees, found) == pytest.approx(alone)


def test_what_is_said_by_kind_of_evidence_adds_up_to_what_is_said():
    draw = np.random.default_rng(5)
    found = {name: draw.uniform(-1, 30, 200) for name in EDGES}
    trees = model.load().trees
    assert len({tree.kinds for tree in trees}) > 3
    parts = interplay.by_kind(trees, found)
    assert sum(parts.values()) == pytest.approx(interplay.says(trees, found))


def test_every_shipped_tree_asks_for_what_there_is_and_answers_every_combination():
    trees = model.load().trees
    assert len(trees) == identity_trees.TREES
    for tree in trees:
        assert len(tree.says) == 2 ** len(tree.asks)
        assert all(0 <= level < len(EDGES[name]) for name, level in tree.asks)


def drawn(rows: int) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
    """Pairs that are one person where a rare co-author or a long gap holds, but not both: no weight says that."""
    draw = np.random.default_rng(3)
    found = values(rows) | {"shared": draw.uniform(0, 40, rows), "gap": draw.uniform(0, 10, rows)}
    truth = ((found["shared"] >= 16) != (found["gap"] >= 4.5)).astype(np.float64)
    return found, truth, draw.random(rows) + 0.5


def test_what_no_weights_add_up_to_is_learned():
    found, truth, weight = drawn(4_000)
    trees = identity_trees.grow(found, truth, weight, np.zeros(len(truth)), trees=20)
    said = interplay.says(trees, found)
    assert np.mean((said > 0) == (truth > 0.5)) > 0.97
    assert set().union(*(tree.asks for tree in trees)) >= {("shared", SHARED_16), ("gap", GAP_4)}


def test_the_order_of_rows_changes_no_tree():
    found, truth, weight = drawn(2_000)
    order = np.random.default_rng(4).permutation(2_000)
    one = identity_trees.grow(found, truth, weight, np.zeros(2_000), trees=5)
    mixed = {name: value[order] for name, value in found.items()}
    other = identity_trees.grow(mixed, truth[order], weight[order], np.zeros(2_000), trees=5)
    assert [(tree.asks, tree.says.tolist()) for tree in one] == [
        (tree.asks, tree.says.tolist()) for tree in other
    ]
