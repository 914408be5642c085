"""The fit of the identity model, and what its gold is made of. All people are made up."""

import numpy as np
import polars as pl
import pytest

from benchmarks import identity_fit, identity_gold

SHAPE: dict[str, tuple[int, ...]] = {"one": (3,), "other": (2,)}


def drawn(rows: int) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
    draw = np.random.default_rng(3)
    levels = {"one": draw.integers(-1, 3, rows), "other": draw.integers(0, 2, rows)}
    truth = (draw.random(rows) < 0.3 + 0.2 * (levels["one"] == 2)).astype(np.float64)
    return levels, truth, draw.random(rows) + 0.5


def test_the_order_of_rows_changes_no_weight():
    levels, truth, weight = drawn(2_000)
    order = np.random.default_rng(4).permutation(2_000)
    one = identity_fit.fit(SHAPE, levels, truth, weight)
    other = identity_fit.fit(SHAPE, {k: v[order] for k, v in levels.items()}, truth[order], weight[order])
    assert one[0] == other[0]
    assert all(one[1][name].tolist() == other[1][name].tolist() for name in SHAPE)


def test_known_levels_weigh_nothing_on_average():
    levels, truth, weight = drawn(2_000)
    _, tables = identity_fit.fit(SHAPE, levels, truth, weight)
    known = levels["one"] >= 0
    assert abs(np.average(tables["one"][levels["one"][known]], weights=weight[known])) < 0.01
    assert tables["one"][2] > tables["one"][0]


def labelled(*rows: tuple[str, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["author", "person"], orient="row").with_columns(set=pl.lit("s"))


def test_of_two_wrongly_together_each_belongs_by_a_quarter():
    rows = labelled(("a", "x"), ("a", "y"), ("b", "z"), ("c", "w"), ("c", "w"))
    assert identity_gold.right(rows).to_list() == [0.5, 0.5, 1.0, 1.0, 1.0]
    assert identity_gold.together(rows).to_list() == [0.0, 0.0, 1.0, 1.0, 1.0]
    assert identity_gold.belongs(rows, 5_000).to_list() == [0.25, 0.25, 1.0, 1.0, 1.0]
    assert identity_gold.belongs(rows, 300).to_list() == pytest.approx([0.15, 0.15, 1.0, 1.0, 1.0])


def test_split_ids_of_one_name_and_a_shared_co_author_are_joined():
    papers = pl.DataFrame(
        {
            "paper_id": ["p1", "p2", "p3"],
            "authors": [["Ada Pym", "Bo Fenn"], ["Ada Pym", "Bo Fenn"], ["Ada Pym", "Cy Orr"]],
        }
    )
    labels = pl.DataFrame(
        {
            "set": ["ieee"] * 3,
            "paper_id": ["p1", "p2", "p3"],
            "position": pl.Series([1] * 3, dtype=pl.UInt16),
            "person": ["1", "2", "3"],
        }
    )
    one, two, three = identity_gold.joined(labels, papers)["person"]
    assert one == two != three


def test_corpora_of_a_size_have_blocks_and_forms_of_their_own():
    mentions = pl.DataFrame(
        {
            "paper_id": [f"p{i}" for i in range(7)],
            "block": ["pym"] * 7,
            "block_key": pl.Series([5] * 7, dtype=pl.UInt64),
            "form_key": pl.Series([9] * 7, dtype=pl.UInt64),
        }
    )
    parts = identity_gold.parted(mentions, 3)
    assert parts.height == 6
    assert parts["block"].n_unique() == parts["block_key"].n_unique() == parts["form_key"].n_unique() == 2
    assert identity_gold.parted(mentions, 7).equals(mentions)
    assert set(identity_gold.fold_of(parts["block"])) == set(identity_gold.fold_of(mentions["block"]))
