"""The log of publications: whole from the first one on, in order, and true of the snapshots that are still there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from byline.core.errors import BylineError, DataError
from byline.snapshots import history, manifest, publishing, settled
from byline.snapshots.history import Entry
from byline.snapshots.settled import Settled
from byline.validation.report import Finding

LOG = f"{history.FOLDER}/{history.LOG}"
KINDS = ("build", "rollback")
AHEAD = timedelta(days=1)
"""How far a clock may be ahead of this one."""


def whole(out: Path, entries: Sequence[Entry], current: str) -> Iterator[Finding]:
    """Check the publications of an output folder, oldest first; the last one is of what is current.

    For example, of three publications of A, B, and A again after a rollback:

        when 10:00  snapshot A  previous null  kind build
        when 10:20  snapshot B  previous A     kind build
        when 10:25  snapshot A  previous B     kind rollback

    a log that lacks the first line begins with a `previous`, one that lacks the second has a line whose `previous` is
    not the snapshot of the line before.

    Of lines that a person has settled nothing is asked; the first one behind them continues from what was current then.
    """
    try:
        known = settled.settled(out)
    except DataError as error:
        yield Finding("history_is_sound", error.what, file=f"{history.FOLDER}/{settled.NAME}")
        known = settled.NOTHING
    yield from (finding for number, finding in _asked(out, entries, known) if number > known.lines)
    if not settled.explains(known, entries, current):
        yield from _end(entries, current)


def _end(entries: Sequence[Entry], current: str) -> Iterator[Finding]:
    """Check that the last line is of what is current."""
    if not entries:
        message = "something is current, but no line says when it was published"
        yield _finding("history_is_whole", 1, message)
    elif entries[-1].snapshot != current:
        message = f"the last line names {entries[-1].snapshot}, current is {current}"
        yield Finding("history_ends_with_current", message, file=LOG)


def _asked(out: Path, entries: Sequence[Entry], known: Settled) -> Iterator[tuple[int, Finding]]:
    """Yield what is wrong with the log, each with the number of its line, settled ones too."""
    for number, entry in enumerate(entries, 1):
        yield from ((number, _finding("history_is_sound", number, message)) for message in _own(entry))
    first = known.snapshot or None
    if entries and not known.lines and entries[0].previous != first:
        message = f"it names {entries[0].previous} before it, but is the first line"
        yield 1, _finding("history_is_whole", 1, message)
    for number, (before, entry) in enumerate(pairwise(entries), 2):
        expected = known.snapshot if number == known.lines + 1 else before.snapshot
        if entry.previous != expected:
            message = f"it names {entry.previous} before it, the line before {expected}"
            yield number, _finding("history_is_whole", number, message)
        if entry.when < before.when and number != known.lines + 1:
            yield number, _finding("history_is_sound", number, f"{entry.when} is before the line before it")
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


def _told(out: Path, entries: Sequence[Entry]) -> Iterator[tuple[int, Finding]]:
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
            message = f"its counts are not those of {entry.snapshot}"
            yield number, _finding("history_tells_of_snapshots", number, message)
        if entry.code_version and entry.code_version != code:
            message = f"its code_version is not that of {entry.snapshot}"
            yield number, _finding("history_tells_of_snapshots", number, message)


def _finding(rule: str, number: int, message: str) -> Finding:
    return Finding(rule, message, file=LOG, row=f"line {number}")
