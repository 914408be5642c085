"""Which records stopped a build: named for people, for programs, and for CI, and all of them kept to be looked at."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest

from byline.cli import run
from byline.cli.outcome import Format, report
from byline.core.errors import GateError
from byline.core.options import Options
from byline.core.result import Result, Unread
from byline.pipeline.run import run_build
from tests.conftest import write_listings
from tests.pipeline.fabricated import listing

BAD = "".join(f"LGSep {day}, 2023\nNo such day {day}Ada Lovelane\nWe\x1b count.\n" for day in range(40, 70))


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Return a project folder with one good and one bad raw file, and work in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "data" / "raw" / "good.txt").write_text(listing(1, 5))
    (tmp_path / "data" / "raw" / "bad.txt").write_text(BAD)
    return tmp_path


def test_a_tripped_gate_names_the_first_records_and_where_all_are(project, capsys):
    assert run(["build"]) == 1
    said = capsys.readouterr().err
    assert "bad.txt:1  bad_date  LGSep 40, 2023 No such day 40Ada Lovelane" in said
    assert said.count("bad_date  ") == 5
    kept = project / "data" / "processed" / ".unpublished" / "quarantine.jsonl"
    assert str(kept.relative_to(project)) in said
    rows = [json.loads(line) for line in kept.read_text().splitlines()]
    assert [row["line"] for row in rows] == list(range(1, 90, 3))
    assert rows[3].keys() == {"file", "line", "last_line", "reason", "detail", "text"}


def test_what_is_kept_is_bounded_and_goes_with_the_next_build(project, monkeypatch, capsys):
    monkeypatch.setattr("byline.snapshots.unread.KEPT", 7)
    monkeypatch.setattr("byline.snapshots.unread.KEPT_CHARS", 11)
    assert run(["build"]) == 1
    kept = (project / "data" / "processed" / ".unpublished" / "quarantine.jsonl").read_text().splitlines()
    assert [len(json.loads(line)["text"]) for line in kept] == [11] * 7
    assert run(["build", "--accept", "quarantine"]) == 0
    assert not (project / "data" / "processed" / ".unpublished").exists()
    capsys.readouterr()
    assert run(["review", "--list"]) == 0
    said = capsys.readouterr().out
    assert "quarantined: 30 bad_date (mend the date in the raw file)" in said
    assert "boundary_confidence below 0.99" in said


def test_a_check_that_passes_names_what_was_not_read_too(project, capsys):
    assert run(["build", "--check", "--accept", "quarantine"]) == 0
    said = capsys.readouterr().out
    assert "bad.txt:1  bad_date" in said
    assert ".unpublished/quarantine.jsonl" in said
    assert "nothing was published" in said


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    """Return what fails as one build of the bad file failed, again and again."""
    home = tmp_path_factory.mktemp("refused")
    write_listings(home / "raw", {"good.txt": listing(1, 5), "bad.txt": BAD})
    with pytest.raises(GateError) as failure:
        run_build(Options(raw=home / "raw", out=home / "out", workers=0, check_only=True))

    def build() -> Result:
        raise failure.value

    return build


def test_github_shows_the_lines_of_the_raw_file(refused):
    text, said = report(refused, Format.github, "out", lambda name: f"data/raw/{name}")
    assert (said.exit_code if said else 0) == 1
    lines = text.splitlines()
    assert lines[0].startswith("::error file=data/raw/bad.txt,line=1,endLine=3,title=bad_date::")
    assert any(line.startswith("::error title=gate quarantine::30 of 35 records") for line in lines)
    assert "\x1b" not in "".join(lines)


def test_junit_has_a_failure_for_the_gate_and_the_records_in_it(refused):
    text, said = report(refused, Format.junit, "out", lambda name: f"data/raw/{name}")
    assert (said.exit_code if said else 0) == 1
    suite = ElementTree.fromstring(text)
    assert suite.attrib["failures"] == "1"
    (case,) = suite.findall("testcase")
    assert case.attrib["name"] == "quarantine"
    assert "data/raw/bad.txt:1: bad_date" in (case.findtext("failure") or "")


def test_json_says_all_of_it(project, capsys):
    assert run(["build", "--format", "json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["ok"], said["exit_code"], said["published"]) == (False, 1, None)
    assert said["gates"][0]["gate"] == "quarantine"
    assert said["unread"][0]["path"] == "data/raw/bad.txt"
    (project / "data" / "raw" / "bad.txt").unlink()
    assert run(["build", "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["ok"]
    assert said["tables"]["records"] == said["statuses"]["published"] == 5
    assert said["published"].endswith(said["snapshot_id"])


def test_a_message_cannot_forge_a_line_or_a_command():
    one = Unread("a,b:c.txt", 1, 1, "bad_date", "x\n::error::forged", "100%")
    failure = GateError("what", "way out")
    failure.unread = (one,)

    def build() -> Result:
        raise failure

    text, said = report(build, Format.github, "out", lambda name: f"raw/{name}")
    assert said is failure
    assert text.splitlines()[0] == (
        "::error file=raw/a%2Cb%3Ac.txt,line=1,endLine=1,title=bad_date::x%0A::error::forged: 100%25"
    )
    junit, _ = report(build, Format.junit, "out", str)
    assert ElementTree.fromstring(junit).attrib["failures"] == "1"


def test_papers_that_are_lost_are_named(project, capsys):
    (project / "data" / "raw" / "bad.txt").write_text(listing(2, 40))
    assert run(["build"]) == 0
    (project / "data" / "raw" / "bad.txt").unlink()
    assert run(["build"]) == 1
    assert "are gone: '" in capsys.readouterr().err


def test_a_difference_says_titles_and_names(project, capsys):
    (project / "data" / "raw" / "bad.txt").write_text(
        "LGMay 2, 2019\nSparse Gates for ParsingAda Lovelane\nWe.\n"
    )
    run(["build"])
    (project / "data" / "raw" / "bad.txt").write_text(
        "LGMay 2, 2019\nSparse Gates for ParsingAda Lovelane\nWe do.\n"
    )
    run(["build"])
    first = sorted(
        (project / "data" / "processed" / "snapshots").iterdir(), key=lambda path: path.stat().st_mtime
    )[0]
    capsys.readouterr()
    assert run(["diff", first.name]) == 0
    assert "'Sparse Gates for Parsing' changed abstract: We. -> We do." in capsys.readouterr().out
