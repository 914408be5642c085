"""A prefix on an object store, and the few things that byline does there; every failure says what and the way out.

Addresses, credentials and endpoints are obstore's: `s3://bucket/prefix` with the variables `AWS_ENDPOINT_URL`,
`AWS_REGION`, `AWS_ACCESS_KEY_ID` and so on in the environment, likewise `gs://` and `az://`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from byline.core.errors import BylineError, UsageError
from byline.core.extras import needed
from byline.files import run_files

with needed("s3", "an address on an object store"):
    import obstore
    from obstore.exceptions import AlreadyExistsError, BaseError, InvalidPathError, PreconditionError
    from obstore.store import ObjectStore, S3Store, from_url

CHUNK_BYTES = 8 * 1024 * 1024
"""What one transfer holds in memory at a time, and the part of a multipart upload (5 MiB is S3's least)."""
PARTS_AT_ONCE = 4

_WAY_OUT = (
    "Look at the address, the credentials and the endpoint (AWS_ENDPOINT_URL, AWS_REGION, …), and run again."
)


class Changed(Exception):
    """The object is not in the version that was asked for."""


@dataclass(frozen=True)
class Entry:
    """An object: its key below the prefix, its length in bytes, and the tag of its version."""

    key: str
    size: int
    tag: str | None
    modified: datetime | None = None
    """When it was written, by the store's clock."""


@dataclass(frozen=True)
class Place:
    """A prefix on a store; `failure` is what is raised when the store does not do as it should."""

    url: str
    store: ObjectStore
    failure: type[BylineError]

    def list(self, prefix: str = "") -> list[Entry]:
        """Return the objects below a prefix, sorted by key; what only stands for a folder is left out.

        Consoles make a folder as an empty object `folder/`, whose slash is not told here: an empty object is one where
        others lie below its key.
        """
        with self._told(f"list {self.url}/{prefix}"):
            found = [entry for page in obstore.list(self.store, prefix or None) for entry in page]
        entries = [
            Entry(e["path"], e["size"], e["e_tag"], e["last_modified"])
            for e in found
            if not e["path"].endswith("/")
        ]
        above = {folder for e in entries for folder in _above(e.key)}
        return sorted((e for e in entries if e.size or e.key not in above), key=lambda entry: entry.key)

    def read(self, key: str) -> tuple[bytes, str | None] | None:
        """Return a small object and the tag of its version; null when there is none."""
        try:
            with self._told(f"read {self.url}/{key}"):
                found = obstore.get(self.store, key)
                return bytes(found.bytes()), found.meta["e_tag"]
        except FileNotFoundError:
            return None

    def write(self, key: str, content: bytes) -> None:
        """Write a small object, whatever was there."""
        with self._told(f"write {self.url}/{key}"):
            obstore.put(self.store, key, content, use_multipart=False)

    def write_if(self, key: str, content: bytes, tag: str | None) -> None:
        """Write a small object if it still is in the version `tag` (null: if there is none yet).

        Raises `Changed` when it is not.
        """
        with self._told(f"write {self.url}/{key}"):
            obstore.put(self.store, key, content, mode="create" if tag is None else {"e_tag": tag})

    def delete(self, key: str) -> None:
        """Remove an object; one that is gone already is fine."""
        with self._told(f"delete {self.url}/{key}"):
            obstore.delete(self.store, key)

    def upload(self, source: Path, key: str) -> None:
        """Write a file, in parts when it is large. It appears whole or not at all."""
        with self._told(f"write {self.url}/{key}"):
            obstore.put(self.store, key, source, chunk_size=CHUNK_BYTES, max_concurrency=PARTS_AT_ONCE)

    def download(self, entry: Entry, target: Path) -> None:
        """Fetch an object into a file, a chunk at a time.

        Raises `FileNotFoundError` when it is gone, `Changed` when it is not in the version that was listed.
        """
        size = 0
        with self._told(f"read {self.url}/{entry.key}"), run_files.appearing(target) as temporary:
            found = obstore.get(self.store, entry.key, options={"if_match": entry.tag} if entry.tag else {})
            with temporary.open("wb") as sink:
                for chunk in found.stream(min_chunk_size=CHUNK_BYTES):
                    size += sink.write(chunk)
            if size != entry.size:
                raise Changed(f"{entry.key}: {size} bytes instead of {entry.size}")

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        try:
            yield
        except (AlreadyExistsError, PreconditionError) as problem:
            raise Changed(str(problem)) from problem
        except (BaseError, ValueError) as problem:
            reason = str(problem).split("\n\nDebug source", 1)[0]
            raise self.failure(f"can't {what}: {reason}", _way_out(problem)) from problem


def _above(key: str) -> Iterator[str]:
    """Yield the keys of the folders above an object. Worked example: `a/b/c` lies below `a/b` and `a`."""
    while "/" in key:
        key = key.rpartition("/")[0]
        yield key


def _way_out(problem: Exception) -> str:
    """Return what to do about a failure of the store."""
    if isinstance(problem, InvalidPathError):
        return (
            "Objects whose keys hold `.`, `..` or nothing between slashes can't be files, and no list can be had of "
            "what lies beside them: remove that one, or give it another name."
        )
    plain = os.environ.get("AWS_ENDPOINT_URL", os.environ.get("AWS_ENDPOINT", "")).startswith("http://")
    if plain and os.environ.get("AWS_ALLOW_HTTP", "").lower() not in {"true", "1"}:
        return "The endpoint is plain http, which is refused unless AWS_ALLOW_HTTP=true is set as well."
    return _WAY_OUT


def open_place(url: str, failure: type[BylineError]) -> Place:
    """Return the place at an address.

    Raises `UsageError`: no store of that kind, or one that is missing settings.
    """
    if url.startswith("memory:"):
        raise UsageError(f"{url}: memory ends with the process", "Give a folder, or s3://bucket/prefix.")
    try:
        store = from_url(url)
        if isinstance(store, S3Store) and "AWS_CHECKSUM_ALGORITHM" not in os.environ:
            store = from_url(url, config={"checksum_algorithm": "sha256"})  # the server checks what arrives
    except (BaseError, ValueError) as problem:
        reason = str(problem).split("\n\nDebug source", 1)[0]
        raise UsageError(f"{url}: {reason}", "Addresses look like s3://bucket/prefix.") from None
    return Place(url.rstrip("/"), store, failure)
