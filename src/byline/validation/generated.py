"""Whether the documents of a snapshot are those that byline makes: descriptors and report, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from byline.core.errors import DataError
from byline.files import beneath
from byline.snapshots import documents, manifest
from byline.validation.report import Finding
from byline.validation.snapshot import Snapshot


def as_made(snapshot: Snapshot, *, deep: bool) -> Iterator[Finding]:
    """Make the documents again and compare; only of snapshots of this very code, since templates change.

    The report, made of all tables, is left out of a check that leaves out single rows.
    """
    folder, known = snapshot.folder, snapshot.known
    if not snapshot.mine:
        return
    yield from _manifest(snapshot)
    if not snapshot.whole:
        return
    try:
        files, facts = documents.sealed_facts(known)
    except DataError as error:
        yield Finding("documents_are_generated", error.what, file=manifest.NAME)
        return
    made = documents.descriptors(files, facts)
    if deep:
        made[documents.REPORT] = documents.report(documents.unkept(folder, files), facts)
    for name, content in made.items():
        if name in snapshot.openable and not _holds(folder / name, content):
            message = f"{name} is not what byline makes of this snapshot"
            yield Finding("documents_are_generated", message, file=name)
    listed = {item.path for item in known.documents}
    for name in sorted(listed ^ set(documents.NAMES)):
        yield Finding("documents_are_generated", f"byline makes {', '.join(documents.NAMES)}", file=name)


def _manifest(snapshot: Snapshot) -> Iterator[Finding]:
    """Check that the manifest is written as byline writes it: no key that nobody knows, none twice, in order."""
    found = beneath.read_file(snapshot.folder / manifest.NAME, manifest.MAX_BYTES)
    try:
        written = snapshot.known.to_json()
    except UnicodeEncodeError:  # a lone surrogate, which JSON can write and UTF-8 can't
        written = b""
    if found != written:
        message = "keys that byline does not write, or twice, or in another order"
        yield Finding("manifest_is_as_written", message, file=manifest.NAME)


def _holds(path: Path, content: bytes) -> bool:
    return path.stat().st_size == len(content) and beneath.read_file(path, len(content)) == content
