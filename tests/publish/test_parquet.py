"""The writer of Parquet: the same rows give the same bytes, in whatever portions they come."""

from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq
import pytest

from byline.core import ids
from byline.files import cuts
from byline.files.cuts import Cuts, Rule
from byline.files.parquet import PartitionWriter, Written, arrow_schema, remove_torn
from byline.files.run_files import to_arrow
from byline_schemas import QUARANTINE

ROWS = cuts.WIDE.group.most + 1_000


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
    return b"".join(file.path.read_bytes() for file in writer.written)


@pytest.mark.parametrize("portion", [700, 5_555])
def test_portions_leave_no_trace(tmp_path, portion):
    rows = rows_of_many_lengths()
    assert written(tmp_path / "cut", rows, portion) == written(tmp_path / "whole", rows, ROWS)


SMALL = Cuts(Rule(3, 1, 6), Rule(8, 3, 24))


@pytest.fixture
def small_files(monkeypatch):
    """Let a row group hold three to six rows, and a file eight to twenty-four."""
    monkeypatch.setattr(cuts, "cuts_of", lambda _: SMALL)


def rows_with_ids(numbers: range) -> pl.DataFrame:
    """Return a row a number, with the ids that byline gives, in their order."""
    known = ids.digest_all([str(number) for number in numbers], "record").sort()
    return pl.DataFrame({name: [""] * len(known) for name in QUARANTINE.columns()}).with_columns(
        record_id=known
    )


def files_of(folder: Path, rows: pl.DataFrame, portion: int = 1_000) -> list[Written]:
    with PartitionWriter(folder, QUARANTINE) as writer:
        for start in range(0, rows.height, portion):
            writer.append(rows.slice(start, portion))
    return writer.written


def test_a_file_ends_before_an_id_of_enough_zero_bits_or_with_the_most_rows(tmp_path, small_files):
    rows = rows_with_ids(range(300))
    written = files_of(tmp_path, rows)
    assert [file.path.name for file in written] == [f"part-{n:05d}.parquet" for n in range(len(written))]
    assert pl.concat(pl.read_parquet(file.path) for file in written).equals(rows)
    starts = [sum(file.rows for file in written[:number]) for number in range(1, len(written))]
    for file, start in zip(written, starts, strict=False):
        ends_in = int(rows["record_id"][start], 16)
        assert file.rows == 24 or (8 <= file.rows < 24 and ends_in % 8 == 0)


@pytest.mark.parametrize("portion", [1, 7])
def test_files_and_groups_are_cut_at_the_same_rows_however_they_arrive(tmp_path, small_files, portion):
    rows = rows_with_ids(range(100))
    cut, whole = files_of(tmp_path / "cut", rows, portion), files_of(tmp_path / "whole", rows)
    assert [file.path.read_bytes() for file in cut] == [file.path.read_bytes() for file in whole]


def sizes_of_groups(file: Written) -> list[int]:
    footer = pq.read_metadata(file.path)
    return [footer.row_group(number).num_rows for number in range(footer.num_row_groups)]


@pytest.mark.parametrize("spare", [0, -1], ids=["just fits", "a byte too many"])
def test_a_file_ends_before_the_row_group_that_would_make_it_too_large(
    tmp_path, small_files, monkeypatch, spare
):
    rows = rows_with_ids(range(300))
    first, second, *_ = sizes_of_groups(files_of(tmp_path / "whole", rows)[0])
    sizes = [
        to_arrow(rows.slice(*part).rechunk()).cast(arrow_schema(QUARANTINE)).nbytes
        for part in ((0, first), (first, second))
    ]
    monkeypatch.setattr(cuts, "FILE_BYTES", sum(sizes) + spare)
    cut = [sizes_of_groups(file) for file in files_of(tmp_path / "cut", rows)]
    assert cut[0] == ([first, second] if spare == 0 else [first])
    assert max(len(groups) for groups in cut) <= 3
    assert sum(map(sum, cut)) == 300


def test_a_row_more_changes_few_files(tmp_path, small_files):
    rows = rows_with_ids(range(600))
    kept = {file.path.read_bytes() for file in files_of(tmp_path / "before", rows)}
    changed = []
    for number in range(600, 606):
        more = pl.concat([rows, rows_with_ids(range(number, number + 1))]).sort("record_id")
        now = {file.path.read_bytes() for file in files_of(tmp_path / f"{number}", more)}
        changed.append(len(now - kept))
    assert len(kept) > 30
    assert sum(changed) < 3 * len(
        changed
    )  # one row in eight has such an id here; of real rows one in thousands


def test_row_groups_too_end_where_ids_do(tmp_path, small_files):
    written = files_of(tmp_path, rows_with_ids(range(300)))
    assert sum(pq.read_metadata(file.path).num_rows for file in written) == 300
    for file in written:
        footer = pq.read_metadata(file.path)
        groups = [footer.row_group(number).num_rows for number in range(footer.num_row_groups)]
        assert all(3 <= rows <= 6 for rows in groups[:-1])
        assert groups[-1] <= 6


@pytest.mark.parametrize(("key", "bits"), [("d8", 3), ("00", 32), ("01", 0), ("no digest", 0), ("", 0)])
def test_zero_bits_are_counted_from_the_end_of_an_id(key, bits):
    assert cuts.zero_bits(pl.Series([key])).tolist() == [bits]
    for least in (3, 4, 9):
        assert cuts.zero_bits(pl.Series([key, key]), least).tolist() == [bits if bits >= least else 0] * 2


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
    monkeypatch.setattr(cuts, "cuts_of", lambda _: Cuts(Rule(4, 9, 4), Rule(99, 9, 99)))
    assert cuts.GROUP_BYTES < 2**31  # what a column of 32-bit offsets holds
    monkeypatch.setattr(cuts, "GROUP_BYTES", 10)
    texts = pl.Series("raw_text", ["x" * length for length in LENGTHS])
    rows = pl.DataFrame({name: [""] * len(LENGTHS) for name in QUARANTINE.columns()}).with_columns(texts)
    assert groups_of(tmp_path, rows, portion) == [3, 1, 1, 2, 1, 4, 2]


@pytest.mark.slow
def test_records_of_four_mebibytes_each_can_be_published(tmp_path):
    text = "x" * (4 * cuts.MIB - 1)
    rows = pl.DataFrame({name: [""] * 560 for name in QUARANTINE.columns()}).with_columns(
        raw_text=pl.lit(text)
    )
    with PartitionWriter(tmp_path, QUARANTINE) as writer:
        writer.append(rows)
    assert sum(file.rows for file in writer.written) == 560
    assert pl.read_parquet(writer.written[0].path, columns=["raw_text"])["raw_text"][0] == text


@pytest.mark.parametrize("more", range(1, 4))
def test_few_rows_that_come_last_begin_a_file_where_all_at_once_would(tmp_path, small_files, more):
    """They are fewer than a row group, and the file before them is open still."""
    rows = rows_with_ids(range(80))
    whole = files_of(tmp_path / "whole", rows)
    for number in range(1, len(whole)):
        some = rows.head(sum(file.rows for file in whole[:number]) + more)
        cut = files_of(tmp_path / f"cut{number}", some, portion=1)
        assert [file.rows for file in cut] == [*(file.rows for file in whole[:number]), more]


def test_rows_are_written_as_soon_as_a_row_group_is_full_and_no_more_are_held(tmp_path, small_files):
    with PartitionWriter(tmp_path, QUARANTINE) as writer:
        for start in range(60):
            writer.append(rows_with_ids(range(60)).slice(start, 1))
            assert sum(rows.height for rows in writer._pending) <= SMALL.group.most
            assert writer._pending_rows == sum(rows.height for rows in writer._pending)
        assert len(writer.written) > 1


def test_before_the_first_row_a_file_begins_with_any_id(tmp_path, small_files):
    with PartitionWriter(tmp_path, QUARANTINE) as writer:
        assert writer.ends_before("1" * 20)
        writer.append(rows_with_ids(range(2)))
        assert not writer.ends_before("1" * 20)


def test_what_killed_workers_left_half_written_is_removed(tmp_path):
    (tmp_path / "year=2023").mkdir()
    for name in (".part-00000.parquet.0123.tmp", "part-00000.parquet", ".kept"):
        (tmp_path / "year=2023" / name).write_bytes(b"x")
    remove_torn(tmp_path)
    left = sorted(path.name for path in (tmp_path / "year=2023").iterdir())
    assert left == [".kept", "part-00000.parquet"]


def test_what_fills_no_row_group_waits_and_is_written_at_the_end(tmp_path, small_files):
    with PartitionWriter(tmp_path, QUARANTINE) as writer:
        writer.append(rows_with_ids(range(2)))
        assert not list(tmp_path.iterdir())
    assert [file.rows for file in writer.written] == [2]


def test_a_partition_without_rows_has_one_file(tmp_path):
    with PartitionWriter(tmp_path, QUARANTINE) as writer:
        pass
    assert [(file.path.name, file.rows) for file in writer.written] == [("part-00000.parquet", 0)]
    assert pl.read_parquet(writer.written[0].path).height == 0


def test_a_failure_leaves_no_file_behind(tmp_path, small_files):
    held = []  # by whoever looks at the error: nothing is cleaned up because nobody knows it any more

    def fail() -> None:
        with PartitionWriter(tmp_path, QUARANTINE) as writer:
            held.append(writer)
            writer.append(rows_with_ids(range(20)))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not list(tmp_path.rglob("*"))


def test_files_say_how_they_were_written(tmp_path, small_files):
    with PartitionWriter(tmp_path, QUARANTINE) as writer:
        writer.append(rows_with_ids(range(10)))
    footer = pq.read_metadata(writer.written[0].path)
    columns = [footer.row_group(0).column(place) for place in range(footer.num_columns)]
    assert {column.compression for column in columns} == {"ZSTD"}
    assert [column.is_stats_set for column in columns] == [True] * footer.num_columns
    assert footer.format_version == "2.6"


def test_a_file_ends_before_a_row_exactly_where_it_would_in_one_go(tmp_path, small_files):
    """Wherever the new rows end: what follows is taken over where a file begins there, and appended elsewhere."""
    rows = rows_with_ids(range(50))
    whole = files_of(tmp_path / "whole", rows)
    starts = {sum(file.rows for file in whole[:number]): number for number in range(1, len(whole))}
    assert len(starts) > 1
    for at in sorted({start + shift for start in starts for shift in (-1, 0, 1)} | {5, 30}):
        with PartitionWriter(tmp_path / f"{at}", QUARANTINE) as writer:
            writer.append(rows.head(at))
            ends = writer.ends_before(rows["record_id"][at])
            assert ends is (at in starts)
            assert writer.between_files is ends
            if ends:
                for file in whole[starts[at] :]:
                    writer.take_over(file.path, file.rows)
            else:
                writer.append(rows.slice(at))
        assert [(file.path.name, file.rows) for file in writer.written] == [
            (file.path.name, file.rows) for file in whole
        ]
        assert [file.path.read_bytes() for file in writer.written] == [
            file.path.read_bytes() for file in whole
        ]


def test_a_file_that_would_become_too_large_does_not_end_before_a_row(tmp_path, small_files, monkeypatch):
    """Where it ends by bytes, it ends with a row group; the rows behind that are the next file's."""
    rows = rows_with_ids(range(50))
    with PartitionWriter(tmp_path, QUARANTINE) as writer:
        writer.append(rows.head(35))
        writer._flush(final=False)
        assert writer._pending
        with monkeypatch.context() as patch:
            patch.setattr(cuts, "FILE_BYTES", writer._file_bytes)
            assert not writer.ends_before(rows["record_id"][35])
        assert writer.ends_before(rows["record_id"][35])


PLACES: list[tuple[int, int, list[int], int, bool]] = [
    # rows in the file, first row, zero bits of the ids → where the group ends, whether more rows could move that
    (0, 0, [0, 0, 0, 0, 0, 0, 0, 0], 6, False),
    (0, 0, [0, 0, 1, 1, 0, 0, 0, 0], 3, False),
    (0, 1, [0, 0, 1, 1, 1, 0, 0, 0], 4, False),
    (0, 0, [0, 0, 0, 0], 4, True),
    (0, 4, [0, 0, 0, 0, 0, 0, 0, 0], 8, True),
    (6, 0, [3, 3, 3, 0, 0, 0, 0, 0], 2, False),
    (9, 0, [3, 3, 3, 0, 0, 0, 0, 0], 1, False),
    (9, 2, [3, 0, 0, 0, 2, 3, 0, 0], 5, False),
    (20, 0, [0, 0, 0, 0, 0, 0, 0, 0], 4, False),
    (24, 0, [0, 0, 0, 0, 0, 0, 0, 0], 1, False),
]  # fmt: skip


@pytest.mark.parametrize(("file_rows", "start", "bits", "end", "is_open"), PLACES)
def test_where_a_row_group_ends(file_rows, start, bits, end, is_open):
    """Groups of three to six rows, files of eight to twenty-four: ids of one, and of three zero bits."""
    sums = np.cumsum(np.ones(len(bits), dtype=np.int64))
    found = cuts.Place(SMALL, file_rows).group_end(sums, np.array(bits, dtype=np.uint8), start)
    assert found == (end, is_open)


@pytest.mark.parametrize(
    ("rows", "bits", "ends"), [(7, 9, False), (8, 2, False), (8, 3, True), (23, 0, False), (24, 0, True)]
)
def test_where_a_file_ends(rows, bits, ends):
    assert cuts.Place(SMALL, rows).file_ends(bits) is ends


def test_the_example_of_row_groups_is_what_happens(monkeypatch):
    monkeypatch.setattr(cuts, "GROUP_BYTES", 10)
    place = cuts.Place(Cuts(Rule(2, 1, 5), Rule(99, 9, 99)))
    sums, bits = (
        np.cumsum([3, 3, 3, 3, 30, 1, 1, 1, 1]),
        np.array([0, 1, 0, 0, 0, 0, 1, 0, 0], dtype=np.uint8),
    )
    ends = [place.group_end(sums, bits, start) for start in (0, 3, 4, 5)]
    assert ends == [(3, False), (4, False), (5, False), (9, True)]
