"""Stop or fail a publication at its n-th operation on the file system."""

from __future__ import annotations

import errno
import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from byline.core.errors import OutputError
from byline.files import fs
from byline.snapshots import history, manifest, publishing
from byline.snapshots.lock import build_lock
from byline.snapshots.manifest import Facts
from byline.snapshots.seal import damage, seal

KILLED = 77
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    ["byline.snapshots.publishing", "byline.snapshots.seal", "byline.snapshots.lock", "tests.publish.faults"]
)
ERRORS = (errno.ENOSPC, errno.EROFS, errno.EIO)


def publish(out: Path, prepared: Path, facts: Facts, wait: float = 0) -> Path:
    """Publish prepared Parquet files, as a build does: staged, sealed, moved, switched, logged."""
    with build_lock(out, wait):
        staged = publishing.stage(out, facts.snapshot_id)
        for path in sorted(prepared.rglob("*.parquet")):
            target = staged / path.relative_to(prepared)
            fs.mkdir(target.parent)
            fs.write(target, path.read_bytes())
        seal(staged, facts)
        return publishing.publish(out, staged, facts.snapshot_id)


@contextmanager
def at_operation(
    number: int, act: Callable[[str, Path], None], *, for_good: bool = False
) -> Iterator[list[str]]:
    """Call `act` before the operation of this number (from 0), and `for_good` before all later ones.

    Gives the names of the operations that were begun.
    """
    seen: list[str] = []

    def hook(operation: str, path: Path) -> None:
        seen.append(operation)
        if len(seen) == number + 1 or (for_good and 0 <= number < len(seen)):
            act(operation, path)

    fs.hook = hook
    try:
        yield seen
    finally:
        fs.hook = None


def die(operation: str, path: Path) -> None:
    """End the process at once; what it was about to write is torn."""
    if operation == "write":
        path.write_bytes(b"torn")
    os._exit(KILLED)


def fail(code: int) -> Callable[[str, Path], None]:
    def act(operation: str, path: Path) -> None:
        raise OSError(code, os.strerror(code), str(path))

    return act


def killed_at(number: int, work: Callable[[], object]) -> bool:
    """Run `work` in a child that dies at an operation; whether it died there (else it had come to its end).

    The child comes from a fork server that has never started a thread: a fork of this process would wait forever for
    the threads of polars.
    """
    child = PROCESSES.Process(target=_work_until, args=(number, work))
    child.start()
    child.join(60)
    if child.exitcode is None:
        child.kill()
    assert child.exitcode in {0, KILLED}, child.exitcode
    return child.exitcode == KILLED


class Killed(BaseException):
    """Stands for the end of the process: nothing that cleans up on the way out reaches the disk."""


def stopped_at(number: int, work: Callable[[], object]) -> bool:
    """Do as `killed_at` in this process, which takes a tenth of the time: every later operation fails, too."""

    def stop(operation: str, path: Path) -> None:
        if operation == "write" and len(seen) == number + 1:
            path.write_bytes(b"torn")
        raise Killed

    with at_operation(number, stop, for_good=True) as seen, suppress(Killed):
        work()
    return len(seen) > number


def _work_until(number: int, work: Callable[[], object]) -> None:
    with at_operation(number, die):
        work()


def failed_at(number: int, code: int, work: Callable[[], object]) -> bool:
    """Run `work` with an error at an operation; whether the operation was reached."""
    ways_out: list[str] = []
    with at_operation(number, fail(code)) as seen:
        try:
            work()
        except OutputError as error:
            ways_out.append(error.way_out)
    assert all(ways_out)
    return len(seen) > number


def operations(work: Callable[[], object]) -> list[str]:
    """Return the names of the operations that `work` takes."""
    with at_operation(-1, die) as seen:
        work()
    return seen


def bytes_below(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def copy(source: Path, target: Path) -> Path:
    """Copy an output folder, links as links."""
    shutil.copytree(source, target, symlinks=True)
    return target


def current(out: Path) -> Path:
    """Return the current snapshot's folder; there is one."""
    folder = publishing.current(out)
    assert folder is not None
    return folder


def consistent(out: Path) -> None:
    """Assert that what a reader finds is one whole snapshot, and that the history tells how it came to be."""
    folder = current(out)
    assert manifest.read_manifest(folder).snapshot_id == folder.name
    assert not damage(folder)
    assert history.entries(out)[-1].snapshot == folder.name
