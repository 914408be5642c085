"""Many objects at once: folders of them to and from a local disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import TypeVar

from byline.core.errors import UsageError
from byline.storage.place import Changed, Entry, Place

T = TypeVar("T")

AT_ONCE = 4
"""Transfers at a time; with their chunks (`place.CHUNK_BYTES`) they hold about 128 MiB."""


def each(work: Callable[[T], None], items: Iterable[T]) -> None:
    """Do the work for every item, some at a time; the first failure is raised and what has not started is not begun."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        futures = [pool.submit(work, item) for item in items]
        try:
            for future in futures:
                future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def fetch_folder(place: Place, folder: Path) -> None:
    """Bring a local folder to the state of a place: what is new or changed is fetched, what is gone there is removed.

    Raises `UsageError`: a key is no path of a file, or an object changes meanwhile.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known = Tags(folder.with_name(f".{folder.name}.tags"))
    wanted = {folder / _relative(entry.key, place.url): entry for entry in place.list() if _listed(entry.key)}
    folders = {parent for path in wanted for parent in path.parents}
    for both in sorted(folders & wanted.keys()):
        raise UsageError(
            f"{place.url}/{wanted[both].key} is both an object and a folder of others",
            "Give it another name: on a disk it can't be both.",
        )
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in wanted:
            path.unlink()

    def fetch(item: tuple[Path, Entry]) -> None:
        path, entry = item
        try:
            place.download(entry, path)
        except (Changed, FileNotFoundError):
            raise UsageError(
                f"{place.url}/{entry.key} changed while it was fetched",
                "Build again when nothing writes there.",
            ) from None

    each(fetch, ((path, entry) for path, entry in wanted.items() if not known.same(path, entry)))
    known.write(wanted)


def _listed(key: str) -> bool:
    """Tell keys that a build would look at: nothing in folders or files whose name begins with a dot."""
    return not any(part.startswith(".") and part not in {".", ".."} for part in key.split("/"))


def _relative(key: str, url: str) -> PurePosixPath:
    parts = key.split("/")
    if not all(parts) or {".", ".."} & set(parts) or "\0" in key or any(len(p.encode()) > 240 for p in parts):
        raise UsageError(f"{url}/{key} can't be the path of a file", "Give the object another name.")
    return PurePosixPath(key)


class Tags:
    """Remembers in which version each file was fetched, so that a kept scratch folder fetches only what is new."""

    def __init__(self, path: Path) -> None:
        """`path` is the file that remembers; one that is missing or torn remembers nothing."""
        self.path = path
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            lines = []
        self.lines = set(lines)

    def same(self, path: Path, entry: Entry) -> bool:
        """Tell whether the file is there and is what was fetched of this version of the object."""
        return _line(entry) in self.lines and path.is_file() and path.stat().st_size == entry.size

    def write(self, wanted: dict[Path, Entry]) -> None:
        """Remember these."""
        self.path.write_text("".join(f"{_line(e)}\n" for e in wanted.values() if e.tag), encoding="utf-8")


def _line(entry: Entry) -> str:
    return f"{entry.tag} {entry.size} {entry.key.encode('unicode_escape').decode()}"
