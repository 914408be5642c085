"""A local copy of an output on an object store, made so that an ordinary build finds what it compares itself with."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Collection
from pathlib import Path

from byline.core.errors import BylineError
from byline.files import fs
from byline.snapshots import history, inside, manifest, publishing, settled
from byline.snapshots.manifest import DataFile, Document
from byline.storage.place import Changed, Entry, Place
from byline.storage.pointer import Pointer
from byline.storage.transfer import each

VIEWS = tuple(
    f"{history.FOLDER}/{name}"
    for name in (history.LOG, settled.NAME, *(place.as_posix() for place in history.REDIRECTS))
)
"""The history as readers find it, on a disk and on a store alike."""


def fetch_output(place: Place, pointer: Pointer | None, out: Path) -> None:
    """Bring the folder to the state of the place: the current snapshot, the pointer to it, and the history.

    A snapshot that was damaged there is damaged here too, for the build to say so.
    """
    _forget(out, keep=pointer.snapshot if pointer else None)
    for view in VIEWS:
        found = place.read(view)
        if found is not None:
            fs.write_atomic(out / view, found[0])
    if pointer is not None:
        fetch_snapshot(place, pointer.snapshot, out)
        (out / publishing.CURRENT).symlink_to(pointer.path)


def _forget(out: Path, keep: str | None) -> None:
    """Remove what an earlier build left in the copy; the cache and the current snapshot's files may stay."""
    (out / publishing.CURRENT).unlink(missing_ok=True)
    shutil.rmtree(out / history.FOLDER, ignore_errors=True)
    for name in publishing.snapshots(out):
        if name != keep:
            shutil.rmtree(publishing.folder_of(out, name))


def fetch_snapshot(place: Place, snapshot_id: str, out: Path, tables: Collection[str] | None = None) -> None:
    """Fetch the files of a snapshot that its manifest lists, as far as they are there; nothing without a manifest.

    With `tables`, only the manifest and the files of these tables.
    """
    source, folder = f"{publishing.SNAPSHOTS}/{snapshot_id}", publishing.folder_of(out, snapshot_id)
    content = place.read(f"{source}/{manifest.NAME}")
    if content is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    (folder / manifest.NAME).write_bytes(content[0])
    try:
        known = manifest.read_manifest(folder)
    except BylineError:
        return

    def fetch(file: DataFile | Document) -> None:
        target = folder / file.path
        if target.is_file() and manifest.sha256(target) == file.sha256:
            return
        try:
            place.download(Entry(f"{source}/{file.path}", file.bytes, None), target)
        except (Changed, FileNotFoundError):
            target.unlink(missing_ok=True)

    files: list[DataFile | Document] = [*known.files(), *known.documents]
    if tables is not None:
        files = [file for name in tables if name in known.tables for file in known.tables[name].files]
    each(fetch, [file for file in files if inside.is_inside(file.path)])


def snapshots_there(place: Place) -> dict[str, list[Entry]]:
    """Return the objects of each snapshot of the place, by its id; also of what a dead build left of one."""
    there: dict[str, list[Entry]] = defaultdict(list)
    for entry in place.list(publishing.SNAPSHOTS):
        snapshot_id = entry.key.split("/")[1]
        if snapshot_id.isalnum():
            there[snapshot_id].append(entry)
    return there
