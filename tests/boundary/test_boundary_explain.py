"""Explanations of readings. All people are made up."""

import polars as pl
import pytest

from byline.boundary import segment
from byline.boundary.explain import explain


def test_candidates_stand_best_first_and_the_best_two_have_evidence():
    found = explain("Parsing notes with AraBERTAnsel Melquart, Ines Moreau")
    probabilities = [r.probability for r in found.readings]
    assert probabilities == sorted(probabilities, reverse=True)
    assert sum(probabilities) + found.none == pytest.approx(1.0)
    assert [bool(r.evidence) for r in found.readings[:3]] == [True, True, False]
    weights = [abs(w.weight) for w in found.readings[0].evidence]
    assert weights == sorted(weights, reverse=True)


def test_the_first_reading_is_the_one_that_segment_publishes():
    for line in (
        "Parsing notes with BERTJorun Halvorsen et al.",
        "membranesxiaoming yang",
        "It worksA. B. Marino, Jr.",
    ):
        row = segment(pl.Series([line])).row(0, named=True)
        found = explain(line)
        assert (found.readings[0].title, found.readings[0].authors) == (row["title"], row["authors"])
        assert found.confidence == pytest.approx(row["boundary_confidence"], abs=1e-6)


def test_evidence_is_in_words_and_quotes_the_text():
    evidence = explain("Counting lattice pointsHarold Bell").readings[0].evidence
    assert any("“Harold Bell”" in w.feature or "points" in w.feature for w in evidence)


def test_a_line_without_candidates_has_no_readings():
    assert explain("").readings == []
    assert explain("").none == 1.0
