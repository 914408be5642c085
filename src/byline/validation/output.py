"""The output folder around the snapshots: folders of its own, reached through no link."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

from byline.snapshots import history, publishing
from byline.validation.report import Finding


def folders(out: Path) -> Iterator[Finding]:
    """Check that the folders of an output folder are folders: `current` is the only link."""
    for path in (out / publishing.SNAPSHOTS, *_snapshots(out), *_of_history(out)):
        kind = _kind(path)
        if kind is not None and kind != stat.S_IFDIR:
            message = "a folder belongs here, no link and no file"
            yield Finding("output_holds_no_links", message, file=path.relative_to(out).as_posix())


def _snapshots(out: Path) -> list[Path]:
    folder = out / publishing.SNAPSHOTS
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _of_history(out: Path) -> list[Path]:
    home = out / history.FOLDER
    return [home, *(home / place.parent for place in history.REDIRECTS)]


def _kind(path: Path) -> int | None:
    try:
        return stat.S_IFMT(path.lstat().st_mode)
    except OSError:
        return None
