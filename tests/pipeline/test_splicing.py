"""Files of which a few rows change are put together from row groups: the bytes are those of writing all rows."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import numpy as np
import polars as pl
import polars.selectors as cs
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byline.core import ids
from byline.files import cuts
from byline.files.cuts import Cuts, Rule, groups_of_file
from byline.files.footers import NotByline, Parts
from byline.files.parquet import PartitionWriter, Written
from byline.pipeline.incremental import exchanging, splicing
from byline.pipeline.incremental.exchanging import Exchange
from byline.pipeline.incremental.kept import TakesFullBuild
from byline.pipeline.incremental.patching import VALUE, Change, patch_table
from byline.pipeline.incremental.splicing import Old, origins, spliced
from byline.pipeline.stages.sorting import WHOLE
from byline.snapshots.manifest import DataFile, sha256
from byline_schemas import TABLES

RECORDS = TABLES["records"]
RULES = Cuts(Rule(3, 1, 6), Rule(8, 3, 24))
NUMBERS = st.sets(st.integers(0, 200), max_size=8)


@pytest.fixture(autouse=True)
def small_groups(monkeypatch):
    """Let a row group hold three to six rows, and a file eight to twenty-four; the smallest are put together."""
    monkeypatch.setattr(cuts, "cuts_of", lambda _: RULES)
    monkeypatch.setattr(splicing, "LEAST_BYTES", 0)


def rows_of(numbers: set[int], value: str = "a.txt") -> pl.DataFrame:
    """Return a record a number, in the order of their ids."""
    rows = [
        (ids.digest("record", str(n)), value, "0" * 64, n + 1, n + 3, n, n + 2, "card", "published",
         ids.digest("paper", str(n)), None if n % 3 else n / 1000)
        for n in numbers
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=RECORDS.columns(), orient="row").sort("record_id")


def written(folder: Path, rows: pl.DataFrame) -> list[Written]:
    with PartitionWriter(folder, RECORDS) as writer:
        writer.append(rows)
    return writer.written


def patched(old: Path, there: set[int], gone: set[int], fresh: pl.DataFrame, new: Path) -> None:
    files = written(old / "records", rows_of(there))
    known = [
        DataFile(one.path.relative_to(old).as_posix(), sha256(one.path), one.path.stat().st_size, one.rows)
        for one in files
    ]
    change = Change(*(rows.with_columns(pl.lit(WHOLE).alias(VALUE)) for rows in (rows_of(gone), fresh)))
    patch_table(RECORDS, change, old, known, {}, new)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*.parquet")}


@settings(max_examples=15)
@given(st.integers(1, 120), NUMBERS, NUMBERS, NUMBERS)
def test_files_of_which_rows_change_are_those_that_all_rows_give(size, leave, change, come):
    folder = Path(tempfile.mkdtemp())
    there = set(range(size))
    gone, fresh = (leave | change) & there, rows_of((change & there) | (come - there), "b.txt")
    try:
        patched(folder / "old", there, gone, fresh, folder / "new")
        rows = pl.concat([rows_of(there - gone), fresh]).sort("record_id")
        written(folder / "full", rows)
        assert contents(folder / "new") == contents(folder / "full")
    finally:
        shutil.rmtree(folder)


def put(
    folder: Path, gone: set[int], fresh: set[int], there: set[int] | None = None, value: str = "a.txt"
) -> list[Written] | None:
    """Return the file that is put together of the first of a table, null where it can't be."""
    files = written(folder / "old", rows_of(there or set(range(200))))
    first = rows_of(there or set(range(200)))["record_id"][files[0].rows]
    with PartitionWriter(folder / "new", RECORDS) as writer:
        old = Old(files[0].path, files[0].path.stat().st_size, first)
        done = spliced(writer, RECORDS, old, Exchange.of(rows_of(gone), rows_of(fresh, value), RECORDS.sort))
        return writer.written if done else None


def numbers_of(rows: slice) -> set[int]:
    return {int(n) for n in rows_of(set(range(200)))["byte_start"][rows]}


@pytest.fixture
def made(monkeypatch) -> list[pl.DataFrame]:
    """List the row groups, or columns of them, that are made anew."""
    found: list[pl.DataFrame] = []
    plain = PartitionWriter.in_memory

    def noted(self: PartitionWriter, groups: list[pl.DataFrame]) -> Parts:
        found.extend(groups)
        return plain(self, groups)

    monkeypatch.setattr(PartitionWriter, "in_memory", noted)
    return found


def test_only_row_groups_whose_rows_change_are_made_anew(tmp_path, made):
    found = put(tmp_path, numbers_of(slice(7, 8)), set())
    assert found is not None
    footer = pq.read_metadata(found[0].path)
    assert 0 < len(made) < footer.num_row_groups
    assert footer.num_rows == found[0].rows


def test_of_rows_with_other_values_only_these_columns_are_made_anew(tmp_path, made):
    changed = numbers_of(slice(7, 8))
    found = put(tmp_path, changed, changed, value="b.txt")
    assert found is not None
    assert [rows.columns for rows in made] == [["source_file"]]
    assert pl.read_parquet(found[0].path).filter(pl.col("source_file") == "b.txt").height == 1


@pytest.mark.parametrize("changes", [1, exchanging.FEW + 60])
def test_any_number_of_rows_may_have_other_values(tmp_path, changes):
    there = set(range(200))
    some = numbers_of(slice(0, changes))
    patched(tmp_path / "old", there, some, rows_of(some, "b.txt"), tmp_path / "new")
    written(tmp_path / "full", pl.concat([rows_of(there - some), rows_of(some, "b.txt")]).sort("record_id"))
    assert contents(tmp_path / "new") == contents(tmp_path / "full")


def test_lists_and_nulls_are_exchanged_as_other_values_are(tmp_path):
    papers = TABLES["papers"]
    rows = [
        {
            "paper_id": ids.digest("paper", str(n)),
            "doi": None if n % 2 else f"10.1000/{n}",
            "badges": [f"B{n}"] * (n % 3),
        }
        for n in range(60)
    ]
    before = pl.DataFrame(rows, schema=papers.columns()).sort("paper_id")
    before = before.with_columns(
        cs.string().exclude("doi").fill_null("said"),
        cs.numeric().fill_null(0),
        cs.boolean().fill_null(value=False),
        pl.col(pl.List(pl.String)).fill_null([]),
    )
    now = before.with_columns(
        badges=pl.when(pl.int_range(pl.len()) % 7 == 0).then(["new", "ones"]).otherwise("badges"),
        doi=pl.when(pl.int_range(pl.len()) % 5 == 0).then(None).otherwise("doi"),
    )
    with PartitionWriter(tmp_path / "old", papers) as writer:
        writer.append(before)
    old = writer.written
    with PartitionWriter(tmp_path / "full", papers) as writer:
        writer.append(now)
    follows = [*(pl.read_parquet(one.path)["paper_id"][0] for one in old[1:]), None]
    with PartitionWriter(tmp_path / "new", papers) as writer:
        for one, behind in zip(old, follows, strict=True):
            here = pl.col("paper_id").is_in(pl.read_parquet(one.path)["paper_id"].implode())
            change = Exchange.of(before.filter(here), now.filter(here), papers.sort)
            assert spliced(writer, papers, Old(one.path, one.path.stat().st_size, behind), change)
    assert contents(tmp_path / "new") == contents(tmp_path / "full")


def test_a_file_that_would_end_elsewhere_is_not_put_together(tmp_path):
    first = pq.read_metadata(written(tmp_path / "look", rows_of(set(range(200))))[0].path).num_rows
    assert put(tmp_path, numbers_of(slice(0, first - 4)), set()) is None


def test_a_file_so_large_that_bytes_cut_it_is_not_put_together(tmp_path, monkeypatch):
    monkeypatch.setattr(cuts, "GROUP_BYTES", 4_000)
    assert put(tmp_path, numbers_of(slice(7, 8)), set()) is None


def test_rows_that_are_not_there_take_a_full_build(tmp_path):
    with pytest.raises(TakesFullBuild, match="does not hold"):
        put(tmp_path, {500}, set())


def test_the_rows_of_a_new_file_are_told_by_those_of_the_old_one():
    assert origins(3, [1], [1, 3]).tolist() == [0, 3, 2, 4]


@pytest.mark.parametrize(
    ("bits", "follows", "ends"),
    [
        ([0, 0, 1, 0, 0], 2, [2, 5]),
        ([0, 0, 1, 0, 0], 1, None),
        ([0, 0, 1, 0, 0], None, [2, 5]),
        ([0, 0, 1, 0, 2, 0], None, None),
        ([0] * 7, None, [5, 7]),
        ([0] * 9, 0, [5, 9]),
        ([0] * 10, None, None),
        ([], None, []),
    ],
)
def test_the_groups_of_a_file_end_as_its_writer_ends_them(bits, follows, ends):
    rule = Cuts(Rule(2, 1, 5), Rule(4, 2, 9))
    assert groups_of_file(rule, np.array(bits, np.uint8), follows) == ends


def test_the_footer_of_a_file_says_what_its_texts_take(tmp_path):
    rows = rows_of(set(range(7)))
    (file,) = written(tmp_path, rows)
    parts = Parts.of(memoryview(file.path.read_bytes()))
    texts = rows.select(pl.col(pl.String).str.len_bytes().sum())
    assert parts.texts == texts.sum_horizontal().item()
    assert parts.values == rows.height * rows.width
    assert sum(parts.rows) == rows.height


@pytest.mark.parametrize(
    "content", [b"", b"PAR1", b"PAR1" + bytes(40), b"PAR1\x1d\xff\xff\x02\x00\x00\x00PAR1"]
)
def test_what_is_no_parquet_is_told(content):
    with pytest.raises(NotByline):
        Parts.of(memoryview(content))
