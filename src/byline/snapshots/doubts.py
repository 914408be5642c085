"""What a build says of an output folder that it did not leave so: the snapshot before is missing, or of others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from byline.core.errors import BylineError, DataError
from byline.snapshots import history, manifest, publishing, settled
from byline_schemas import CONTRACT_VERSION

SEE = "`byline validate` says all that is wrong"


def doubts(out: Path) -> list[str]:
    """Return what is strange about what was published before, one line each; nothing before a first publication."""
    before = history.pointed(out)
    if before is None:
        return []
    return [*_of_snapshot(out, before), *_of_history(out, before)]


def _of_snapshot(out: Path, before: str) -> Iterator[str]:
    folder = publishing.folder_of(out, before)
    if not folder.is_dir():
        yield f"{before} was current, but is not there: its ids have no redirects"
        return
    try:
        known = manifest.read_manifest(folder)
    except BylineError:
        return  # the gate on the last snapshot says so
    if known.snapshot_id != before:
        yield f"the snapshot before, {before}, says that it is {known.snapshot_id}: {SEE}"
    if _number(known.contract_version) > _number(CONTRACT_VERSION):
        yield f"the snapshot before, {before}, follows contract {known.contract_version}, newer than {CONTRACT_VERSION}"


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part[:9]) if part.isdecimal() else 0 for part in version.split("."))


def _of_history(out: Path, before: str) -> Iterator[str]:
    entries = history.entries(out)
    try:
        known = settled.settled(out)
    except DataError as error:
        yield f"{error.what}: {SEE}"
        known = settled.NOTHING
    if settled.explains(known, entries, before):
        return
    if not entries:
        yield f"{before} was current, but no line of the history says when it was published: {SEE}"
        return
    if entries[-1].snapshot != before:
        yield f"{before} was current, but the last line of the history names {entries[-1].snapshot}: {SEE}"
    for entry in entries[known.lines :]:
        try:
            history.moment(entry)
        except BylineError as error:
            yield f"{error.what}: {SEE}"


def unlike(out: Path, known: int, warnings: tuple[str, ...]) -> list[str]:
    """Return what the history warns of since its first `known` lines beside these: redirects that were not continued.

    A damaged snapshot that is put in place again has no line of its own; the last one tells of an earlier build.
    """
    return [text for entry in history.entries(out)[known:] for text in entry.warnings if text not in warnings]
