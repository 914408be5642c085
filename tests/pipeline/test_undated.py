"""Papers that no page dates, and records without a category, go through every stage, and every reader loads them."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow.dataset as pads
import pytest

from byline.core.options import Options
from byline.explain.authors import explain_authors
from byline.pipeline.run import run_build
from byline.reading import slices as read
from byline.snapshots.diff import diff
from byline.validation import validate
from byline_schemas import TABLES
from tests.conftest import files_of, for_comparison, table, write_listings
from tests.pipeline.fabricated import listing

OTHER_PAGES = """@misc{quill, title = {Slow fires in cold furnaces}, author = {Quill, Ines and Oakes, Mira}}

- [Moss on stones](https://arxiv.org/abs/2310.00077), Ines Quill, Bo Li. [[code](https://github.com/quill/moss)]
"""
LISTINGS = {"a.txt": listing(5, 30), "b.txt": listing(6, 16), "c.txt": OTHER_PAGES}
SAID = ["published", "category_code"]


@pytest.fixture(scope="module")
def some_undated():
    """Let cards of some titles state neither date nor category, as forms do whose pages give none."""
    original = read._card

    def bare(rows: pl.DataFrame) -> pl.DataFrame:
        silent = pl.col("title").str.contains(r"^[A-L]").fill_null(value=False)
        rows = rows.with_columns(pl.when(~silent).then(name).alias(name) for name in SAID)
        return original(rows).with_columns(
            form=pl.when(pl.col("reason").is_null()).then(pl.lit("card")).otherwise("form")
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read, "_card", bare)
        yield


@pytest.fixture(scope="module")
def undated(tmp_path_factory, some_undated):
    """Build the listings once."""
    home = tmp_path_factory.mktemp("undated")
    write_listings(home / "raw", LISTINGS)
    return run_build(Options(raw=home / "raw", out=home / "out", workers=0)).path


def test_they_lie_in_the_year_0_and_what_is_unknown_is_null(undated):
    papers = table(undated, "papers")
    bare = papers.filter(pl.col("published").is_null())
    assert 0 < bare.height < papers.height
    assert set(bare["year"]) == {0}
    assert set(bare["published_precision"]) == {"none"}
    assert (papers["category_code"].is_null() == papers["published"].is_null()).all()
    assert bare["category_candidates"].list.len().sum() == 0
    authors = table(undated, "authors")
    assert authors["first_published"].null_count() > 0
    assert (authors["first_published"].is_null() == authors["last_published"].is_null()).all()
    assert validate(undated).ok, validate(undated).text()


def test_the_same_bytes_however_the_work_is_cut(build, undated, tmp_path, monkeypatch):
    monkeypatch.setattr("byline.pipeline.order.BUCKET_BYTES", 2_000)
    monkeypatch.setattr("byline.pipeline.order.BUCKET_MENTIONS", 40)
    monkeypatch.setattr("byline.pipeline.stages.layout.WINDOW_ROWS", {})
    monkeypatch.setattr("byline.pipeline.stages.layout.WINDOW_ROWS_ELSE", 7)
    with for_comparison():
        many = build(LISTINGS, out=tmp_path / "many", slice_bytes=900).path
    assert files_of(many) == files_of(undated)


def loaded(reader: str, folder: Path) -> tuple[int, dict[str, int]]:
    """Return how many rows a reader finds in a table, and how many nulls by column."""
    if reader == "polars":
        frame = pl.read_parquet(f"{folder}/**/*.parquet", hive_partitioning=True)
        return frame.height, frame.null_count().row(0, named=True)
    if reader == "pandas":
        pandas = pd.read_parquet(folder)
        return len(pandas), {str(name): int(count) for name, count in pandas.isna().sum().items()}
    if reader == "pyarrow":
        arrow = pads.dataset(folder, partitioning="hive").to_table()
        return arrow.num_rows, {name: arrow[name].null_count for name in arrow.column_names}
    view = f"SELECT * FROM read_parquet('{folder}/**/*.parquet', hive_partitioning=true)"
    with duckdb.connect() as base:
        rows = base.execute(view).fetchall()
        names = [column[0] for column in base.description]
        return len(rows), {name: sum(row[at] is None for row in rows) for at, name in enumerate(names)}


def test_records_of_other_forms_without_a_date_lie_there_too(undated):
    records, papers = table(undated, "records"), table(undated, "papers")
    for form, title in (("bibtex", "Slow fires in cold furnaces"), ("markdown", "Moss on stones")):
        paper = papers.filter(title=title).row(0, named=True)
        assert records.filter(paper_id=paper["paper_id"])["form"].to_list() == [form]
        assert (paper["year"], paper["published"], paper["category"], paper["abstract"]) == (
            0,
            None,
            None,
            None,
        )
    linked = papers.filter(title="Moss on stones").row(0, named=True)
    assert (linked["badges"], linked["has_code"]) == (["Code"], True)


def test_every_reader_loads_every_table_alike(undated):
    for name, declared in TABLES.items():
        wanted = {*declared.columns(), *([declared.partition.name] if declared.partition else [])}
        found = {
            reader: loaded(reader, undated / name) for reader in ("polars", "pandas", "pyarrow", "duckdb")
        }
        assert {nulls.keys() == wanted for _, nulls in found.values()} == {True}, name
        assert len({rows for rows, _ in found.values()}) == 1, name
        assert [nulls for _, nulls in found.values()] == [found["polars"][1]] * len(found), name
    assert loaded("polars", undated / "papers")[1]["published"] > 0


def test_they_are_compared_and_explained(undated):
    assert diff(undated, undated).rows.is_empty()
    people = table(undated, "authors").filter(
        pl.col("first_published").is_null() & (pl.col("paper_count") > 0)
    )
    out = undated.parents[1]
    text = explain_authors(out, [people["author_id"][0]])
    assert "no date to no date" in text
    assert not re.search(r"\bnan\b", text)
