"""What two groups of mentions show is cut into levels: one table of cases, with groups that are made up."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from byline.identity import archives, confidence, features, interplay
from byline.identity.compare import Compared
from byline.identity.forms import First, Middle

GROUP: dict[str, Any] = {
    "form": 0, "start": 2010.0, "end": 2012.0, "mentions": 1, "terms": 10, "coauthor_count": 3, "fields": 0,
    "archives": 0, "near": 0, "reach": 0, "organisations": 0, "is_full": True, "letters": "", "given_key": "ottla",
    "long": "ottla", "rarity_given": 5.5, "rarity_family": 6.5, "fitting_names": 2, "groups": 2,
}  # fmt: skip
PAIR: dict[str, Any] = {
    "group": 0, "group_b": 1, "full": None, "weak": None, "rarity": None, "words": 0.0, "first": None, "mid": None,
    "family_same": None, "one_paper": False,
}  # fmt: skip
TYPES = {
    "full": pl.Int32, "weak": pl.Int32, "rarity": pl.Float64, "first": pl.Int8, "mid": pl.Int8,
    "family_same": pl.Boolean, "fields": pl.UInt64,
    "archives": pl.UInt64, "near": pl.UInt64, "reach": pl.UInt64, "organisations": pl.UInt64,
}  # fmt: skip
NAN = float("nan")
Row = dict[str, Any]


def compared(a: Row, b: Row, pair: Row) -> Compared:
    """Return one candidate pair of two groups: what is not given is as in GROUP and PAIR."""
    groups = [GROUP | a, GROUP | {"form": 1 if "first" in pair else 0} | b]
    table = pl.DataFrame(groups, schema_overrides={k: t for k, t in TYPES.items() if k in GROUP})
    pairs = pl.DataFrame([PAIR | pair], schema_overrides={k: t for k, t in TYPES.items() if k in PAIR})
    nothing = pl.DataFrame()
    return Compared(nothing, np.arange(2), table, nothing, pairs)


def level(feature: str, a: Row, b: Row, pair: Row, papers: int = 10**6) -> tuple[int, ...]:
    """Return the level of a feature, as an index into its table of weights; (UNKNOWN,) where nothing is known."""
    found = int(features.levels(compared(a, b, pair), papers)[feature][0])
    if found == features.UNKNOWN:
        return (found,)
    return tuple(int(part) for part in np.unravel_index(found, features.SHAPE[feature]))


def apart(first: First, mid: Middle = Middle.NONE, *, family: bool = True) -> Row:
    """Return what a pair says of two forms."""
    return {"first": int(first), "mid": int(mid), "family_same": family}


OF_TWO_FORMS = len(features.SAME_FORM)
SHARED = {"full": 1, "weak": 0, "rarity": 9.0}
CASES: list[tuple[str, Row, Row, Row, tuple[int, ...]]] = [
    ("name", {}, {}, {}, (0,)),
    ("name", {"letters": "m"}, {"letters": "m"}, {}, (1,)),
    ("name", {"is_full": False}, {"is_full": False}, {}, (2,)),
    ("name", {"is_full": False, "letters": "m"}, {}, {}, (3,)),
    ("name", {"given_key": "", "is_full": False}, {}, {}, (4,)),
    ("name", {}, {}, apart(First.SAME, Middle.FULL), (OF_TWO_FORMS + 3,)),
    ("name", {}, {}, apart(First.INITIAL, Middle.MISSING), (OF_TWO_FORMS + 4 * features.N_MIDDLE + 1,)),
    ("family_name", {}, {}, {}, (0,)),
    ("family_name", {}, {}, apart(First.SAME), (0,)),
    ("family_name", {}, {}, apart(First.SAME, family=False), (1,)),
    # kind of relation, rarity of the family name, of the given name: the greater of both groups counts
    ("rarity", {"rarity_family": 2.4}, {"rarity_family": 2.5, "rarity_given": 8.5}, {}, (0, 1, 4)),
    ("rarity", {"is_full": False, "rarity_given": 0.0}, {"rarity_given": 0.0, "is_full": False}, {}, (1, 4, 0)),
    ("rarity", {}, {}, apart(First.SAME), (2, 4, 1)),
    ("rarity", {}, {}, apart(First.JOINED), (2, 4, 1)),
    ("rarity", {}, {}, apart(First.INITIAL), (3, 4, 1)),
    ("rarity", {}, {}, apart(First.INITIALS), (4, 4, 1)),
    ("rarity", {}, {}, apart(First.SHORT), (5, 4, 1)),
    ("rarity", {}, {}, apart(First.BARE), (5, 4, 1)),
    ("rarity", {}, {}, apart(First.SPELLED), (6, 4, 1)),
    ("rarity", {}, {}, apart(First.DROPPED), (7, 4, 1)),
    ("fitting_names", {"fitting_names": 1}, {"fitting_names": 9}, {}, (0, 4)),
    ("coauthors", {}, {}, {}, (0, 0)),
    ("coauthors", {}, {}, SHARED, (0, 2)),
    ("met", {}, {}, SHARED, (2, 1)),
    ("met", {}, {}, SHARED | apart(First.SAME), (2, 0)),
    # of the group with fewer; not asked where a co-author is shared
    ("coauthor_count", {"coauthor_count": 9}, {"coauthor_count": 0}, {}, (0, 0)),
    ("coauthor_count", {"coauthor_count": 9}, {"coauthor_count": 30}, {}, (0, 3)),
    ("coauthor_count", {"coauthor_count": 9}, {"coauthor_count": 30}, SHARED, (0, 0)),
    ("strangers", {"coauthor_count": 9}, {"coauthor_count": 30, "rarity_family": 9.0}, {}, (4, 3)),
    ("words", {"terms": 4}, {"terms": 40}, {"words": 0.8}, (0, 3)),
    ("words", {"terms": 9}, {"terms": 40}, {"words": -0.6}, (1, 0)),
    # the spans touch, lie a year apart in either order, or one of them is not known
    ("years", {}, {"start": 2012.0, "end": 2013.0}, {}, (0, 0)),
    ("years", {}, {"start": 2013.0, "end": 2013.0}, {}, (0, 2)),
    ("years", {"start": 2013.0, "end": 2013.0}, {}, apart(First.INITIAL), (3, 2)),
    ("years", {"start": 2020.0, "end": 2021.0}, {}, {}, (0, 5)),
    ("years", {"start": NAN, "end": NAN}, {}, {}, (features.UNKNOWN,)),
    ("gap", {"start": 2015.0, "end": 2021.0}, {}, {}, (3,)),
    ("gap", {}, {"start": NAN, "end": NAN}, {}, (features.UNKNOWN,)),
    ("size", {"mentions": 2}, {"mentions": 9}, {}, (1, 3)),
    ("namesakes", {"groups": 3}, {"groups": 2}, {}, (0, 1)),
    ("organisation", {"organisations": 1}, {}, {}, (0,)),
    ("organisation", {"organisations": 1}, {"organisations": 2}, {}, (1,)),
    ("organisation", {"organisations": 5}, {"organisations": 6}, {}, (2,)),
    ("name_and_shared", {}, {}, {}, (0, 4, 0)),
    ("name_and_shared", {"rarity_family": 12.5}, {}, SHARED | apart(First.SPELLED), (4, 8, 1)),
    ("name_and_words", {}, {}, {"words": 1.5}, (0, 3, 3)),
    ("name_and_words", {}, {}, apart(First.INITIALS) | {"words": -1.0}, (3, 3, 0)),
    ("both_counts", {"coauthor_count": 3}, {"coauthor_count": 41}, {}, (0, 1, 4, 0)),
    ("both_counts", {"coauthor_count": 3}, {"coauthor_count": 7}, SHARED | apart(First.JOINED), (2, 1, 2, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("feature", "a", "b", "pair", "expected"), CASES)
def test_what_a_pair_shows_of_each_feature(feature, a, b, pair, expected):
    assert level(feature, a, b, pair) == expected


def field(own: int, near: int, reach: int, fields: int) -> Row:
    return {"archives": own, "near": near, "reach": reach, "fields": fields}


LG, CL, UNKNOWN_PLACE = field(1, 3, 7, 1), field(1, 3, 7, 2), field(0, 0, 0, 8)
NEAR, DISTANT, UNRELATED = field(2, 3, 7, 4), field(4, 4, 7, 16), field(8, 8, 8, 32)
BOTH_WRITE_OFTEN = {"mentions": 3}
FIELDS: list[tuple[Row, Row, tuple[int, ...]]] = [
    (LG, LG, (0, 2)),
    (LG, CL, (0, 1)),
    (LG, NEAR, (0, 0)),
    (LG, DISTANT, (0, 3)),
    (LG, UNRELATED, (0, 4)),
    (LG, {}, (features.UNKNOWN,)),
    (LG, UNKNOWN_PLACE, (0, 0)),
    (UNKNOWN_PLACE, LG, (0, 0)),
    (LG | BOTH_WRITE_OFTEN, DISTANT | BOTH_WRITE_OFTEN, (1, 3)),
    (LG | BOTH_WRITE_OFTEN, DISTANT | {"mentions": 2}, (0, 3)),
]


@pytest.mark.parametrize(("a", "b", "expected"), FIELDS)
def test_fields_are_one_near_distant_or_unrelated(a, b, expected):
    assert level("field", a, b, {}) == expected


@pytest.mark.parametrize(
    ("papers", "pair", "expected"),
    [
        (100, {}, (0, 0, 3)),
        (3_000, apart(First.SAME), (2, 1, 3)),
        (10**6, apart(First.INITIAL), (4, 2, 3)),
        (10**6, apart(First.SPELLED), (4, 1, 3)),
    ],
)
def test_the_size_of_the_corpus_counts_by_how_sure_the_name_is(papers, pair, expected):
    assert level("corpus", {}, {}, pair, papers) == expected


def test_what_trees_ask_of_a_pair():
    a = {"start": 2001.5, "end": 2003.0, "mentions": 4, "coauthor_count": 8, "letters": "m", "groups": 5}
    b = {"rarity_given": 0.0, "rarity_family": 9.0, "fitting_names": 7}
    pair = apart(First.INITIAL, Middle.MISSING) | {"full": 2, "weak": 1, "rarity": 21.5, "words": 1.25}
    found = {name: float(value[0]) for name, value in interplay.values(compared(a, b, pair), 3_000).items()}
    assert found == {
        "coauthors_least": 3, "coauthors_most": 8, "mentions_least": 1, "mentions_most": 4, "groups_least": 2,
        "groups_most": 5, "given_least": 0, "given_most": 5.5, "family": 9, "name": 12, "fitting": 7, "gap": 7,
        "span": 10.5, "shared": 21.5, "shared_full": 2, "shared_weak": 1, "shared_part": 2 / 3, "words": 1.25,
        "relation": 3, "middle": 1, "middles": 1, "corpus": 2,
    }  # fmt: skip


def test_what_trees_ask_of_a_pair_that_shares_nothing():
    found = interplay.values(compared({"coauthor_count": 0, "start": NAN, "end": NAN}, {}, {}), 0)
    shared = [
        "shared",
        "shared_full",
        "shared_weak",
        "shared_part",
        "middle",
        "middles",
        "relation",
        "corpus",
    ]
    assert {name: float(found[name][0]) for name in shared} == dict.fromkeys(shared, 0.0)
    assert np.isnan(found["gap"][0])
    assert np.isnan(found["span"][0])


def test_a_mention_is_as_sure_as_its_cluster_is_close_and_others_are_far():
    """Groups 0, 1 and 2 are one cluster (a pair is missing), 3 is another, 4 was compared with nobody."""
    rows: list[Row] = [
        {"mentions": 1}, {"mentions": 2, "is_full": False, "rarity_given": 0.0}, {"mentions": 6},
        {"mentions": 9}, {"mentions": 1, "rarity_family": 12.0},
    ]  # fmt: skip
    table = pl.DataFrame([GROUP | row for row in rows])
    pairs = pl.DataFrame({"group": [0, 1, 0, 1], "group_b": [1, 2, 3, 3]})
    nothing = pl.DataFrame()
    five = Compared(nothing, np.arange(5), table, nothing, pairs)
    found = confidence.levels(five, np.array([3.0, 1.0, -1.5, 0.5]), np.array([0, 0, 0, 3, 4]), 3_000)
    assert {name: level.tolist() for name, level in found.items()} == {
        # 0: no pair within the cluster; mean scores 3, (3 + 1) / 2 and 1
        "inside": [1 + 6, 1 + 4, 1 + 3, 0, 0],
        # the greatest beyond: -1.5, 0.5, none, 0.5, none
        "outside": [1 + 1, 1 + 4, 0, 1 + 4, 0],
        "cluster": [4, 4, 4, 4, 0],
        "own": [0, 1, 2, 3, 0],
        # full or not, and the rarity of the whole name: 12, 6.5, 12, 12, 17.5
        "name": [6 + 2, 0, 6 + 2, 6 + 2, 6 + 5],
        "corpus": [2 * 3 + 2, 2 * 3 + 2, 2 * 3 + 2, 2 * 3 + 2, 2 * 3],
    }


def test_archives_are_near_unless_the_shipped_table_says_otherwise():
    """Compared archive by archive with what the file lists."""
    listed, relations = archives._raw()["archives"], archives.load()
    apart = {"distant": 0, "unrelated": 0}
    assert set(relations.own) == set(listed)
    assert len(set(relations.own.values())) == len(listed)
    for one, said in listed.items():
        for other, bit in relations.own.items():
            assert bool(relations.reach[one] & bit) is (other not in said["unrelated"])
            assert bool(relations.near[one] & bit) is (other not in {*said["unrelated"], *said["distant"]})
            apart = {kind: apart[kind] + (other in said[kind]) for kind in apart}
        assert relations.near[one] & relations.own[one]
    assert min(apart.values()) > 0


def test_a_category_has_the_bits_of_its_archive_and_an_unknown_one_has_none():
    relations = archives.load()
    found = archives.masks(pl.Series(["hep-th", "cs.LG", None, "owls.XX", "cs.CL"]))
    for name, table in (("archives", relations.own), ("near", relations.near), ("reach", relations.reach)):
        assert found[name].tolist() == [table["hep-th"], table["cs"], 0, 0, table["cs"]]
    assert archives.weights() == (
        archives._raw()["weights"]["distant"],
        archives._raw()["weights"]["unrelated"],
    )
    assert archives.weights()[0] != archives.weights()[1]
