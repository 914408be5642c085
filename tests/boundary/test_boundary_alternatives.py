"""Doubt that another border raised, which leaves no name or no word of a title. All people are made up."""

import polars as pl
import pytest

from byline.boundary import segment
from byline.boundary.reading import SURE

CLEARED = [
    (
        "Material screening and selection for HERON100",
        ["HERON100 Collaboration", "E. Pym", "K. Rehn"],
    ),  # HERON|100
    ("Patients with Chronic Hepatitis B", ["CHEN Maowei", "JIANG Jianning"]),  # |BCHEN
    ("Counting Walks on DAGs", ["Tove Lindqvist", "Ida Rehn"]),  # DA|GsTove
    ("Storms in the Propagation of CMEs", ["Tove Lindqvist"]),
    ("Planning a Walk with an LLM", ["Arve Rehnberg", "Ida Rehn"]),  # LL|MArve
    ("Old Ledgers as a TimeBank", ["Erik Lindberg", "Olaf Brandt"]),  # Time|BankErik
    ("Questions about Birds with WikiHow", ["Erik Lindberg", "Olaf Brandt"]),
    ("Four Ways to Measure Mechanics-I", ["Erik Lindberg"]),  # IE|rik
    ("Are Larger Owls Clueless?", ["Pride Lindqvist", "Olaf Brandt"]),  # |Clueless?Pride
    ("Marks of the Slow Growth of a Body", ["SangHoon Lind", "Ida Rehn"]),  # BodySang|Hoon
    ("Notes on pruning", ["JingMin Zeng", "Ida Rehn"]),
    ("A Chain of Hamiltonian Monte Carlo", ["Ida Rehn"]),  # |CarloIda
    ("Noise in a Song and its DEtection", ["Ida Rehn"]),
    ("Notes on the Words and Maps of DBpedia", ["Erik Lindberg", "Olaf Brandt"]),
    ("A Long Night in Wagner's Siegfried", ["Erik Lindberg", "Olaf Brandt"]),
    ("基于提示工程和思维链的提示词构造", ["Ida Rehn", "Olaf Brandt"]),
    ("growth of ice in a long pathway", ["qin wang", "pablo ruiz"]),  # path|wayqin
    ("birds in the buildings of hong kong", ["ronghui qi", "olaf brandt"]),  # kongrong|hui
]
DOUBTED = [
    "Ways to carry owls in drug delivery systemshanshan huang, olaf brandt",  # systems|hanshan
    "A Review of Mirrors and their SurfacesShannonKian Zareh",  # Surfaces|ShannonKian
    "Forms of Slow Growth in Two Dimensions -- IIAwsAlexander Rehn",  # II|AwsAlexander
    "Detecting Slow Words with TweetingJayVanja Mladen Rehnan, Goran Lund",  # TweetingJay|Vanja
    "Failures of an owl in an indoor testbedcMark W. Rehn, cAda Lindqvist",  # marks before the names
    "Slow growth of fields using fieldMaxiMatringe Nadir",  # fieldMaxi|Matringe
    "Four Ways to Measure Mechanics-IIda Rehnberg",  # II|da, I|Ida
    "Levels of a slow atom in $^{229}$ThE. V. Lind, Olaf Brandt",
]


def sureness(byline: str) -> tuple[str | None, list[str], float]:
    row = segment(pl.Series([byline])).row(0, named=True)
    return row["title"], row["authors"], row["boundary_confidence"] or 0.0


@pytest.mark.parametrize(("title", "authors"), CLEARED)
def test_a_reading_is_sure_whose_alternatives_leave_no_name_or_no_word(title, authors):
    read_title, read_authors, confidence = sureness(title + ", ".join(authors))
    assert (read_title, read_authors) == (title, authors)
    assert confidence >= SURE


@pytest.mark.parametrize("byline", DOUBTED)
def test_a_reading_stays_doubted_where_both_sides_may_be_a_name_and_a_word(byline):
    assert sureness(byline)[2] < SURE
