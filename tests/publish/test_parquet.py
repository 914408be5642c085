"""The writer of Parquet: the same rows give the same bytes, in whatever portions they come."""

from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from byline.files import parquet, run_files
from byline.files.parquet import ROW_GROUP_ROWS, PartitionWriter
from byline_schemas import QUARANTINE

ROWS = ROW_GROUP_ROWS + 1_000


def rows_of_many_lengths() -> pl.DataFrame:
    """Return rows whose texts are of many lengths, so that Parquet cuts pages at many places."""
    number = pl.int_range(ROWS)
    text = pl.concat_str(number.cast(pl.String), pl.lit(" ").repeat_by(number % 900).list.join(""))
    empty = QUARANTINE.empty()
    filled = {
        "record_id": number.cast(pl.String).str.zfill(20),
        "raw_text": text,
    }
    return pl.select(
        filled.get(name, pl.lit(0) if dtype.is_numeric() else pl.lit("")).cast(dtype).alias(name)
        for name, dtype in empty.schema.items()
    )


def written(folder: Path, rows: pl.DataFrame, portion: int) -> bytes:
    with PartitionWriter(folder, QUARANTINE) as writer:
        for start in range(0, rows.height, portion):
            writer.append(rows.slice(start, portion))
    (only,) = writer.written
    return only.path.read_bytes()


@pytest.mark.parametrize("portion", [700, 33_333])
def test_portions_leave_no_trace(tmp_path, portion):
    rows = rows_of_many_lengths()
    assert written(tmp_path / "cut", rows, portion) == written(tmp_path / "whole", rows, ROWS)


@pytest.fixture
def small_files(monkeypatch):
    """Let a row group hold ten rows, and a file what twenty of them take."""
    monkeypatch.setattr(parquet, "ROW_GROUP_ROWS", 10)
    ten = rows_of_many_lengths().head(10)
    twice = 2 * run_files.to_arrow(ten).cast(parquet.arrow_schema(QUARANTINE)).nbytes
    monkeypatch.setattr(parquet, "FILE_BYTES", twice)
    return ten


def test_a_partition_is_cut_into_files_by_what_its_rows_hold(tmp_path, small_files):
    with PartitionWriter(tmp_path, QUARANTINE) as writer:
        for _ in range(5):
            writer.append(small_files)
    assert [file.rows for file in writer.written] == [20, 20, 10]
    assert [file.path.name for file in writer.written] == [
        f"part-0000{number}.parquet" for number in range(3)
    ]
    read = pl.concat(pl.read_parquet(file.path) for file in writer.written)
    assert read.equals(pl.concat([small_files] * 5))


def test_files_are_cut_at_the_same_rows_however_they_arrive(tmp_path, small_files):
    rows = pl.concat([small_files] * 5)
    with PartitionWriter(tmp_path, QUARANTINE) as writer:
        for start in range(0, 50, 7):
            writer.append(rows.slice(start, 7))
    assert [file.rows for file in writer.written] == [20, 20, 10]


LENGTHS = [3, 3, 3, 3, 30, 1, 1, 12, 2, 2, 2, 2, 2, 2]


def groups_of(folder: Path, rows: pl.DataFrame, portion: int) -> list[int]:
    with PartitionWriter(folder, QUARANTINE) as writer:
        for start in range(0, rows.height, portion):
            writer.append(rows.slice(start, portion))
    (only,) = writer.written
    footer = pq.read_metadata(only.path)
    return [footer.row_group(index).num_rows for index in range(footer.num_row_groups)]


@pytest.mark.parametrize("portion", [1, 2, 5, 14])
def test_row_groups_are_cut_by_bytes_as_well_as_by_rows(tmp_path, monkeypatch, portion):
    monkeypatch.setattr(parquet, "ROW_GROUP_ROWS", 4)
    monkeypatch.setattr(parquet, "GROUP_BYTES", 10)
    texts = pl.Series("raw_text", ["x" * length for length in LENGTHS])
    rows = pl.DataFrame({name: [""] * len(LENGTHS) for name in QUARANTINE.columns()}).with_columns(texts)
    assert groups_of(tmp_path, rows, portion) == [3, 1, 1, 2, 1, 4, 2]


@pytest.mark.slow
def test_records_of_four_mebibytes_each_can_be_published(tmp_path):
    text = "x" * (4 * parquet.MIB - 1)
    rows = pl.DataFrame({name: [""] * 560 for name in QUARANTINE.columns()}).with_columns(
        raw_text=pl.lit(text)
    )
    with PartitionWriter(tmp_path, QUARANTINE) as writer:
        writer.append(rows)
    assert sum(file.rows for file in writer.written) == 560
    assert pl.read_parquet(writer.written[0].path, columns=["raw_text"])["raw_text"][0] == text


def test_what_fills_no_row_group_waits_and_is_written_at_the_end(tmp_path, small_files):
    with PartitionWriter(tmp_path, QUARANTINE) as writer:
        writer.append(small_files.head(9))
        assert not list(tmp_path.iterdir())
    assert [file.rows for file in writer.written] == [9]


def test_a_partition_without_rows_has_one_file(tmp_path):
    with PartitionWriter(tmp_path, QUARANTINE) as writer:
        pass
    assert [(file.path.name, file.rows) for file in writer.written] == [("part-00000.parquet", 0)]
    assert pl.read_parquet(writer.written[0].path).height == 0


def test_a_failure_leaves_no_file_behind(tmp_path, small_files):
    def fail() -> None:
        with PartitionWriter(tmp_path, QUARANTINE) as writer:
            writer.append(pl.concat([small_files] * 2))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not list(tmp_path.rglob("*"))


def test_files_say_how_they_were_written(tmp_path, small_files):
    with PartitionWriter(tmp_path, QUARANTINE) as writer:
        writer.append(small_files)
    footer = pq.read_metadata(writer.written[0].path)
    columns = [footer.row_group(0).column(place) for place in range(footer.num_columns)]
    assert {column.compression for column in columns} == {"ZSTD"}
    assert [column.is_stats_set for column in columns] == [True] * footer.num_columns
    assert footer.format_version == "2.6"
