"""The weights of the match to arXiv's metadata are what their command gives."""

import numpy as np
import pytest

from benchmarks.arxiv_fit import BY_HAND, MEANWHILE, SLACK, differences, learned
from benchmarks.arxiv_unseen import SEARCHED, Pairs
from benchmarks.common.gold import gold_folder
from byline.reference import scoring
from byline.reference.features import FEATURES, settings


@pytest.mark.slow
def test_the_shipped_weights_are_what_the_command_gives():
    gold = gold_folder(None)
    assert differences(settings()["weights"] if gold is None else learned(gold)) == {}


def test_every_weight_is_a_feature_s_or_a_combination_s():
    shipped = settings()["weights"].keys()
    assert {*BY_HAND, *SEARCHED, *MEANWHILE} <= shipped
    assert not set(BY_HAND) & set(SEARCHED)
    combinations = {"same_unseen", "other_differs", "gap", "constant"}
    assert shipped - {*BY_HAND, *SEARCHED, *combinations} <= set(FEATURES)


def test_searched_weights_are_of_the_grid_and_differences_are_told_both_ways():
    shipped = settings()["weights"]
    for name, values in SEARCHED.items():
        assert np.isclose(values, shipped[name]).any()
    changed = {**shipped, "day_same": shipped["day_same"] + 2 * SLACK, "gap": shipped["gap"] + SLACK / 2}
    del changed["other_unseen"]
    assert differences(changed | {"new": 1.0}).keys() == {"day_same", "other_unseen", "new"}


def test_a_page_is_filled_where_one_entry_outweighs_the_rest_and_none():
    sure = np.log(scoring.threshold() / (1 - scoring.threshold())) + 0.01
    right = np.array([True, True, True, False])
    pairs = Pairs(np.array([sure, 1.0, sure, 1.0]), np.zeros((4, 3)), np.array([0, 1, 2]), right)
    assert pairs.sure(np.zeros(3), right) == 1
    assert pairs.sure(np.zeros(3), ~right) == 0
