"""An initial joins, of the given names that it fits, only the one that clearly leads."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from byline.identity.cluster import ONE_PAPER
from byline.identity.constraints import CONTRADICTED, NOT_CLEAR, STRONG, constrained
from byline.identity.forms import First, Middle


def compared(
    longs: list[str],
    *,
    one_paper: tuple[int, ...] = (),
    shared: tuple[int, ...] = (),
    mid: Middle = Middle.NONE,
    rarity: float | None = None,
) -> Any:
    """Return an initial (group 0) beside groups of these given names; `shared`: pairs with a co-author in common."""
    pairs = range(len(longs))
    return SimpleNamespace(
        table=pl.DataFrame(
            {
                "is_full": [False, *[True for _ in longs]],
                "long": ["h", *longs],
                "given_key": ["h", *longs],
                **{name: [0] * (len(longs) + 1) for name in ("archives", "reach", "organisations")},
                **{name: [9.0] * (len(longs) + 1) for name in ("rarity_given", "rarity_family")},
            }
        ),
        ends=(np.zeros(len(longs), dtype=np.int64), np.arange(1, len(longs) + 1)),
        pairs=pl.DataFrame(
            {
                "one_paper": [pair in one_paper for pair in pairs],
                "first": [int(First.INITIAL)] * len(longs),
                "full": [1 if pair in shared else None for pair in pairs],
                "mid": [int(mid)] * len(longs),
                "rarity": [rarity] * len(longs),
                "words": [0.0] * len(longs),
            },
            schema={
                "one_paper": pl.Boolean,
                "first": pl.Int64,
                "full": pl.Int64,
                "mid": pl.Int64,
                "rarity": pl.Float64,
                "words": pl.Float64,
            },
        ),
    )


@pytest.mark.parametrize(
    ("longs", "scores", "expected"),
    [
        (["hanna", "helga"], [3.0, 1.0], [3.0, NOT_CLEAR]),
        (["hanna", "helga"], [1.0, 3.0], [NOT_CLEAR, 3.0]),
        (["hanna", "helga"], [3.0, 2.5], [NOT_CLEAR, NOT_CLEAR]),
        (["hanna", "helga"], [3.0, 2.29], [3.0, NOT_CLEAR]),
        (["hanna", "helga"], [3.0, 2.31], [NOT_CLEAR, NOT_CLEAR]),
        (["hanna", "hanna"], [3.0, 2.9], [3.0, 2.9]),
        (["hanna", "hanna", "helga"], [3.0, 1.0, 0.5], [3.0, 1.0, NOT_CLEAR]),
        (["hanna", "helga"], [-2.0, -3.0], [-2.0, -3.0]),
        (["hanna"], [1.0], [1.0]),
    ],
)
def test_only_the_name_that_clearly_leads_keeps_its_score(longs, scores, expected):
    assert constrained(compared(longs), np.array(scores)).tolist() == expected


def test_a_co_author_in_common_says_more_than_a_rival():
    names = compared(["hanna", "helga"], shared=(1,))
    assert constrained(names, np.array([3.0, 1.0])).tolist() == [3.0, 1.0]


def test_two_authors_of_one_paper_are_two_persons():
    names = compared(["hanna"], one_paper=(0,))
    assert constrained(names, np.array([9.0])).tolist() == [ONE_PAPER]


@pytest.mark.parametrize("mid", [Middle.CONFLICT, Middle.OTHER])
@pytest.mark.parametrize(
    ("rarity", "expected"), [(None, CONTRADICTED), (STRONG - 0.1, CONTRADICTED), (STRONG, 3.0)]
)
def test_contradicting_middle_names_need_much_in_common(mid, rarity, expected):
    names = compared(["hanna"], mid=mid, rarity=rarity)
    assert constrained(names, np.array([3.0])).tolist() == [expected]


@pytest.mark.parametrize("mid", sorted(set(Middle) - {Middle.CONFLICT, Middle.OTHER}))
def test_middle_names_that_agree_or_are_missing_change_nothing(mid):
    assert constrained(compared(["hanna"], mid=mid), np.array([3.0])).tolist() == [3.0]
