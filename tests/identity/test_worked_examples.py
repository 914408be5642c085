"""The worked examples in the docstrings of the numeric code are what it does."""

from __future__ import annotations

import datetime

import polars as pl

from byline.identity.groups import coauthor_rows
from byline.identity.pairs import Reach, candidate_pairs, shared, summed
from byline.listing.headers import find_headers
from byline.listing.lines import read_page
from byline.reference.lookup import PAIRS, gathered

PAGE = """LGSep 25, 2023Code
Counting owlsAda Pym, Bo Li
We count owls, as we did on
CLSep 24, 2021
with more of them, in vain.
hep-thFeb 30, 2024
Strings and owlsCy Fox
"""


def test_headers():
    found = find_headers(read_page(PAGE.encode()))
    assert found.line.tolist() == [0, 5]
    assert found.code.to_list() == ["LG", "hep-th"]
    assert found.published.to_list() == [datetime.date(2023, 9, 25), None]
    assert found.rest.to_list() == ["Code", ""]


def test_a_key_of_a_co_author_is_taken_apart():
    key = 0x1A2B3C4D_00F00D_18
    mentions = pl.DataFrame(
        {"row": [0], "coauthors": [[key]], "own_key": [5 << 32]},
        schema={"row": pl.UInt32, "coauthors": pl.List(pl.UInt64), "own_key": pl.UInt64},
    )
    assert coauthor_rows(mentions, mentions["coauthors"]).rows() == [(0, 0x1A2B3C4D, 0x00F00D, 3.0)]


def test_groups_that_share_a_co_author():
    rows = pl.DataFrame(
        {
            "subblock": [0, 0, 0],
            "group": [1, 2, 3],
            "key": [0xA1, 0xB2, 0xA1],
            "given": [7] * 3,
            "rarity": [9.0] * 3,
        },
        schema_overrides={"key": pl.UInt32},
    )
    assert shared(rows, 40).select("group", "group_b", "key").rows() == [(1, 3, 0xA1)]


def test_what_shared_co_authors_add_up_to():
    ada, boris, cy, cleo = 11, 22, 33, 44
    pairs = pl.DataFrame(
        [(0, 1, 1, ada, 9.0, ada, 9.0), (0, 1, 2, 0, 6.0, boris, 7.0), (0, 1, 3, cy, 8.0, cleo, 8.0)],
        schema=["group", "group_b", "key", "given", "rarity", "given_b", "rarity_b"],
        orient="row",
    )
    assert summed(pairs).rows() == [(0, 1, 1, 1, 12.0)]


def test_candidates_of_a_form_with_many_groups():
    groups = pl.DataFrame(
        {"group": range(8), "form": [0, 0, 0, 1, 1, 1, 1, 1], "start": [float(year) for year in range(8)]}
    )
    related = pl.DataFrame({"form_a": [0], "form_b": [1]})
    evidence = pl.DataFrame({"group": [3], "group_b": [7]})
    found = candidate_pairs(groups, related, evidence, Reach(form=3, pair=0, partners=0))
    first = [(0, 1), (0, 2), (1, 2)]
    second = [(3, 4), (4, 5), (5, 6), (6, 7), (3, 5), (4, 6), (5, 7), (3, 6), (4, 7), (3, 7)]
    assert found.rows() == sorted(first + second)


def test_kinds_of_keys_are_gathered():
    met = pl.DataFrame([(0, 3, 9, 1, False), (0, 3, 9, 4, False)], schema=PAIRS, orient="row")
    assert gathered(met).rows() == [(0, 3, 9, 5, False)]
