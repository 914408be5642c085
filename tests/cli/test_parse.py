"""`byline parse`: a paste in, what it says out, and nothing on the disk."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys

import polars as pl
import pytest
from bibtexparser.entrypoint import parse_string

import byline
from byline.cli import run
from byline.reading.columns import COLUMNS
from byline_schemas import PARSED
from tests.conftest import LISTING

CARD = "LGSep 25, 2023Code\nOn Sparse GatesAda Lovelace, Alan Turing et al. · deepmind\nWe show $n\\leq5$.\n"
BAD = "LGFeb 30, 2023\nA TitleIda Rhodes\nText.\n"
KEYS = [
    "form", "status", "reason", "title", "authors", "authors_truncated", "labels", "published", "category", "arxiv_id",
    "doi", "venue", "boundary_confidence", "first_line", "last_line",
]  # fmt: skip


def paste(monkeypatch, text: str | bytes) -> None:
    content = text.encode() if isinstance(text, str) else text
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))


def test_the_columns_of_reading_are_those_of_the_schema():
    assert dict(PARSED.columns()) == COLUMNS


def test_json_is_one_array_with_an_object_a_record(monkeypatch, capsys):
    paste(monkeypatch, CARD + BAD)
    assert run(["parse", "--format", "json"]) == 0
    good, bad = json.loads(capsys.readouterr().out)
    assert list(good) == KEYS
    assert good["title"] == "On Sparse Gates"
    assert good["authors"] == ["Ada Lovelace", "Alan Turing"]
    assert good["authors_truncated"] is True
    assert good["labels"] == ["deepmind"]
    assert (good["form"], good["status"], good["published"], good["category"]) == (
        "card", "published", "2023-09-25", "cs.LG",
    )  # fmt: skip
    assert (good["first_line"], good["last_line"]) == (1, 3)
    assert (bad["status"], bad["reason"], bad["first_line"]) == ("quarantined", "bad_date", 4)


def test_the_table_shows_what_was_read_and_why_something_was_not(monkeypatch, capsys):
    paste(monkeypatch, CARD + BAD)
    assert run(["parse"]) == 0
    shown = capsys.readouterr().out
    assert "On Sparse Gates" in " ".join(shown.split())
    assert "bad_date" in shown
    assert "1 records read, 1 lists cut by the page, 1 not read" in " ".join(shown.split())


def test_exit_codes_say_whether_something_was_read(monkeypatch, capsys):
    for text, arguments, code in [
        (CARD, [], 0), (CARD + BAD, [], 0), (CARD + BAD, ["--strict"], 1), (CARD, ["--strict"], 0), (BAD, [], 1),
        ("", [], 1),
    ]:  # fmt: skip
        paste(monkeypatch, text)
        assert run(["parse", *arguments]) == code
        capsys.readouterr()


def test_csv_and_bibtex_are_read_back(monkeypatch, capsys):
    paste(monkeypatch, CARD)
    assert run(["parse", "--format", "csv"]) == 0
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert row["authors"] == "Ada Lovelace; Alan Turing"
    paste(monkeypatch, CARD)
    assert run(["parse", "--format", "bibtex"]) == 0
    (entry,) = parse_string(capsys.readouterr().out).entries
    assert entry["author"] == "Lovelace, Ada and Turing, Alan and others"


def test_parquet_goes_to_standard_output(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "byline", "parse", str(LISTING), "--format", "parquet"],
        capture_output=True, cwd=tmp_path, check=True,
    )  # fmt: skip
    assert pl.read_parquet(io.BytesIO(done.stdout)).height == 21
    assert list(tmp_path.iterdir()) == []


def test_a_paste_is_read_without_the_heavy_libraries():
    code = (
        "import sys; from byline.cli import run; code = run(['parse', sys.argv[1], '--format', 'json']); "
        "heavy = {'prefect', 'pandera', 'dask', 'pyarrow', 'pandas'}; "
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(LISTING)], capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"
    assert len(json.loads(done.stdout)) == 21


def test_a_missing_file_says_so(tmp_path, capsys):
    assert run(["parse", str(tmp_path / "no.txt")]) == 2
    assert "no.txt" in capsys.readouterr().err


def test_a_build_reads_the_same(real_build, capsys):
    assert run(["parse", str(LISTING), "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    papers = (
        byline.dataset(real_build).load("papers").select("title", "category", "authors_truncated").collect()
    )
    assert {(one["title"], one["category"], one["authors_truncated"]) for one in said} == set(
        papers.iter_rows()
    )


def test_an_archive_is_read_and_lines_are_those_of_the_paste(tmp_path):
    import gzip

    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress((CARD * 3).encode()))
    from byline.reading.paste import read_paste

    assert read_paste(path)["first_line"].to_list() == [1, 4, 7]


def test_python_gives_a_frame():
    rows = byline.parse(CARD + BAD)
    assert rows["status"].to_list() == ["published", "quarantined"]
    assert byline.parse("").height == 0
    read = byline.segment(["On Sparse GatesAda Lovelace, Alan Turing", ""])
    assert read["title"].to_list()[0] == "On Sparse Gates"
    assert read.height == 2


@pytest.mark.parametrize("option", [["--form", "nonsense"], ["--published", "2023-13"], ["--category", "?"]])
def test_a_declaration_that_is_none_is_refused(monkeypatch, capsys, option):
    paste(monkeypatch, CARD)
    assert run(["parse", *option]) == 2
    assert "the options" in capsys.readouterr().err
