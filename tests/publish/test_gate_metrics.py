"""The numbers that gates look at are those of the snapshot."""

from __future__ import annotations

import polars as pl
import pytest

from byline.core.errors import DataError
from byline.snapshots import gate_metrics, manifest
from byline.snapshots.gate_metrics import facts_of
from tests.validation import dataset

STATING = ("card",)


@pytest.fixture(scope="module")
def tables():
    return dataset.frames(12, people=5)


def test_facts_are_counted_from_the_tables(tmp_path, tables):
    tables = dict(tables)
    papers = tables["papers"].with_row_index("n")
    shown = pl.col("n") >= 3
    papers = papers.with_columns(
        abstract=pl.when(shown).then("abstract"),
        category=pl.when(pl.col("n") >= 6).then("category"),
        category_code=pl.when(pl.col("n") != 11).then("category_code"),
        boundary_confidence=pl.when(shown).then("boundary_confidence").otherwise(pl.lit(0.25, pl.Float32)),
    )
    tables["papers"] = papers.drop("n")
    dataset.snapshot(tmp_path, tables)
    facts = facts_of(tmp_path, 0.5, STATING)
    known, coded = manifest.read_manifest(tmp_path), papers.filter(pl.col("category_code").is_not_null())
    assert facts.rows == {name: table.rows for name, table in known.tables.items()}
    assert facts.reasons == known.reasons
    assert facts.unsure == 3
    assert facts.fill["title"] == 1
    assert facts.fill["category"] == pytest.approx(coded["category"].is_not_null().mean())
    assert 0 < facts.fill["category"] < 1
    form = tables["records"].filter(pl.col("status") == "published").select("paper_id", "form")
    stated = papers.join(form.filter(pl.col("form").is_in(STATING)), on="paper_id", how="semi")
    assert facts.fill["abstract"] == pytest.approx(stated["abstract"].is_not_null().mean())
    assert 0 < facts.fill["abstract"] < 1
    assert sum(facts.categories.values()) == coded.height
    assert facts.largest_author == tables["authors"]["paper_count"].max()
    assert facts.authors_per_paper == tables["authorships"].height / 12


def test_unread_text_is_that_of_quarantined_records_but_furniture(tmp_path, tables):
    tables = dict(tables)
    names = tables["records"]["record_id"].to_list()[:3]
    hit = pl.col("record_id").is_in(names)
    records = tables["records"].with_columns(
        status=pl.when(hit).then(pl.lit("quarantined")).otherwise("status"),
        paper_id=pl.when(hit).then(None).otherwise("paper_id"),
    )
    tables["records"] = records
    tables["quarantine"] = pl.DataFrame(
        {"record_id": names, "reason": ["bad_date", "page_furniture", "damaged_file"]}
    ).with_columns(detail=pl.lit("x"), raw_text=pl.lit("x"))
    dataset.snapshot(tmp_path, tables)
    facts = facts_of(tmp_path, 0.5, STATING)
    size = dict(records.select("record_id", pl.col("byte_end") - pl.col("byte_start")).iter_rows())
    unread = set(records.filter(pl.col("status") == "quarantined")["record_id"]) - set(names[1:])
    assert facts.unread_bytes == sum(size[name] for name in unread) > 0
    assert facts.text_bytes == sum(size.values()) - size[names[1]] - size[names[2]]


def test_a_snapshot_that_cannot_be_read_is_said_with_a_way_out(tmp_path, tables):
    dataset.snapshot(tmp_path, dict(tables))
    for path in (tmp_path / "papers").rglob("*.parquet"):
        path.write_bytes(b"torn")
    with pytest.raises(DataError, match="validate") as said:
        facts_of(tmp_path, 0.5, STATING)
    assert str(tmp_path) in str(said.value)


def test_papers_that_lack_something_are_named(tmp_path, tables):
    tables = dict(tables)
    ids = sorted(tables["papers"]["paper_id"])
    some = pl.col("paper_id").is_in(ids[2:5])
    tables["papers"] = tables["papers"].with_columns(
        category=pl.when(~some).then("category"), authors_truncated=some, title=pl.lit("x" * 70)
    )
    dataset.snapshot(tmp_path, tables)
    assert gate_metrics.lacking(tmp_path, "category", 2) == ids[2:4]
    assert facts_of(tmp_path, 0.5, STATING).cut == 3
    assert gate_metrics.titles(tmp_path, ids[1::-1]) == [f"{'x' * 60!r} ({paper})" for paper in ids[:2]]
