"""Single operations on the file system: what they leave, and what they say when they fail."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from byline.core.errors import OutputError, UsageError
from byline.files import fs
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


def test_removing_what_is_gone_is_fine(tmp_path):
    fs.unlink(tmp_path / "gone")
    fs.rmtree(tmp_path / "gone")


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
