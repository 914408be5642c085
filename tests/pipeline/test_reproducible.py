"""The same input gives the same bytes, however the work is cut, spread and timed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from byline.validation.spill import RunSpill
from tests.conftest import files_of, for_comparison
from tests.pipeline.fabricated import listing

LISTINGS = {"a.txt": listing(1, 60), "deep/b.txt": listing(2, 40), "c.txt": listing(1, 20)}


@pytest.fixture
def reference(built):
    """Return the bytes of every file of the snapshot that one plain build publishes."""
    return files_of(built(LISTINGS).path)


def test_twice_into_empty_folders(build, reference, tmp_path):
    with for_comparison():
        assert files_of(build(LISTINGS, out=tmp_path / "again").path) == reference


@pytest.mark.parametrize("slice_bytes", [5_000])
def test_any_size_of_slices(build, reference, tmp_path, slice_bytes):
    with for_comparison():
        cut = build(LISTINGS, out=tmp_path / "cut", slice_bytes=slice_bytes)
    assert files_of(cut.path) == reference


def test_slices_of_a_record_or_two(built, build, tmp_path):
    few = {"a.txt": listing(1, 10), "deep/b.txt": listing(2, 6)}
    whole = files_of(built(few).path)
    with for_comparison():
        cut = build(few, out=tmp_path / "cut", slice_bytes=200)
    assert cut.slices > 4
    assert files_of(cut.path) == whole


def test_many_buckets(build, reference, tmp_path, monkeypatch):
    monkeypatch.setattr("byline.pipeline.order.BUCKET_BYTES", 2_000)
    monkeypatch.setattr("byline.pipeline.order.BUCKET_MENTIONS", 50)
    monkeypatch.setattr("byline.pipeline.stages.layout.WINDOW_ROWS", {})
    monkeypatch.setattr("byline.pipeline.stages.layout.WINDOW_ROWS_ELSE", 7)
    monkeypatch.setattr("byline_schemas.integrity.ROWS_PER_PASS", 20)
    monkeypatch.setattr("byline_schemas.integrity.ROWS_PER_SPILLED_PASS", 20)
    assert files_of(build(LISTINGS, out=tmp_path / "many").path) == reference


def test_many_passes_over_tables_of_which_some_are_empty(build, monkeypatch):
    put = set()
    original = RunSpill.put

    def noted(self: RunSpill, name: str, rows: pl.DataFrame, place: pl.Series, places: int) -> None:
        put.add(name)
        original(self, name, rows, place, places)

    monkeypatch.setattr(RunSpill, "put", noted)
    monkeypatch.setattr("byline_schemas.integrity.ROWS_PER_PASS", 20)
    monkeypatch.setattr("byline_schemas.integrity.ROWS_PER_SPILLED_PASS", 20)
    build({"a.txt": re.sub(r" · .*", "", listing(1, 60))})
    assert {"papers", "authorships", "records", "labels", "works", "spans"} <= put


@pytest.mark.slow
@pytest.mark.parametrize("threads", ["1", "2", "8"])
@pytest.mark.parametrize("workers", ["0", "2"])
def test_any_number_of_threads_and_workers_in_any_place(build, reference, tmp_path, threads, workers):
    place = tmp_path / "elsewhere"
    place.mkdir()
    environment = {
        **os.environ, "POLARS_MAX_THREADS": threads, "TZ": "Pacific/Chatham", "LC_ALL": "C", "PYTHONHASHSEED": threads,
    }  # fmt: skip
    arguments = ["build", "--raw", "../raw", "--out", "../timed", "--workers", workers]
    command = [sys.executable, "-m", "byline", *arguments]
    done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert files_of((tmp_path / "timed" / "current").resolve()) == reference


def test_rows_that_arrive_in_another_order_of_files_change_only_the_account(built, build, tmp_path):
    """File names decide record ids, nothing else: papers and authors don't know in which file they stood."""
    one = built({"a.txt": listing(1, 30), "b.txt": listing(2, 30)}).path
    for name in ("a.txt", "b.txt"):
        (tmp_path / "raw" / name).unlink()
    with for_comparison():
        other = build({"z.txt": listing(1, 30), "y.txt": listing(2, 30)}, out=tmp_path / "renamed").path
    tables = ("papers", "authors", "authorships", "affiliations", "paper_affiliations")
    for table in tables:
        assert files_of(one / table) == files_of(other / table)


def test_the_snapshot_is_named_after_what_made_it(built, build, tmp_path):
    one = built(LISTINGS)
    changed = build(
        {**LISTINGS, "a.txt": listing(3, 60)}, accept=frozenset({"papers_lost", "authorships_lost"})
    )
    assert one.snapshot_id != changed.snapshot_id
    assert Path(tmp_path / "out" / "current").resolve().name == changed.snapshot_id
