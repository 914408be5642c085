"""Kinds of names, as data: one file a kind in `cases/`, each line a listed name and its parts."""

from pathlib import Path

import polars as pl
import pytest

from byline import names
from byline.names.teams import parted

CASES = Path(__file__).parent / "cases"
KINDS = sorted(path.stem for path in CASES.glob("*.tsv") if path.stem not in ("teams", "pairs"))
PARTS = ("given", "particle", "family", "suffix")


def rows(kind: str) -> list[list[str]]:
    lines = (CASES / f"{kind}.tsv").read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


CASE = [(kind, *row) for kind in KINDS for row in rows(kind)]


@pytest.fixture(scope="module")
def parsed() -> dict[str, dict[str, str | None]]:
    listed = [listed for _, listed, *_ in CASE]
    return dict(zip(listed, names.parse(pl.Series(listed)).to_dicts(), strict=True))


def test_every_kind_has_its_cases():
    assert len(KINDS) >= 9
    assert all(len(rows(kind)) >= 15 for kind in KINDS)


@pytest.mark.parametrize(("kind", "listed", "given", "particle", "family", "suffix"), CASE)
def test_a_name_of_this_kind_is_taken_apart(parsed, kind, listed, given, particle, family, suffix):
    assert [parsed[listed][part] or "-" for part in PARTS] == [given, particle, family, suffix]


@pytest.mark.parametrize(("listed", "parts"), rows("teams"))
def test_a_person_stands_apart_from_the_collaboration(listed, parts):
    assert parted(listed) == parts.split(" | ")


@pytest.mark.parametrize(("one", "other", "column"), rows("pairs"))
def test_two_ways_to_list_one_name_agree(one, other, column):
    first, second = names.parse(pl.Series([one, other]))[column]
    assert first == second


def test_lists_keep_their_order_when_a_collaboration_is_parted_off():
    lists = pl.Series(
        [["Ada Pymble", "Jana Moravec for the FOO Collaboration", "Bo Lindgren"], None, [], ["Bo Lindgren"]]
    )
    assert names.part_lists(lists).to_list() == [
        ["Ada Pymble", "Jana Moravec", "FOO Collaboration", "Bo Lindgren"],
        None,
        [],
        ["Bo Lindgren"],
    ]


@pytest.mark.parametrize(
    ("given", "family", "suffix", "expected"),
    [
        ("Maarten", "van Oostmeer", None, ("Maarten", "van", "Oostmeer", None)),
        ("Maarten van", "Oostmeer", None, ("Maarten", "van", "Oostmeer", None)),
        ("JA", "Lindqvist", None, ("JA", None, "Lindqvist", None)),
        ("JA", "Lindqvist", "Jr", ("JA", None, "Lindqvist", "Jr.")),
        ("HL 3rd", "Fordham", None, ("HL", None, "Fordham", "III")),
        ("YuA", "Starikovsky", None, ("Yu. A.", None, "Starikovsky", None)),
        ("Jian", "Guo", None, ("Jian", None, "Guo", None)),
        ("Guo", "Jian", None, ("Guo", None, "Jian", None)),
        ("ANNA", "VAN DER BERG", None, ("Anna", "van der", "Berg", None)),
        ("Ana", "Ruiz Belmonte", None, ("Ana", None, "Ruiz Belmonte", None)),
        ("Yusuf", "El Mansourat", None, ("Yusuf", None, "El Mansourat", None)),
        ("Dr. Anna", "Keller{\\-}mann", None, ("Anna", None, "Kellermann", None)),
        (r"Andr\'e", "Kowalczyk", None, ("André", None, "Kowalczyk", None)),
        (None, "Bhargavi", None, (None, None, "Bhargavi", None)),
        ("Bhargavi", "", None, (None, None, "Bhargavi", None)),
        ("Xi-mei", "WU", None, ("Xi-mei", None, "Wu", None)),
    ],
)
def test_parts_are_obeyed(given, family, suffix, expected):
    part = pl.Struct({"given": pl.String, "family": pl.String, "suffix": pl.String})
    said = pl.Series([{"given": given, "family": family, "suffix": suffix}], dtype=part)
    row = names.parse(pl.Series(["as listed"]), said).to_dicts()[0]
    assert tuple(row[name] for name in PARTS) == expected
