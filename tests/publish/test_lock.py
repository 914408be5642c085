"""One build at a time; a dead one never blocks."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from byline.core.errors import LockHeldError
from byline.snapshots.lock import build_lock, holder

SPAWN = multiprocessing.get_context("spawn")


def _hold(out: Path, ready: Event) -> None:
    with build_lock(out):
        ready.set()
        time.sleep(600)


@pytest.fixture
def other(tmp_path):
    """Another process that holds the lock."""
    ready = SPAWN.Event()
    process = SPAWN.Process(target=_hold, args=(tmp_path, ready))
    process.start()
    assert ready.wait(60)
    yield process
    process.kill()
    process.join()


def test_a_second_build_is_told_who_holds_the_lock_and_since_when(tmp_path, other):
    with (
        pytest.raises(LockHeldError, match=f"process {other.pid} on .* since 20") as error,
        build_lock(tmp_path),
    ):
        pass
    assert error.value.exit_code == 3
    assert "--wait" in error.value.way_out


def test_a_dead_holder_does_not_block(tmp_path, other):
    os.kill(other.pid, signal.SIGKILL)
    other.join()
    with build_lock(tmp_path):
        assert str(os.getpid()) in holder(tmp_path)


def test_waiting_ends_when_the_holder_does(tmp_path, other):
    with pytest.raises(LockHeldError), build_lock(tmp_path, wait=0.3):
        pass
    os.kill(other.pid, signal.SIGTERM)
    with build_lock(tmp_path, wait=30):
        pass


def test_the_lock_is_free_after_an_error(tmp_path):
    with pytest.raises(ValueError, match="oops"), build_lock(tmp_path):
        raise ValueError("oops")
    with build_lock(tmp_path), pytest.raises(LockHeldError), build_lock(tmp_path):
        pass
    assert (tmp_path / ".lock").read_bytes() == b""


def test_a_worker_that_outlives_its_parent_does_not_keep_the_lock(tmp_path):
    read, write = os.pipe()
    parent = os.fork()
    if parent == 0:
        lock = build_lock(tmp_path)
        lock.__enter__()
        if os.fork() == 0:
            os.write(write, str(os.getpid()).encode())  # by now it has let go
            time.sleep(600)
        os._exit(1)
    os.waitpid(parent, 0)
    worker = int(os.read(read, 20))
    try:
        with build_lock(tmp_path):
            assert (tmp_path / ".lock").read_bytes() != b""
    finally:
        os.kill(worker, signal.SIGKILL)
