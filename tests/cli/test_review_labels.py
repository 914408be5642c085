"""`byline review --affiliations`: labels that mean nothing yet, the likeliest organisations, and a person's word."""

from __future__ import annotations

import pytest

from byline.cli import run
from tests.conftest import table

RAW = (
    "LGMay 2, 2019\nSparse GatesAda Lovelane · stanford universty, odd place\nWe.\n"
    "LGMay 3, 2019\nRobust TreesGrace Hoppers · odd place, nobody knows\nWe do.\n"
)


@pytest.fixture
def answered(build, tmp_path, monkeypatch):
    """Return a function that builds, reviews with these answers, and gives the place of the decisions."""
    build({"a.txt": RAW})

    def review(*answers: str) -> str:
        said = iter(answers)
        monkeypatch.setattr("typer.prompt", lambda *_, **__: next(said))
        places = ["--raw", str(tmp_path / "raw"), "--out", str(tmp_path / "out")]
        assert run(["review", "--affiliations", *places]) == 0
        path = tmp_path / "curated" / "affiliations.csv"
        return path.read_text() if path.exists() else ""

    return review


def test_labels_of_the_most_papers_come_first_and_answers_are_obeyed(answered, build, capsys):
    kept = answered("t", "Institute of Odd, Places", "n", "1")
    shown = capsys.readouterr().out
    assert shown.index("] odd place") < shown.index("] nobody knows") < shown.index("] stanford universty")
    assert "2 paper(s), for example" in shown
    assert '"Institute of Odd, Places"' in kept
    found = dict(table(build({}).path, "affiliations").select("label", "name").iter_rows())
    assert found["odd place"] == "Institute of Odd, Places"
    assert found["stanford universty"] == "Stanford University"
    assert "every label" in (answered(), capsys.readouterr().out)[1]


def test_nothing_is_kept_of_what_is_skipped(answered):
    assert answered("", "9", "q") == ""


@pytest.mark.parametrize(("count", "said"), [(0, ""), (1, "1, "), (3, "1-3, ")])
def test_a_question_names_what_there_is_to_choose(count, said):
    from byline.cli.asking import choices

    assert choices(count) == said
