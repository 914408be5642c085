"""What lies below a held folder: opened step by step, links never followed, and told in words when it is wrong."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

import pytest

from byline.core.errors import DataError, OutputError
from byline.files import beneath


def a_link(place: Path) -> None:
    place.symlink_to("elsewhere")


def a_pipe(place: Path) -> None:
    os.mkfifo(place)


def a_folder(place: Path) -> None:
    place.mkdir()


def a_socket(place: Path) -> None:
    here = Path.cwd()
    os.chdir(place.parent)  # a socket's path may hold some hundred bytes only
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(place.name)
    finally:
        os.chdir(here)


KINDS = {"a symbolic link": a_link, "a named pipe": a_pipe, "a folder": a_folder, "a socket": a_socket}


@pytest.fixture
def out(tmp_path, monkeypatch):
    """Return a folder that is held for this test."""
    monkeypatch.setattr(beneath, "_held", set())
    folder = tmp_path / "out"
    folder.mkdir()
    beneath.hold([folder])
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_no_file_is_written_where_something_else_stands(out, kind):
    KINDS[kind](out / "a")
    with pytest.raises(OutputError, match=f"is {kind}, not a file"):
        beneath.create(out / "a")
    assert beneath.kind(None, str(out / "a")) == kind


@pytest.mark.parametrize("kind", KINDS)
def test_only_a_regular_file_is_read(out, kind):
    KINDS[kind](out / "a")
    with pytest.raises(DataError, match=f"is {kind}, not a file"):
        beneath.read_file(out / "a")


def test_a_link_is_not_read_where_the_system_has_no_flag_that_refuses_it(out, monkeypatch):
    (out / "b").write_bytes(b"x")
    (out / "a").symlink_to("b")
    monkeypatch.delattr(os, "O_NOFOLLOW")
    monkeypatch.setattr(beneath, "_READ", os.O_RDONLY)
    assert beneath.read_file(out / "b") == b"x"
    with pytest.raises(DataError, match="is a symbolic link, not a file"):
        beneath.read_file(out / "a")


def test_flags_that_a_system_lacks_are_none():
    assert beneath._flags("O_WRONLY", "O_NO_SUCH_FLAG") == os.O_WRONLY


def test_where_files_have_no_owner_nothing_is_ours(out, monkeypatch):
    (out / "a").write_bytes(b"x")
    assert beneath.is_ours((out / "a").stat())
    monkeypatch.delattr(os, "geteuid")
    assert not beneath.is_ours((out / "a").stat())


def test_processes_count_in_a_file_and_in_nothing_else(out):
    assert [beneath.tally(out / "a", more) for more in (2, 3)] == [2, 5]
    os.mkfifo(out / "pipe")
    reader = os.open(out / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        with pytest.raises(OSError, match="not a regular file"):
            beneath.tally(out / "pipe", 1)
    finally:
        os.close(reader)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "a folder"])
def test_no_folder_is_made_or_gone_through_where_something_else_stands(out, kind):
    KINDS[kind](out / "a")
    for place in (out / "a" / "b", out / "a"):
        with pytest.raises(OutputError, match=f"is {kind}, not a folder"):
            beneath.mkdir(place)
    with pytest.raises(OutputError, match=f"is {kind}, not a folder"):
        beneath.is_folder(out / "a")


def test_a_file_takes_the_place_of_the_one_that_was_there(out):
    for content in (b"one, longer", b"two"):
        with beneath.create(out / "a") as sink:
            sink.write(content)
    assert (out / "a").read_bytes() == b"two"
    assert stat.S_IMODE((out / "a").stat().st_mode) & 0o022 == 0


def test_folders_are_made_on_the_way_for_their_owner_alone_to_write(out):
    before = os.umask(0)
    try:
        beneath.mkdir(out / "a" / "b")
        with beneath.create(out / "a" / "b" / "c"):
            pass
    finally:
        os.umask(before)
    modes = [stat.S_IMODE((out / place).stat().st_mode) for place in ("a", "a/b", "a/b/c")]
    assert modes == [0o755, 0o755, 0o644]
    assert beneath.is_folder(out / "a")
    assert not beneath.is_folder(out / "gone")


def test_a_path_that_leads_out_is_refused(out):
    with pytest.raises(OutputError, match="leads out"), beneath.opened(out / ".." / "elsewhere"):
        pass


@pytest.mark.parametrize("size", [0, 9, 10])
def test_a_file_is_read_up_to_its_limit(out, size):
    (out / "a").write_bytes(b"x" * size)
    assert beneath.read_file(out / "a", 10) == b"x" * size
    assert beneath.read_file(out / "a") == b"x" * size


def test_a_file_beyond_its_limit_is_refused(out):
    (out / "a").write_bytes(b"x" * 11)
    with pytest.raises(DataError, match="more than 10 bytes"):
        beneath.read_file(out / "a", 10)


@pytest.mark.parametrize(("mode", "ours"), [(0o644, True), (0o600, True), (0o664, False), (0o646, False)])
def test_what_others_may_write_is_not_ours(out, mode, ours):
    (out / "a").write_bytes(b"x")
    (out / "a").chmod(mode)
    assert beneath.is_ours((out / "a").stat()) is ours


def test_nothing_stays_open_and_no_program_that_is_started_inherits_it(out):
    (out / "deep").mkdir()
    (out / "deep" / "a").write_bytes(b"x")
    before = set(os.listdir("/proc/self/fd"))  # noqa: PTH208 - its own listing counts both times
    with beneath.opened(out / "deep" / "a") as (at, name):
        assert name == "a"
        assert at is not None
        assert not os.get_inheritable(at)
    beneath.read_file(out / "deep" / "a")
    assert set(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_a_held_folder_may_be_reached_by_a_link_and_is_a_folder_in_any_case(tmp_path, monkeypatch):
    monkeypatch.setattr(beneath, "_held", set())
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "file").write_text("x")
    for name in ("link", "file"):
        beneath._held.add(tmp_path / name)
    with beneath.create(tmp_path / "link" / "a.txt") as sink:
        sink.write(b"x")
    assert (tmp_path / "real" / "a.txt").read_bytes() == b"x"
    with pytest.raises(NotADirectoryError), beneath.opened(tmp_path / "file" / "a.txt"):
        pass
