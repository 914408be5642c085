"""What happened to the pointer and when: `history/log.jsonl`, and how it stays true when a process dies.

Write-ahead: before the switch, `history/pending.json` says which line will be added (and beside it lies
the new redirects file); after the switch both are put in place and the note is removed. Whoever holds the
lock next and finds a note compares it with `current`: if the switch happened, the rest is completed, else
the note is dropped. Readers see a switched but not yet logged publication through the note (`entries`),
without writing anything.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from byline.core.decoding import from_json
from byline.core.errors import DataError
from byline.core.shapes import Count, Text, shaped
from byline.files import beneath, fs

log_to = logging.getLogger(__name__)

FOLDER = "history"
LOG = "log.jsonl"
PENDING = "pending.json"
MAX_BYTES = 256 * 1024 * 1024
"""Of the log: a line takes less than a kilobyte."""
MOMENT = "%Y-%m-%dT%H:%M:%SZ"
"""How the log writes a time."""
REDIRECTS = tuple(
    Path(name, "part-00000.parquet")
    for name in ("lost_authors", "lost_papers", "author_redirects", "paper_redirects")
)
"""Where the redirects, and what they follow, lie below the history."""


@dataclass(frozen=True)
class Entry:
    """One publication: when (UTC, ISO 8601), what became current, what was before, what was overridden."""

    when: Text
    snapshot: Text
    previous: Text | None
    kind: Text
    """`build` or `rollback`."""
    accepted: list[Text] = field(default_factory=list)
    """Gates that tripped and were overridden."""
    warnings: list[Text] = field(default_factory=list)
    counts: dict[Text, Count] = field(default_factory=dict)
    """Rows by table."""
    code_version: Text = ""
    """The code that built the snapshot; nothing in lines of older versions."""

    def to_json(self) -> str:
        """Return the line, without its newline."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)


def timestamp(now: datetime | None = None) -> str:
    """Return a moment (by default this one) as the log writes it."""
    return (now or datetime.now(UTC)).astimezone(UTC).strftime(MOMENT)


def moment(entry: Entry) -> datetime:
    """Return when a publication was.

    Raises `DataError`: what the line says is no moment as `timestamp` writes it.
    """
    try:
        return datetime.strptime(entry.when, MOMENT).replace(tzinfo=UTC)
    except ValueError as error:
        raise DataError(f"{LOG}: {entry.when!r} is no time as in 2024-05-31T17:04:09Z", _WAY_OUT) from error


def pointed(out: Path) -> str | None:
    """Return the id of the snapshot that `current` names, whether it is there or not."""
    link = out / "current"
    return link.readlink().name if link.is_symlink() else None


def content(out: Path) -> bytes:
    """Return the bytes of the log, none when there is no log. Raises `DataError` when it can't be read."""
    return _read(out / FOLDER / LOG)


def log(out: Path) -> list[Entry]:
    """Return the lines of the log, oldest first.

    Raises `DataError`: a line is not an entry; says which.
    """
    path, lines = out / FOLDER / LOG, content(out).split(b"\n")
    return [_entry(line, f"{path}:{number}") for number, line in enumerate(lines, 1) if line.strip()]


def entries(out: Path) -> list[Entry]:
    """Return all publications, also one that was switched to but whose line was not written before a crash."""
    done = log(out)
    note = _pending(out)
    if note is not None and note.snapshot == pointed(out) and note not in done[-1:]:
        done.append(note)
    return done


def _staged(place: Path) -> str:
    """Return the name under which a new redirects file waits for the switch."""
    return f"pending-{place.parent.name.replace('_', '-')}.parquet"


def standing(out: Path, place: Path) -> Path:
    """Return where one of REDIRECTS lies, as of `current`: aside still, where a process died after the switch."""
    note, staged = _pending(out), out / FOLDER / _staged(place)
    if note is not None and note.snapshot == pointed(out) and os.path.lexists(staged):
        return staged
    return out / FOLDER / place


def announce(out: Path, entry: Entry, redirects: Mapping[Path, bytes]) -> None:
    """Write down what is about to happen; `redirects` are the new redirects files by place, none for no change.

    Raises `DataError` when the log can't be read: found after the switch, that would leave it without its line.
    """
    folder = out / FOLDER
    log(out)
    fs.mkdir(folder)
    for place in REDIRECTS:
        if place in redirects:
            fs.write_atomic(folder / _staged(place), redirects[place])
        else:
            _remove(folder / _staged(place))
    fs.write_atomic(folder / PENDING, f"{entry.to_json()}\n".encode())


def recover(out: Path) -> Entry | None:
    """Complete or drop what a dead process left between announcing and completing.

    Returns the publication that was completed, if any. Doing it twice, or dying in it, does no harm.
    """
    note = _pending(out)
    if note is not None and note.snapshot == pointed(out):
        complete(out, note)
        log_to.warning("%s: completed the publication of %s, whose process had died", out, note.snapshot)
        return note
    _remove(out / FOLDER / PENDING)
    for place in REDIRECTS:
        _remove(out / FOLDER / _staged(place))
    return None


def complete(out: Path, entry: Entry) -> None:
    """After the switch: put the redirects in place, add the line, remove the note. In this order."""
    folder = out / FOLDER
    for place in REDIRECTS:
        staged, target = folder / _staged(place), folder / place
        if staged.exists():
            fs.mkdir(target.parent)
            fs.replace(staged, target)
            fs.fsync_folder(target.parent)
    done = log(out)
    if entry not in done[-1:]:
        before = content(out) if done else b""
        separator = b"" if before.endswith(b"\n") or not before else b"\n"
        fs.write_atomic(folder / LOG, before + separator + f"{entry.to_json()}\n".encode())
    _remove(folder / PENDING)
    fs.fsync_folder(folder)


def _pending(out: Path) -> Entry | None:
    path = out / FOLDER / PENDING
    return _entry(_read(path), str(path)) if os.path.lexists(path) else None


def _read(path: Path) -> bytes:
    """Return a file's bytes, none when it isn't there. Raises `DataError` when it is there and can't be read."""
    try:
        return beneath.read_file(path, MAX_BYTES) if os.path.lexists(path) else b""
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise DataError(f"{path}: can't be read ({error.strerror})", _WAY_OUT) from error


_WAY_OUT = "Restore it from a backup, or move it away."


def _entry(line: bytes, place: str) -> Entry:
    try:
        return shaped(from_json(line), Entry)
    except ValueError as error:
        raise DataError(f"{place}: not a line of the history ({error})", _WAY_OUT) from error


def _remove(path: Path) -> None:
    if path.exists() or path.is_symlink():
        fs.unlink(path)
