"""Many small components at once end as each does by itself."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from byline.identity import linkage


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
