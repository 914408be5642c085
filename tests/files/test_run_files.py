"""Run files give back what was written, group by group, and scans find the files of a table wherever they lie."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from byline.files import run_files
from byline.files.tables import scan_files
from byline_schemas import TABLES

ROWS = pl.DataFrame({"key": ["a", "b", "c", "d"], "items": [[1], [], None, [2, 3]]})


@pytest.mark.parametrize("counts", [[4], [1, 3], [0, 2, 0, 2, 0], [1, 1, 1, 1]])
def test_batches_come_back_by_their_number(tmp_path, counts):
    path = tmp_path / "x.run"
    run_files.write_run(path, ROWS, counts)
    assert run_files.count(path) == len(counts)
    batches = [run_files.read_group([path], number) for number in range(len(counts))]
    assert [batch.height for batch in batches] == counts
    assert pl.concat(batches).equals(ROWS)


def test_groups_of_several_files_come_in_the_order_of_the_files(tmp_path):
    paths = [tmp_path / "b.run", tmp_path / "a.run"]
    for path, group in zip(paths, ([1, 0, 1, 2], [2, 2, 2, 1]), strict=True):
        run_files.write_groups(path, ROWS, np.array(group), 4)
    found = [run_files.read_group(paths, group)["key"].to_list() for group in range(4)]
    assert found == [["b"], ["a", "c", "d"], ["d", "a", "b", "c"], []]


def test_a_run_file_of_no_rows_has_its_groups(tmp_path):
    run_files.write_groups(tmp_path / "x.run", ROWS.head(0), np.array([], dtype=np.int64), 3)
    assert run_files.count(tmp_path / "x.run") == 3
    assert run_files.read_group([tmp_path / "x.run"], 2).schema == ROWS.schema


def test_a_torn_run_file_is_an_error(tmp_path):
    path = tmp_path / "x.run"
    run_files.write_run(path, ROWS, [4])
    whole = path.read_bytes()
    first = int.from_bytes(whole[-24:-16], "little")
    path.write_bytes(whole[:first] + whole[-24:])
    with pytest.raises(OSError, match="ends too early"):
        run_files.read_group([path], 0)


@pytest.mark.parametrize("payload", [b"", b"rows", b"x" * 100_000])
def test_a_checked_file_gives_its_bytes_or_nothing(tmp_path, payload):
    path = tmp_path / "x"
    run_files.write_checked(path, payload)
    assert bytes(run_files.read_checked(path) or b"") == payload
    whole = path.read_bytes()
    for damaged in (whole + b"y", whole[:-1], b"y" + whole[1:], b""):
        path.write_bytes(damaged)
        assert run_files.read_checked(path) is None
    assert run_files.read_checked(tmp_path / "nowhere") is None


@pytest.mark.parametrize("folder", ["plain", "o[x]", "star*", "year=1999"])
def test_tables_are_scanned_in_folders_of_any_name(tmp_path, folder):
    for name, below, value in (
        ("papers", "year=2020", 2020),
        ("authors", "initial=%2F", "/"),
        ("records", ".", None),
    ):
        path = tmp_path / folder / name / below / "part-00000.parquet"
        path.parent.mkdir(parents=True)
        TABLES[name].empty().clear(2).write_parquet(path)
        found = scan_files([path, path], name).collect()
        assert found.height == 4
        key = TABLES[name].partition
        assert set(found.columns) == {*TABLES[name].columns(), *([key.name] if key else [])}
        if key is not None:
            assert found[key.name].to_list() == [value] * 4
            assert found[key.name].dtype == key.dtype


@pytest.mark.parametrize("name", TABLES)
def test_a_scan_of_no_files_has_the_columns_and_no_rows(name):
    found = scan_files([], name).collect()
    key = TABLES[name].partition
    assert found.height == 0
    assert found.columns == [*TABLES[name].columns(), *([key.name] if key else [])]


def test_what_is_packed_comes_back_whole_or_by_column_and_other_bytes_are_told():
    rows = pl.DataFrame({"a": ["x", None, "ö"], "b": [["1"], [], None], "c": [1, 2, 3]})
    packed = memoryview(run_files.packed(rows[1:]))
    every, some = run_files.unpacked(packed), run_files.unpacked(packed, ["c", "a"])
    assert every is not None
    assert some is not None
    assert_frame_equal(every, rows[1:])
    assert_frame_equal(some.select("c", "a"), rows[1:].select("c", "a"))
    for other in (b"", b"ARROW1\0\0" + b"\xff" * 40 + b"ARROW1", packed[:-20], packed[16:]):
        assert run_files.unpacked(memoryview(other)) is None
    assert run_files.unpacked(packed, ["d"]) is None
