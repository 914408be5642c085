"""Snapshots: staged in a hidden folder, moved into place whole, made current by one rename.

    <out>/.staging/<id>-<pid>   written here, where no reader looks
    <out>/snapshots/<id>        sealed, complete, on the disk
    <out>/current               symbolic link to `snapshots/<id>`, replaced by rename
    <out>/history/              what depends on the order of builds

Every function that changes something expects its caller to hold `byline.snapshots.lock.build_lock(out)`.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import polars as pl

from byline.core.errors import BylineError, DataError, OutputError, UsageError
from byline.files import fs
from byline.snapshots import history, manifest, redirects
from byline.snapshots.history import Entry
from byline.snapshots.scan import Parts
from byline.snapshots.seal import damage, seal, sealed

__all__ = ["current", "discard", "folder_of", "publish", "rollback", "seal", "sealed", "snapshots", "stage"]

log_to = logging.getLogger(__name__)

SNAPSHOTS = "snapshots"
STAGING = ".staging"
CURRENT = "current"


def stage(out: Path, snapshot_id: str) -> Path:
    """Return a new empty folder to write a snapshot into; what dead builds left there is removed."""
    staging = out / STAGING
    fs.rmtree(staging)
    staged = staging / f"{snapshot_id}-{os.getpid()}"
    fs.mkdir(staged)
    return staged


def discard(out: Path) -> None:
    """Remove what was staged and will not be published; a failure is left to the next build."""
    with suppress(OutputError):
        fs.rmtree(out / STAGING)


def folder_of(out: Path, snapshot_id: str) -> Path:
    """Return where a snapshot lies, or would lie."""
    return out / SNAPSHOTS / snapshot_id


def holding(out: Path) -> Path:
    """Return a folder that something was published into; a lock would make one of any name.

    Raises `UsageError`: there is no such folder, or nothing in it.
    """
    if not snapshots(out) and not (out / CURRENT).is_symlink():
        raise UsageError(
            f"{out} holds no snapshot", "Give the folder that a build published into with --out."
        )
    return out


def snapshots(out: Path) -> list[str]:
    """Return the ids of the snapshots that are there, sorted."""
    folder = out / SNAPSHOTS
    return sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


def current(out: Path) -> Path | None:
    """Return the folder of the current snapshot, the pointer resolved; null before the first publication.

    Raises `OutputError`: `current` is something else than a link into `snapshots/`.
    """
    link = out / CURRENT
    if not link.is_symlink():
        if link.exists():
            raise OutputError(f"{link} is not a symbolic link", "Move it away; byline makes it anew.")
        return None
    target = link.readlink()
    if target.parent != Path(SNAPSHOTS) or target.name in {"", ".", ".."}:
        raise OutputError(
            f"{link} points to {target}, not into snapshots/", "Remove the link, or `byline rollback`."
        )
    folder = out / target
    return folder if folder.is_dir() else None


def publish(
    out: Path,
    staged: Path,
    snapshot_id: str,
    *,
    accepted: Sequence[str] = (),
    warnings: Sequence[str] = (),
    now: datetime | None = None,
    parts: Parts | None = None,
) -> Path:
    """Move a sealed snapshot into place, make it current, and write that down. Returns its folder.

    A sound snapshot of the same id that is there already is used as it is, a damaged one is healed from
    `staged`. Publishing what is current already changes nothing and adds no line to the log. `parts` is what can differ
    between the current snapshot and this one, where that is known.

    Raises `OutputError`: the output can't be written; `current` is wholly the old or wholly the new
    snapshot.
    """
    history.recover(out)
    target = folder_of(out, snapshot_id)
    _move(out, staged, target)
    if history.pointed(out) != snapshot_id:
        entry = _entry(out, snapshot_id, "build", now, accepted=accepted, warnings=warnings)
        _switch(out, entry, parts)
    discard(out)
    return target


def rollback(out: Path, to: str | None = None, *, now: datetime | None = None) -> Path:
    """Make an earlier snapshot current again: `to`, or the one before the current one. Returns its folder.

    Raises `DataError`: there is no such snapshot, or it is damaged.
    Raises `OutputError`: the output can't be written.
    """
    history.recover(out)
    wanted = to if to is not None else _before(out)
    target = folder_of(out, wanted)
    if wanted not in snapshots(out):
        there = ", ".join(snapshots(out)) or "none"
        raise DataError(f"there is no snapshot {wanted} in {out}", f"Snapshots that are there: {there}.")
    if wanted == history.pointed(out):
        raise DataError(f"snapshot {wanted} is current already", "`byline log` lists the others.")
    wrong = damage(target)
    if wrong:
        raise DataError(
            f"snapshot {wanted} is damaged: {wrong[0]}", "`byline validate` on it says all that is."
        )
    _switch(out, _entry(out, wanted, "rollback", now))
    return target


def _before(out: Path) -> str:
    entries = history.entries(out)
    previous = entries[-1].previous if entries else None
    if previous is None:
        raise DataError(
            f"{out} has no earlier snapshot to go back to", "`byline log` lists what was published."
        )
    return previous


def _entry(
    out: Path,
    snapshot_id: str,
    kind: str,
    now: datetime | None,
    *,
    accepted: Sequence[str] = (),
    warnings: Sequence[str] = (),
) -> Entry:
    known = manifest.read_manifest(folder_of(out, snapshot_id))
    return Entry(
        when=history.timestamp(now),
        snapshot=snapshot_id,
        previous=history.pointed(out),
        kind=kind,
        accepted=sorted(accepted),
        warnings=list(warnings),
        counts={name: table.rows for name, table in known.tables.items()},
        code_version=known.code_version,
    )


def _move(out: Path, staged: Path, target: Path) -> None:
    """Bring the staged folder to its place. Same id means same bytes: a damaged one is healed by file."""
    fs.mkdir(target.parent)
    if not target.exists() and not target.is_symlink():
        fs.replace(staged, target)
    elif wrong := damage(target):
        log_to.warning("%s was damaged (%s) and is healed from this build", target, wrong[0])
        _heal(staged, target)
    fs.fsync_folder(target.parent)
    fs.fsync_folder(out)


def _heal(staged: Path, target: Path) -> None:
    """Replace every file of a damaged snapshot by its sound twin; readers never find less than before."""
    wanted = sorted(path.relative_to(staged) for path in staged.rglob("*") if path.is_file())
    _clear(target, set(wanted))
    for path in sorted(wanted, key=lambda path: path.name == manifest.NAME):
        fs.mkdir((target / path).parent)
        fs.replace(staged / path, target / path)
    fs.fsync_tree(target)


def _clear(target: Path, wanted: set[Path]) -> None:
    """Remove what is not part of the snapshot, and what stands where a file or a folder of it must be."""
    if target.is_symlink() or target.is_file():
        fs.unlink(target)
        return
    folders = {parent for path in wanted for parent in path.parents}
    for path in sorted(target.rglob("*"), reverse=True):
        relative = path.relative_to(target)
        if path.is_symlink() or path.is_file():
            if relative not in wanted or path.is_symlink():
                fs.unlink(path)
        elif path.is_dir() and relative not in folders:
            fs.rmtree(path)


def _switch(out: Path, entry: Entry, parts: Parts | None = None) -> None:
    """Announce, switch the pointer, complete. From the rename on, readers see the new snapshot."""
    rows, warning = _redirects(out, entry, parts)
    entry = replace(entry, warnings=[*entry.warnings, warning]) if warning else entry
    history.announce(out, entry, rows)
    link, temporary = out / CURRENT, out / f".{CURRENT}.tmp"
    if link.exists() and not link.is_symlink():
        raise OutputError(f"{link} is not a symbolic link", "Move it away; byline makes it anew.")
    if temporary.is_symlink() or temporary.exists():
        fs.unlink(temporary)
    fs.symlink(f"{SNAPSHOTS}/{entry.snapshot}", temporary)
    fs.replace(temporary, link)
    try:
        fs.fsync_folder(out)
        history.complete(out, entry)
    except BylineError as error:
        raise OutputError(
            f"snapshot {entry.snapshot} is current, but its line in the history is not written yet: {error.what}",
            "The next build completes it.",
        ) from error


def _redirects(out: Path, entry: Entry, parts: Parts | None) -> tuple[dict[Path, bytes], str]:
    """Return the cumulative redirects after this switch; none and a warning when they can't be told.

    A damaged last snapshot must not stop the next build: its ids are then left without redirects, those that were lost
    before are followed on.
    """
    old = folder_of(out, entry.previous) if entry.previous is not None else None
    published = dict.fromkeys(entry.snapshot for entry in reversed(history.entries(out)))
    kept = [folder for folder in (folder_of(out, name) for name in published) if folder.is_dir()]
    of_these = parts if parts is not None and parts.of == entry.previous else None
    switch = redirects.Switch(old, folder_of(out, entry.snapshot), entry.snapshot, kept, of_these)
    warning = ""
    for attempt in (switch, replace(switch, old=None)):
        try:
            return redirects.after(attempt, out / history.FOLDER), warning
        except (BylineError, pl.exceptions.PolarsError, OSError) as error:
            warning = warning or f"redirects were not continued: {error}".splitlines()[0]
    return {}, warning


def locate(dataset: Path) -> Path:
    """Return the snapshot folder that `dataset` means: itself, or the one that its `current` points to.

    Raises `DataError` when it is neither a snapshot nor an output folder with a published one.
    """
    if (dataset / manifest.NAME).exists():
        return dataset
    folder = current(dataset)
    if folder is None:
        raise DataError(
            f"{dataset} holds no dataset",
            "Publish one (byline build), or give the folder that one was published into, or one snapshot's folder.",
        )
    return folder
