"""Who bears which name after persons are told apart. All people are made up."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from byline import identity

LISTED = ["Adam Fernwick", "Adam G. Fernwick", "A. Fernwick", "Ada Fernwick", "Ida Moreau", "Adam Fernwick"]
WHO = ["x", "x", "x", "x", "y", "z"]


def mentions() -> pl.DataFrame:
    """Return a paper a listed name; the first four are one author, the last one a namesake."""
    papers = pl.DataFrame(
        {"paper_id": [f"p{n}" for n in range(len(LISTED))], "authors": [[name] for name in LISTED]}
    )
    described = identity.describe(
        papers.with_columns(
            published=pl.lit(None, dtype=pl.Date), category=pl.lit("cs.CL"), title=pl.lit("Otters"),
            abstract=pl.lit(None, dtype=pl.String), labels=pl.lit([], dtype=pl.List(pl.String)),
        )
    )  # fmt: skip
    return described.with_columns(author_id=pl.Series(WHO))


def wants(
    name: str, *withheld: str, at: tuple[tuple[str, int], ...] = (("p0", 1),), **parts: str | None
) -> Any:
    """Return what a person decided who is author of the first paper."""
    said = {"given": None, "family": None, "suffix": None} | parts
    return SimpleNamespace(name=name, withheld=withheld, mentions=at, **said)


def shown(*wanted: Any) -> tuple[list[str], list[str]]:
    """Return the names that mentions carry and those that stand in their lists."""
    found = identity.as_wanted(mentions(), wanted)
    assert found.columns == mentions().columns
    return found["name"].to_list(), found["name_as_listed"].to_list()


def test_nobody_who_wants_nothing_is_changed():
    assert identity.as_wanted(mentions(), []).equals(mentions())
    elsewhere = wants("Ada Fernwick", "Adam Fernwick", at=(("nowhere", 1), ("p0", 2)))
    assert identity.as_wanted(mentions(), [elsewhere]).equals(mentions())


def test_a_person_bears_the_wanted_name_and_withheld_forms_are_replaced():
    names, listed = shown(wants("Ada Fernwick", "Adam Fernwick"))
    assert names == [*["Ada Fernwick"] * 4, "Ida Moreau", "Adam Fernwick"]
    assert listed == [
        "Ada Fernwick",
        "Ada Fernwick",
        "A. Fernwick",
        "Ada Fernwick",
        "Ida Moreau",
        "Adam Fernwick",
    ]


def test_without_withheld_forms_lists_stay_as_they_were():
    names, listed = shown(wants("Ada Fernwick"))
    assert names[:4] == ["Ada Fernwick"] * 4
    assert listed == LISTED


def test_another_family_name_withholds_initials_too():
    _, listed = shown(wants("Ada Brackwater", "Adam Fernwick"))
    assert listed == [*["Ada Brackwater"] * 4, *LISTED[4:]]


def test_of_two_decisions_the_later_names_and_both_withhold():
    names, listed = shown(
        wants("Ada Fernwick", "Adam Fernwick"), wants("Ada Bell", "Ada Fernwick", at=(("p1", 1),))
    )
    assert names[:4] == ["Ada Bell"] * 4
    assert listed[:4] == ["Ada Bell"] * 4


@pytest.mark.parametrize(
    ("parts", "given", "family"),
    [
        ({}, "Ada Maren", "Fernwick"),
        ({"given": "Ada", "family": "Maren Fernwick"}, "Ada", "Maren Fernwick"),
        ({"given": None, "family": "Ada Maren Fernwick"}, None, "Ada Maren Fernwick"),
    ],
)
def test_the_parts_of_a_wanted_name_are_the_persons_word(parts, given, family):
    found = identity.as_wanted(mentions(), [wants("Ada Maren Fernwick", **parts)])
    assert found.row(0, named=True) | {"given": given, "family": family} == found.row(0, named=True)


def test_namesakes_are_those_who_still_show_a_withheld_form():
    wanted = [wants("Ada Fernwick", "Adam Fernwick")]
    assert identity.namesakes(identity.as_wanted(mentions(), wanted), wanted) == ["z"]
    assert identity.namesakes(mentions(), wanted) == ["x", "z"]
    assert identity.namesakes(mentions(), [wants("Ada Fernwick")]) == []
    assert identity.namesakes(mentions(), []) == []
