"""Every change that a publication makes to the file system goes through here, one small operation at a time.

So that tests can stop or fail the process at each of them (`hook`), and so that a full disk, a read-only
folder or an I/O error becomes a message that says what to do (`OutputError`) wherever it strikes. Below an output
folder that is held (`byline.files.beneath`) no operation follows a link.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from byline.core.errors import OutputError
from byline.files import beneath

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
    errno.EMFILE: "The process has too many open files: raise the limit (`ulimit -n 4096`) and run again.",
    errno.ENFILE: "The system has too many open files: close other programs and run again.",
}
ALL_IS_WELL = "What was published before is untouched."


@contextmanager
def guard(operation: str, path: Path, *, announced: bool = True) -> Iterator[None]:
    """Announce one operation to the hook (one that changes nothing is not) and turn its OSError into OutputError.

    Writers of files (Parquet) wrap their writing in it; the functions below do it themselves.
    """
    try:
        if hook is not None and announced:
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
    with guard("look at", path, announced=False):
        there = beneath.is_folder(path)
    if not there:
        with guard("mkdir", path):
            beneath.mkdir(path)


def refuse_other_than_folder(path: Path) -> None:
    """Raise `OutputError` when a link or anything else than a folder lies there; nothing at all is fine."""
    with guard("look at", path, announced=False):
        _is_folder(path)


def write(path: Path, content: bytes) -> None:
    """Write a file and wait until it is on the disk. Not atomic: for files that no reader can see yet."""
    with guard("write", path), beneath.create(path) as sink:
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
        _fsync(path, os.O_RDONLY | os.O_NONBLOCK)


def fsync_folder(path: Path) -> None:
    """Wait until a folder's entries are on the disk (a rename is durable only then).

    Windows opens no folders: there `byline init` alone writes, and nothing follows from the order of what it writes.
    """
    if not hasattr(os, "O_DIRECTORY"):
        return
    with guard("fsync folder", path):
        _fsync(path, os.O_RDONLY | os.O_DIRECTORY)


def _fsync(path: Path, flags: int) -> None:
    with beneath.opened(path) as (at, name):
        # The held folder itself has no descriptor: it may be a link.
        nofollow = 0 if at is None else os.O_NOFOLLOW
        descriptor = os.open(name, flags | nofollow | os.O_CLOEXEC, dir_fd=at)
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
    with (
        guard("rename", target),
        beneath.opened(source) as (here, old),
        beneath.opened(target) as (there, new),
    ):
        os.replace(old, new, src_dir_fd=here, dst_dir_fd=there)


NO_LINKS = {errno.EPERM, errno.EXDEV, errno.EMLINK, errno.ENOTSUP, errno.EOPNOTSUPP}
"""A file system without hard links, another one, or as many links as it can hold: the bytes are copied then."""


def link(source: Path, target: Path) -> None:
    """Give a file a second name, or copy it where that can't be; there is nothing at `target`."""
    with (
        guard("link", target, announced=False),
        beneath.opened(source) as (here, old),
        beneath.opened(target) as (there, new),
    ):
        _link(source, target, (here, old), (there, new))


def link_all(names: Iterable[str], source: Path, target: Path) -> None:
    """Give files of the folder `source` the same names in the folder `target`, as `link` does."""
    with (
        guard("link into", target, announced=False),
        beneath.opened(source / "file") as (here, _),
        beneath.opened(target / "file") as (there, _),
    ):
        for name in names:
            old, new = source / name, target / name
            places = [(at, str(path) if at is None else name) for at, path in ((here, old), (there, new))]
            _link(old, new, *places)


def _link(source: Path, target: Path, old: tuple[int | None, str], new: tuple[int | None, str]) -> None:
    """Link files that are named by an open folder and a name there, or by none and a path."""
    with guard("link", target):
        try:
            os.link(old[1], new[1], src_dir_fd=old[0], dst_dir_fd=new[0], follow_symlinks=False)
        except OSError as error:
            if error.errno not in NO_LINKS:
                raise
            with beneath.create(target) as sink:
                sink.write(beneath.read_file(source, limit=1 << 34))


def symlink(target: str, path: Path) -> None:
    """Create a symbolic link at `path`.

    Raises `OutputError`: also where the file system knows no symbolic links.
    """
    try:
        with guard("symlink", path), beneath.opened(path) as (at, name):
            os.symlink(target, name, dir_fd=at)
    except NotImplementedError as error:
        raise OutputError(
            f"can't symlink {path}: {error}", "byline needs a file system with links."
        ) from error


def unlink(path: Path) -> None:
    """Remove a file or a link; one that is gone already is fine."""
    with guard("unlink", path), suppress(FileNotFoundError), beneath.opened(path) as (at, name):
        os.unlink(name, dir_fd=at)


def rmtree(folder: Path) -> None:
    """Remove a folder and all below it, never following a link; one that is gone already is fine.

    Raises `OutputError`: what lies there is no folder (a link to one is none), or can't be removed.
    """
    with guard("look at", folder, announced=False):
        if not _is_folder(folder):
            return
    with guard("list", folder, announced=False), beneath.opened(folder / "entry") as (at, _):
        names = sorted(os.listdir(folder if at is None else at))  # noqa: PTH208 - by descriptor
        for name in names:
            path = folder / name
            here = str(path) if at is None else name
            if beneath.kind(at, here) == "a folder":
                rmtree(path)
            else:
                with guard("unlink", path), suppress(FileNotFoundError):
                    os.unlink(here, dir_fd=at)
    with guard("rmdir", folder), beneath.opened(folder) as (at, name):
        os.rmdir(name, dir_fd=at)


def _is_folder(path: Path) -> bool:
    """Tell whether a folder lies there, links not followed; refuses what is something else."""
    try:
        with beneath.opened(path) as (at, name):
            found = beneath.kind(at, name)
    except FileNotFoundError:
        return False
    if found not in {None, "a folder"}:
        raise beneath.refused(path, found, "a folder")
    return found == "a folder"
