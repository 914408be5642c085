"""Many small components at once end as each does by itself."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byline.identity import cluster, linkage
from byline.identity.cluster import Graph
from byline.identity.groups import Ints


def component(draw: np.random.Generator, nodes: int, size: int):
    score = draw.normal(0, 2, (nodes, nodes))
    mean = np.full((size, size), -np.inf)
    mean[:nodes, :nodes] = np.triu(score, 1) + np.triu(score, 1).T
    np.fill_diagonal(mean, -np.inf)
    weight = np.ones(size)
    weight[:nodes] = np.sqrt(draw.integers(1, 9, nodes))
    return mean, weight


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.lists(st.integers(2, 8), min_size=1, max_size=6))
def test_many_at_once_end_as_one_by_one(seed, nodes):
    draw = np.random.default_rng(seed)
    made = [component(draw, n, 8) for n in nodes]
    means, weights = (np.stack(part) for part in zip(*made, strict=True))
    owners = linkage.many(means.copy(), weights.copy())
    for (mean, weight), n, owner in zip(made, nodes, owners, strict=True):
        alone = linkage.one(mean[:n, :n].copy(), weight[:n].copy())
        assert owner[:n].tolist() == alone.tolist()
        assert owner[n:].tolist() == list(range(n, 8))


def test_what_may_never_stand_together_stays_apart():
    mean = np.full((1, 4, 4), 1.0)
    mean[0, 0, 3] = mean[0, 3, 0] = -1e6
    mean[0, range(4), range(4)] = -np.inf
    owner = linkage.many(mean, np.ones((1, 4)))[0]
    assert owner[0] != owner[3]


def plainly(mean: np.ndarray, weight: np.ndarray) -> list[int]:
    """Merge the two clusters of the greatest average, while that is above 0: each average from its members anew."""
    members = [[node] for node in range(len(mean))]
    while len(members) > 1:
        averages = {
            (x, y): np.average(
                mean[np.ix_(members[x], members[y])], weights=np.outer(weight[members[x]], weight[members[y]])
            )
            for x in range(len(members))
            for y in range(x + 1, len(members))
        }
        x, y = max(averages, key=lambda pair: averages[pair])
        if averages[x, y] <= 0:
            break
        members[x] += members.pop(y)
    return [min(next(found for found in members if node in found)) for node in range(len(mean))]


def merged_one_by_one(mean: np.ndarray, weight: np.ndarray) -> list[int]:
    """Do the same with the averages kept in the matrix, for many nodes."""
    mean, weight, owner = mean.copy(), weight.copy(), np.arange(len(mean))
    np.fill_diagonal(mean, -np.inf)
    while (best := mean.max()) > 0:
        x, y = sorted(np.argwhere(mean == best)[0])
        row = (mean[x] * weight[x] + mean[y] * weight[y]) / (weight[x] + weight[y])
        weight[x] += weight[y]
        mean[x], mean[:, x] = row, row
        mean[y], mean[:, y] = -np.inf, -np.inf
        mean[x, x] = -np.inf
        owner[owner == y] = x
    return owner.tolist()


@pytest.mark.parametrize("seed", range(6))
def test_clusters_are_merged_by_the_weighted_average_of_their_members(seed):
    mean, weight = component(np.random.default_rng(seed), 7, 7)
    expected = plainly(np.where(np.isneginf(mean), 0, mean), weight)
    assert merged_one_by_one(mean, weight) == expected
    assert linkage.one(mean.copy(), weight).tolist() == expected
    assert linkage.many(mean[None].copy(), weight[None])[0].tolist() == expected


@pytest.mark.parametrize("shift", [0.5, 2.0], ids=["many clusters", "few clusters"])
def test_a_matrix_that_shrinks_on_its_way_gives_the_same(shift):
    mean, weight = component(np.random.default_rng(1), 150, 150)
    mean += shift
    assert linkage.one(mean.copy(), weight).tolist() == merged_one_by_one(mean, weight)


def graph(draw: np.random.Generator, groups: int, pairs: int) -> Graph:
    """Return a graph of some pairs; what was not compared is three below the threshold."""
    a, b = np.triu_indices(groups, 1)
    chosen = np.sort(draw.choice(len(a), pairs, replace=False))

    def prior(form: Ints) -> np.ndarray:
        return np.full((*form.shape, form.shape[-1]), -3.0)

    weight = np.sqrt(draw.integers(1, 9, groups))
    return Graph(np.arange(groups), weight, a[chosen], b[chosen], draw.normal(0.5, 2, pairs), prior)


def whole(some: Graph) -> np.ndarray:
    """Return the scores of all pairs of a graph."""
    mean = some.prior(some.form)
    mean[some.a, some.b] = mean[some.b, some.a] = some.score
    return mean


@pytest.mark.parametrize("small", [cluster.SMALL, 3], ids=["together", "one by one"])
@pytest.mark.parametrize("at_once", [cluster.AT_ONCE, 1], ids=["at once", "in parts"])
@pytest.mark.parametrize(("groups", "pairs"), [(40, 60), (30, 400), (90, 60)])
def test_components_end_as_the_whole_graph_does(groups, pairs, small, at_once, monkeypatch):
    monkeypatch.setattr(cluster, "SMALL", small)
    monkeypatch.setattr(cluster, "AT_ONCE", at_once)
    some = graph(np.random.default_rng(groups), groups, pairs)
    assert cluster.cluster(some).tolist() == merged_one_by_one(whole(some), some.weight)


def test_what_is_as_likely_one_as_two_stays_two():
    none = np.array([[-np.inf, 0.0], [0.0, -np.inf]])
    assert linkage.one(none.copy(), np.ones(2)).tolist() == [0, 1]
    assert linkage.many(none[None].copy(), np.ones((1, 2))).tolist() == [[0, 1]]
    pair = Graph(np.arange(2), np.ones(2), np.array([0]), np.array([1]), np.array([0.0]), lambda form: none)
    assert cluster.cluster(pair).tolist() == [0, 1]


@pytest.mark.parametrize("strength", [1.0, 9.0])
def test_a_ring_whose_far_members_cannot_be_one_falls_apart(strength):
    """As many good pairs as members: only where every two of them agree there is nothing to weigh."""
    a, b = np.array([0, 0, 0, 1, 1, 2]), np.array([1, 2, 3, 2, 3, 3])
    score = np.array([strength, -20.0, strength, strength, -20.0, strength])
    ring = Graph(np.arange(4), np.ones(4), a, b, score, lambda form: np.zeros((*form.shape, form.shape[-1])))
    assert cluster.cluster(ring).tolist() == merged_one_by_one(whole(ring), ring.weight)
    assert len(set(cluster.cluster(ring).tolist())) == 2


def test_a_component_too_large_for_a_matrix_falls_apart_at_its_weakest_pairs(monkeypatch):
    """Two squares of strong pairs, and one weak pair between them."""
    monkeypatch.setattr(cluster, "LARGEST", 4)
    monkeypatch.setattr(cluster, "SMALL", 4)
    squares = [(x + at, y + at, 6.0) for at in (0, 4) for x in range(4) for y in range(x + 1, 4)]
    a, b, score = (np.array(column) for column in zip(*sorted([*squares, (3, 4, 0.5)]), strict=True))
    both = Graph(np.arange(8), np.ones(8), a, b, score, graph(np.random.default_rng(0), 2, 1).prior)
    assert cluster.cluster(both).tolist() == [0, 0, 0, 0, 4, 4, 4, 4]


@pytest.mark.parametrize(
    ("bridge", "apart"), [(cluster.CUT_AT_MOST, False), (cluster.CUT_AT_MOST + 0.5, True)]
)
def test_what_the_highest_cut_leaves_together_is_left_apart(monkeypatch, bridge, apart):
    """Two squares of very strong pairs, and one pair between them that the highest cut leaves out, or just not."""
    monkeypatch.setattr(cluster, "LARGEST", 4)
    monkeypatch.setattr(cluster, "SMALL", 4)
    squares = [(x + at, y + at, 20.0) for at in (0, 4) for x in range(4) for y in range(x + 1, 4)]
    a, b, score = (np.array(column) for column in zip(*sorted([*squares, (3, 4, bridge)]), strict=True))
    both = Graph(np.arange(8), np.ones(8), a, b, score, graph(np.random.default_rng(0), 2, 1).prior)
    assert cluster.cluster(both).tolist() == (list(range(8)) if apart else [0] * 4 + [4] * 4)


def test_what_stays_too_large_at_the_highest_cut_is_left_apart(monkeypatch):
    """Nearly a triangle, of pairs above every cut."""
    monkeypatch.setattr(cluster, "LARGEST", 2)
    monkeypatch.setattr(cluster, "SMALL", 2)
    score = np.array([9.5, 9.5, -1.0])
    alike = Graph(
        np.arange(3),
        np.ones(3),
        np.array([0, 0, 1]),
        np.array([1, 2, 2]),
        score,
        lambda form: -np.ones((3, 3)),
    )
    assert cluster.cluster(alike).tolist() == [0, 1, 2]
