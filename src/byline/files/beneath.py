"""What lies below an output folder, opened from it one folder after the other, never through a link.

Whoever may write below the output folder between two builds could plant links there and have a build empty or
overwrite what they point to. So a path below a folder that was named with `hold` is opened by descriptors
(`O_NOFOLLOW`), new files only where nothing is (`O_EXCL`), and a link, a named pipe or a device in the way is refused
by name. The held folder itself may be reached through links: that is how its owner named it. Paths below no held folder
are opened as ever, their last part without following a link.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from byline.core.errors import DataError, OutputError

FOLDER_MODE, FILE_MODE = 0o755, 0o644
"""Nobody but the owner writes, whatever the umask: what others may have written is not believed (`cache`)."""
SMALL_BYTES = 256 * 1024 * 1024
"""What a file that is read as a whole may hold, where its reader says nothing else."""
WAY_OUT = "byline puts none there: see who did, move it away, and run again."


def _flags(*names: str) -> int:
    """Return flags of `os.open` together; Windows, where datasets can be read, has not all of them."""
    return sum(getattr(os, name, 0) for name in (*names, "O_BINARY"))


_FOLDER = _flags("O_RDONLY", "O_DIRECTORY", "O_NOFOLLOW", "O_CLOEXEC")
_NEW = _flags("O_WRONLY", "O_CREAT", "O_EXCL", "O_NOFOLLOW", "O_CLOEXEC")
_MORE = _flags("O_WRONLY", "O_CREAT", "O_APPEND", "O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC")
_READ = _flags("O_RDONLY", "O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC")
_KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
    stat.S_IFREG: "a file",
}
_held: set[Path] = set()


def hold(folders: Iterable[Path]) -> None:
    """Open what lies below these folders from them on, in this process."""
    for folder in folders:
        _held.update((folder, folder.absolute()))


def held() -> tuple[Path, ...]:
    """Return the folders that are held, for worker processes."""
    return tuple(sorted(_held))


@contextmanager
def opened(path: Path, *, make: bool = False) -> Iterator[tuple[int | None, str]]:
    """Yield a descriptor of the folder that holds `path`, and the name there; no descriptor below no held folder.

    `make` makes the folders on the way. Raises `OutputError`: something that is no folder stands in the way.
    Raises `FileNotFoundError`: a folder on the way is missing.
    """
    root = _root_of(path)
    if root is None:
        yield None, str(path)
        return
    *folders, name = path.relative_to(root).parts if path.is_relative_to(root) else _absolute(path, root)
    if ".." in (*folders, name):
        raise OutputError(f"{path} leads out of {root}", WAY_OUT)
    place, at = root, os.open(root, _FOLDER & ~getattr(os, "O_NOFOLLOW", 0))
    try:
        for folder in folders:
            place /= folder
            below = _step(at, folder, place, make=make)
            os.close(at)
            at = below
        yield at, name
    finally:
        os.close(at)


def _absolute(path: Path, root: Path) -> tuple[str, ...]:
    return path.absolute().relative_to(root).parts


def _root_of(path: Path) -> Path | None:
    """Return the innermost held folder above a path."""
    if not _held:
        return None
    return next(
        (folder for one in (path, path.absolute()) for folder in one.parents if folder in _held), None
    )


def _step(at: int, name: str, place: Path, *, make: bool) -> int:
    """Open the folder of this name in an open one."""
    try:
        if make:
            _make(at, name)
        return os.open(name, _FOLDER, dir_fd=at)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENOTDIR}:
            raise refused(place, kind(at, name), "a folder") from error
        error.filename = str(place)
        raise


def _make(at: int | None, name: str) -> None:
    try:
        os.mkdir(name, FOLDER_MODE, dir_fd=at)
    except FileExistsError:
        return


def kind(at: int | None, name: str) -> str | None:
    """Return in words what lies there, links not followed; null for nothing."""
    try:
        found = os.stat(name, dir_fd=at, follow_symlinks=False)
    except FileNotFoundError:
        return None
    return _KINDS.get(stat.S_IFMT(found.st_mode), "something else")


def refused(place: Path, found: str | None, wanted: str) -> OutputError:
    """Return the error for what stands where byline needs something else."""
    return OutputError(f"{place} is {found or 'gone'}, not {wanted}", WAY_OUT)


def is_folder(path: Path) -> bool:
    """Tell whether a folder lies there. Raises `OutputError` when something else does."""
    try:
        with opened(path) as (at, name):
            if at is None:
                return path.is_dir()
            found = kind(at, name)
    except FileNotFoundError:
        return False
    if found not in {None, "a folder"}:
        raise refused(path, found, "a folder")
    return found is not None


def mkdir(path: Path) -> None:
    """Make a folder and those above it."""
    if _root_of(path) is None:
        path.mkdir(parents=True, exist_ok=True)
        return
    with opened(path, make=True) as (at, name):
        assert at is not None
        os.close(_step(at, name, path, make=True))


def create(path: Path, buffering: int = -1) -> BinaryIO:
    """Return a new file, open for writing. A file of this name goes first; anything else there is refused."""
    with opened(path) as (at, name):
        found = kind(at, name)
        if found == "a file":
            os.unlink(name, dir_fd=at)
        elif found is not None:
            raise refused(path, found, "a file")
        return os.fdopen(os.open(name, _NEW, FILE_MODE, dir_fd=at), "wb", buffering)


def tally(path: Path, more: int) -> int:
    """Count up and return the sum, of all processes that count in this file: its length is the sum.

    Raises `OSError`: it can't be written, or is something else than a file.
    """
    with opened(path) as (at, name):
        descriptor = os.open(name, _MORE, FILE_MODE, dir_fd=at)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        os.write(descriptor, bytes(more))
        return os.fstat(descriptor).st_size
    finally:
        os.close(descriptor)


def is_ours(found: os.stat_result) -> bool:
    """Tell whether only we (or the system's administrator) may write there; nobody can where files have no owner."""
    if not hasattr(os, "geteuid"):
        return False  # Windows: what is kept is then made again, which is slower and always right
    return found.st_uid in {0, os.geteuid()} and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def read_file(path: Path, limit: int = SMALL_BYTES) -> bytes:
    """Return the bytes of a regular file.

    Raises `DataError`: it is no regular file, is reached through a link, or holds more than `limit` bytes.
    Raises `OSError`: it is missing, or can't be read.
    """
    return readable(path, limit)[0]


def readable(path: Path, limit: int = SMALL_BYTES) -> tuple[bytes, os.stat_result]:
    """Return the bytes of a regular file, and what the system says of it. Raises as `read`."""
    way_out = "Restore it from a backup, or move it away."
    with opened(path) as (at, name):
        if not hasattr(os, "O_NOFOLLOW") and path.is_symlink():
            raise DataError(f"{path} is {kind(at, name)}, not a file", way_out)
        try:
            descriptor = os.open(name, _READ, dir_fd=at)
        except OSError as error:
            if error.errno in {errno.ELOOP, errno.ENXIO}:  # a link; a socket
                raise DataError(f"{path} is {kind(at, name)}, not a file", way_out) from error
            raise
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):  # asked first: Python makes no file object of a folder
        os.close(descriptor)
        what = _KINDS.get(stat.S_IFMT(found.st_mode), "something else")
        raise DataError(f"{path} is {what}, not a file", way_out)
    with os.fdopen(descriptor, "rb") as source:
        content = source.read(limit + 1) if found.st_size <= limit else b""
        if found.st_size > limit or len(content) > limit:
            raise DataError(f"{path} holds more than {limit} bytes", way_out)
        return content, found
