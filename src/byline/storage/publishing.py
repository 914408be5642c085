"""Publishing on an object store: all of the new snapshot first, then the one conditional write, then the history.

    snapshots/<id>/…                    uploaded whole, `manifest.json` last
    history/pending/<publication>/…     the history as it will be
    current.json                        the switch: conditional on the version that was read when the build began
    history/log.jsonl, history/…_redirects/…   put in place; `pending` goes

Whoever dies before the switch has published nothing; whoever dies after it has left `pending` behind, which the next
build completes.
"""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from byline.core.errors import LockHeldError, OutputError
from byline.snapshots import history, manifest, publishing
from byline.storage.mirror import VIEWS
from byline.storage.place import Changed, Place
from byline.storage.pointer import Pointer, read_pointer, switch
from byline.storage.transfer import each

PENDING = f"{history.FOLDER}/pending"


def push(place: Place, out: Path, before: Pointer | None, tag: str | None) -> str:
    """Publish the current snapshot of the local copy `out`; return its address.

    `before` and `tag` are the pointer and its version as they were when the build began.

    Raises `LockHeldError`: another build published meanwhile, and this one did not.
    """
    folder = publishing.current(out)
    assert folder is not None
    _upload(place, folder)
    pointer = Pointer(folder.name, f"{publishing.SNAPSHOTS}/{folder.name}", _publication(out, folder.name))
    if before is not None and before.snapshot == folder.name:
        return f"{place.url}/{pointer.path}"  # it was current, and is whole again
    _announce(place, out, pointer)
    if not switch(place, pointer, tag):
        _drop(place, pointer)
        raise LockHeldError(
            f"another build published to {place.url} while this one ran",
            "This one published nothing; run it again, and it compares itself with that one.",
        )
    complete(place, pointer)
    return f"{place.url}/{pointer.path}"


def _publication(out: Path, snapshot_id: str) -> str:
    when = history.log(out)[-1].when.replace(":", "").replace("-", "")
    return f"{when}-{snapshot_id}-{uuid4().hex[:8]}"


def _upload(place: Place, folder: Path) -> None:
    """Upload what is missing of a snapshot, the manifest last, and look whether all has arrived in full length."""
    target = f"{publishing.SNAPSHOTS}/{folder.name}"
    files = {
        f"{target}/{path.relative_to(folder).as_posix()}": path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != manifest.NAME
    }
    last = f"{target}/{manifest.NAME}"
    there = {entry.key: entry.size for entry in place.list(target)}
    sealed = place.read(last)
    whole = sealed is not None and sealed[0] == (folder / manifest.NAME).read_bytes()
    missing = [k for k, path in files.items() if not whole or there.get(k) != path.stat().st_size]
    each(lambda key: place.upload(files[key], key), missing)
    arrived = {entry.key: entry.size for entry in place.list(target)}
    for key, path in files.items():
        if arrived.get(key) != path.stat().st_size:
            raise OutputError(
                f"{place.url}/{key} did not arrive whole ({arrived.get(key)} bytes)",
                "Nothing was published; look at the store and run the build again.",
            )
    if not whole:
        place.upload(folder / manifest.NAME, last)


def _announce(place: Place, out: Path, pointer: Pointer) -> None:
    for view in VIEWS:
        if (out / view).exists():
            place.upload(out / view, f"{PENDING}/{pointer.publication}/{view}")


def _drop(place: Place, pointer: Pointer) -> None:
    for view in VIEWS:
        place.delete(f"{PENDING}/{pointer.publication}/{view}")


def complete(place: Place, pointer: Pointer) -> None:
    """Put the history of the current publication in place; doing it twice does no harm."""
    for view in VIEWS:
        found = place.read(f"{PENDING}/{pointer.publication}/{view}")
        while found is not None and not _replace_view(place, pointer, view, found[0]):
            pass
    _drop(place, pointer)


def _replace_view(place: Place, pointer: Pointer, view: str, content: bytes) -> bool:
    """Write one file of the history unless another publication has taken over; false when it is to be tried again.

    The order counts: the version first, then the pointer. Whoever writes here under a later pointer changes the
    version, and our write fails.
    """
    there = place.read(view)
    if read_pointer(place)[0] != pointer:
        return True
    try:
        place.write_if(view, content, there[1] if there else None)
    except Changed:
        return False
    return True
