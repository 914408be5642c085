"""Borders between letters of one case, which no capital shows. All people and titles are made up."""

import polars as pl
import pytest

from byline.boundary import segment
from byline.boundary.explain import explain

ABSTRACT = (
    "We look at {0} once more. Although much is known of such things, less is known of {1}, and we say what follows "
    "from it for those who work with them every day, in towns and at sea, with examples from several years."
)


@pytest.mark.parametrize("with_abstract", [False, True])
@pytest.mark.parametrize(
    ("title", "authors"),
    [
        ("songs of owls in june", ["ida rehn", "olaf brandt"]),
        ("SONGS OF OWLS IN JUNE", ["IDA REHN", "OLAF BRANDT"]),
        ("Models of Owl Nests at NTHU", ["A. B. Rehn"]),
        ("Tests of QCD", ["N. Rehn"]),
        ("notes on snow", ["wei lin", "tao sun"]),
        ("charge transport in polymer membranes", ["tom smith"]),
        ("charge transport in a polymer membrane", ["sara smith"]),
        ("notes on a heisenberg group", ["severin lund"]),
    ],
)
def test_a_word_that_titles_hold_ends_the_title(title, authors, with_abstract):
    abstract = ABSTRACT.format(title, title.split()[-1]) if with_abstract else None
    row = segment(pl.Series([title + ", ".join(authors)]), pl.Series([abstract], dtype=pl.String)).row(
        0, named=True
    )
    assert (row["title"], row["authors"]) == (title, authors)


def test_the_abstract_tells_which_of_two_words_it_is():
    line = "a note on prime gapshaolin qi"
    said = ABSTRACT.format("prime gaps", "gaps")
    row = segment(pl.Series([line]), pl.Series([said])).row(0, named=True)
    assert (row["title"], row["authors"]) == ("a note on prime gaps", ["haolin qi"])
    assert row["boundary_confidence"] < 0.99
    found = explain(line, abstract=said)
    assert found.readings[0].authors == row["authors"]
    assert found.confidence == pytest.approx(row["boundary_confidence"], abs=1e-6)
