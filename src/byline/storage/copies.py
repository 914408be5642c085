"""What commands read of an output on an object store: a temporary copy of no more than they ask for."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from byline.core.errors import BylineError, LockHeldError, OutputError
from byline.files import fs
from byline.files.scratch import scratch
from byline.snapshots import history, manifest, prune, publishing, settled
from byline.snapshots.settled import Settled
from byline.storage.mirror import VIEWS, fetch_snapshot, snapshots_there
from byline.storage.place import Entry, Place, open_place
from byline.storage.pointer import Pointer, current_pointer, read_pointer
from byline.storage.publishing import PENDING, complete
from byline.storage.transfer import each


@contextmanager
def local_copy(
    url: str,
    *,
    tables: Collection[str] | None = None,
    others: Sequence[str] = (),
    before: bool = False,
) -> Iterator[Path]:
    """Yield a temporary folder that holds the history of an output, and its current snapshot.

    `tables` leaves out the rest of the snapshot (of none, only the manifest is fetched); `others` are ids of snapshots
    that are wanted, too, as far as they are there; `before` wants the one that was published before the current one.

    Raises `DataError`: nothing was published there yet. Errors of the body name the address, not the folder.
    """
    place = open_place(url, OutputError)
    pointer = current_pointer(place)
    with _temporary(url) as out:
        _fetch_history(place, pointer, out)
        wanted = [pointer.snapshot, *others]
        if before:
            wanted += [entry.previous for entry in history.entries(out)[-1:] if entry.previous]
        for snapshot_id in dict.fromkeys(one for one in wanted if one.isalnum()):
            fetch_snapshot(place, snapshot_id, out, tables)
        yield out


@contextmanager
def history_copy(url: str) -> Iterator[Path]:
    """Yield a temporary folder that holds the history of an output, and an empty folder for each of its snapshots.

    Raises as `local_copy` does.
    """
    place = open_place(url, OutputError)
    pointer = current_pointer(place)
    with _temporary(url) as out:
        _outline(place, pointer, out)
        yield out


def settle_remotely(url: str) -> Settled:
    """Settle the log of an output on an object store as it is (`snapshots.settled`)."""
    place = open_place(url, OutputError)
    pointer = current_pointer(place)
    complete(place, pointer)
    with _temporary(url) as out:
        _fetch_history(place, pointer, out)
        said = settled.settle(out)
        content = (out / history.FOLDER / settled.NAME).read_bytes()
    place.write(f"{history.FOLDER}/{settled.NAME}", content)
    return said


def prune_remotely(
    url: str, *, keep: int, older_than: timedelta, grace: timedelta, dry_run: bool
) -> list[str]:
    """Remove old snapshots of an output on an object store, as `prune.prune` does on a disk; return their ids.

    Of each the manifest goes first: a snapshot without one is none. What dead builds left counts as a snapshot that
    never was current.

    Raises `LockHeldError`: something was published meanwhile; what was not removed yet stays.
    """
    place = open_place(url, OutputError)
    pointer = current_pointer(place)
    if not dry_run:
        complete(place, pointer)
    with _temporary(url) as out:
        there = _outline(place, pointer, out)
        removed = prune.prune(out, keep=keep, older_than=older_than, grace=grace, dry_run=True)
    for snapshot_id in removed if not dry_run else ():
        if read_pointer(place)[0] != pointer:
            raise LockHeldError(
                f"something was published to {url} while old snapshots were removed", "Run it again."
            )
        place.delete(f"{publishing.SNAPSHOTS}/{snapshot_id}/{manifest.NAME}")
        each(place.delete, [entry.key for entry in there[snapshot_id]])
    return removed


def _outline(place: Place, pointer: Pointer, out: Path) -> dict[str, list[Entry]]:
    """Fetch the history, and make an empty folder, as old as its latest object, for each snapshot that is there."""
    _fetch_history(place, pointer, out)
    there = snapshots_there(place)
    for snapshot_id, entries in there.items():
        folder = publishing.folder_of(out, snapshot_id)
        folder.mkdir(parents=True)
        when = max(_seconds(entry.modified) for entry in entries)
        os.utime(folder, (when, when))
    return there


def _seconds(moment: datetime | None) -> float:
    return 0.0 if moment is None else moment.timestamp()


def _fetch_history(place: Place, pointer: Pointer, out: Path) -> None:
    """Fetch the history as it is with the current publication, also where its writer died before it was in place."""
    waiting = {entry.key for entry in place.list(f"{PENDING}/{pointer.publication}")}
    for view in VIEWS:
        pending = f"{PENDING}/{pointer.publication}/{view}"
        found = place.read(pending if pending in waiting else view)
        if found is not None:
            fs.write_atomic(out / view, found[0])
    (out / publishing.CURRENT).symlink_to(pointer.path)


@contextmanager
def _temporary(url: str) -> Iterator[Path]:
    """Yield a temporary folder for a copy; errors name the address in its place."""
    with scratch() as folder:
        try:
            yield folder
        except BylineError as failure:
            raise failure.said_of(str(folder), url) from failure
