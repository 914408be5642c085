"""Exports: every format of the real listing, read by the tools that it is for."""

from __future__ import annotations

import csv
import json
import sqlite3
from xml.etree import ElementTree
from zipfile import ZipFile

import duckdb
import networkx as nx
import polars as pl
import pytest

from byline.core.errors import OutputError, UsageError
from byline.export.readable import exploded, flat
from byline.export.write import FORMATS, Wishes, export
from byline.snapshots.dataset import open_dataset
from tests.conftest import files_of

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "plain", "a=b", ""]


@pytest.fixture
def data(real_build):
    return open_dataset(real_build)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_gives_the_same_files_twice(data, tmp_path, form):
    for name in ("one", "two"):
        done = export(data, form, tmp_path / name)
        assert done.files
        assert all(path.is_file() for path in done.files)
    if form not in ("xlsx", "duckdb"):  # these hold the time and the places of their making
        assert files_of(tmp_path / "one") == files_of(tmp_path / "two")


def test_csv_joins_lists_and_names_the_authors(data, tmp_path):
    export(data, "csv", tmp_path, Wishes(tables=("papers",)))
    with (tmp_path / "papers.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 21
    first = next(row for row in rows if row["title"].startswith("Small-scale proxies"))
    assert first["authors"] == "Mitchell Wortsman; Peter J. Liu; Lechao Xiao"
    assert len(first["organisations"].split("; ")) == 2
    assert first["year"] == "2023"


def test_a_cell_that_a_spreadsheet_would_run_is_disarmed():
    frame = pl.DataFrame(
        {"text": HOSTILE, "list": [[text] for text in HOSTILE], "number": range(len(HOSTILE))}
    )
    guarded = flat(frame, guard=True)
    assert guarded["text"].to_list() == [*("'" + text for text in HOSTILE[:6]), "plain", "a=b", ""]
    assert guarded["list"].to_list() == guarded["text"].to_list()
    assert guarded["number"].to_list() == list(range(len(HOSTILE)))
    assert flat(frame, guard=False)["text"].to_list() == HOSTILE


def test_a_list_column_is_spread_over_rows_on_request(data, tmp_path):
    export(data, "csv", tmp_path, Wishes(explode="authors"))
    with (tmp_path / "papers.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 61
    with pytest.raises(UsageError, match="no column of lists"):
        exploded(pl.DataFrame({"a": [1]}), "a")


def test_excel_has_a_sheet_a_table_and_no_formula(data, tmp_path):
    export(data, "xlsx", tmp_path)
    with ZipFile(tmp_path / "byline.xlsx") as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) == len(data.tables)
        assert not any(b"<f>" in book.read(name) for name in sheets)


def test_where_chooses_papers_and_what_belongs_to_them(data, tmp_path):
    export(data, "jsonl", tmp_path, Wishes(where="year = 2023 AND category = 'stat.ML'"))
    rows = {
        path.stem: [json.loads(line) for line in path.read_text().splitlines()]
        for path in tmp_path.glob("*.jsonl")
    }
    (paper,) = rows["papers"]
    assert paper["authors"] == ["Ben Adlam", "Jaehoon Lee", "Shreyas Padhy"]
    assert {row["author_id"] for row in rows["authors"]} == {row["author_id"] for row in rows["authorships"]}
    assert len(rows["authors"]) == 3
    assert rows["quarantine"] == []


@pytest.mark.parametrize(
    "where",
    ["year =", "1=1) ; DROP VIEW papers; SELECT (1", "no_such_column = 1", "(SELECT * FROM '/etc/hostname')"],
)
def test_a_condition_that_is_none_is_refused(data, tmp_path, where):
    with pytest.raises(UsageError):
        export(data, "csv", tmp_path, Wishes(where=where))


@pytest.mark.parametrize("form", ["sqlite", "duckdb"])
def test_a_database_has_keys_and_views(data, tmp_path, form):
    (path,) = export(data, form, tmp_path).files
    connection = sqlite3.connect(path) if form == "sqlite" else duckdb.connect(path, read_only=True)
    try:
        answer = connection.execute("SELECT count(*) FROM paper_authors").fetchall()
        assert answer == [(61,)]
        top = connection.execute("SELECT max(papers) FROM coauthors").fetchall()
        assert top == [(4,)]
        with pytest.raises((sqlite3.Error, duckdb.Error)):
            connection.execute("INSERT INTO papers SELECT * FROM papers")
    finally:
        connection.close()


def test_the_network_counts_fully_and_fractionally(data, tmp_path):
    done = export(data, "network", tmp_path)
    graph = nx.read_graphml(tmp_path / "coauthors.graphml")
    names = {node: facts["label"] for node, facts in graph.nodes(data=True)}
    edge = next(
        facts for one, other, facts in graph.edges(data=True)
        if {names[one], names[other]} == {"Ben Adlam", "Jeffrey Pennington"}
    )  # fmt: skip
    assert edge["weight"] == 4
    assert edge["fractional"] == pytest.approx(2 * 1 + 2 * 0.5)
    assert 0.99 < edge["confidence"] <= 1
    assert edge["cut_papers"] == 0
    assert nx.read_gexf(tmp_path / "coauthors.gexf").number_of_edges() == graph.number_of_edges() == 53
    assert any("cut" in note for note in done.notes)


def test_vosviewer_s_files_speak_of_the_same_persons(data, tmp_path):
    export(data, "network", tmp_path)
    head, *items = (tmp_path / "vosviewer_map.txt").read_text().splitlines()
    assert head.split("\t")[:3] == ["id", "label", "weight<Documents>"]
    numbers = {line.split("\t")[0] for line in items}
    links = [line.split("\t") for line in (tmp_path / "vosviewer_network.txt").read_text().splitlines()]
    assert {one for link in links for one in link[:2]} <= numbers
    assert len(links) == 53


def test_names_that_xml_can_t_hold_do_no_harm(data, tmp_path):
    export(data, "network", tmp_path)
    assert ElementTree.parse(tmp_path / "coauthors.gexf").getroot().tag.endswith("gexf")


def test_a_wish_that_a_format_can_t_fulfil_is_refused(data, tmp_path):
    for form, wishes in (("bibtex", Wishes(tables=("papers",))), ("csv", Wishes(tables=("papres",)))):
        with pytest.raises(UsageError):
            export(data, form, tmp_path, wishes)
    with pytest.raises(UsageError, match="no format"):
        export(data, "docx", tmp_path)


def test_an_output_that_can_t_be_written_says_so(data, tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(OutputError, match="taken"):
        export(data, "csv", tmp_path / "taken" / "export")
