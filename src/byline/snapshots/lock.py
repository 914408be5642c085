"""One build at a time: an advisory lock on `<out>/.lock`.

The kernel releases it when the process that holds it ends in whatever way, so a dead build never blocks
the next. What stands in the file is for the message only.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from byline.core.decoding import from_json
from byline.core.errors import DataError, LockHeldError, OutputError, UsageError
from byline.files import beneath, fs

try:
    import fcntl
except (
    ModuleNotFoundError
) as missing:  # said here, before anything is made: whoever imports this wants to publish
    raise UsageError(
        "building, rolling back and pruning need a POSIX system (Linux, macOS), for its file locks",
        "On Windows use WSL. parse, validate, export, sql and loading from Python work everywhere.",
    ) from missing

log_to = logging.getLogger(__name__)

POLL_SECONDS = 0.1
MAX_HOLDER_BYTES = 4096
OWN_FOLDERS = ("snapshots", "history", ".staging", ".work", ".cache", ".unpublished")
"""What byline makes below an output folder; none of them may be a link to somewhere else."""

_held: set[int] = set()


def _let_go_in_child() -> None:
    """Close the lock in a forked worker: it must not keep it alive after its parent died."""
    for descriptor in _held:
        os.close(descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_let_go_in_child)


@contextmanager
def build_lock(out: Path, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock of an output folder, waiting for at most `wait` seconds.

    Raises `LockHeldError`: another process (or another part of this one) holds it; says who and since
    when. Raises `OutputError`: the lock file can't be written, or a link stands where byline has a folder.
    """
    fs.mkdir(out)
    beneath.hold([out])
    path = out / ".lock"
    with fs.guard("open", path):
        descriptor = _open(path)
    try:
        for name in OWN_FOLDERS:
            fs.refuse_other_than_folder(out / name)
        _acquire(descriptor, path, wait)
        _held.add(descriptor)
        _sign(descriptor)
        yield
    finally:
        if descriptor in _held:
            _held.discard(descriptor)
            _wipe(descriptor)
        os.close(descriptor)


def _open(path: Path) -> int:
    """Open the lock file. Raises `OutputError` when something stands there that is no file."""
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    with beneath.opened(path) as (at, name):
        found = beneath.kind(at, name)
        if found not in {None, "a file"}:
            raise beneath.refused(path, found, "a file")
        descriptor = os.open(name, flags, 0o644, dir_fd=at)
    if os.fstat(descriptor).st_nlink > 1:  # what is written into it would stand elsewhere, too
        os.close(descriptor)
        raise beneath.refused(path, "a hard link to a file elsewhere", "a file of its own")
    return descriptor


def _acquire(descriptor: int, path: Path, wait: float) -> None:
    deadline = time.monotonic() + wait
    told = False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in {errno.EWOULDBLOCK, errno.EACCES}:
                raise OutputError(
                    f"can't lock {path}: {error.strerror}",
                    "byline needs a file system with locks (flock); give another folder with --out.",
                ) from error
        else:
            return
        if time.monotonic() >= deadline:
            raise LockHeldError(
                f"another build holds {path}: {holder(path.parent)}",
                "Wait for it to end, run again with --wait SECONDS, or end that process.",
            )
        if not told:
            log_to.info("waiting up to %.0f s for %s, held by %s", wait, path, holder(path.parent))
            told = True
        time.sleep(min(POLL_SECONDS, max(0.0, deadline - time.monotonic())))


def holder(out: Path) -> str:
    """Describe who holds the lock, as far as the lock file tells."""
    try:
        facts = from_json(beneath.read_file(out / ".lock", MAX_HOLDER_BYTES))
        return f"process {int(facts['pid'])} on {facts['host']!r}, since {facts['since']}"
    except (OSError, ValueError, KeyError, TypeError, DataError):
        return "a process that has just started or is just ending"


def _sign(descriptor: int) -> None:
    """Write who holds the lock. A full disk must not stop the build here: the lock itself holds without it."""
    facts = {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(facts).encode(), 0)
    except OSError:
        return


def _wipe(descriptor: int) -> None:
    try:
        os.ftruncate(descriptor, 0)
    except OSError:
        return
