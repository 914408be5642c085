"""Temporary folders for copies: a dead process's goes when the next one is made, a living one's stays."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from byline.files import scratch

OLD = 1_000_000_000.0


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that stands for the system's temporary one."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def left(home: Path, name: str, *, when: float = OLD) -> Path:
    folder = home / f"{scratch.PREFIX}{name}"
    (folder / "snapshots").mkdir(parents=True)
    (folder / "snapshots" / "copy").write_bytes(b"a dataset")
    os.utime(folder, (when, when))
    return folder


def test_a_folder_goes_with_its_block(home: Path):
    with scratch.scratch() as folder:
        assert folder.parent == home
        assert folder.stat().st_mode & 0o077 == 0
    assert list(home.iterdir()) == []


def test_what_a_killed_process_left_goes_and_what_a_living_one_holds_stays(home: Path):
    code = (
        "import sys; from byline.files.scratch import scratch\n"
        "with scratch() as folder: print(folder, flush=True); sys.stdin.read()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    folder = Path(child.stdout.readline().strip())
    os.utime(folder, (OLD, OLD))
    with scratch.scratch():
        assert folder.is_dir()
    child.kill()
    child.communicate()
    with scratch.scratch():
        assert not folder.exists()


def test_a_young_folder_and_what_is_no_folder_stay(home: Path, tmp_path: Path):
    young = left(home, "young", when=Path(home).stat().st_mtime)
    left(tmp_path, "elsewhere")
    (home / f"{scratch.PREFIX}link").symlink_to(tmp_path)
    old = left(home, "old")
    scratch.sweep(home)
    assert young.is_dir()
    assert not old.exists()
    assert (tmp_path / f"{scratch.PREFIX}elsewhere" / "snapshots" / "copy").read_bytes() == b"a dataset"
