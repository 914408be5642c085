"""`current.json`: the one small object that says which snapshot is current, replaced only by a conditional write.

An object store has no rename and no lock that a dead process would let go. What it has is a write that succeeds only
if the object is still in the version that the writer read: of two builds that race, one wins, and the other learns it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from byline.core.decoding import from_json
from byline.core.errors import DataError, OutputError
from byline.storage.place import Changed, Place, open_place

NAME = "current.json"


@dataclass(frozen=True)
class Pointer:
    """What `current.json` says. `publication` is new each time, so that no two versions of the object are alike."""

    snapshot: str
    path: str
    """Folder of the snapshot, relative to the object: `snapshots/<snapshot>`."""
    publication: str
    """Names the folder below `history/pending/` in which the history waits until it is in place."""

    def to_json(self) -> bytes:
        """Return the object's content."""
        return (json.dumps(asdict(self), sort_keys=True, indent=2) + "\n").encode()


def read_pointer(place: Place) -> tuple[Pointer | None, str | None]:
    """Return what is current and the tag of the pointer's version; nulls before the first publication.

    Raises `DataError`: it is not a pointer that byline wrote.
    """
    found = place.read(NAME)
    if found is None:
        return None, None
    content, tag = found
    try:
        data = from_json(content)
        pointer = Pointer(str(data["snapshot"]), str(data["path"]), str(data.get("publication", "")))
    except (ValueError, KeyError, TypeError, AttributeError):
        pointer = Pointer("", "", "")
    if not pointer.snapshot.isalnum() or pointer.path != f"snapshots/{pointer.snapshot}":
        raise DataError(
            f"{place.url}/{NAME} does not name a snapshot",
            "Move it away, or put back an older version of it.",
        )
    return pointer, tag


def switch(place: Place, pointer: Pointer, tag: str | None) -> bool:
    """Make a snapshot current if the pointer still is in the version `tag`; return whether it was.

    A write whose answer was lost on the way and that was sent again finds itself: that is a success too.
    """
    try:
        place.write_if(NAME, pointer.to_json(), tag)
    except Changed:
        now, _ = read_pointer(place)
        return now == pointer
    return True


def current_address(url: str) -> str:
    """Return the address of the current snapshot of an output on an object store: what `byline path` prints.

    Raises `DataError`: nothing was published there yet.
    """
    place = open_place(url, OutputError)
    return f"{place.url}/{current_pointer(place).path}"


def current_pointer(place: Place) -> Pointer:
    """Return what is current. Raises `DataError`: nothing was published there yet."""
    pointer, _ = read_pointer(place)
    if pointer is None:
        raise DataError(
            f"nothing was published at {place.url} yet", f"`byline build --out {place.url}` publishes there."
        )
    return pointer
