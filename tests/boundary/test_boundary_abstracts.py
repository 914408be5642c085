"""The abstract as evidence for the border. All people and papers are made up."""

import polars as pl
import pytest

from byline.boundary import abstracts, doubtful, model, segment
from byline.boundary.candidates import every
from byline.boundary.explain import explain
from byline.boundary.lines import read_lines

BYLINE = "Reading Ledgers with InkCodeMinZhou Fenwick"
ABSTRACT = (
    "Old ledgers are hard to read. We present InkCode, which learns from a few pages, and show on twelve collections "
    "that reading with it takes half the time and makes fewer errors than readers of ledgers make by themselves."
)


def answers(byline: str, abstract: str | None) -> dict[str, int]:
    shipped = model.load()
    lines = read_lines(pl.Series([byline]), shipped.kinds, shipped.folds)
    candidates = every(lines, shipped.lexicon)
    said = pl.Series([abstract], dtype=pl.String)
    numbers = abstracts.answers(shipped, lines, candidates, said).tolist()
    return {byline[at:]: number for at, number in zip(candidates.at.tolist(), numbers, strict=True)}


def test_a_title_word_that_the_abstract_holds_and_half_a_name_get_different_answers():
    found = answers(BYLINE, ABSTRACT)
    assert found["MinZhou Fenwick"] > 0
    assert found["MinZhou Fenwick"] != found["Zhou Fenwick"]
    assert segment(pl.Series([BYLINE]), pl.Series([ABSTRACT]))["authors"].to_list() == [["MinZhou Fenwick"]]


@pytest.mark.parametrize(
    ("byline", "abstract"),
    [
        (BYLINE, None),
        (BYLINE, "No abstract was given."),
        (
            BYLINE,
            "Withdrawn by the author, since it had been sent to the wrong place and by a wrong person, " * 2,
        ),
        ("深層学習による音声認識の研究佐藤太郎", ABSTRACT),
    ],
)
def test_an_abstract_that_cannot_tell_is_silent(byline, abstract):
    assert set(answers(byline, abstract).values()) == {0}


def test_a_byline_reads_alike_in_any_batch_with_abstracts():
    bylines = pl.Series([BYLINE, "Counting lattice pointsHarold Bell", "membranesxiaoming yang", None])
    said = pl.Series([ABSTRACT, None, ABSTRACT, ABSTRACT])
    together = segment(bylines, said)
    for n in range(len(bylines)):
        assert segment(bylines.slice(n, 1), said.slice(n, 1)).equals(together.slice(n, 1))


def test_the_explanation_shows_what_the_abstract_says():
    assert doubtful(segment(pl.Series([BYLINE])))[0]
    found = explain(BYLINE, abstract=ABSTRACT)
    row = segment(pl.Series([BYLINE]), pl.Series([ABSTRACT])).row(0, named=True)
    assert found.confidence == pytest.approx(row["boundary_confidence"], abs=1e-6)
    assert any("abstract" in weight.feature for weight in found.readings[0].evidence)


def test_a_team_is_named_after_what_the_title_names():
    byline = "MiniCrane-XL: Lifting More with LessMiniCrane Team, Ada Pym"
    row = segment(pl.Series([byline])).row(0, named=True)
    assert row["authors"] == ["MiniCrane Team", "Ada Pym"]
