"""Words at the border that capitals divide: given names, titles' proper names. All people are made up."""

from typing import Any

import polars as pl
import pytest

from byline.boundary import segment
from byline.boundary.explain import explain

ABSTRACT = (
    "We study {0} in some detail. Although much is known of such things, less is known of {1}, and we say what follows "
    "from it for those who work with them every day, in towns and at sea, with examples from several years."
)

NAMES = [
    ("Bread in Old Towns", ["MariaAnna Keller", "Olaf Brandt"]),
    ("Growth of Crystals under Shear", ["ElinViktor Solheim"]),
    ("Measuring the Age of Sea Ice", ["HugoMarta Brandt"]),
    ("Groups of Type F1", ["HugoMarta Brandt"]),
    ("Do Larger Models Forget?", ["HugoMarta Brandt"]),
    ("A Survey of Tricks for BERT", ["HugoMarta Brandt"]),
    ("Notes on Trees", ["DeShawn Cole"]),
    ("Notes on Trees", ["LaToya Brandt"]),
    ("Notes on Trees", ["McKenna Lund"]),
    ("Notes on Trees", ["JoAnn Lund"]),
]
TITLES = [
    ("A New Planner: SwiftWalk", ["Ida Rehn", "Olaf Brandt"]),
    ("Calls from iPhone", ["Ida Rehn"]),
    ("A Treebank with OpenCorpus", ["Leif Aarnes"]),
    ("Crystals of FeSe", ["Leif Aarnes"]),
    ("Flow of Liquid 4He", ["Leif Aarnes"]),
    ("Tricks for GANs", ["Leif Aarnes"]),
    ("On a Lemma of McNicholas", ["Leif Aarnes"]),
    ("Packing Owls into a Bounding Bin", ["Leif Aarnes"]),
    ("Inference with Ledgers and Rosa", ["Ida Rehn"]),
    ("Calls of Owls in Maria", ["Ida S. Rehn"]),
]
BOTH = [
    ("Reading Ledgers with InkCode", ["MinZhou Fenwick"]),
    ("Faster Sorting in RadixTree", ["SangHoon Lee", "Ida Rehn"]),
    ("Speech on OpenMic", ["DiMaggio Rosa", "Ida Rehn"]),
    ("Teaching Robots with CodeNest", ["RosaPavel Okoye"]),
    ("On the Use of MatLab", ["VanDerBerg Pim"]),
]


def read(title: str, authors: list[str], abstract: str | None) -> dict[str, Any]:
    said = pl.Series([abstract], dtype=pl.String)
    return segment(pl.Series([title + ", ".join(authors)]), said).row(0, named=True)


@pytest.mark.parametrize(("title", "authors"), NAMES + TITLES + BOTH)
@pytest.mark.parametrize("with_abstract", [False, True])
def test_the_parts_of_a_divided_word_go_to_their_side(title, authors, with_abstract):
    abstract = ABSTRACT.format(title, title.rstrip("?").split()[-1]) if with_abstract else None
    row = read(title, authors, abstract)
    assert (row["title"], row["authors"]) == (title, authors)


@pytest.mark.parametrize(
    ("title", "authors", "most"),
    [
        ("Reading Ledgers with InkCode ", ["MinZhou Fenwick"], 0.9),  # a space at the border
        ("Bread in Old Towns ", ["ScottPavel Okoye"], 0.5),
        ("Notes on Trees", ["KjerrePavel Okoye"], 0.5),  # a given name that nobody else has
    ],
)
def test_a_part_that_may_stand_on_either_side_is_never_sure(title, authors, most):
    assert read(title, authors, None)["boundary_confidence"] <= most + 1e-6


@pytest.mark.parametrize(
    "byline",
    [
        "The slow growth of sea ice MehdinaAda Fenwick",
        "A Survey of Owls in Northern Towns ShujingAda Fenwick",
    ],
)
def test_a_strange_word_behind_a_space_may_be_a_name(byline):
    said = pl.Series([ABSTRACT.format("sea ice", "owls in towns")])
    assert segment(pl.Series([byline]), said)["boundary_confidence"][0] <= 0.9 + 1e-6


def test_an_abstract_that_holds_the_word_settles_it():
    title, authors = "A Dataset: GraphKlorve", ["Ida Rehn"]
    assert read(title, authors, None)["boundary_confidence"] <= 0.5
    assert read(title, authors, ABSTRACT.format(title, "GraphKlorve"))["boundary_confidence"] > 0.5


def test_a_team_that_is_named_after_the_title_keeps_its_name():
    row = read("BigStork-2: Flying Further for Less", ["BigStork Team"], None)
    assert row["authors"] == ["BigStork Team"]


def test_the_explanation_begins_with_the_reading_that_is_published():
    line = "Growth of Crystals under ShearElinViktor Solheim"
    row, found = segment(pl.Series([line])).row(0, named=True), explain(line)
    assert (found.readings[0].title, found.readings[0].authors) == (row["title"], row["authors"])
    assert found.confidence == pytest.approx(row["boundary_confidence"], abs=1e-6)


@pytest.mark.parametrize(
    "byline",
    [
        "Owls of the Northern Coast1Ida Rehn, 2Olaf Brandt",
        "Owls of the Northern Coast*Ida Rehn, †Olaf Brandt",
        "Owls of the Northern Coast1 Ida Rehn, 2 Olaf Brandt",
    ],
)
def test_a_title_that_took_names_behind_footnote_marks_is_doubted(byline):
    row = segment(pl.Series([byline])).row(0, named=True)
    assert row["authors"] == ["Ida Rehn", "Olaf Brandt"] or row["boundary_confidence"] <= 0.5
