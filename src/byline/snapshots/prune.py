"""How long snapshots stay: `prune` by count and age, never the current one, with a grace period for readers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from byline.files import fs
from byline.snapshots import history, publishing

GRACE = timedelta(hours=24)
"""A reader that resolved the pointer may go on reading this long after it moved."""


def prune(
    out: Path,
    *,
    keep: int = 10,
    older_than: timedelta = timedelta(0),
    grace: timedelta = GRACE,
    now: datetime | None = None,
    dry_run: bool = False,
) -> list[str]:
    """Remove snapshots that are neither current nor among the `keep` latest; return their ids, oldest first.

    A snapshot goes only when it ceased to be current longer than `older_than` and `grace` ago. It
    disappears in one rename before its files are deleted, so that nobody finds half of one. The caller
    holds the lock.
    """
    history.recover(out)
    moment = now or datetime.now(UTC)
    current = history.pointed(out)
    left = {name: _left(out, name) for name in publishing.snapshots(out) if name != current}
    oldest_first = sorted(left, key=lambda name: (*left[name], name))
    candidates = oldest_first[: max(0, len(oldest_first) - max(0, keep - 1))]
    removed = [name for name in candidates if moment - left[name][0] >= max(older_than, grace)]
    for name in removed if not dry_run else []:
        _remove(out, name)
    return removed


def _left(out: Path, snapshot_id: str) -> tuple[datetime, int]:
    """Return when a snapshot ceased to be current; of one that never was, when its folder was made.

    Beside the moment stands the place in the log: two publications may fall into one second.
    """
    log = enumerate(history.entries(out))
    moments = [(history.moment(entry), place) for place, entry in log if entry.previous == snapshot_id]
    if moments:
        return max(moments)
    return datetime.fromtimestamp(publishing.folder_of(out, snapshot_id).stat().st_mtime, UTC), -1


def _remove(out: Path, snapshot_id: str) -> None:
    staging = out / publishing.STAGING
    fs.mkdir(staging)
    doomed = staging / f"pruned-{snapshot_id}"
    fs.rmtree(doomed)
    fs.replace(publishing.folder_of(out, snapshot_id), doomed)
    fs.fsync_folder(out / publishing.SNAPSHOTS)
    fs.rmtree(staging)
