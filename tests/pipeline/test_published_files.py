"""Published files of which the system says what it said are not read again; others are, and all once in a while."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from byline.pipeline.incremental import published
from byline.pipeline.incremental.published import frame_of, is_whole, looks_at_all, seen
from byline.snapshots import manifest
from byline.snapshots.manifest import DataFile, sha256


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "papers" / "part-00000.parquet"
    path.parent.mkdir()
    path.write_bytes(b"some bytes")
    return path


def listed(path: Path) -> DataFile:
    return DataFile("papers/part-00000.parquet", sha256(path), path.stat().st_size, 1)


@pytest.fixture
def digested(monkeypatch) -> list[Path]:
    """List the files whose SHA-256 is taken."""
    found: list[Path] = []

    def noted(path: Path) -> str:
        found.append(path)
        return sha256(path)

    monkeypatch.setattr(manifest, "sha256", noted)
    return found


def test_a_file_that_nobody_touched_is_not_read(file, digested):
    said = seen(file.parents[1])
    assert is_whole(file.parents[1], listed(file), said)
    assert digested == []


def test_a_link_to_a_file_and_its_removal_change_nothing(file, digested):
    said = seen(file.parents[1])
    other = file.with_name("other")
    os.link(file, other)
    other.unlink()
    assert is_whole(file.parents[1], listed(file), said)
    assert digested == []


def test_other_contents_are_noticed_by_the_time_or_by_the_digest(file):
    before, said = listed(file), seen(file.parents[1])
    file.write_bytes(b"other byte")
    times = file.stat()
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns + 1))  # as a clock that ticks shows it
    assert not is_whole(file.parents[1], before, said)


def test_a_file_of_another_time_with_its_contents_is_whole(file, digested):
    before, said = listed(file), seen(file.parents[1])
    os.utime(file, ns=(0, 0))
    assert is_whole(file.parents[1], before, said)
    assert digested == [file]


def test_a_file_of_another_size_than_the_manifest_says_is_read(file):
    before = listed(file)
    file.write_bytes(b"longer than it was")
    assert not is_whole(file.parents[1], before, seen(file.parents[1]))


def test_a_missing_file_is_not_whole(file):
    before, said = listed(file), seen(file.parents[1])
    file.unlink()
    assert not is_whole(file.parents[1], before, said)


def test_where_inodes_do_not_last_nothing_is_said(file, monkeypatch):
    monkeypatch.setattr(published, "os", SimpleNamespace(name="nt"))
    assert seen(file.parents[1]) == {}


def test_what_is_said_is_kept_as_a_table(file):
    assert dict(frame_of(seen(file.parents[1])).iter_rows()) == seen(file.parents[1])


def test_every_twentieth_build_looks_at_all():
    assert [number for number in range(1, 61) if looks_at_all(number)] == [20, 40, 60]
