"""What every run did: `history/runs/*.json`, one report a run, also of runs that published nothing.

A report is written when a run begins its work (`running`) and replaced when it ends. Who finds a running one while
holding the lock knows that its process died, and writes that down. Reports depend on clocks and machines, so they lie
in the history, never inside a snapshot; only the latest `KEEP` are kept.
"""

from __future__ import annotations

import json
import logging
import os
import re
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from byline.core.decoding import from_json
from byline.core.errors import DataError, OutputError
from byline.core.shapes import Count, Text, shaped
from byline.files import beneath, fs
from byline.snapshots import history

log_to = logging.getLogger(__name__)

FOLDER = "runs"
FORMAT = 1
"""Version of the shape below; adding a field is no new version."""
KEEP = 400
"""Reports that are kept: a year of nightly runs, some 2 MB."""
MAX_BYTES = 4 * 1024 * 1024
"""Of one report: some 5 kB, and more where many files were passed over."""
_NAME = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9]+-[0-9a-f]{6}\.json")

Outcome = Literal["running", "published", "unchanged", "checked", "refused", "failed", "interrupted", "died"]
"""refused: the data, a gate, or a held lock; failed: usage, the output, or a defect; died: without a word."""
DONE: tuple[Outcome, ...] = ("published", "unchanged", "checked")
"""What exit code 0 means."""
Seconds = Annotated[float, Field(strict=True, ge=0)]


@dataclass(frozen=True)
class StageRun:
    """What a stage took: seconds of the clock, and the rows that it dealt with (`of` says what they are)."""

    name: Text
    seconds: Seconds
    rows: Count | None = None
    of: Text = ""


@dataclass(frozen=True)
class GateRun:
    """A gate that tripped: `fail` stops a run unless it was `accepted`, `warn` is said."""

    name: Text
    level: Literal["fail", "warn"]
    message: Text
    accepted: bool = False


@dataclass(frozen=True)
class Failure:
    """Why a run published nothing: in which stage (none: before the first), what, and the way out."""

    kind: Text
    what: Text
    way_out: Text = ""
    stage: Text | None = None


@dataclass(frozen=True)
class Run:
    """One run. Moments are UTC in ISO 8601, `seconds` those of the clock, counts as in the manifest."""

    run: Text
    """Its id, and the name of its file: the moment it began, the process, the microsecond."""
    started: Text
    outcome: Outcome
    ended: Text | None = None
    seconds: Seconds | None = None
    exit_code: Count | None = None
    error: Failure | None = None
    snapshot: Text | None = None
    """The snapshot that was published, found current, or checked."""
    previous: Text | None = None
    """What was current when the run began."""
    options: dict[Text, Any] = field(default_factory=dict)
    files: Count = 0
    bytes: Count = 0
    """Of the raw files, unpacked."""
    slices: Count = 0
    cached_slices: Count = 0
    records: dict[Text, Count] = field(default_factory=dict)
    """By status."""
    reasons: dict[Text, Count] = field(default_factory=dict)
    """Quarantined records by reason."""
    tables: dict[Text, Count] = field(default_factory=dict)
    """Rows by table."""
    stages: list[StageRun] = field(default_factory=list)
    gates: list[GateRun] = field(default_factory=list)
    warnings: list[Text] = field(default_factory=list)
    skipped: list[Text] = field(default_factory=list)
    """What was found in the raw folder and not read."""
    removed: list[Text] = field(default_factory=list)
    """Snapshots that went because of `keep`."""
    cpu_seconds: Seconds | None = None
    """Of this process and the worker processes that have ended; a cluster's are not among them."""
    peak_memory_bytes: Count | None = None
    """Of this process, or of the largest of its workers."""
    code_version: Text = ""
    contract_version: Text = ""
    host: Text = ""
    pid: Count = 0
    format: Count = FORMAT

    def to_json(self) -> str:
        """Return the report as JSON, one line."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)


def run_id(began: datetime, process: int) -> str:
    """Return the id of a run: two of one second are told apart, and put in order, by the microsecond in hexadecimal.

    Process 812 at 3 ms after six: `20231001T060000Z-812-000bb8`.
    """
    return f"{began:%Y%m%dT%H%M%SZ}-{process}-{began.microsecond:06x}"


def _age(name: str) -> tuple[str, str, str]:
    second, process, microsecond = name.split("-")
    return second, microsecond, process


def is_name(name: str) -> bool:
    """Tell the name of a report."""
    return _NAME.fullmatch(name) is not None


def folder_of(out: Path) -> Path:
    """Return where the reports lie."""
    return out / history.FOLDER / FOLDER


def path_of(out: Path, run: str) -> Path:
    """Return where the report of a run lies."""
    return folder_of(out) / f"{run}.json"


def write(out: Path, run: Run) -> None:
    """Write a report, or replace it, and remove the oldest beyond `KEEP`.

    No lock is needed: each run writes its own file, under a name that no other has. Raises `OutputError`.
    """
    fs.write_atomic(path_of(out, run.run), f"{run.to_json()}\n".encode())
    for name in names(out)[:-KEEP]:
        fs.unlink(folder_of(out) / name)


def names(out: Path) -> list[str]:
    """Return the file names of the reports, oldest first; what byline didn't name so is left alone.

    Raises `OutputError`: something else than a folder lies there.
    """
    folder = folder_of(out)
    if not os.path.lexists(folder):
        return []
    fs.refuse_other_than_folder(folder)
    return sorted((path.name for path in folder.iterdir() if is_name(path.name)), key=_age)


def read_run(path: Path) -> Run:
    """Return a report.

    Raises `DataError` naming the file: it is none.
    """
    try:
        return shaped(from_json(beneath.read_file(path, MAX_BYTES)), Run)
    except (ValueError, OSError) as problem:
        raise DataError(
            f"{path}: not the report of a run ({problem})", "Move it away: nothing depends on it."
        ) from problem


def bury(out: Path) -> None:
    """Mark runs that say they are running as dead; the caller holds the lock, so none of them is.

    What can't be read or written is left as it is: a report of the past must not stop a run.
    """
    for name in reversed(names(out)):
        path = folder_of(out) / name
        try:
            run = read_run(path)
            if run.outcome != "running":
                return  # whoever wrote this one held the lock, and buried those before it
            log_to.warning("%s: run %s ended without a word: killed, or out of memory", out, run.run)
            fs.write_atomic(path, f"{replace(run, outcome='died').to_json()}\n".encode())
        except (DataError, OutputError) as problem:
            log_to.warning("%s", problem.what)
