"""Files that a person names, which are read more than once: a pipe or a device is none."""

from __future__ import annotations

import stat
from pathlib import Path

from byline.core.errors import UsageError


def refuse_other_than_file(path: Path) -> None:
    """Raise `UsageError` where something else than a file lies, links followed: a pipe would be waited for.

    Raises `OSError`: nothing lies there, or it can't be looked at.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise UsageError(
            f"{path} is not a regular file", "It is read more than once: write it to a file, and give that."
        )
