"""Plans of raw files: slices, archives, damage, hostile sizes. All people and papers are made up."""

import errno
import gzip
import hashlib
import io
import os
import pickle
import random
import shutil
import tracemalloc
from types import SimpleNamespace

import pyarrow as pa
import pytest

from byline.core.errors import DataError, OutputError, UsageError
from byline.files import beneath
from byline.inputs import Limits, Plan, find_sources, plan, planner
from byline.inputs.reader import Reader
from byline.inputs.streams import Stream
from byline.listing import parse

RECORD = b"LGSep 25, 2023\nCounting pebbles in cold riversMira Oakes, Tomas Vell et al.\nWe count pebbles.\n"
LISTING = RECORD * 200


def zstd(data: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as out:
        out.write(data)
    return bytes(sink.getvalue())


@pytest.fixture
def planned(tmp_path):
    def make(data, slice_bytes=1000, name="a.txt", **limits):
        raw = tmp_path / "raw"
        raw.mkdir(exist_ok=True)
        (raw / name).write_bytes(data)
        (source,) = [one for one in find_sources(raw) if one.name == name]
        result = plan(source, tmp_path / "work", slice_bytes, Limits(**limits))
        assert result.sha256 == hashlib.sha256(data).hexdigest()
        ends = [0, *(piece.stop for piece in result.slices)]
        assert [piece.start for piece in result.slices] == ends[:-1]
        assert ends[-1] == result.bytes
        return result

    return make


def kinds(result: Plan) -> list[tuple[str | None, int]]:
    return [(piece.reason, piece.size) for piece in result.slices]


def test_a_file_is_cut_at_headers_after_about_slice_bytes(planned):
    result = planned(LISTING)
    assert (result.bytes, result.lines) == (len(LISTING), 600)
    assert all(piece.read().startswith(b"LGSep") for piece in result.slices)
    assert {piece.size for piece in result.slices[:-1]} == {-(-1000 // len(RECORD)) * len(RECORD)}
    assert [piece.first_line for piece in result.slices[:3]] == [1, 34, 67]
    assert sum(piece.lines for piece in result.slices) == 600
    assert parse([piece.read() for piece in result.slices]).height == 200
    assert pickle.loads(pickle.dumps(result)) == result


def test_blank_lines_that_a_file_begins_with_stay_with_its_first_record(planned):
    first, second = planned(b"\n" * 300 + RECORD * 2, slice_bytes=100).slices
    assert (first.size, second.size, second.first_line) == (300 + len(RECORD), len(RECORD), 304)


def test_equal_slices_have_equal_digests(planned):
    one, two = planned(LISTING).slices[:2]
    assert one.digest == two.digest
    assert planned(LISTING.replace(b"cold", b"warm")).slices[0].digest != one.digest


def test_an_empty_file_has_no_records(planned):
    assert planned(b"").slices == []


@pytest.mark.parametrize(("name", "pack"), [("a.gz", gzip.compress), ("a.zst", zstd)])
def test_archives_are_read_like_plain_files(planned, name, pack):
    result, plain = planned(pack(LISTING), name=name), planned(LISTING)
    assert result.damage is None
    assert result.bytes == len(LISTING)
    assert [piece.digest for piece in result.slices] == [piece.digest for piece in plain.slices]
    assert b"".join(piece.read() for piece in result.slices) == LISTING
    assert planned(pack(LISTING) * 2, name=name).bytes == 2 * len(LISTING)


def test_an_empty_archive_has_no_records(planned):
    assert planned(gzip.compress(b""), name="a.gz").slices == []
    assert planned(zstd(b""), name="a.zst").slices == []


def noisy(count: int, seed: int = 3) -> bytes:
    """Return a listing that packs badly, so that an archive of it can be cut in its middle."""
    rnd = random.Random(seed)
    return b"".join(RECORD + rnd.randbytes(40).hex().encode() + b"\n" for _ in range(count))


def test_a_cut_off_gzip_is_read_as_far_as_it_goes(planned):
    data = noisy(2000)
    result = planned(gzip.compress(data)[:-5000], name="a.gz", slice_bytes=1 << 20)
    (text, damaged) = result.slices
    assert "cut off" in result.damage
    assert (text.reason, damaged.reason) == (None, "damaged_file")
    assert text.size > 0.8 * len(data)
    assert data.startswith(text.read())
    assert damaged.raw_text.startswith("LGSep")  # the last record was torn: nothing of it is published
    assert parse([text.read()])["reason"].null_count() == text.lines // 4
    assert "fetch it again" in damaged.detail


def test_a_flipped_byte_in_a_gzip_loses_only_what_follows(planned):
    data = noisy(2000)
    packed = bytearray(gzip.compress(data))
    packed[len(packed) // 2] ^= 0xFF
    result = planned(bytes(packed), name="a.gz", slice_bytes=1 << 20)
    assert result.slices[-1].reason == "damaged_file"
    assert result.bytes > 0.3 * len(data)


def test_a_cut_off_zstd_is_read_as_far_as_it_goes(planned):
    data = noisy(8000)
    result = planned(zstd(data)[:-5000], name="a.zst", slice_bytes=1 << 30)
    assert [piece.reason for piece in result.slices] == [None, "damaged_file"]
    assert result.slices[0].size > 0.7 * len(data)


@pytest.mark.parametrize(
    "data", [b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x1f\x8b" + bytes(100), b"\xff\xfe\x00"]
)
def test_an_archive_of_which_nothing_can_be_read_is_one_empty_damaged_stretch(planned, data):
    assert kinds(planned(data, name="a.gz")) == [("damaged_file", 0)]


def test_bytes_behind_a_gzip_are_damage_but_zeros_are_padding(planned):
    assert planned(gzip.compress(LISTING) + bytes(512), name="a.gz").damage is None
    assert planned(gzip.compress(LISTING) + b"more", name="a.gz").slices[-1].reason == "damaged_file"


@pytest.mark.parametrize(("name", "pack"), [("a.gz", gzip.compress), ("a.zst", zstd)])
def test_a_bomb_is_not_unpacked(planned, tmp_path, name, pack):
    result = planned(pack(RECORD + bytes(20_000_000)), name=name, ratio_from=1 << 20)
    assert result.slices[-1].reason == "damaged_file"
    assert "unpacks to more" in result.slices[-1].detail
    assert result.bytes < 5_000_000
    assert sum(path.stat().st_size for path in (tmp_path / "work").iterdir()) == result.bytes
    assert planned(pack(LISTING), name=name, unpacked=5000).damage


def test_a_line_that_is_too_long_is_never_held(planned):
    data = LISTING + b"x" * 30_000_000 + b"\r\nmore text\n" + LISTING
    tracemalloc.start()
    result = planned(data, slice_bytes=1 << 20)
    text, long, rest = result.slices
    peak = tracemalloc.get_traced_memory()[1] - len(data)
    tracemalloc.stop()
    assert peak < 40_000_000
    assert (text.reason, long.reason, rest.reason) == (None, "too_long", None)
    assert (text.size, long.size, rest.size) == (len(LISTING), 30_000_000 + 12, len(LISTING))
    assert (long.first_line, long.lines, rest.first_line) == (601, 2, 603)
    assert len(long.raw_text.encode()) == 64 * 1024


def test_a_file_of_one_long_line_is_one_stretch(planned):
    assert kinds(planned(b"x" * 3_000_000)) == [("too_long", 3_000_000)]
    assert kinds(planned(b"x" * 3000 + b"\r", line=1000)) == [("too_long", 3001)]


def test_much_text_without_any_header_is_one_stretch(planned):
    data = b"no listing at all\n" * 10_000
    (piece,) = planned(data, record=5000).slices
    assert (piece.reason, piece.size, piece.lines) == ("no_header", len(data), 10_000)
    first, second = planned(RECORD + data + RECORD, record=5000).slices
    assert (first.reason, first.size, second.reason, second.size) == (
        "too_long",
        len(RECORD + data),
        None,
        len(RECORD),
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_wide_encodings_are_one_stretch_that_says_how_to_convert(planned, encoding):
    data = LISTING.decode().encode(encoding)
    (piece,) = planned(data).slices
    assert (piece.reason, piece.size, piece.lines) == ("not_utf8", len(data), 1)
    assert "iconv -f UTF-" + encoding[4:6].strip("-") in piece.detail


@pytest.mark.parametrize(
    ("head", "name"), [(b"PK\x03\x04", "ZIP"), (b"%PDF-1.7\n", "PDF"), (b"BZh9", "bzip2")]
)
def test_other_files_are_named(planned, head, name):
    (piece,) = planned(head + bytes(range(256)) * 10).slices
    assert piece.reason == "not_utf8"
    assert name in piece.detail


def test_the_same_bytes_damaged_have_another_digest_than_as_text(planned):
    torn = planned(gzip.compress(RECORD)[:-4], name="a.gz").slices[-1]
    assert torn.size == len(RECORD)
    assert torn.digest != planned(RECORD).slices[0].digest


def test_a_file_that_changes_under_way_is_noticed(planned):
    piece = planned(LISTING).slices[1]
    piece.path.write_bytes(LISTING.replace(b"cold", b"warm"))
    with pytest.raises(DataError, match="changed while it was read"):
        piece.read()


def test_a_file_that_is_gone_is_wrong_usage(planned, tmp_path):
    source = planned(LISTING).source
    source.path.unlink()
    with pytest.raises(UsageError, match=r"a\.txt can't be read"):
        plan(source, tmp_path, 1000)


def test_a_work_folder_that_cannot_be_written_is_an_output_error(planned, tmp_path):
    source = planned(gzip.compress(LISTING), name="a.gz").source
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="can't be written") as caught:
        plan(source, tmp_path / "file" / "work", 1000)
    assert caught.value.exit_code == 4


def test_an_error_while_planning_leaves_the_rest_of_a_damaged_archive_unread(planned, monkeypatch):
    """An interrupt must not wait until gigabytes behind the damage are hashed."""
    read = Stream._read
    blocks: list[int] = []

    def counted(stream, size):
        blocks.append(size)
        return read(stream, size)

    def interrupted(*_given, **_named):
        raise KeyboardInterrupt

    monkeypatch.setattr(Stream, "_read", counted)
    monkeypatch.setattr(Reader, "take", interrupted)
    with pytest.raises(KeyboardInterrupt):
        planned(gzip.compress(LISTING * 5) + b"\xff" * (100 << 20), name="a.gz", block=1 << 16)
    assert 0 < len(blocks) < 1600 // 2, "all of the file was read, as if nothing had happened"


def test_many_archives_leave_space_to_others(planned, monkeypatch):
    monkeypatch.setattr(planner, "SMALL_BYTES", 64 * 1024)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=planner.RESERVE_BYTES - 1))
    assert planned(gzip.compress(RECORD), name="small.txt.gz").slices
    with pytest.raises(
        OutputError, match=r"b\.txt\.gz: archives unpacked to 0 MiB so far and leave 511"
    ) as told:
        planned(gzip.compress(RECORD), name="b.txt.gz")
    assert told.value.exit_code == 4


def test_archives_together_take_no_more_than_they_leave(planned, monkeypatch):
    monkeypatch.setattr(planner, "SMALL_BYTES", 0)
    monkeypatch.setattr(planner, "RESERVE_BYTES", 0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=5 * planner.UNIT))
    for number in range(5):
        assert planned(gzip.compress(RECORD), name=f"{number}.txt.gz").slices
    assert planned(LISTING, name="plain.txt").slices  # what is no archive needs no space
    with pytest.raises(OutputError, match=r"5\.txt\.gz: archives unpacked to"):
        planned(gzip.compress(RECORD), name="5.txt.gz")


def test_a_disk_that_is_full_only_when_a_file_is_closed_is_an_unwritable_output(
    planned, monkeypatch, tmp_path
):
    class Full(io.BytesIO):
        def close(self):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(beneath, "create", lambda path: Full())
    with pytest.raises(OutputError, match=r"can't be written: No space left on device"):
        planned(gzip.compress(LISTING), name="b.txt.gz")
    assert not list((tmp_path / "work").iterdir())


def test_too_few_file_handles_are_no_fault_of_the_raw_file(planned, monkeypatch, tmp_path):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_bytes(LISTING)
    (source,) = find_sources(tmp_path / "raw")

    def refuse(path, *arguments):
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE), str(path))

    monkeypatch.setattr(type(source.path), "open", refuse)
    with pytest.raises(OutputError, match="ulimit"):
        plan(source, tmp_path / "work", 1000)
