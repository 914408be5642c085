"""What code this is: a digest of the package's own files, so that a result names what made it."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from pathlib import Path

import byline
import schemas

LEFT_OUT = {"cli", "engines", "storage"}
"""Folders that decide how a build is started and where it runs, never what it publishes."""


@cache
def code_digest() -> str:
    """Return a digest of byline's and schemas' sources and resources (20 hexadecimal digits); no commit, no clock."""
    total = blake2b(digest_size=10)
    for module in (byline, schemas):
        root = Path(str(module.__file__)).parent
        for path in sorted(_files(root)):
            content = path.read_bytes()
            total.update(f"{root.name}/{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
            total.update(content)
    return total.hexdigest()


def _files(root: Path) -> list[Path]:
    return [
        path
        for path in root.rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and path.suffix not in {".pyc", ".pyo"}
        and path.relative_to(root).parts[0] not in LEFT_OUT
    ]


def code_version() -> str:
    """Return version and digest as the manifest shows them."""
    return f"{byline.__version__}+{code_digest()}"
