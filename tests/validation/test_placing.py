"""Whether all rows lie where they belong is told at one look at many files, and only where they all do."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from byline.snapshots.manifest import DataFile
from byline.validation import order, placing
from byline_schemas import TABLES

Rows = dict[str, list[tuple[date | None, str]]]

PAPERS = TABLES["papers"]
ROWS: Rows = {
    "papers/year=0/part-00000.parquet": [(None, "b"), (None, "c")],
    "papers/year=2021/part-00000.parquet": [(date(2021, 1, 2), "d"), (date(2021, 1, 2), "e")],
    "papers/year=2021/part-00001.parquet": [(date(2021, 1, 2), "f"), (date(2021, 3, 1), "a")],
    "papers/year=2022/part-00000.parquet": [(date(2022, 1, 1), "a")],
}
SECOND = "papers/year=2021/part-00001.parquet"
WRONG: dict[str, Rows] = {
    "not sorted": {SECOND: [(date(2021, 3, 1), "a"), (date(2021, 1, 2), "f")]},
    "ids not sorted": {SECOND: [(date(2021, 1, 2), "g"), (date(2021, 1, 2), "f")]},
    "not behind the file before": {SECOND: [(date(2021, 1, 1), "f"), (date(2021, 3, 1), "a")]},
    "in another year": {SECOND: [(date(2021, 1, 2), "f"), (date(2022, 3, 1), "a")]},
    "no date in a year": {SECOND: [(date(2021, 1, 2), "f"), (None, "a")]},
    "a folder of no year": {"papers/year=none/part-00000.parquet": [(None, "a")]},
}


def written(folder: Path, rows: Rows) -> list[DataFile]:
    schema = {"published": pl.Date, "paper_id": pl.String}
    for path, some in rows.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        pl.DataFrame(some, schema=schema, orient="row").write_parquet(folder / path)
    return [DataFile(path, "", 0, len(some)) for path, some in rows.items()]


def surely(folder: Path, files: list[DataFile]) -> bool:
    needed = ["published", "paper_id"]
    return placing.surely_placed(folder, sorted(files), PAPERS, needed, keyed=True)


@pytest.mark.parametrize("held", [2, 3, 400_000])
def test_rows_that_lie_where_they_belong_need_no_other_look(tmp_path, held, monkeypatch):
    monkeypatch.setattr(placing, "HELD_ROWS", held)
    files = written(tmp_path, ROWS)
    assert surely(tmp_path, files)
    assert list(order.placed(tmp_path, files, PAPERS)) == []


@pytest.mark.parametrize("held", [2, 400_000])
@pytest.mark.parametrize("wrong", WRONG)
def test_of_others_it_says_nothing_and_the_rows_are_found(tmp_path, wrong, held, monkeypatch):
    monkeypatch.setattr(placing, "HELD_ROWS", held)
    files = written(tmp_path, ROWS | WRONG[wrong])
    assert not surely(tmp_path, files)
    assert list(order.placed(tmp_path, files, PAPERS))


@pytest.mark.parametrize("rows", [1, 3, 500_000])
def test_where_files_hold_other_rows_than_is_said_it_says_nothing(tmp_path, rows):
    first, *rest = written(tmp_path, ROWS)
    assert not surely(tmp_path, [DataFile(first.path, "", 0, rows), *rest])


def test_what_cannot_be_read_is_left_to_who_says_so(tmp_path):
    files = written(tmp_path, ROWS)
    (tmp_path / SECOND).write_bytes(b"no Parquet")
    assert not surely(tmp_path, files)
