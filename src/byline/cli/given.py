"""What a person gave as input: a folder, files, standard input, an address."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from byline.cli.options import RAW

STDIN = "-"
STDIN_NAME = "stdin.txt"
"""What standard input is called in `records.source_file`."""
CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Given:
    """`raw`: folder or address. `files`: the whole input when a person named files; the folder is then not read."""

    raw: str
    files: tuple[Path, ...] = ()


@contextmanager
def given(raw: str, files: Sequence[str]) -> Iterator[Given]:
    """Yield what `--raw` and the named files mean; standard input is kept in a temporary file meanwhile.

    Raises `UsageError`: files beside an address, or standard input twice.
    """
    from byline.core.errors import UsageError
    from byline.core.options import is_address, local_path

    if not files and not is_address(raw) and (raw == STDIN or local_path(raw).is_file()):
        files, raw = [raw], RAW
    if not files:
        yield Given(raw)
        return
    if is_address(raw) or any(is_address(name) for name in files):
        raise UsageError(
            "files are read from this machine", "Give an object store's folder with --raw s3://…"
        )
    if list(files).count(STDIN) > 1:
        raise UsageError("standard input can be read once", "Name `-` once.")
    from byline.files.scratch import scratch

    with scratch() as folder:
        paths = [_kept(folder) if name == STDIN else local_path(name) for name in files]
        yield Given(raw, tuple(paths))


def _kept(folder: Path) -> Path:
    from byline.files.fs import guard

    path = folder / STDIN_NAME
    with guard("write", path, announced=False), path.open("wb") as sink:
        copy(sys.stdin.buffer, sink)
    return path


def copy(source: BinaryIO, sink: BinaryIO) -> None:
    """Copy a stream, a piece at a time."""
    while piece := source.read(CHUNK):
        sink.write(piece)
