"""Which paths of a manifest may be opened: regular files inside the snapshot, reached through no link."""

from __future__ import annotations

import re
import stat
from pathlib import Path, PurePosixPath

from byline.core.errors import DataError
from byline_schemas import TABLES

_NAME = re.compile(r"part-[0-9]{5,}\.parquet")
_KEY = re.compile(r"[^/\x00-\x1f\x7f]+")


def is_inside(path: str) -> bool:
    """Tell whether a listed path names something inside the folder that lists it."""
    parts = PurePosixPath(path).parts
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return bool(parts) and not path.startswith("/") and ".." not in parts and "\0" not in path


def is_tables(path: str, name: str) -> bool:
    """Tell whether a path is one under which byline writes a file of the table: `name/[key=value/]part-00000.parquet`.

    Readers take every such file below the table's folder, and no other: what is named otherwise, some of them pass
    over.
    """
    *folders, file = path.split("/")
    folder, keys = "".join(folders[:1]), folders[1:]
    partition = TABLES[name].partition if name in TABLES else None
    wanted = 0 if partition is None else 1
    named = all(
        partition is not None and key.startswith(f"{partition.name}=") and _KEY.fullmatch(key) for key in keys
    )
    return folder == name and len(keys) == wanted and named and _NAME.fullmatch(file) is not None


def regular(folder: Path, path: str) -> bool:
    """Tell whether a listed path is a regular file inside the folder, without a link on the way to it."""
    if not is_inside(path):
        return False
    *folders, name = PurePosixPath(path).parts
    at = folder
    try:
        for part in folders:
            at /= part
            if not stat.S_ISDIR(at.lstat().st_mode):
                return False
        return stat.S_ISREG((at / name).lstat().st_mode)
    except (OSError, ValueError):
        return False


def refuse_others(folder: Path, paths: list[str]) -> None:
    """Raise `DataError` when one of the listed paths may not be opened."""
    wrong = next((path for path in paths if not regular(folder, path)), None)
    if wrong is not None:
        shown = wrong.encode("ascii", "backslashreplace").decode()
        raise DataError(
            f"{folder}: the manifest lists {shown!r}, which is no regular file inside the snapshot",
            "`byline validate` says all that is wrong.",
        )
