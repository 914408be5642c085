"""A partition larger than a window is written window by window, whatever pieces it comes in."""

import os
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from byline.files import run_files
from byline.pipeline.stages import write
from byline.pipeline.stages.sorting import ORDER, ROWS, hash_order, write_partitions

TABLE: Any = SimpleNamespace(name="keys", sort=("key",), partition=None, columns=lambda: {"key": pl.String()})


def sources(folder: Path, sizes: list[int], batch: int, seed: int = 1) -> tuple[write.Source, ...]:
    draw = np.random.default_rng(seed)
    made: list[write.Source] = []
    for number, size in enumerate(sizes):
        rows = pl.DataFrame(
            {"key": [f"{value:015x}" for value in draw.integers(0, 1 << 60, size)]}, schema={"key": pl.String}
        )
        target = folder / str(number)
        counts = write_partitions(target, TABLE, rows, hash_order("key"), {"keys": batch})
        made += [source for _, source in write.sources(target, "keys", counts, batch)]
    return tuple(made)


@pytest.mark.parametrize("sizes", [[40] * 40, [3, 0, 2000, 1, 900], [5] * 100, [2400], [2000, *([1] * 150)]])
@pytest.mark.parametrize("batch", [16, 48])
def test_windows_hold_about_so_many_rows_each_and_every_row_once(tmp_path, sizes, batch):
    windows = list(write._windows(TABLE, sources(tmp_path, sizes, batch), 480))
    assert max(window.height for window in windows) < 2 * 480
    found = pl.concat(windows)
    assert found["key"].n_unique() == found.height == sum(sizes)
    edges = [(int(orders[0]), int(orders[-1])) for orders in (window[ORDER].sort() for window in windows)]
    assert all(before[1] < after[0] for before, after in pairwise(edges))


def test_of_a_large_sample_some_rows_stand_for_all(tmp_path, monkeypatch):
    from_sources = sources(tmp_path, [40] * 60, 16)
    rows = [source.rows for source in from_sources]
    whole = write._sample(list(from_sources))
    monkeypatch.setattr(write, "HELD", 20)
    monkeypatch.setattr(write, "SAMPLED_AT_MOST", 30)
    thin = write._sample(list(from_sources))
    assert thin.height <= 30
    assert thin[ROWS].sum() == whole[ROWS].sum() == sum(rows)
    windows = list(write._windows(TABLE, from_sources, 480))
    assert max(window.height for window in windows) < 2 * 480
    assert pl.concat(windows)["key"].n_unique() == sum(rows)
    example = pl.DataFrame({ORDER: [1, 4, 6, 9, 9], ROWS: [16, 16, 8, 16, 4]})
    assert write._thinned(example, 2).rows() == [(4, 32), (9, 24), (9, 4)]


@pytest.mark.parametrize("sizes", [[40] * 40, [3, 7, 2000, 1, 900]])
def test_windows_hold_the_same_rows_where_no_batch_is_kept(tmp_path, monkeypatch, sizes):
    from_sources = sources(tmp_path, sizes, 16)
    kept = list(write._windows(TABLE, from_sources, 480))
    monkeypatch.setattr(write, "HELD", 3)
    cursors = []

    class Watched(write._Cursor):
        def __init__(self, source: write.Source, *, keeps: bool) -> None:
            super().__init__(source, keeps=keeps)
            cursors.append(self)

    monkeypatch.setattr(write, "_Cursor", Watched)
    found = []
    for window in write._windows(TABLE, from_sources, 480):
        found.append(window)
        assert all(cursor._held is None for cursor in cursors)
    assert len(found) == len(kept)
    assert all(one.sort("key").equals(other.sort("key")) for one, other in zip(found, kept, strict=True))


def test_rows_of_one_order_come_in_one_window(tmp_path):
    rows = pl.DataFrame({"key": ["a" * 15] * 900 + ["b" * 15] * 900})
    counts = write_partitions(tmp_path, TABLE, rows, hash_order("key"), {"keys": 16})
    windows = list(
        write._windows(TABLE, tuple(source for _, source in write.sources(tmp_path, "keys", counts, 16)), 480)
    )
    assert [window.height for window in windows] == [900, 900]


@pytest.mark.parametrize("counts", [[], [0], [3, 0, 97], [100]])
def test_batches_are_read_one_by_one(tmp_path, counts):
    rows = pl.DataFrame({"number": range(sum(counts)), "text": [["a", None]] * sum(counts)})
    run_files.write_run(tmp_path / "a.run", rows, counts)
    read = [
        run_files.to_polars(pa.Table.from_batches([run_files.read_batch(tmp_path / "a.run", k)]))
        for k in range(len(counts))
    ]
    assert [frame.height for frame in read] == counts
    assert pl.concat([rows.clear(), *read]).equals(rows)


def test_a_batch_is_read_whole_however_little_the_system_gives_at_once(tmp_path, monkeypatch):
    rows = pl.DataFrame({"number": range(50), "text": [f"row {number}" for number in range(50)]})
    run_files.write_run(tmp_path / "a.run", rows, [20, 30])
    whole = os.pread
    monkeypatch.setattr(os, "pread", lambda file, count, start: whole(file, min(count, 7), start))
    found = run_files.to_polars(pa.Table.from_batches([run_files.read_batch(tmp_path / "a.run", 1)]))
    assert found.equals(rows[20:])


def test_batches_without_rows_take_no_room(tmp_path):
    rows = pl.DataFrame({"text": ["some text"] * 10_000})
    run_files.write_run(tmp_path / "one.run", rows, [10_000])
    run_files.write_run(tmp_path / "many.run", rows, [10_000, *([0] * 100)])
    assert (tmp_path / "many.run").stat().st_size < 1.5 * (tmp_path / "one.run").stat().st_size


def test_a_torn_run_file_is_an_error(tmp_path):
    path = tmp_path / "a.run"
    run_files.write_run(path, pl.DataFrame({"number": range(100)}), [50, 50])
    whole = path.read_bytes()
    for size in (0, 7, 8, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])
        with pytest.raises((OSError, pa.ArrowInvalid)):
            run_files.read_batch(path, 1)
