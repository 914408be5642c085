"""The edges of levels, and the weights that were fitted for them."""

from math import prod

import numpy as np
import pytest

from byline.identity import confidence, edges, features, model

PARTS = "[pairs]\nyears = [{}]\n[mentions]\n[trees]\n"


def test_a_value_on_an_edge_is_on_the_level_above():
    found = features.binned(np.array([-1.0, 0.99, 1.0, 1.5, 2.5, 9.0]), (1.0, 2.5))
    assert found.tolist() == [0, 0, 1, 1, 2, 2]


@pytest.mark.parametrize("said", ["1.0, 1.0", "2.5, 1.0"])
def test_edges_that_do_not_rise_are_refused(said):
    with pytest.raises(ValueError, match=r"the edges of pairs\.years do not rise"):
        edges.read(PARTS.format(said))


def test_edges_are_read_as_numbers_by_feature():
    assert edges.read(PARTS.format("1, 2.5")) == ({"years": (1.0, 2.5)}, {}, {})


@pytest.mark.parametrize("part", ["features", "confidence"])
def test_the_shipped_weights_have_one_number_for_each_level(part):
    shapes = {"features": features.SHAPE, "confidence": confidence.SHAPE}[part]
    weights = {"features": model.load().features, "confidence": model.load().confidence_weights}[part]
    assert {name: len(weight) for name, weight in weights.items()} == {
        name: prod(shape) for name, shape in shapes.items()
    }


@pytest.mark.parametrize(
    ("papers", "step"),
    [(0, 0), (599, 0), (600, 1), (2_399, 1), (2_400, 2), (10_000, 3), (39_999, 3), (40_000, 4)],
)
def test_the_size_of_a_corpus_counts_in_coarse_steps(papers, step):
    assert features.corpus_step(papers) == step


@pytest.mark.parametrize(
    ("papers", "others", "alike"), [(600, 2_399, True), (599, 600, False), (50_000, 10**7, True)]
)
def test_corpora_of_one_step_weigh_alike(papers, others, alike):
    assert features.weighed_alike(papers, others) is alike
