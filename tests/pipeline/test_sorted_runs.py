"""Sorted runs and the windows that are written from them: what a table's rows go through before they are Parquet."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from byline.core import ids
from byline.files import run_files
from byline.pipeline.stages import layout, sorting, write
from byline.pipeline.stages.sorting import ORDER, ROWS
from byline.pipeline.stages.write import Source, WriteTask
from byline_schemas import AFFILIATIONS, TABLES


@pytest.mark.parametrize(
    ("rows", "size", "parts"), [(0, 4, []), (1, 4, [1]), (4, 4, [4]), (5, 4, [4, 1]), (8, 4, [4, 4])]
)
def test_rows_are_cut_into_parts_of_one_size_and_a_rest(rows, size, parts):
    assert sorting._cut(rows, size) == parts


def test_an_order_grows_as_ids_and_days_do():
    keys = ["0" * 20, "0" * 14 + "1" + "0" * 5, "7" + "f" * 19, "f" * 20]
    found = pl.DataFrame({"id": keys}).select(sorting.hash_order("id")).to_series()
    assert found.to_list() == [0, 1, 0x7FFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFF]
    day = datetime.date
    rows = [(None, "f" * 20), (day(1, 1, 1), "0" * 20), (day(1970, 1, 1), "0" * 20), (day(1970, 1, 1), "00" * 9 + "01"),
            (day(1970, 1, 1), "0" * 9 + "1" + "0" * 10), (day(1970, 1, 2), "0" * 20)]  # fmt: skip
    papers = pl.DataFrame(rows, schema={"published": pl.Date, "paper_id": pl.String}, orient="row")
    order = papers.select(sorting.published_order()).to_series().to_list()
    assert order == sorted(order)
    assert order[0] == int("f" * 10, 16)
    assert order[3] == order[2]
    assert order[4] - order[2] == 1
    assert order[5] - order[2] == 1 << 40
    assert order[2] == 719_528 << 40


def affiliations(*rows: tuple[str, str]) -> pl.DataFrame:
    """Return rows of `affiliations`: id and label."""
    usual = dict.fromkeys(AFFILIATIONS.columns()) | {"resolved": False}
    whole = [{**usual, "affiliation_id": key, "label": label, "name": label} for key, label in rows]
    frame = pl.DataFrame(whole, schema_overrides=dict(AFFILIATIONS.columns()))
    return frame.select(AFFILIATIONS.columns().keys())


KEYS = sorted(ids.digest(str(number), "organisation") for number in range(50))


def test_a_run_holds_sorted_batches_and_a_sample_that_counts_all_rows(tmp_path):
    rows = affiliations(*((key, f"Institute {key[:4]}") for key in reversed(KEYS)))
    order = sorting.hash_order("affiliation_id")
    counts = sorting.write_partitions(tmp_path, AFFILIATIONS, rows, order, {"affiliations": 20})
    assert counts == {sorting.WHOLE: 50}
    path = sorting.run_path(tmp_path, "affiliations")
    assert run_files.count(path) == 3
    batches = [run_files.read_group([path], number) for number in range(3)]
    assert [batch.height for batch in batches] == [20, 20, 10]
    assert pl.concat(batches)["affiliation_id"].to_list() == KEYS
    sample = run_files.read_group([sorting.sample_path(path)], 0)
    assert sample[ROWS].to_list() == [16, 16, 16, 2]
    orders = pl.concat(batches)[ORDER]
    at = [orders.to_list().index(one) for one in sample[ORDER]]
    starts = [0, 16, 32, 48]
    assert [place - start for place, start in zip(at, starts, strict=True)] == [
        orders[start] // 7 % size for start, size in zip(starts, sample[ROWS], strict=True)
    ]


def run(folder: Path, orders: list[int], batch: int) -> Source:
    """Write a run file of rows that have nothing but an order, sampled in threes; return where they lie."""
    path = folder / "x.run"
    sizes = sorting._cut(len(orders), batch)
    run_files.write_run(path, pl.DataFrame({ORDER: orders}, schema={ORDER: pl.Int64}), sizes)
    return Source(path, 0, 0, len(sizes), len(orders))


def sample(source: Source, rows: dict[int, int]) -> Source:
    frame = pl.DataFrame(
        {ORDER: list(rows), ROWS: list(rows.values())}, schema=dict.fromkeys((ORDER, ROWS), pl.Int64)
    )
    run_files.write_run(sorting.sample_path(source.path), frame, [frame.height])
    return source


def test_borders_lie_where_so_many_rows_do(tmp_path):
    one = sample(run(tmp_path / "a", list(range(56)), 8), {3: 16, 20: 24, 35: 16 + 8})
    other = sample(run(tmp_path / "b", list(range(64)), 8), {8: 16, 21: 16, 50: 24})
    assert write._borders([one, other], 40) == [20, 35]
    assert write._borders([one, other], 60) == [21]
    assert write._borders([one, other], 120) == []


@pytest.mark.parametrize("batch", [1, 2, 9])
def test_windows_hold_what_lies_between_their_borders(tmp_path, batch):
    one = sample(run(tmp_path / "a", [3, 8, 21, 50], batch), {8: 2, 50: 2})
    other = sample(run(tmp_path / "b", [5, 30, 40], batch), {5: 1, 40: 2})
    empty = Source(tmp_path / "nowhere", 0, 0, 0, 0)
    windows = list(write._windows(AFFILIATIONS, (one, other, empty), 4))
    borders = write._borders([one, other], 4)
    assert borders
    found = [sorted(window[ORDER].to_list()) for window in windows]
    edges = [0, *borders, 99]
    assert found == [
        [order for order in (3, 5, 8, 21, 30, 40, 50) if low <= order < high] for low, high in pairwise(edges)
    ]


def test_a_partition_that_fits_is_one_window(tmp_path):
    one = run(tmp_path / "a", [3, 8], 1)
    assert [window[ORDER].to_list() for window in write._windows(AFFILIATIONS, (one,), 2)] == [[3, 8]]


def test_organisations_that_several_files_name_are_written_once_by_their_first_label():
    rows = affiliations((KEYS[1], "Institute B"), (KEYS[0], "Institute Z"), (KEYS[0], "Institute A"))
    found = write._sorted(AFFILIATIONS, rows)
    assert found.select("affiliation_id", "label").rows() == [
        (KEYS[0], "Institute A"),
        (KEYS[1], "Institute B"),
    ]


def test_where_the_rows_of_partitions_lie_follows_from_their_numbers(tmp_path):
    found = dict(write.sources(tmp_path, "papers", {2020: 5, 2021: 1, 2022: 8}, 4))
    path = tmp_path / "papers.run"
    assert found == {
        2020: Source(path, 0, 0, 2, 5), 2021: Source(path, 1, 2, 3, 1), 2022: Source(path, 2, 3, 5, 8),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("table", "value", "folder"),
    [("papers", 2020, "papers/year=2020"), ("authors", "A", "authors/initial=A"), ("records", "", "records")],
)
def test_folders_of_partitions(tmp_path, table, value, folder):
    assert write.partition_folder(tmp_path, TABLES[table], value) == tmp_path / folder


def test_batches_of_all_files_together_make_a_window_and_are_never_tiny():
    assert layout.batch_rows(0)["papers"] == layout.batch_rows(1)["papers"] == layout.WINDOW_ROWS["papers"]
    assert layout.batch_rows(10)["papers"] == layout.WINDOW_ROWS["papers"] // 10
    assert layout.batch_rows(10)["authors"] == layout.WINDOW_ROWS_ELSE // 10
    assert set(layout.batch_rows(10**6).values()) == {layout.SMALLEST_BATCH}
    assert layout.batch_rows(1).keys() == TABLES.keys()


def groups(rows: Mapping[str | int, int], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[int]]:
    """Return which partitions of papers are written together, given their rows, in windows of ten."""
    monkeypatch.setitem(layout.WINDOW_ROWS, "papers", 10)
    tasks = list(layout.write_tasks([layout.Produced([(tmp_path, {"papers": rows})], 1)], tmp_path / "out"))
    assert {task.table for task in tasks} == TABLES.keys()
    papers: list[WriteTask] = [task for task in tasks if task.table == "papers"]
    return [[int(value) for value, _ in task.partitions] for task in papers]


@pytest.mark.parametrize(
    ("rows", "together"),
    [
        ({2020: 4, 2021: 6}, [[2020, 2021]]),
        ({2020: 4, 2021: 7}, [[2020], [2021]]),
        ({2021: 2, 2020: 50, 2022: 1, 2023: 9}, [[2020], [2021, 2022], [2023]]),
        ({}, [[]]),
    ],
)
def test_small_partitions_are_written_together_as_far_as_a_window_goes(rows, together, monkeypatch, tmp_path):
    assert groups(rows, monkeypatch, tmp_path) == together


def test_rows_of_all_stages_meet_in_their_partition(tmp_path):
    one, other = tmp_path / "one", tmp_path / "two"
    stages = [
        layout.Produced([(one, {"authors": {"A": 3}})], 1),
        layout.Produced([(other, {"authors": {"A": 2, "B": 1}})], 1),
    ]
    (task,) = (task for task in layout.write_tasks(stages, tmp_path) if task.table == "authors")
    paths = {value: [source.path.parent for source in found] for value, found in task.partitions}
    assert paths == {"A": [one, other], "B": [other]}
