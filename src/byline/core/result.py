"""What a build did, for whoever started it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Unread:
    """A record that could not be read: file (relative to the raw folder), lines (1-based), why, and how it begins."""

    file: str
    line: int
    last_line: int
    reason: str
    detail: str
    text: str

    def shown(self) -> str:
        """Return it as a line for people: place, reason, text."""
        return f"{self.file}:{self.line}  {self.reason}  {self.text}"


@dataclass(frozen=True)
class Result:
    """What a build did."""

    snapshot_id: str
    path: Path | str | None
    """Folder or address of the snapshot; null when nothing was published because that was not asked."""
    up_to_date: bool
    """Whether the current snapshot already was what this input gives, so that nothing was done."""
    did: str = ""
    """What was worked on where that is not all: what changed, and how many files stayed; or why all was built anew."""
    statuses: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    tables: dict[str, int] = field(default_factory=dict)
    """Rows by table."""
    files: int = 0
    cached_slices: int = 0
    slices: int = 0
    skipped: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    unread: tuple[Unread, ...] = ()
    """The first records that could not be read, by file and line; the page's furniture is not among them."""
    rest: str | None = None
    """Where all of them are: a file where nothing was published, else null, since the snapshot has a table."""
    cut: int = 0
    """Papers whose list of authors the page cut and nothing completed."""
    matched: tuple[int, int] | None = None
    """Papers that an entry of arXiv's metadata filled, and those whose best entry is doubtful; null without it."""
    seconds: dict[str, float] = field(default_factory=dict)
    """Seconds by stage."""
    removed: tuple[str, ...] = ()
    """Old snapshots that went because of the option `keep`."""
