"""byline from Python: the examples of the docstrings, and what they don't show."""

from __future__ import annotations

import doctest
import subprocess
import sys

import polars as pl
import pytest

import byline
from byline.api import building, datasets, pastes
from tests.conftest import LISTING


@pytest.mark.parametrize("module", [building, datasets, pastes], ids=lambda module: module.__name__)
def test_the_examples_are_true(module, real_build, tmp_path):
    out = tmp_path / "out" if module is building else real_build.parents[1]
    found = doctest.DocTestFinder().find(module, extraglobs={"out": out, "listing": LISTING, "pl": pl})
    assert sum(len(test.examples) for test in found) > 0
    runner = doctest.DocTestRunner()
    for test in found:
        runner.run(test)
    assert runner.summarize(verbose=False).failed == 0


def test_everything_offered_is_there():
    assert set(byline.__all__) <= set(dir(byline))
    for name in byline.__all__:
        assert getattr(byline, name) is not None
    with pytest.raises(AttributeError, match="no_such_thing"):
        getattr(byline, "no_such_thing")  # noqa: B009 - types would refuse it


def test_import_byline_imports_nothing():
    code = "import byline, sys; print(len({'polars', 'pyarrow', 'pandera', 'numpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"


def test_a_dataset_is_one_snapshot_whatever_is_published_meanwhile(real_build):
    out = real_build.parents[1]
    data = byline.dataset(out)
    assert data.path == real_build.resolve()
    assert data.snapshot_id == real_build.name
    assert data.tables[0] == "papers"
    assert data.load("papers").collect().height == 21
    assert byline.dataset(str(real_build)).snapshot_id == data.snapshot_id


def test_pandas_gets_plain_columns(real_build):
    papers = byline.dataset(real_build).to_pandas("papers")
    assert (papers["year"] > 2022).sum() == 6
    assert {type(one) for one in papers["badges"]} == {list}
    assert str(papers["published"].dtype).startswith("datetime64")


def test_a_table_that_is_not_there_names_the_tables(real_build):
    with pytest.raises(byline.BylineError, match="papres") as said:
        byline.load("papres", real_build)
    assert "papers" in said.value.way_out


def test_nothing_published_says_how_to_publish(tmp_path):
    with pytest.raises(byline.BylineError):
        byline.load("papers", tmp_path)


def test_files_named_by_hand_are_the_whole_input(tmp_path):
    (tmp_path / "a.txt").write_bytes(LISTING.read_bytes())
    (tmp_path / "b.txt").write_text("not named\n")
    result = byline.build([tmp_path / "a.txt"], tmp_path / "out", workers=0)
    assert result.tables["papers"] == 21
    records = byline.load("records", tmp_path / "out").select("source_file").unique().collect()
    assert records["source_file"].to_list() == ["a.txt"]
    assert byline.build(tmp_path / "a.txt", tmp_path / "out", workers=0).up_to_date


def test_a_build_from_python_takes_what_the_command_line_takes():
    import inspect

    from byline.cli.build import build as command

    by_hand = {"files", "output"}  # in Python files are given as `raw`, and a result is no text
    assert set(inspect.signature(command).parameters) - by_hand <= set(
        inspect.signature(building.build).parameters
    )


def test_what_is_declared_of_named_files_fills_what_they_leave_open(tmp_path):
    (tmp_path / "list.txt").write_text("Sparse Gates for Robust Parsing\nAda Lovelane, Grace Hoppers\n")
    byline.build(
        [tmp_path / "list.txt"], tmp_path / "out", workers=0,
        form="lines", published="2023-09", venue="A Workshop", category="cs.LG",
    )  # fmt: skip
    row = byline.load("papers", tmp_path / "out").collect().row(0, named=True)
    assert (row["venue"], row["category"], row["published_precision"]) == ("A Workshop", "cs.LG", "month")


def test_declarations_of_a_folder_are_refused(tmp_path):
    (tmp_path / "raw").mkdir()
    with pytest.raises(byline.BylineError, match="files that are named"):
        byline.build(tmp_path / "raw", tmp_path / "out", venue="A Workshop")


def test_bylines_are_told_apart_from_python():
    frame = byline.segment(["On Sparse GatesAda Lovelane, Alan Turinger et al.", ""])
    assert frame["authors"].to_list()[0] == ["Ada Lovelane", "Alan Turinger"]
    assert frame["authors_truncated"].to_list()[0]
    assert frame.height == 2
