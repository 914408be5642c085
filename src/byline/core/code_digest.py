"""What code this is: a digest of the package's own files, so that a result names what made it."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

import byline
import byline_schemas

LEFT_OUT = (
    "cli",
    "explain",
    "storage",
    "pipeline/engines",
    "snapshots/diff.py",
    "snapshots/lock.py",
    "snapshots/prune.py",
    "core/progress.py",
    "core/result.py",
)
"""What decides how a build is started, where it runs and what people see of it, never what it publishes."""

WRITERS = ("numpy", "pandera", "polars", "pyarrow")
"""Libraries whose version may change the bytes of a snapshot."""


@cache
def code_digest() -> str:
    """Return a digest of byline's sources and resources and of what writes its files (20 hexadecimal digits)."""
    total = blake2b(digest_size=10)
    for module in (byline, byline_schemas):
        root = Path(str(module.__file__)).parent
        for path in sorted(_files(root)):
            content = path.read_bytes()
            total.update(f"{root.name}/{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
            total.update(content)
    for library in WRITERS:
        total.update(f"{library}\0{version(library)}\0".encode())
    return total.hexdigest()


def _files(root: Path) -> list[Path]:
    return [
        path
        for path in root.rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and path.suffix not in {".pyc", ".pyo"}
        and not _left_out(path.relative_to(root))
    ]


def _left_out(path: Path) -> bool:
    return any(path.is_relative_to(place) for place in LEFT_OUT)


def code_version() -> str:
    """Return version and digest as the manifest shows them."""
    return f"{byline.__version__}+{code_digest()}"
