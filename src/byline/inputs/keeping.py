"""Pastes that become raw files: named, never overwritten, never kept twice."""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256
from pathlib import Path

from byline.core.errors import OutputError, UsageError
from byline.files import fs

NAME_DIGITS = 8
"""Digits of the content's SHA-256 in a paste's name."""
_PLAIN = re.compile(r"[\w][\w .()+-]{0,200}")


def keep_paste(
    raw: Path, content: bytes, name: str | None = None, today: date | None = None
) -> tuple[Path, bool]:
    """Write a paste into the raw folder; return its path, and whether it is new there.

    `name`: the file's name; the day and digits of the content when none is given. Where another file has the name
    already, the digits of the content are put behind it.

    Raises `UsageError`: the paste is empty, or the name is none. Raises `OutputError`: it can't be written.
    """
    if not content.strip():
        raise UsageError("the paste is empty", "Copy the list first, then pipe the clipboard in.")
    digits = sha256(content).hexdigest()[:NAME_DIGITS]
    name = f"paste-{(today or date.today()).isoformat()}-{digits}.txt" if name is None else _named(name)
    for path in _same(raw, content):
        return path, False
    path = raw / name
    if path.exists() or path.is_symlink():
        stem, dot, suffix = name.partition(".")
        path = raw / f"{stem}-{digits}{dot}{suffix}"
    fs.mkdir(raw)
    fs.write_atomic(path, content)
    return path, True


def _named(name: str) -> str:
    if not _PLAIN.fullmatch(name) or name.upper().split(".")[0] == "README":
        raise UsageError(
            f"{name!r} can't be the name of a raw file", "Give another with --name, such as may.txt."
        )
    return name


def _same(raw: Path, content: bytes) -> list[Path]:
    """Return the raw files that hold just this, looked for among those of its length."""
    try:
        paths = sorted(path for path in raw.rglob("*") if path.is_file() and not path.is_symlink())
        return [
            path for path in paths if path.stat().st_size == len(content) and path.read_bytes() == content
        ]
    except OSError as problem:
        raise OutputError(
            f"{problem.filename}: {problem.strerror}", "See to the rights of the raw folder."
        ) from problem
