"""What code this is: a digest of the package's own files, so that a result names what made it."""

from __future__ import annotations

import os
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from unicodedata import unidata_version

import byline
import byline_schemas

LEFT_OUT = (
    # how a build is started, where it runs, and what people see of it
    "byline/__main__.py",
    "byline/api",
    "byline/boundary/explain.py",
    "byline/cli",
    "byline/core/code_digest.py",
    "byline/core/cycles.py",
    "byline/core/extras.py",
    "byline/core/logs.py",
    "byline/decisions/about.py",  # what it reads stands in the options, by value
    "byline/core/memory.py",
    "byline/core/progress.py",
    "byline/core/result.py",
    "byline/core/threads.py",
    "byline/explain",
    "byline/files/scratch.py",
    "byline/export",
    "byline/identity/explain.py",
    "byline/identity/uncertain.py",
    "byline/identity/wording.py",
    "byline/inputs/keeping.py",
    "byline/pipeline/engines",
    "byline/pipeline/finishing.py",
    "byline/pipeline/looking.py",
    "byline/pipeline/recording.py",
    "byline/pipeline/run.py",
    "byline/pipeline/stale.py",
    "byline/reading/paste.py",
    "byline/report/changes.py",
    "byline/storage",
    # what happens to a snapshot that is written: it is checked, published, compared, removed
    "byline/resources/corrections.md",
    "byline/resources/gates.toml",
    "byline/resources/organisations/countries.txt",
    "byline/snapshots/dataset.py",
    "byline/snapshots/dictionary.py",
    "byline/snapshots/diff.py",
    "byline/snapshots/doubts.py",
    "byline/snapshots/gate_metrics.py",
    "byline/snapshots/gates.py",
    "byline/snapshots/history.py",
    "byline/snapshots/labels.py",
    "byline/snapshots/lock.py",
    "byline/snapshots/lost.py",
    "byline/snapshots/moves.py",
    "byline/snapshots/prune.py",
    "byline/snapshots/publishing.py",
    "byline/snapshots/redirects.py",
    "byline/snapshots/run_metrics.py",
    "byline/snapshots/runs.py",
    "byline/snapshots/settled.py",
    "byline/snapshots/successors.py",
    "byline/snapshots/unread.py",
    "byline/validation",
    "byline_schemas/_evident.py",
    "byline_schemas/_passes.py",
    "byline_schemas/_spans.py",
    "byline_schemas/integrity.py",
    "byline_schemas/lost.py",
    "byline_schemas/redirects.py",
)
"""What can't change a byte of a snapshot; no stage that makes one imports it (tests/core/test_code_digest.py)."""

WRITERS = ("anyascii", "bibtexparser", "ftfy", "numpy", "polars", "pyarrow", "rapidfuzz", "rispy")
"""Distributions whose version may change the bytes of a snapshot; pandera only looks at frames."""


@cache
def code_digest() -> str:
    """Return a digest of byline's sources and resources and of what writes its files (20 hexadecimal digits)."""
    total = blake2b(digest_size=10)
    for module in (byline, byline_schemas):
        root = Path(str(module.__file__)).parent
        for name in sorted(_names(root)):
            content = (root.parent / name).read_bytes()
            total.update(f"{name}\0{len(content)}\0".encode())
            total.update(content)
    for library in WRITERS:
        total.update(f"{library}\0{version(library)}\0".encode())
    total.update(unidata_version.encode())  # Python's tables of letters: case, composition, classes
    return total.hexdigest()


def _names(root: Path) -> list[str]:
    """Return the files below a package that count, as `byline/…`; as texts, for every command pays for it."""
    above = len(str(root.parent)) + 1
    found = (
        f"{folder[above:]}/{name}".replace(os.sep, "/")
        for folder, _, names in os.walk(root)
        if "__pycache__" not in folder[above:]
        for name in names
        if not name.endswith((".pyc", ".pyo"))
    )
    return [name for name in found if not _left_out(name)]


def _left_out(path: str) -> bool:
    """Tell whether a path, `byline/…`, is left out; as text, for every command asks it of some hundred files."""
    return path in _FILES or path.startswith(_FOLDERS)


_FILES = frozenset(LEFT_OUT)
_FOLDERS = tuple(f"{place}/" for place in LEFT_OUT)


def code_version() -> str:
    """Return version and digest as the manifest shows them."""
    return f"{byline.__version__}+{code_digest()}"
