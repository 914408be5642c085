"""A partition larger than a window is written window by window, whatever pieces it comes in."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from byline import runs
from byline.stages import write
from byline.stages.sorting import ORDER
from schemas import TABLES


def sources(folder: Path, sizes: list[int], seed: int = 1) -> tuple[write.Source, ...]:
    draw = np.random.default_rng(seed)
    made = []
    for number, size in enumerate(sizes):
        order = np.sort(draw.integers(0, 1 << 60, size))
        rows = pl.DataFrame({"name": [f"{value:x}" for value in order], ORDER: order})
        runs.write_run(folder / f"{number}.run", rows, [size])
        made.append(write.Source(folder / f"{number}.run", 0, size))
    return tuple(made)


@pytest.mark.parametrize("sizes", [[40] * 120, [3, 0, 4000, 1, 900], [5] * 300, [4800]])
def test_windows_hold_about_so_many_rows_each_and_every_row_once(tmp_path, sizes):
    windows = list(write._windows(TABLES["authors"], sources(tmp_path, sizes), 480))
    assert max(window.height for window in windows) < 2 * 480
    found = pl.concat(windows)[ORDER].to_list()
    assert len(found) == sum(sizes)
    edges = [(int(orders[0]), int(orders[-1])) for orders in (window[ORDER].sort() for window in windows)]
    assert all(before[1] < after[0] for before, after in pairwise(edges))


def test_a_part_of_a_batch_is_read_alone(tmp_path):
    (source,) = sources(tmp_path, [100])
    whole = runs.read_group([source.path], 0)
    assert runs.read_pieces([runs.Piece(source.path, 0, 10, 25)]).equals(whole[10:25])
    assert runs.read_numbers(source.path, 0, ORDER).tolist() == whole[ORDER].to_list()
