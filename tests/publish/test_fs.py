"""Single operations on the file system: what they leave, and what they say when they fail."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from byline.core.errors import OutputError, UsageError
from byline.files import beneath, fs
from byline.snapshots import publishing
from tests.validation import dataset


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "The disk is full"),
        (errno.EXDEV, "one file system"),
        (errno.ENOTTY, "Look at the folder"),
    ],
)
def test_a_failure_says_operation_path_and_way_out(number, said, tmp_path):
    with pytest.raises(OutputError) as told, fs.guard("write", tmp_path):
        raise OSError(number, os.strerror(number))
    assert told.value.what == f"can't write {tmp_path}: {os.strerror(number)}"
    assert said in told.value.way_out
    assert "untouched" in told.value.way_out


def test_a_failure_without_a_number_is_told_by_its_words(tmp_path):
    with pytest.raises(OutputError, match="something odd"), fs.guard("write", tmp_path):
        raise OSError("something odd")


@pytest.fixture
def flushed(monkeypatch):
    """Note what is flushed to the disk, by inode, and with which flags files are opened."""
    noted: dict[str, list[int]] = {"inodes": [], "sizes": [], "flags": []}
    fsync, open_ = os.fsync, os.open

    def noting_fsync(descriptor: int) -> None:
        found = os.fstat(descriptor)
        noted["inodes"].append(found.st_ino)
        noted["sizes"].append(found.st_size)
        fsync(descriptor)

    def noting_open(path, flags, *rest, **more):
        noted["flags"].append(flags)
        return open_(path, flags, *rest, **more)

    monkeypatch.setattr(os, "fsync", noting_fsync)
    monkeypatch.setattr(os, "open", noting_open)
    return noted


def test_a_file_that_another_library_wrote_is_flushed_and_a_pipe_in_its_place_is_not_waited_for(
    tmp_path, flushed
):
    (tmp_path / "a").write_bytes(b"x")
    fs.fsync_file(tmp_path / "a")
    assert flushed["inodes"] == [(tmp_path / "a").stat().st_ino]
    assert flushed["flags"][-1] & os.O_NONBLOCK


def test_a_tree_is_flushed_file_by_file_and_then_each_folder(tmp_path, flushed):
    (tmp_path / "t" / "deep").mkdir(parents=True)
    paths = [tmp_path / "t" / "deep" / "b", tmp_path / "t" / "a"]
    for path in paths:
        path.write_bytes(b"x")
    fs.fsync_tree(tmp_path / "t")
    wanted = [paths[0], tmp_path / "t" / "deep", paths[1], tmp_path / "t"]
    assert flushed["inodes"] == [path.stat().st_ino for path in wanted]


def test_what_is_written_is_flushed_before_it_gets_its_name_and_the_name_after(tmp_path, flushed):
    fs.write_atomic(tmp_path / "new" / "a", b"some bytes")
    path = tmp_path / "new" / "a"
    assert flushed["inodes"] == [path.stat().st_ino, path.parent.stat().st_ino]
    assert flushed["sizes"][0] == len(b"some bytes")


def test_a_file_is_no_folder_to_flush_and_nothing_stays_open(tmp_path):
    (tmp_path / "a").write_bytes(b"x")
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - its own listing counts both times
    with pytest.raises(OutputError, match="fsync folder"):
        fs.fsync_folder(tmp_path / "a")
    fs.fsync_tree(tmp_path)
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_an_error_without_a_number_says_to_look(tmp_path):
    with pytest.raises(OutputError) as told, fs.guard("write", tmp_path):
        raise OSError("odd")
    assert told.value.way_out.startswith("Look at the folder")
    assert "odd" in told.value.what


def test_something_else_in_place_of_a_folder_is_refused(tmp_path):
    (tmp_path / "a").write_bytes(b"x")
    with pytest.raises((OutputError, UsageError)):
        fs.refuse_other_than_folder(tmp_path / "a")
    with pytest.raises((OutputError, UsageError)):
        fs.rmtree(tmp_path / "a")
    fs.refuse_other_than_folder(tmp_path / "gone")


def test_removing_what_is_gone_is_fine(tmp_path):
    (tmp_path / "kept").write_bytes(b"x")
    fs.unlink(tmp_path / "gone")
    fs.rmtree(tmp_path / "gone")
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_a_tree_is_removed_without_following_its_links(tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").write_text("x")
    (tmp_path / "tree" / "inner").mkdir(parents=True)
    (tmp_path / "tree" / "inner" / "link").symlink_to(tmp_path / "kept")
    fs.rmtree(tmp_path / "tree")
    assert not (tmp_path / "tree").exists()
    assert (tmp_path / "kept" / "file").read_text() == "x"


def test_a_file_system_without_links_is_said(tmp_path, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise NotImplementedError("no links here")

    monkeypatch.setattr("os.symlink", refuse)
    with pytest.raises(OutputError, match="no links here"):
        fs.symlink("a", tmp_path / "b")


@pytest.mark.parametrize("number", sorted(fs.NO_LINKS))
def test_where_a_file_can_have_no_second_name_its_bytes_are_copied(tmp_path, monkeypatch, number):
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    (tmp_path / "a").write_bytes(b"rows")
    monkeypatch.setattr("os.link", refuse)
    fs.link(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == b"rows"
    assert (tmp_path / "b").stat().st_ino != (tmp_path / "a").stat().st_ino


def test_a_second_name_is_the_same_file_and_other_failures_are_said(tmp_path):
    (tmp_path / "a").write_bytes(b"rows")
    fs.link(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").stat().st_ino == (tmp_path / "a").stat().st_ino
    with pytest.raises(OutputError):
        fs.link(tmp_path / "a", tmp_path / "b")


def test_staging_is_an_empty_folder_of_its_own(tmp_path):
    staged = publishing.stage(tmp_path, "abc")
    assert staged.is_dir()
    (staged / "left").write_text("x")
    assert list(publishing.stage(tmp_path, "abc").iterdir()) == []


def damaged(folder: Path, how: str) -> None:
    victim = next(path for path in sorted(folder.rglob("*.parquet")) if path.stat().st_size)
    if how == "torn":
        victim.write_bytes(victim.read_bytes()[:-1])
    elif how == "missing":
        victim.unlink()
    elif how == "a link":
        elsewhere = folder.parent / "elsewhere"
        victim.rename(elsewhere)
        victim.symlink_to(elsewhere)
    else:
        (folder / "papers" / "stranger.txt").write_text("x")
        (folder / "strange" / "er").mkdir(parents=True)


@pytest.mark.parametrize("how", ["torn", "missing", "a link", "a stranger"])
def test_a_damaged_snapshot_of_the_same_id_is_healed_by_publishing_it_again(tmp_path, how):
    tables = dataset.frames(6)
    facts = dataset.facts(tables)

    def publish() -> Path:
        staged = publishing.stage(tmp_path, facts.snapshot_id)
        dataset.write(staged, tables)
        publishing.seal(staged, facts)
        return publishing.publish(tmp_path, staged, facts.snapshot_id)

    snapshot = publish()
    sound = {path.relative_to(snapshot): path.read_bytes() for path in snapshot.rglob("*") if path.is_file()}
    damaged(snapshot, how)
    assert publish() == snapshot
    found = {path.relative_to(snapshot): path.read_bytes() for path in snapshot.rglob("*") if path.is_file()}
    assert found == sound
    assert [path for path in snapshot.rglob("*") if path.is_symlink()] == []
    assert not (snapshot / "strange").exists()


def test_a_folder_without_snapshots_is_said_and_one_with_is_taken(tmp_path):
    with pytest.raises(UsageError, match="holds no snapshot"):
        publishing.holding(tmp_path)
    (tmp_path / "snapshots" / "a").mkdir(parents=True)
    assert publishing.holding(tmp_path) == tmp_path


def test_a_link_that_can_t_be_made_is_an_error_that_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(beneath, "_held", {tmp_path})
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "part").write_text("one")
    here, nowhere, gone = (tmp_path / name for name in ("here", "nowhere", "gone"))
    with pytest.raises(OutputError, match="can't link"):
        fs.link(here / "part", nowhere / "part")
    for source, target in ((here, nowhere), (gone, here)):
        with pytest.raises(OutputError, match="can't link into"):
            fs.link_all(["part"], source, target)
