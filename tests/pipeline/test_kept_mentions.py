"""What is kept of mentions takes up what came and went, in whatever file it lies."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byline import identity
from byline.files import fs
from byline.files.stretches import Columns, Stretches
from byline.pipeline.incremental import chunks, store
from byline.pipeline.incremental.kept import BLOCKS, FRAMES, MENTIONS, PARTS, Kept
from byline.pipeline.incremental.mentions import write_parts
from byline.pipeline.incremental.store import KEY, Store

NAMES = ("Ada Pym", "A. Pym", "Bo Ohm", "Cy Fox", "Di Quell")
BUCKETS = 2
PAPERS = 4


def described() -> pl.DataFrame:
    """Every name as the first author of every paper: a mention may be read as any of them."""
    none = pl.lit(None)
    rows = [(f"{paper:064x}", [name]) for paper in range(PAPERS) for name in NAMES]
    papers = pl.DataFrame(rows, schema={"paper_id": pl.String, "authors": pl.List(pl.String)}, orient="row")
    return identity.describe(
        papers.with_columns(
            title=pl.lit("Otters swim"), abstract=none.cast(pl.String), labels=pl.lit(["Otter Lab"]),
            category=none.cast(pl.String), published=none.cast(pl.Date),
        )
    )  # fmt: skip


ALL = described()
State = dict[int, tuple[int, int]]
"""Of some papers: which of NAMES its author bears, and the number of the person."""
states = st.dictionaries(
    st.integers(0, PAPERS - 1), st.tuples(st.integers(0, len(NAMES) - 1), st.integers(0, 2)), max_size=PAPERS
)


def mentions(state: State) -> pl.DataFrame:
    rows = [paper * len(NAMES) + name for paper, (name, _) in sorted(state.items())]
    persons = [f"{person:064x}" for _, (_, person) in sorted(state.items())]
    return ALL[rows].with_columns(
        author_id=pl.Series(persons, dtype=pl.String), identity_confidence=pl.lit(0.5, pl.Float32)
    )


def opened(folder: Path) -> Store:
    head: Any = SimpleNamespace(name_buckets=BUCKETS)
    parts = sorted(int(path.stem) for path in (folder / MENTIONS).glob("*.mentions"))
    frames = {PARTS: pl.DataFrame({"part": parts}, schema=FRAMES[PARTS])}
    if not (folder / f"{BLOCKS}.arrow").exists():
        frames[BLOCKS] = pl.DataFrame(schema=FRAMES[BLOCKS])
    return Store(Kept(folder, head, frames))


def follow(steps: list[State], later_at_most: int, chunk: int = 2) -> None:
    """Keep each state on top of the one before; what is read back is the last one, for all blocks and for each."""
    blocks = ALL["block_key"].unique()
    before = mentions(steps[0])
    with tempfile.TemporaryDirectory() as temporary, pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "LATER_AT_MOST", later_at_most)
        patch.setattr(chunks, "CHUNK", chunk)
        here = Path(temporary, "0")
        fs.mkdir(here / MENTIONS)
        write_parts(here / MENTIONS, before, BUCKETS)
        for number, state in enumerate(steps[1:], 1):
            now, there = mentions(state), Path(temporary, str(number))
            keep(opened(here), before, now, there / MENTIONS)
            before, here = now, there
        found = opened(here).of_blocks(blocks).frame()
        assert found.sort(KEY).equals(now.select(found.columns).sort(KEY))
        assert sorted(found.columns) == sorted(now.columns)
        for block in blocks:
            one = opened(here).of_blocks(pl.Series([block], dtype=pl.UInt64)).frame()
            assert one.sort(KEY).equals(found.filter(pl.col("block_key") == block).sort(KEY))


def keep(known: Store, before: pl.DataFrame, now: pl.DataFrame, target: Path) -> None:
    same = [*KEY, "author_id", "name_as_listed"]
    gone, fresh = before.join(now, on=same, how="anti"), now.join(before, on=same, how="anti")
    for some in ALL["block_key"].unique().to_frame().iter_slices(2):
        held = pl.col("block_key").is_in(some["block_key"].implode())
        known.put(target, gone.filter(held), fresh.filter(held))
    known.close(target)


@pytest.mark.parametrize("later_at_most", [0, 1, 9])
@pytest.mark.parametrize(
    "steps",
    [
        pytest.param([{}, {0: (0, 0), 1: (0, 0)}, {1: (0, 0)}], id="came and went"),
        pytest.param(
            [{0: (0, 0), 1: (0, 0)}, {0: (0, 0), 1: (0, 1)}, {0: (0, 0), 1: (0, 0)}], id="left and back"
        ),
        pytest.param([{0: (0, 0)}, {0: (2, 0)}, {0: (0, 0)}], id="to another block and back"),
        pytest.param([{0: (0, 0)}, {0: (1, 0)}, {}], id="written otherwise, then gone"),
    ],
)
def test_mentions_are_as_the_last_build_left_them(steps, later_at_most):
    follow(steps, later_at_most)


@pytest.mark.slow
@settings(deadline=None, max_examples=100)
@given(st.lists(states, min_size=2, max_size=6), st.integers(0, 4), st.integers(1, 9))
def test_mentions_are_as_the_last_of_many_builds_left_them(steps, later_at_most, chunk):
    follow(steps, later_at_most, chunk)


def block_files(rows: list[int]) -> tuple[pl.DataFrame, dict[int, bytearray]]:
    """Blocks 10, 11, … of so many rows each, the first three in part 0 and the others in part 1; their files."""
    number = np.repeat(np.arange(10, 10 + len(rows)), rows)
    frame = pl.DataFrame({"block": number, "text": [f"block {one}" for one in number]})
    edges = np.concatenate([[0], np.cumsum(rows)])
    sections = [chunks.Section(Columns(frame), edges), chunks.Section(Columns(frame), edges, is_packed=False)]
    keys = np.unique(number).astype(np.uint64)
    part = (np.arange(len(rows)) >= 3).astype(np.int64)
    return frame, {at: bytearray(content) for at, content in chunks.packed(keys, part, sections)}


def read(content: bytearray, wanted: list[int] | None) -> list[pl.DataFrame]:
    sections = [Stretches({"block": pl.Int64, "text": pl.String}) for _ in range(2)]
    keys = None if wanted is None else np.array(wanted, np.uint64)
    chunks.add(memoryview(content), keys, sections)
    return [section.frame() for section in sections]


@pytest.mark.parametrize("chunk", [1, 4, 5, 100])
@pytest.mark.parametrize("wanted", [[10], [11, 12], [10, 12], [13], [10, 14], [9, 20], None])
def test_blocks_are_read_from_the_files_of_their_parts(monkeypatch, chunk, wanted):
    monkeypatch.setattr(chunks, "CHUNK", chunk)
    frame, files = block_files([2, 3, 1, 4, 2])
    asked = frame["block"].unique().to_list() if wanted is None else wanted
    expected = frame.filter(pl.col("block").is_in(asked))
    found = [read(files[part], wanted) for part in (0, 1)]
    assert files.keys() == {0, 1}
    for section in range(2):
        assert pl.concat([one[section] for one in found]).equals(expected)


def test_a_chunk_that_nobody_asks_for_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK", 3)
    frame, files = block_files([3, 300, 2])
    files[0][-200:] = bytes(200)
    first, _ = read(files[0], [10])
    assert first.equals(frame.head(3))
    assert not read(files[0], None)[1].equals(frame)


def test_rows_of_some_blocks_are_runs():
    assert chunks.runs(np.array([True, True, False, True]), np.array([2, 3, 1, 4], np.uint32)) == [
        (0, 5),
        (6, 10),
    ]
    assert chunks.runs(np.array([False]), np.array([2], np.uint32)) == []
