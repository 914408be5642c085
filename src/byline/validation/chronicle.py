"""The log of publications: whole from the first one on, in order, and true of the snapshots that are still there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from byline.core.errors import BylineError
from byline.snapshots import history, manifest, publishing
from byline.snapshots.history import Entry
from byline.validation.report import Finding

LOG = f"{history.FOLDER}/{history.LOG}"
KINDS = ("build", "rollback")
AHEAD = timedelta(days=1)
"""How far a clock may be ahead of this one."""


def whole(out: Path, entries: Sequence[Entry]) -> Iterator[Finding]:
    """Check the publications of an output folder, oldest first.

    For example, of three publications of A, B, and A again after a rollback:

        when 10:00  snapshot A  previous null  kind build
        when 10:20  snapshot B  previous A     kind build
        when 10:25  snapshot A  previous B     kind rollback

    a log that lacks the first line begins with a `previous`, one that lacks the second has a line whose `previous` is
    not the snapshot of the line before.
    """
    if not entries:
        yield _finding("history_is_whole", 1, "something is current, but no line says when it was published")
        return
    for number, entry in enumerate(entries, 1):
        yield from (_finding("history_is_sound", number, message) for message in _own(entry))
    if entries[0].previous is not None:
        yield _finding(
            "history_is_whole", 1, f"it names {entries[0].previous} before it, but is the first line"
        )
    for number, (before, entry) in enumerate(pairwise(entries), 2):
        if entry.previous != before.snapshot:
            message = f"it names {entry.previous} before it, the line before {before.snapshot}"
            yield _finding("history_is_whole", number, message)
        if entry.when < before.when:
            yield _finding("history_is_sound", number, f"{entry.when} is before the line before it")
    yield from _told(out, entries)


def _own(entry: Entry) -> Iterator[str]:
    """Yield what is wrong with a line by itself."""
    if entry.kind not in KINDS:
        yield f"kind is {entry.kind!r}, not one of {', '.join(KINDS)}"
    if entry.snapshot == entry.previous:
        yield "it names itself before it"
    try:
        moment = history.moment(entry)
    except BylineError as error:
        yield error.what
    else:
        if moment > datetime.now(UTC) + AHEAD:
            yield f"{entry.when} is still to come"


def _told(out: Path, entries: Sequence[Entry]) -> Iterator[Finding]:
    """Compare lines with the manifests of the snapshots that are still there, each read once."""
    rows: dict[str, tuple[dict[str, int], str]] = {}
    for name in publishing.snapshots(out):
        try:
            known = manifest.read_manifest(publishing.folder_of(out, name))
        except BylineError:
            continue  # a damaged one is found when it is checked itself
        rows[name] = ({table: files.rows for table, files in known.tables.items()}, known.code_version)
    for number, entry in enumerate(entries, 1):
        counts, code = rows.get(entry.snapshot, (entry.counts, entry.code_version))
        if entry.counts and entry.counts != counts:
            yield _finding(
                "history_tells_of_snapshots", number, f"its counts are not those of {entry.snapshot}"
            )
        if entry.code_version and entry.code_version != code:
            message = f"its code_version is not that of {entry.snapshot}"
            yield _finding("history_tells_of_snapshots", number, message)


def _finding(rule: str, number: int, message: str) -> Finding:
    return Finding(rule, message, file=LOG, row=f"line {number}")
