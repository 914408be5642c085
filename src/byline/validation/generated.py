"""Whether the documents of a snapshot are those that byline makes: descriptors and report, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from byline.core.code_digest import code_version
from byline.files import beneath
from byline.snapshots import documents, inside
from byline.snapshots.manifest import Manifest
from byline.validation.report import Finding


def as_made(folder: Path, known: Manifest, *, deep: bool) -> Iterator[Finding]:
    """Make the documents again and compare; only of snapshots of this very code, since templates change.

    The report, made of all tables, is left out of a check that leaves out single rows.
    """
    listed = {item.path for item in known.documents}
    if known.code_version != code_version() or not listed.issuperset(documents.NAMES):
        return
    files, facts = documents.sealed_facts(known)
    made = documents.descriptors(files, facts)
    if deep and all(inside.regular(folder, file.path) for file in known.files()):
        made[documents.REPORT] = documents.report(folder, files, facts)
    for name, content in made.items():
        if inside.regular(folder, name) and not _holds(folder / name, content):
            yield Finding(
                "documents_are_generated", f"{name} is not what byline makes of this snapshot", file=name
            )


def _holds(path: Path, content: bytes) -> bool:
    return path.stat().st_size == len(content) and beneath.read(path, len(content)) == content
