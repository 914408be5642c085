"""Datasets of contract 1.0 are still read and checked; the first build of 2.0 leads on from them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from byline.core import ids
from byline.core.options import Options
from byline.pipeline.run import run_build
from byline.snapshots import history, manifest, publishing, redirects
from byline.snapshots.manifest import Facts
from byline.validation import validate
from byline_schemas import AUTHOR_REDIRECTS, PAPER_REDIRECTS, TABLES, v1
from tests.conftest import table
from tests.pipeline.fabricated import listing
from tests.validation import dataset


@contextmanager
def first_contract(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let what is written inside be of contract 1.0: its version, and the columns of its tables."""
    with monkeypatch.context() as patch:
        for name, older in v1.TABLES.items():
            patch.setitem(TABLES, name, older)
        for place in ("byline.snapshots.manifest", "byline.files.parquet"):
            patch.setattr(f"{place}.CONTRACT_VERSION", "1.0")
        yield


def as_first(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return tables with the columns of contract 1.0; what it could not say (no date) is on some day."""
    day = pl.col("published").fill_null(pl.date(2021, 5, 5))
    papers = tables["papers"].with_columns(published=day)
    dates = tables["authorships"].join(papers.select("paper_id", "published"), on="paper_id")
    spans = dates.group_by("author_id").agg(
        first_published=pl.col("published").min(), last_published=pl.col("published").max()
    )
    authors = tables["authors"].drop("first_published", "last_published").join(spans, on="author_id")
    told = tables | {"papers": papers, "authors": authors}
    return {
        name: frame.select(v1.TABLES.get(name, TABLES[name]).columns().keys()).sort(TABLES[name].sort)
        for name, frame in told.items()
    }


def older_snapshot(
    folder: Path, tables: dict[str, pl.DataFrame], monkeypatch: pytest.MonkeyPatch, facts: Facts
) -> None:
    with first_contract(monkeypatch):
        folder.mkdir(parents=True, exist_ok=True)
        dataset.write(folder, as_first(tables))
        publishing.seal(folder, replace(facts, contract_version="1.0"))


@pytest.fixture
def older(tmp_path, monkeypatch):
    tables = dataset.frames(8, people=4)
    facts = dataset.facts(tables)
    named = manifest.identify(facts.code_version, facts.inputs, facts.options, "1.0")
    older_snapshot(tmp_path / "set", tables, monkeypatch, replace(facts, snapshot_id=named))
    return tmp_path / "set"


def test_a_dataset_of_the_first_contract_is_sound(older):
    assert manifest.read_manifest(older).contract_version == "1.0"
    assert validate(older).ok, validate(older).text()


def test_what_breaks_the_first_contract_is_found(older):
    path = next(older.glob("papers/*/*.parquet"))
    frame = pl.read_parquet(path, hive_partitioning=False)
    frame.with_columns(category_code=pl.lit(None, dtype=pl.String)).write_parquet(path)
    found = {finding.rule for finding in validate(older).findings}
    assert "sha256_is_listed" in found or "size_is_listed" in found
    assert "model:not_nullable" in found


def test_the_first_build_of_this_contract_leads_on_from_the_one_before(tmp_path, monkeypatch):
    """Every paper and every author has another id; both redirects say which, no gate trips, the log goes on."""
    raw, out = tmp_path / "raw", tmp_path / "out"
    raw.mkdir()
    (raw / "a.txt").write_text(listing(3, 80))
    made = run_build(Options(raw=raw, out=tmp_path / "made", workers=0)).path
    assert isinstance(made, Path)
    before = {name: table(made, name).select(TABLES[name].columns().keys()) for name in TABLES}
    renamed = {name: with_other_ids(frame) for name, frame in before.items()}
    sealed = manifest.read_manifest(made)
    facts = Facts(
        snapshot_id=manifest.identify("0.9", sealed.inputs, sealed.options, "1.0"),
        code_version="0.9", inputs=sealed.inputs, options=sealed.options, counts=sealed.counts, reasons=sealed.reasons,
    )  # fmt: skip
    staged = publishing.stage(out, facts.snapshot_id)
    older_snapshot(staged, renamed, monkeypatch, facts)
    publishing.publish(out, staged, facts.snapshot_id)
    assert validate(out).ok, validate(out).text()

    result = run_build(Options(raw=raw, out=out, workers=0))
    assert not [warning for warning in result.warnings if "lost" in warning]
    assert validate(out).ok, validate(out).text()
    assert [entry.snapshot for entry in history.log(out)] == [facts.snapshot_id, result.snapshot_id]
    for name, redirect in (("papers", PAPER_REDIRECTS), ("authors", AUTHOR_REDIRECTS)):
        led = redirects.read_redirects(out / "history" / redirects.place(redirect), redirect)
        old, new, _ = redirect.key
        own = before[name][f"{name[:-1]}_id"]
        assert dict(led.select(old, new).rows()) == {other(one): one for one in own}
        assert set(led["kind"]) == {"renamed"}


def other(one: str) -> str:
    """Return the id that an earlier contract would have given."""
    return ids.digest(one, "earlier")


def with_other_ids(frame: pl.DataFrame) -> pl.DataFrame:
    named = [name for name in ("paper_id", "author_id") if name in frame.columns]
    return frame.with_columns(
        pl.col(name).map_elements(other, return_dtype=pl.String, skip_nulls=True) for name in named
    )
