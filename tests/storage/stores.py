"""Stores in memory in place of those on the net."""

from __future__ import annotations

import json
from pathlib import Path

import obstore
import pytest
from obstore.store import MemoryStore

from byline.core.errors import BylineError, OutputError
from byline.snapshots import publishing
from byline.storage import copies, pointer, remote
from byline.storage.place import Place

OUT = "s3://bucket/dataset"
RAW = "s3://bucket/raw"
OTHER = "LGSep 25, 2023\nA quiet study of lanternsMirelle Ostrava, Tobin Achterberg\nWe look at lanterns.\n"


class Stores:
    """Stores in memory by address; they stay as long as the test."""

    def __init__(self) -> None:
        self.stores: dict[str, MemoryStore] = {}

    @classmethod
    def installed(cls, monkeypatch: pytest.MonkeyPatch) -> Stores:
        """Return stores that commands and builds of this process open."""
        made = cls()
        for module in (remote, copies, pointer):
            monkeypatch.setattr(module, "open_place", made.open)
        return made

    def open(self, url: str, failure: type[BylineError]) -> Place:
        return Place(url, self.stores.setdefault(url, MemoryStore()), failure)

    def put(self, url: str, key: str, content: bytes) -> None:
        obstore.put(self.open(url, OutputError).store, key, content)

    def keys(self, url: str) -> list[str]:
        return [entry.key for entry in self.open(url, OutputError).list()]

    def content(self, url: str, below: str = "") -> dict[str, bytes]:
        place = self.open(url, OutputError)
        found = {entry.key: place.read(entry.key) for entry in place.list(below)}
        return {key.removeprefix(f"{below}/"): item[0] for key, item in found.items() if item}


def upload(stores: Stores, out: Path) -> None:
    """Put an output folder at `OUT`, as if it had been published there."""
    for part in (publishing.SNAPSHOTS, "history"):
        for path in sorted((out / part).rglob("*")):
            if path.is_file():
                stores.put(OUT, path.relative_to(out).as_posix(), path.read_bytes())
    current = publishing.current(out)
    assert current is not None
    said = {"snapshot": current.name, "path": f"snapshots/{current.name}", "publication": "once"}
    stores.put(OUT, pointer.NAME, json.dumps(said).encode())
