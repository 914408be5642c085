"""Which mentions are one group from the start, which groups are compared, and what stands for those that are not."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from byline.core.ids import SEPARATOR, digest
from byline.core.union import components as united
from byline.identity import groups, pairs, prior, resolver
from byline.identity.anchors import author_ids
from byline.identity.cluster import NEVER, ONE_PAPER
from byline.identity.decisions import Decided, applied
from byline.identity.forms import First, Middle

PAIRS = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=14)


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


@given(PAIRS)
def test_components_bear_their_smallest_node(edges):
    a, b = ints(*(one for one, _ in edges)), ints(*(other for _, other in edges))
    known = united(edges)
    assert groups.components(12, a, b).tolist() == [known.get(node, node) for node in range(12)]


FULL, INITIAL = 7, 0


def grouped(
    rows: list[tuple[int, int, int, float]],
    forms: list[int],
    rarity: list[float],
    alone: tuple[int, ...] = (),
) -> list[int]:
    """Return the group of each mention; `rows` are mention, co-author, given name and rarity of the co-author."""
    ordered = pl.DataFrame({"rarity": rarity, "form": forms}, schema={"rarity": pl.Float32, "form": pl.Int64})
    columns = {"at": pl.UInt32, "key": pl.UInt32, "given": pl.UInt32, "rarity": pl.Float32}
    met = pl.DataFrame(rows, schema=columns, orient="row")
    barred = np.isin(np.arange(len(forms)), alone)
    return [int(one) for one in groups.mention_groups(ordered, [met], 24.0, barred)]


def both(given: int = FULL, rarity: float = 10.0, other: int = FULL) -> list[tuple[int, int, int, float]]:
    """Return a co-author of two mentions."""
    return [(0, 5, given, rarity), (1, 5, other, rarity)]


GROUPS = [
    (grouped(both(), [0, 0], [14.0] * 2), [0, 0]),
    (grouped(both(rarity=9.9), [0, 0], [14.0] * 2), [0, 1]),
    (grouped(both(), [0, 1], [14.0] * 2), [0, 1]),
    (grouped(both(given=INITIAL, other=INITIAL), [0, 0], [14.0] * 2), [0, 1]),
    (grouped(both(other=8), [0, 0], [14.0] * 2), [0, 1]),
    (grouped(both(), [0, 0], [14.0] * 2, alone=(1,)), [0, 1]),
    (grouped([(0, 5, 7, 10.0), (1, 6, 7, 10.0)], [0, 0], [14.0] * 2), [0, 1]),
    (grouped([(1, 5, 7, 9.9), (2, 5, 7, 9.9), (2, 6, 7, 9.9), (4, 6, 7, 9.9)], [0] * 5, [15.0] * 5), [0, 1, 1, 2, 1]),
    (grouped([], [0, 0], [14.0] * 2), [0, 1]),
]  # fmt: skip


@pytest.mark.parametrize(("found", "expected"), GROUPS)
def test_mentions_of_one_form_are_one_group_by_a_rare_co_author_with_a_full_name(found, expected):
    assert found == expected


def test_namesakes_on_one_paper_are_found():
    rows = [(1, 1, 0), (1, 1, 0), (1, 2, 0), (2, 1, 0), (3, 1, 0), (3, 1, 1), (2, 2, 5)]
    schema = {"paper_key": pl.UInt64, "block_key": pl.UInt64, "form": pl.Int64}
    ordered = pl.DataFrame(rows, schema=schema, orient="row")
    several = groups.of_one_paper(ordered)
    assert several.tolist() == [0, 1, 4, 5]
    assert np.flatnonzero(groups.namesakes_of_one_paper(ordered, several)).tolist() == [0, 1]
    assert groups.of_one_paper(ordered.head(0)).tolist() == []


def candidates(
    forms: list[int],
    related: list[tuple[int, int]],
    reach: pairs.Reach,
    told: list[tuple[int, int]] | None = None,
) -> list[tuple[int, int]]:
    """Return which groups are compared, given the form of each; all began one year after the other."""
    frame = pl.DataFrame(
        {"group": range(len(forms)), "form": forms, "start": [float(n) for n in range(len(forms))]}
    )
    ends = dict.fromkeys(("form_a", "form_b"), pl.Int64)
    evidence = pl.DataFrame(told or [], schema=dict.fromkeys(("group", "group_b"), pl.Int64), orient="row")
    return pairs.candidate_pairs(
        frame, pl.DataFrame(related, schema=ends, orient="row"), evidence, reach
    ).rows()


ALL = [(a, b) for a in range(6) for b in range(a + 1, 6)]
REACH = [
    (candidates([0] * 6, [], pairs.Reach(form=6)), ALL),
    (candidates([0] * 6, [], pairs.Reach(form=5)), [pair for pair in ALL if pair[1] - pair[0] <= 3]),
    (candidates([0] * 6, [], pairs.Reach(form=5), [(0, 5)]), [pair for pair in ALL if pair[1] - pair[0] != 4]),
    (candidates([0, 0, 1], [], pairs.Reach(), [(0, 2)]), [(0, 1)]),
    (candidates([0, 0, 1], [(0, 1)], pairs.Reach()), [(0, 1), (0, 2), (1, 2)]),
    (candidates([0, 0, 1, 1], [(0, 1)], pairs.Reach(form=1, pair=4)), [pair for pair in ALL if pair[1] < 4]),
    (candidates([0, 0, 1, 1], [(0, 1)], pairs.Reach(form=2, pair=3, side=1)), [(0, 1), (0, 2), (2, 3)]),
    (candidates([0, 1, 2], [(0, 1), (0, 2)], pairs.Reach(partners=2)), [(0, 1), (0, 2)]),
    (candidates([0, 1, 2], [(0, 1), (0, 2)], pairs.Reach(partners=1)), []),
    (candidates([0, 1, 2], [(0, 1), (0, 2)], pairs.Reach(partners=1), [(2, 0)]), [(0, 2)]),
]  # fmt: skip


@pytest.mark.parametrize(("found", "expected"), REACH)
def test_few_groups_are_all_compared_and_of_many_the_nearest_and_those_with_evidence(found, expected):
    assert found == expected


@pytest.mark.parametrize(("count", "limit", "expected"), [(3, 3, 3), (3, 2, 0), (2, 2, 1)])
def test_a_co_author_whom_too_many_share_tells_nothing(count, limit, expected):
    rows = pl.DataFrame(
        {"subblock": [0] * count, "group": range(count), "key": [9] * count, "given": [7] * count,
         "rarity": [9.0] * count},
        schema_overrides={"key": pl.UInt32, "given": pl.UInt32},
    )  # fmt: skip
    assert pairs.shared(rows, limit).height == expected
    assert pairs.shared(rows.with_columns(subblock=pl.int_range(count)), limit).height == 0
    assert pairs.shared(rows.with_columns(key=pl.int_range(count, dtype=pl.UInt32)), limit).height == 0


def compared(forms: list[int], ends: list[tuple[int, int]], full: list[int | None], **more: Any) -> Any:
    """Return groups of these forms, and which of them were compared."""
    a, b = ints(*(one for one, _ in ends)), ints(*(other for _, other in ends))
    table = pl.DataFrame({"form": forms, "mentions": more.pop("mentions", [1] * len(forms))})
    columns = {"full": full} | {name: more.get(name, [value] * len(ends)) for name, value in NOTHING.items()}
    types = {
        "full": pl.Int32,
        "mid": pl.Int8,
        "first": pl.Int8,
        "rarity": pl.Float64,
        "one_paper": pl.Boolean,
    }
    related = pl.DataFrame(
        more.get("related", []), schema=dict.fromkeys(("form_a", "form_b"), pl.Int64), orient="row"
    )
    return SimpleNamespace(
        table=table, related=related, ends=(a, b), pairs=pl.DataFrame(columns, schema_overrides=types)
    )


NOTHING = {"mid": int(Middle.NONE), "first": int(First.SAME), "rarity": None, "one_paper": False}


def test_what_was_not_compared_is_taken_for_the_mean_of_its_forms():
    """The pair that shares a co-author, and two authors of one paper, say nothing of the rest."""
    ends = [(0, 1), (0, 2), (1, 2), (2, 3), (0, 3)]
    some = compared([0, 0, 0, 1, 2], ends, [None, None, 1, None, None], related=[(0, 1), (0, 2)])
    found = prior.FormPrior(some, np.array([-1.0, 0.5, 8.0, -2.25, ONE_PAPER]))
    expected = [[-0.25, -2.25, prior.UNKNOWN], [-2.25, NEVER, NEVER], [prior.UNKNOWN, NEVER, NEVER]]
    assert found(ints(0, 1, 2)).tolist() == expected
    assert found(ints(0, 0, 1)).tolist() == [
        [-0.25, -0.25, -2.25],
        [-0.25, -0.25, -2.25],
        [-2.25, -2.25, NEVER],
    ]
    assert found(np.array([[0, 1], [1, 2]])).tolist() == [
        [[-0.25, -2.25], [-2.25, NEVER]],
        [[NEVER, NEVER], [NEVER, NEVER]],
    ]


def test_a_group_of_more_mentions_counts_more_but_less_than_each_mention_would():
    """Groups 0 (16 mentions) and 1 (one mention) are one; 2 is against the first and for the second."""
    some = compared([0, 0, 0], [(0, 1), (0, 2), (1, 2)], [None] * 3, mentions=[16, 1, 1])
    assert resolver.clustered(some, np.array([9.0, -1.0, 6.0])).tolist() == [0, 0, 0]
    assert resolver.clustered(some, np.array([9.0, -2.0, 6.0])).tolist() == [0, 0, 2]


@pytest.mark.parametrize(
    "bar",
    [{"one_paper": [False, True, False]}, {"mid": [0, int(Middle.OTHER), 0]}],
    ids=["one paper", "middle names"],
)
def test_two_who_cannot_be_one_are_not_brought_together_by_a_third(bar):
    some = compared([0, 0, 0], [(0, 1), (0, 2), (1, 2)], [None] * 3, **bar)
    assert resolver.clustered(some, np.array([5.0, 9.0, 8.0])).tolist() == [0, 1, 1]


def test_an_author_is_named_after_the_earliest_mention_of_all_blocks():
    rows = [
        ("b", 1, date(2015, 1, 1), 1), ("c", 2, None, 1),
        ("a", 3, date(2010, 1, 1), 2), ("d", 1, date(2010, 1, 1), 2), ("e", 1, None, 2),
    ]  # fmt: skip
    schema = {"paper_id": pl.String, "position": pl.UInt16, "published": pl.Date, "block_key": pl.UInt64}
    mentions = pl.DataFrame(rows, schema=schema, orient="row")
    anchors = [("a", 3), ("c", 2), ("a", 3), ("a", 3), ("e", 1)]
    expected = [digest(f"{paper}{SEPARATOR}{position}", "author") for paper, position in anchors]
    assert author_ids(mentions, ints(7, 3, 7, 7, 9)).to_list() == expected


DECISIONS = [
    ([], [], [0, 0, 1, 1], []),
    ([(0, 2)], [], [0, 0, 0, 0], [0, 2]),
    ([], [(0, 1)], [0, 2, 1, 1], [0, 1]),
    ([], [(0, 2)], [0, 0, 1, 1], [0, 2]),
    ([(1, 2)], [(0, 1)], [0, 2, 2, 0], [0, 1, 2]),
    ([], [(0, 1), (2, 3)], [0, 2, 1, 3], [0, 1, 2, 3]),
]


@pytest.mark.parametrize(("same", "different", "expected", "named"), DECISIONS)
def test_decisions_hold_in_the_labels(same, different, expected, named):
    label, touched = applied(ints(0, 0, 1, 1), ints(0, 1, 2, 3), Decided(same, different))
    places = {one: place for place, one in enumerate(dict.fromkeys(label.tolist()))}
    wanted = {one: place for place, one in enumerate(dict.fromkeys(expected))}
    assert [places[one] for one in label.tolist()] == [wanted[one] for one in expected]
    assert np.flatnonzero(touched).tolist() == named


def test_decisions_are_read_by_mention_and_those_on_others_are_passed_over():
    mentions = pl.DataFrame(
        {"paper_id": ["p", "p", "q", "r"], "position": [1, 2, 1, 1]}, schema_overrides={"position": pl.UInt16}
    )
    rows = [
        ("same", "q", 1, "p", 1), ("same", "r", 1, "r", 1), ("different", "r", 1, "p", 2),
        ("different", "p", 1, "q", 1), ("same", "p", 1, "elsewhere", 1), ("different", "p", 3, "q", 1),
    ]  # fmt: skip
    columns = ["verdict", "paper_id_a", "position_a", "paper_id_b", "position_b"]
    found = Decided.read(mentions, pl.DataFrame(rows, schema=columns, orient="row"))
    assert found == Decided([(0, 2)], [(1, 3)])
    assert found.alone is not None
    assert found.alone.to_list() == [0, 1, 2, 3]
    assert Decided.read(mentions, None) == Decided([], [])
    assert Decided([], []).alone is None
