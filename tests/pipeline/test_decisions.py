"""Reviewed decisions: what can't be read or found is said, with its line, and nothing is published without it."""

from __future__ import annotations

import json

import pytest

from byline.cli import run
from byline.core.errors import BylineError, UsageError
from byline.decisions import curated
from tests.conftest import for_comparison, table
from tests.pipeline.fabricated import listing

BYLINE = "counting pebbles in rivers wu li et al. · deepmind, openai"
UNREAD = f"LGSep 25, 2023\n{BYLINE}\nWe count.\n"
READING = {"byline": BYLINE, "title": "counting pebbles in rivers", "authors": ["wu li"]}


def decide(tmp_path, name: str, content: str | bytes):
    folder = tmp_path / "curated"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


def line(**changes: object) -> str:
    return json.dumps({**READING, **changes}) + "\n"


def test_texts_of_a_reading_are_kept_as_a_listing_keeps_them(build, tmp_path):
    decide(
        tmp_path,
        "boundaries.jsonl",
        line(title="counting\u00a0pebbles\nin rivers", authors=[" wu  lie\u0301 "]),
    )
    path = build({"a.txt": listing(1, 3), "b.txt": UNREAD}).path
    assert "wu lié" in table(path, "authorships")["name_as_listed"].to_list()
    assert "counting pebbles in rivers" in table(path, "papers")["title"].to_list()


@pytest.mark.parametrize(
    "wrong",
    [
        line(authors="Plato"),
        line(authors=[None]),
        line(authors=[]),
        line(authors=["wu li", " "]),
        line(title="   "),
        line(labels="deepmind"),
        line(labels=[""]),
        line(authors_truncated="false"),
        line(title="\ud800"),
        b"\xff\n",
        "[]\n",
    ],
)
def test_a_reading_that_is_none_is_refused_with_its_line(tmp_path, wrong):
    decide(tmp_path, "boundaries.jsonl", b"\n" + (wrong if isinstance(wrong, bytes) else wrong.encode()))
    with pytest.raises(UsageError, match=r"boundaries\.jsonl:2"):
        curated.boundaries(tmp_path / "curated")


def test_nothing_is_published_against_a_reading_that_is_none(build, tmp_path):
    decide(tmp_path, "boundaries.jsonl", "\n[]\n")
    with pytest.raises(UsageError, match=r"boundaries\.jsonl:2"):
        build({"a.txt": listing(1, 3), "b.txt": UNREAD})
    assert not (tmp_path / "out" / "current").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        "order = 5",
        'codes = ["CO"]',
        "[codes]\nCO = 5",
        "order = [[1]]",
        'order = ["nope"]',
        '[codes]\nCO = "nope.XX"',
    ],
)
def test_settings_of_categories_that_are_none_are_refused_with_their_file(build, tmp_path, wrong):
    decide(tmp_path, "categories.toml", wrong)
    with pytest.raises(UsageError, match=r"categories\.toml"):
        build({"a.txt": listing(1, 3)})


def test_decisions_that_are_not_where_they_were_said_to_be_stop_the_build(build, tmp_path):
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "typo", tmp_path / "file"):
        with pytest.raises(UsageError, match="not a folder of decisions"):
            build({"a.txt": listing(1, 3)}, curated=folder)
    (tmp_path / "curated" / "authors.csv").mkdir(parents=True)
    with pytest.raises(UsageError, match="is not a file"):
        build({"a.txt": listing(1, 3)})


def test_a_reviewed_reading_keeps_that_the_list_was_cut_and_its_labels(
    built, build, tmp_path, monkeypatch, capsys
):
    path = built({"a.txt": listing(1, 3), "b.txt": UNREAD}).path
    assert (table(path, "records")["boundary_confidence"].fill_null(0.0) < 0.5).sum() == 1
    answers = iter(["e", "counting pebbles in rivers", "wu li"])
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(answers))
    assert (
        run(["review", "--raw", str(tmp_path / "raw"), "--out", str(tmp_path / "out"), "--limit", "1"]) == 0
    )
    said = json.loads((tmp_path / "curated" / "boundaries.jsonl").read_text())
    assert (said["authors_truncated"], said["labels"]) == (True, ["deepmind", "openai"])
    path = build({}).path
    assert table(path, "quarantine").height == 0
    assert table(path, "paper_affiliations")["label_as_listed"].sort().to_list() == ["deepmind", "openai"]
    capsys.readouterr()
    assert run(["explain", "b.txt:2", "--raw", str(tmp_path / "raw"), "--out", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    assert "read by a reviewed decision: counting pebbles in rivers | wu li et al." in said
    assert "quarantined" not in said


@pytest.mark.parametrize("wrong", [b"\xff\n", b"garbage\n", None])
def test_a_damaged_log_is_found_before_anything_is_switched(built, build, tmp_path, wrong):
    first = built({"a.txt": listing(1, 3)}).path
    log = tmp_path / "out" / "history" / "log.jsonl"
    if wrong is None:
        log.unlink()
        log.mkdir()
    else:
        log.write_bytes(log.read_bytes() + wrong)
    with for_comparison(), pytest.raises(BylineError, match=r"log\.jsonl"):
        build({"b.txt": listing(2, 3)})
    assert (tmp_path / "out" / "current").resolve() == first.resolve()


def test_a_mistyped_folder_is_said_and_not_made(tmp_path):
    for command in ("prune", "rollback"):
        assert run([command, "--out", str(tmp_path / "typo")]) == 2
    assert not (tmp_path / "typo").exists()


def test_ages_beyond_all_calendars_are_refused(tmp_path):
    for option in ("--grace", "--older-than"):
        assert run(["prune", "--out", str(tmp_path), option, "1e12"]) == 2
        assert run(["prune", "--out", str(tmp_path), option, "inf"]) == 2


def test_of_two_readings_of_one_byline_the_last_one_counts(build, tmp_path):
    other = line(byline="another byline al gu", title="another byline", authors=["al gu"])
    decide(
        tmp_path, "boundaries.jsonl", line(authors=["first try"]) + other + line(authors=["wu li", "bo an"])
    )
    path = build({"a.txt": listing(1, 3), "b.txt": UNREAD}).path
    assert {"wu li", "bo an"} <= set(table(path, "authorships")["name_as_listed"])
    assert "first try" not in table(path, "authorships")["name_as_listed"].to_list()
