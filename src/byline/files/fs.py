"""Every change that a publication makes to the file system goes through here, one small operation at a time.

So that tests can stop or fail the process at each of them (`hook`), and so that a full disk, a read-only
folder or an I/O error becomes a message that says what to do (`OutputError`) wherever it strikes.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from byline.core.errors import OutputError

hook: Callable[[str, Path], None] | None = None
"""Called with operation and path before each operation. For tests; may raise OSError or exit.

Not an argument: it would go through some thirty functions of publishing, history and pruning, for tests alone.
"""

WAYS_OUT = {
    errno.ENOSPC: "The disk is full: free some space (`byline prune` removes old snapshots) and run again.",
    errno.EDQUOT: "The disk quota is used up: free some space (`byline prune`) and run again.",
    errno.EROFS: "The file system is read-only: give another folder with --out, or mount it writable.",
    errno.EACCES: "No permission: give another folder with --out, or change the folder's owner or mode.",
    errno.EPERM: "The file system does not permit it: give another folder with --out.",
    errno.EIO: "The disk reports an I/O error: look at the system's log before you run again.",
    errno.EXDEV: "The output folder must lie on one file system.",
}
ALL_IS_WELL = "What was published before is untouched."


@contextmanager
def guard(operation: str, path: Path) -> Iterator[None]:
    """Announce one operation to the hook and turn its OSError into OutputError.

    Writers of files (Parquet) wrap their writing in it; the functions below do it themselves.
    """
    try:
        if hook is not None:
            hook(operation, path)
        yield
    except OSError as error:
        raise failure(operation, path, error) from error


def failure(operation: str, path: Path, error: OSError) -> OutputError:
    """Return the error to raise when `operation` on `path` failed."""
    reason = error.strerror or str(error)
    way_out = WAYS_OUT.get(error.errno or 0, "Look at the folder and run again.")
    return OutputError(f"can't {operation} {path}: {reason}", f"{way_out} {ALL_IS_WELL}")


def mkdir(path: Path) -> None:
    """Create a folder and the ones above it; one that is there is fine."""
    if not path.is_dir():
        with guard("mkdir", path):
            path.mkdir(parents=True, exist_ok=True)


def write(path: Path, content: bytes) -> None:
    """Write a file and wait until it is on the disk. Not atomic: for files that no reader can see yet."""
    with guard("write", path), path.open("wb") as sink:
        sink.write(content)
        sink.flush()
        fsync_open(sink.fileno(), path)


def write_atomic(path: Path, content: bytes) -> None:
    """Replace a file: readers, and whoever comes after a crash, find all of the old or all of the new.

    The caller holds the build lock: the temporary name is always the same, so that a crash leaves no
    litter.
    """
    temporary = path.with_name(f".{path.name}.tmp")
    mkdir(path.parent)
    write(temporary, content)
    replace(temporary, path)
    fsync_folder(path.parent)


def fsync_open(descriptor: int, path: Path) -> None:
    """Wait until what was written to an open file is on the disk."""
    with guard("fsync", path):
        os.fsync(descriptor)


def fsync_file(path: Path) -> None:
    """Wait until a file that another library wrote is on the disk."""
    with guard("fsync", path):
        _fsync(path, os.O_RDONLY)


def fsync_folder(path: Path) -> None:
    """Wait until a folder's entries are on the disk (a rename is durable only then)."""
    with guard("fsync folder", path):
        _fsync(path, os.O_RDONLY | os.O_DIRECTORY)


def _fsync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def fsync_tree(folder: Path) -> None:
    """Wait until all files and folders below `folder`, and itself, are on the disk."""
    for root, _, names in os.walk(folder, topdown=False):
        for name in sorted(names):
            fsync_file(Path(root, name))
        fsync_folder(Path(root))


def replace(source: Path, target: Path) -> None:
    """Rename atomically over what `target` named before (where that is a folder: it must be empty)."""
    with guard("rename", target):
        source.replace(target)


def symlink(target: str, path: Path) -> None:
    """Create a symbolic link at `path`.

    Raises `OutputError`: also where the file system knows no symbolic links.
    """
    try:
        with guard("symlink", path):
            path.symlink_to(target)
    except NotImplementedError as error:
        raise OutputError(
            f"can't symlink {path}: {error}", "byline needs a file system with links."
        ) from error


def unlink(path: Path) -> None:
    """Remove a file or a link; one that is gone already is fine."""
    with guard("unlink", path):
        path.unlink(missing_ok=True)


def rmtree(folder: Path) -> None:
    """Remove a folder and all below it, never following a link; one that is gone already is fine."""
    for path in _entries(folder):
        if _is_folder(path):
            rmtree(path)
        else:
            unlink(path)
    if folder.is_dir():
        with guard("rmdir", folder):
            folder.rmdir()


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise failure("list", folder, error) from error


def _is_folder(path: Path) -> bool:
    return stat.S_ISDIR(path.lstat().st_mode)
