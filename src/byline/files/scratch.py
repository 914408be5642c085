"""Temporary folders outside the output, for copies: gone when their process ends, however it ends.

A killed process cannot remove its folder, which may hold a whole dataset. So every folder is locked while its process
lives (`flock` on the folder itself, which the kernel lets go of), and whoever makes the next one removes those of ours
that nobody holds.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "byline-copy-"
SETTLED_SECONDS = 600.0
"""A folder that is younger may be one that its process has not locked yet."""


@contextmanager
def scratch() -> Iterator[Path]:
    """Yield a new temporary folder that only we may read; what dead processes of ours left goes first."""
    sweep(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as folder:
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(held, fcntl.LOCK_SH)
            yield Path(folder)
        finally:
            os.close(held)


def sweep(home: Path) -> None:
    """Remove the folders of dead processes; what can't be removed is left, links are never followed."""
    for folder in home.glob(f"{PREFIX}*"):
        with suppress(OSError):
            found = folder.lstat()
            ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
            if ours and time.time() - found.st_mtime > SETTLED_SECONDS:
                _remove_unless_held(folder)


def _remove_unless_held(folder: Path) -> None:
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)  # BlockingIOError: its process lives
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(held)
