"""The commands around a paste: add, init, build FILE, export, sql, resolve."""

from __future__ import annotations

import io
import json
import shutil

import pytest

from byline.cli import run
from byline.cli.given import given
from tests.conftest import LISTING
from tests.pipeline.fabricated import listing


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Return a project folder made by `byline init`, and work in it."""
    assert run(["init", str(tmp_path / "mine")]) == 0
    monkeypatch.chdir(tmp_path / "mine")
    return tmp_path / "mine"


def paste(monkeypatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8"))


def test_init_touches_nothing_that_is_there(project):
    (project / "README.md").write_text("mine")
    (project / "data" / "raw" / "a.txt").write_text("mine")
    assert run(["init", str(project)]) == 0
    assert (project / "README.md").read_text() == "mine"
    assert (project / "data" / "raw" / "a.txt").read_text() == "mine"


def test_a_paste_is_kept_once_and_published(project, monkeypatch, capsys):
    for _ in range(2):
        paste(monkeypatch, listing(1, 5))
        assert run(["add", "-"]) == 0
    said = capsys.readouterr().out
    assert "5 papers" in said
    assert "holds this paste already" in said
    assert "nothing new" in said
    assert len(list((project / "data" / "raw").iterdir())) == 1


def test_another_paste_of_the_same_name_takes_nothing_away(project, tmp_path, capsys):
    for number, text in enumerate((listing(1, 5), listing(2, 5))):
        path = tmp_path / f"{number}" / "may.txt"
        path.parent.mkdir()
        path.write_text(text)
        assert run(["add", str(path)]) == 0
    assert "10 papers" in capsys.readouterr().out
    assert len(list((project / "data" / "raw").glob("may*.txt"))) == 2


@pytest.mark.parametrize("name", ["../escape.txt", "a/b.txt", ".hidden", "README.txt", "", "a\nb.txt"])
def test_a_name_that_is_no_raw_file_s_is_refused(project, monkeypatch, name):
    paste(monkeypatch, listing(1, 5))
    assert run(["add", "-", "--name", name]) == 2
    assert list((project / "data" / "raw").iterdir()) == []


def test_an_empty_paste_is_refused(project, monkeypatch, capsys):
    paste(monkeypatch, " \n")
    assert run(["add", "-"]) == 2
    assert "empty" in capsys.readouterr().err


def test_standard_input_is_the_whole_input(project, monkeypatch, capsys):
    paste(monkeypatch, listing(1, 5))
    assert run(["build", "-"]) == 0
    assert "5 papers" in capsys.readouterr().out
    assert list((project / "data" / "raw").iterdir()) == []


def test_a_file_is_the_whole_input_and_the_summary_says_what_completes_its_lists(project, capsys):
    assert run(["build", str(LISTING)]) == 0
    said = capsys.readouterr().out
    assert "21 papers" in said
    assert "14 of 21 lists of authors were cut by the page" in said


@pytest.mark.parametrize(
    ("raw", "files"), [("data/raw", ["-"]), ("-", []), ("FILE", []), ("data/raw", ["FILE"])]
)
def test_what_is_named_as_folder_or_as_file_is_the_whole_input(tmp_path, monkeypatch, raw, files):
    named = tmp_path / "may.txt"
    named.write_text(listing(1, 5))
    paste(monkeypatch, listing(1, 5))
    words = [word.replace("FILE", str(named)) for word in (raw, *files)]
    with given(words[0], words[1:]) as what:
        assert [path.read_text() for path in what.files] == [listing(1, 5)]
        assert what.raw == "data/raw"


def test_two_files_of_one_name_are_refused(project, tmp_path, capsys):
    for folder in "ab":
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.txt").write_text(listing(1, 2))
    assert run(["build", str(tmp_path / "a" / "x.txt"), str(tmp_path / "b" / "x.txt")]) == 2
    assert "two files are called x.txt" in capsys.readouterr().err


@pytest.fixture
def published(project, real_build, capsys):
    """Return a project in which the real listing is published."""
    shutil.copytree(real_build.parents[1], project / "data" / "processed", symlinks=True, dirs_exist_ok=True)
    capsys.readouterr()
    return project


def test_export_prints_a_bibliography(published, capsys):
    assert run(["export", "bibtex", "--to", "-"]) == 0
    assert capsys.readouterr().out.count("@misc{") == 21


def test_export_names_the_files_it_wrote(published, capsys):
    assert run(["export", "csv", "--table", "papers"]) == 0
    assert capsys.readouterr().out == "export/papers.csv\n"
    assert run(["export", "csv", "--to", "-"]) == 2


def test_sql_answers_as_table_csv_and_json(published, capsys):
    query = "SELECT name, paper_count FROM authors ORDER BY paper_count DESC, name LIMIT 1"
    assert run(["sql", query]) == 0
    assert "Ben Adlam" in capsys.readouterr().out
    assert run(["sql", query, "--format", "csv"]) == 0
    assert capsys.readouterr().out == "name,paper_count\nBen Adlam,14\n"
    assert run(["sql", query, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"name": "Ben Adlam", "paper_count": 14}
    assert run(["sql", "SELECT"]) == 2


def test_sql_reads_statements_from_standard_input(published, monkeypatch, capsys):
    paste(monkeypatch, "SELECT 1;\nSELECT count(*) AS n FROM papers")
    assert run(["sql", "--format", "csv"]) == 0
    assert capsys.readouterr().out == "n\n21\n"


def test_resolve_knows_current_and_unknown_ids(published, capsys):
    assert run(["sql", "SELECT author_id FROM authors LIMIT 1", "--format", "csv"]) == 0
    known = capsys.readouterr().out.split()[1]
    assert run(["resolve", known]) == 0
    assert capsys.readouterr().out == f"{known}  author  current  {known}\n"
    assert run(["resolve", "0" * 20, "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["how"] == "unknown"


@pytest.mark.parametrize("command", ["path", "log", "validate"])
def test_a_dataset_may_stand_as_argument_or_option(published, capsys, command):
    assert (
        run([command, "data/processed"]) == run([command, "--out", "data/processed"]) == run([command]) == 0
    )
    assert run([command, "data/processed", "--out", "elsewhere"]) == 2


def test_every_summary_of_the_help_is_whole(capsys):
    assert run(["-h"]) == 0
    commands = capsys.readouterr().out.partition("Commands:")[2]
    assert commands.count("\n") > 10
    assert "..." not in commands


def test_one_table_can_be_printed_for_the_next_program(published, capsys):
    assert run(["export", "csv", "--table", "papers", "--no-guard", "--to", "-"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 22
    assert run(["export", "csv", "--table", "papers", "--to", "-"]) == 0
    assert capsys.readouterr().out.startswith("paper_id,")
    assert run(["export", "jsonl", "--table", "authors", "--to", "-"]) == 0
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len({author["author_id"] for author in printed}) == len(printed) > 5
    assert run(["export", "csv", "--to", "-"]) == 2
    assert run(["export", "xlsx", "--table", "papers", "--to", "-"]) == 2
    assert run(["report", "--to", "-"]) == 0
    assert capsys.readouterr().out.rstrip().endswith("</html>")
