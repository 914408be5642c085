"""A block may be resolved part by part: what is said of its mentions is the same."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from byline import identity
from byline.identity import compare, held, resolver
from byline.identity.forms import FORM, forms, related
from byline.identity.parting import parts, shares
from tests.identity.evidence import papers

LISTED = ["J. Pym", "Jo Pym", "K. Jo Pym", "K. Pym", "Kai Pym", "Ada Pym", "A. Pym", "Ada Ohm"]


def mentions_of(listed: list[str]) -> pl.DataFrame:
    none = pl.lit(None)
    made = pl.DataFrame(
        {"paper_id": [f"p{n}" for n in range(len(listed))], "authors": [[name] for name in listed]}
    )
    return identity.describe(
        made.with_columns(
            title=pl.lit("Otters"), abstract=none.cast(pl.String), labels=pl.lit([], dtype=pl.List(pl.String)),
            category=none.cast(pl.String), published=none.cast(pl.Date),
        )
    )  # fmt: skip


def test_forms_that_matter_to_each_other_are_one_part():
    part = dict(zip(LISTED, parts(mentions_of(LISTED)).tolist(), strict=True))
    assert len({part[name] for name in LISTED[:5]}) == 1
    assert part["Ada Pym"] == part["A. Pym"]
    assert len(set(part.values())) == 3
    assert parts(mentions_of(LISTED).head(0)).tolist() == []


@pytest.mark.parametrize("most", [1, 4, 6, 100])
def test_shares_hold_whole_parts_each_row_once(most):
    mentions = mentions_of(LISTED)
    part = parts(mentions)
    found = list(shares(mentions, None, most))
    assert sorted(np.concatenate(found).tolist()) == list(range(len(LISTED)))
    assert sum(len(set(part[rows])) for rows in found) == len(set(part))
    assert all(len(rows) <= most or len(set(part[rows])) == 1 for rows in found)


def test_what_was_decided_comes_in_one_share():
    mentions = mentions_of(LISTED)
    found = list(shares(mentions, pl.Series([0, 5], dtype=pl.UInt32), 1))
    assert [0, 1, 2, 3, 4, 5, 6] in [rows.tolist() for rows in found]


DECISIONS = pl.DataFrame(
    {
        "verdict": ["same", "different", "same"],
        "paper_id_a": [0, 1, 5],
        "position_a": [1, 1, 1],
        "paper_id_b": [3, 2, 9],
        "position_b": [1, 1, 1],
    }
)


def decisions_on(mentions: pl.DataFrame) -> pl.DataFrame:
    ids = mentions["paper_id"].unique(maintain_order=True)
    return DECISIONS.with_columns(
        ids.gather(DECISIONS[f"paper_id_{side}"]).alias(f"paper_id_{side}") for side in "ab"
    )


@pytest.mark.parametrize(
    ("at_once", "decided"), [(200, True), pytest.param(7, False, marks=pytest.mark.slow)]
)
def test_mentions_in_files_are_resolved_as_those_at_hand(monkeypatch, tmp_path, at_once, decided):
    mentions = identity.describe(papers())
    said = decisions_on(mentions) if decided else None
    whole = identity.resolve(mentions, said)
    monkeypatch.setattr(held, "MENTIONS_AT_ONCE", 60)
    monkeypatch.setattr(compare, "TOGETHER", 90)
    found = identity.resolve_spread(lambda: mentions.iter_slices(at_once), tmp_path, said, resolver.LARGE)
    assert found.equals(whole)


@pytest.mark.parametrize("decided", [False, True])
def test_a_block_is_resolved_alike_part_by_part(monkeypatch, decided):
    mentions = identity.describe(papers())
    said = decisions_on(mentions) if decided else None
    whole = identity.resolve(mentions, said)
    monkeypatch.setattr(resolver, "AT_ONCE", 1)
    assert identity.resolve(mentions, said).equals(whole)


GIVEN = [
    "Bob", "Rob", "Robert", "Boris", "R.", "B.", "Hanneke", "Anneke", "Hana", "Ana", "H.", "A.", "W. John", "John",
    "J.", "Jon", "Jo-Ann", "Joann", "Ann", "Mei-Xi", "Xi", "X.-M.", "Yu. A.", "Yuri", "Ya.", "Dimitris", "Dimitrios",
    "Matthieu", "Hattieu", "Mathieu Bob", "Alessandr", "Alessandro", "Bobak", "Boob", "Bo B", "",
]  # fmt: skip


@given(st.lists(st.sampled_from(GIVEN), min_size=1, max_size=12, unique=True))
def test_no_part_ends_between_forms_that_relate_or_begin_with_one_letter(given_names):
    mentions = mentions_of([*(f"{name} Pym".strip() for name in given_names), "Bob Ohm"])
    part = parts(mentions)
    table = forms(mentions.select(*FORM, "rarity", form=pl.int_range(pl.len())))
    ties = related(table).select(a="form_a", b="form_b").rows()
    letters = table.select("form", one=pl.struct("block", "letter")).group_by("one").agg("form")["form"]
    assert all(part[a] == part[b] for a, b in ties)
    assert all(len(set(part[some])) == 1 for some in letters.to_list())
    assert part[-1] not in part[:-1]
