"""What `current` points to is on the disk: every file and every folder of it, before the pointer moves."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from byline.files import fs
from byline.snapshots import publishing
from byline.snapshots.lock import build_lock
from byline.snapshots.seal import seal
from tests.validation import dataset


class Disk:
    """Notes which files and folders were waited for, and what was when the pointer moved."""

    def __init__(self) -> None:
        self.waited_for: set[int] = set()
        self.before_the_switch: set[int] = set()

    def fsync(self, descriptor: int) -> None:
        self.waited_for.add(os.fstat(descriptor).st_ino)

    def hook(self, operation: str, path: Path) -> None:
        if operation == "rename" and path.name == publishing.CURRENT:
            self.before_the_switch = set(self.waited_for)


@pytest.fixture
def disk(monkeypatch) -> Disk:
    disk = Disk()
    monkeypatch.setattr(os, "fsync", disk.fsync)
    monkeypatch.setattr(fs, "hook", disk.hook)
    return disk


def inodes(folder: Path) -> set[int]:
    return {path.stat().st_ino for path in [folder, *folder.rglob("*")]}


def published(out: Path, disk: Disk) -> Path:
    with build_lock(out):
        staged = publishing.stage(out, "0" * 20)
        tables = dataset.frames(6)
        dataset.write(staged, tables)
        facts = dataset.facts(tables)
        assert not disk.waited_for, "Parquet is written without waiting; sealing waits for all at once"
        seal(staged, facts)
        return publishing.publish(out, staged, facts.snapshot_id)


def test_every_file_and_folder_is_on_the_disk_before_the_switch(tmp_path, disk):
    snapshot = published(tmp_path, disk)
    assert inodes(snapshot) <= disk.before_the_switch
    assert {snapshot.parent.stat().st_ino, tmp_path.stat().st_ino} <= disk.before_the_switch


def test_the_switch_itself_and_its_line_are_on_the_disk_at_the_end(tmp_path, disk):
    published(tmp_path, disk)
    after = disk.waited_for - disk.before_the_switch
    assert (tmp_path / "history" / "log.jsonl").stat().st_ino in after
    assert (tmp_path / "history").stat().st_ino in disk.waited_for
