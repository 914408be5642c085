"""What changed between two snapshots, row by row and in summary."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from byline.core.errors import DataError
from byline.snapshots.diff import diff
from tests.validation import dataset


def snapshot(folder: Path, tables: dataset.Frames, note: str = "") -> Path:
    dataset.snapshot(folder, tables, note)
    return folder


@pytest.fixture(scope="module")
def tables():
    return dataset.frames(12, people=5)


@pytest.fixture(scope="module")
def old(tmp_path_factory, tables):
    return snapshot(tmp_path_factory.mktemp("old"), tables)


def test_a_snapshot_does_not_differ_from_itself(old):
    assert diff(old, old).rows.is_empty()


def test_papers_and_fields_added_removed_and_changed(old, tables, tmp_path):
    papers = tables["papers"]
    gone, changed = papers["paper_id"][0], papers["paper_id"][1]
    others = papers.slice(1).with_columns(
        title=pl.when(pl.col("paper_id") == changed).then(pl.lit("Other")).otherwise("title"),
        badges=pl.when(pl.col("paper_id") == changed).then(pl.lit(["New"])).otherwise("badges"),
    )
    added = papers.head(1).with_columns(paper_id=pl.lit("0" * 20))
    shared = tables["authorships"].with_columns(pl.col("paper_id").replace(gone, "0" * 20))
    new = snapshot(tmp_path, tables | {"papers": pl.concat([others, added]), "authorships": shared}, "b")
    found = diff(old, new, rows_per_pass=5)
    rows = found.rows.filter(table="papers").select("key", "change", "field", "new").rows()
    assert ("0" * 20, "added", None, None) in rows
    assert (gone, "removed", None, None) in rows
    assert (changed, "changed", "title", "Other") in rows
    assert (changed, "changed", "badges", "[New]") in rows
    assert ("papers", "changed", "title", 1) in found.summary().rows()


def test_files_that_both_snapshots_have_are_not_read(tables, tmp_path):
    fewer = tables | {"affiliations": tables["affiliations"].slice(1)}
    before, now = snapshot(tmp_path / "a", tables), snapshot(tmp_path / "b", fewer)
    for path in tmp_path.glob("*/authorships/**/*.parquet"):
        path.write_bytes(b"torn")
    gone = tables["affiliations"]["affiliation_id"][0]
    found = diff(before, now).rows.select("table", "key", "change").rows()
    assert found == [("affiliations", gone, "removed")]


def test_authors_that_were_merged_say_with_whom(old, tables, tmp_path):
    one, other = tables["authors"]["author_id"][:2]
    shared = tables["authorships"].with_columns(author_id=pl.col("author_id").replace(one, other))
    authors = tables["authors"].filter(pl.col("author_id") != one)
    new = snapshot(tmp_path, tables | {"authorships": shared, "authors": authors}, "b")
    rows = diff(old, new).rows.filter(table="authors").select("key", "change", "new").rows()
    assert rows == [(one, "merged", other)]


def test_what_is_no_dataset_is_said(old, tmp_path):
    with pytest.raises(DataError, match="holds no dataset"):
        diff(old, tmp_path)
