"""Whether a published file is as it was written: by what the system says of it, else by its SHA-256.

Linking a file and removing another link to it change the time of its inode, so that is not looked at. Who puts other
contents of the same size into the same file and sets its time back is not noticed before all is looked at: every
twentieth build that goes on from another one takes the SHA-256 of all files, as `byline validate` does.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import polars as pl

from byline.snapshots import manifest
from byline.snapshots.manifest import DataFile

CHECKED_EVERY = 20
"""Of so many builds in a row that work on what changed alone, one looks at all files and rows."""
SCHEMA = {"path": pl.String, "seen": pl.String}


def seen(folder: Path) -> dict[str, str]:
    """Return what the system says of a snapshot's Parquet files, by path: device, inode, size, time of the contents.

    To be asked before their SHA-256 is taken: what is written later is told by its time then. Nothing is said where
    inodes have no lasting numbers (Windows).
    """
    found = {}
    for path in sorted(folder.rglob("*.parquet")) if os.name == "posix" else ():
        with suppress(OSError):  # who reads it says what is wrong
            found[path.relative_to(folder).as_posix()] = _said(path.lstat())
    return found


def _said(said: os.stat_result) -> str:
    return ":".join(map(str, (said.st_dev, said.st_ino, said.st_size, said.st_mtime_ns)))


def looks_at_all(since_whole: int) -> bool:
    """Tell whether the build that is this one in a row of builds that work on what changed alone looks at all."""
    return since_whole % CHECKED_EVERY == 0


def frame_of(found: Mapping[str, str]) -> pl.DataFrame:
    """Return the table `published` of a state."""
    return pl.DataFrame({"path": list(found), "seen": list(found.values())}, schema=SCHEMA)


def is_whole(folder: Path, file: DataFile, known: Mapping[str, str]) -> bool:
    """Tell whether a file of a snapshot is there as it was written. `known`: what `seen` said of the snapshot."""
    path = folder / file.path
    try:
        said = path.lstat()
        if known.get(file.path) == _said(said) and said.st_size == file.bytes:
            return True
        return manifest.sha256(path) == file.sha256
    except OSError:
        return False
