"""arXiv's metadata file as blocks of whole lines, whether plain, gzipped or zipped; never more than a block is held.

`arxiv-metadata-oai-snapshot.json`: JSON lines, one paper each (https://www.kaggle.com/datasets/Cornell-University/arxiv,
CC0). About 3 million lines, 5 GB; the zip that the site hands out holds this one file.
"""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from byline.core.errors import UsageError
from byline.files import beneath, fs

BLOCK_BYTES = 32 << 20
"""Text of a block, to the next line's end: some 20,000 papers."""
PIECE_BYTES = 4 << 20
"""Text that is taken apart at a time."""
LONGEST_LINE = 64 << 20
"""Bytes; the longest line of the file of 2026 has 0.2 MB (a collaboration of 5,000), so longer is another file."""
READ_BYTES = 1 << 20
GET_IT = (
    "Give arXiv's official metadata file, arxiv-metadata-oai-snapshot.json (also .json.gz, .zip), "
    "or the index that byline made of it."
)
OFFICIAL = "arxiv-metadata-oai-snapshot.json"
ONE_OF_THEM = f"Unpack it and give the one that is arXiv's metadata, or name it {OFFICIAL} in the archive."
TORN = (EOFError, zipfile.BadZipFile, zlib.error, gzip.BadGzipFile, RuntimeError)
"""What the libraries raise when an archive is damaged; the last one where it is locked by a password, or packed in a
way that Python can't read."""
ZIPPED = b"PK\x03\x04"


@dataclass(frozen=True)
class Block:
    """Whole lines of the file: bytes `start` to `stop` of `path`, the first one of number `first_line`.

    `name` is the file as the person named it; `first_line` is null where counting waits until somebody asks.
    """

    name: str
    path: Path
    start: int
    stop: int
    first_line: int | None

    def read(self) -> bytes:
        """Return the lines. They are read, not mapped: a file that shrinks meanwhile must not end the process."""
        with self.path.open("rb") as file:
            file.seek(self.start)
            return file.read(self.stop - self.start)

    def pieces(self) -> Iterator[tuple[int, bytes]]:
        """Yield the lines, some MiB of them at a time, and where these begin in the file.

        Whoever works on them so takes the same memory again, which is in the processor's cache: a block at once, in
        memory that the system must give, takes up to twice the time.
        """
        with self.path.open("rb", buffering=0) as file:
            at, wanted = self.start, PIECE_BYTES
            while at < self.stop:
                file.seek(at)
                lines = file.read(min(wanted, self.stop - at))
                if not lines:  # it shrank
                    return
                end = len(lines) if at + len(lines) >= self.stop else lines.rfind(b"\n") + 1
                if end:
                    yield at, lines[:end]
                at, wanted = at + end, PIECE_BYTES if end else 2 * wanted

    def line(self, ahead: int) -> int:
        """Return the number (1-based, in the whole file) of the line that has so many of this block's before it."""
        if self.first_line is not None:
            return self.first_line + ahead
        before, left = 0, self.start
        with self.path.open("rb") as file:
            while left and (piece := file.read(min(READ_BYTES, left))):
                before += piece.count(b"\n")
                left -= len(piece)
        return before + 1 + ahead


def is_packed(path: Path) -> bool:
    """Tell whether the file must be unpacked before it can be cut."""
    with path.open("rb") as file:
        head = file.read(4)
    return head[:2] == b"\x1f\x8b" or head == ZIPPED


def plain_blocks(path: Path, block_bytes: int = BLOCK_BYTES) -> Iterator[Block]:
    """Yield the blocks of a plain file: only the ends of lines near the borders are looked for.

    Raises `UsageError`: a line is longer than any paper's.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        start = 0
        while start < size:
            stop = _line_end(file, start + block_bytes, size)
            if stop - start > block_bytes + LONGEST_LINE:
                raise _no_lines(path)
            yield Block(str(path), path, start, stop, None)
            start = stop


def _line_end(file: IO[bytes], at: int, size: int) -> int:
    """Return where the line ends that holds the byte at `at`."""
    if at >= size:
        return size
    file.seek(at)
    while piece := file.read(READ_BYTES):
        found = piece.find(b"\n")
        if found >= 0:
            return at + found + 1
        at += len(piece)
    return size


def _no_lines(path: Path) -> UsageError:
    return UsageError(f"{path}: a line of more than {LONGEST_LINE >> 20} MiB is no paper's", GET_IT)


def unpacked_blocks(path: Path, folder: Path, block_bytes: int = BLOCK_BYTES) -> Iterator[Block]:
    """Yield the same blocks of a packed file, each unpacked into a file of its own in `folder`.

    Raises `UsageError`: the archive is torn, or holds no JSON file.
    """
    fs.mkdir(folder)
    line, number, held = 1, 0, bytearray()
    try:
        with _opened(path) as file:
            more = True
            while more:
                more = bool(piece := file.read(READ_BYTES))
                held += piece
                while end := _end_of_block(path, held, block_bytes, last=not more):
                    yield _spooled(path, folder / f"{number:05d}.json", bytes(held[:end]), line)
                    line += held.count(b"\n", 0, end)
                    number += 1
                    del held[:end]
    except TORN as problem:
        line += held.count(b"\n")
        what = "can't be unpacked" if isinstance(problem, RuntimeError) else "is torn"
        raise UsageError(f"{path}: the archive {what} in or after line {line} ({problem})", GET_IT) from None


def _end_of_block(path: Path, held: bytearray, block_bytes: int, *, last: bool) -> int:
    """Return how many bytes make the next block, 0 where more must be read first (or, at the end, nothing is left)."""
    end = held.find(b"\n", block_bytes) + 1
    if not end and len(held) > block_bytes + LONGEST_LINE:
        raise _no_lines(path)
    return end or (len(held) if last else 0)


def _spooled(path: Path, target: Path, content: bytes, line: int) -> Block:
    with fs.guard("write", target, announced=False), beneath.create(target) as sink:
        sink.write(content)
    return Block(str(path), target, 0, len(content), line)


def _json_of(path: Path, archive: zipfile.ZipFile) -> str:
    """Return the name of the JSON file in an archive: the only one, or the one that bears the official name."""
    names = sorted(one.filename for one in archive.infolist() if one.filename.endswith(".json"))
    official = [name for name in names if name.rsplit("/")[-1] == OFFICIAL]
    if not names:
        raise UsageError(f"{path}: holds no .json file", GET_IT)
    if len(names) > 1 and len(official) != 1:
        raise UsageError(f"{path}: holds {len(names)} .json files ({', '.join(names[:3])} …)", ONE_OF_THEM)
    return (official or names)[0]


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """Open the JSON inside an archive."""
    with path.open("rb") as packed:
        zipped = packed.read(len(ZIPPED)) == ZIPPED  # by its beginning: a torn one lacks its end
    if not zipped:
        with gzip.open(path) as file:
            yield file  # type: ignore[misc]  # GzipFile reads bytes, but is no IO to the type checker
        return
    with zipfile.ZipFile(path) as archive, archive.open(_json_of(path, archive)) as inside:
        yield inside
