"""Run files: what stages exchange. An Arrow IPC file with one record batch a group.

A task writes one run file whose batch `k` holds the rows of group `k` (a bucket, or a partition of a table); the task
that works on group `k` takes that batch of every run file. Reading a batch touches nothing else of the file.

Files appear under their name only once they are whole: on a cluster a task may run a second time, even at the same
time, when its first worker is thought dead; whoever comes last puts the same bytes in place of the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from itertools import accumulate
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from byline import fs

CHECKSUM_BYTES = 32
COPIED_BYTES = 1 << 20
"""Rows of a group below this size are copied out of the file."""


def to_arrow(frame: pl.DataFrame) -> pa.Table:
    """Return the frame as an Arrow table with plain (not view) strings: slices of it write only their own rows."""
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest())


@contextmanager
def appearing(path: Path) -> Iterator[Path]:
    """Yield a name that nobody else writes to; what was written there takes the place of `path` at the end."""
    temporary = path.with_name(f".{path.name}.{uuid4().hex[:12]}.tmp")
    with fs.guard("write", path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield temporary
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def write_run(path: Path, rows: pl.DataFrame, counts: Sequence[int]) -> None:
    """Write the rows as batches of so many rows each, in order; a batch may be empty."""
    table = to_arrow(rows.rechunk())
    batches = table.to_batches()
    whole = batches[0] if batches else _no_rows(table.schema)
    with (
        appearing(path) as temporary,
        pa.OSFile(str(temporary), "wb") as sink,
        pa.ipc.new_file(sink, table.schema) as writer,
    ):
        for start, count in zip(accumulate(counts, initial=0), counts, strict=False):
            writer.write_batch(whole.slice(start, count))


def write_groups(
    path: Path, frame: pl.DataFrame, group: npt.NDArray[np.integer[Any]], groups: int
) -> tuple[int, ...]:
    """Write the rows by their group, 0 to `groups` - 1, a batch each, in the frame's order; return the rows of each."""
    counts = tuple(np.bincount(group, minlength=groups).tolist())
    write_run(path, frame[np.argsort(group, kind="stable")], counts)
    return counts


def _no_rows(schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array([], type=field.type) for field in schema], schema=schema)


def read_group(paths: Sequence[Path], group: int) -> pl.DataFrame:
    """Return the rows of one group from all run files, in the files' order."""
    return read_pieces([Piece(path, group) for path in paths])


@dataclass(frozen=True)
class Piece:
    """Rows of one group of one run file: all of them, or those from `start` to `stop`."""

    path: Path
    group: int
    start: int = 0
    stop: int | None = None


def read_pieces(pieces: Sequence[Piece]) -> pl.DataFrame:
    """Return the rows of all pieces (one at least), in order; no others are read.

    They are put together by Arrow: polars takes ten times as long for hundreds of small ones, now and at every use.
    """
    return to_polars(pa.Table.from_batches([_read(piece) for piece in pieces]).combine_chunks())


def _read(piece: Piece) -> pa.RecordBatch:
    """Return rows of a batch.

    Large ones stay in the memory map until they are used. Small ones are copied and the file is let go: the system maps
    64 KiB around every page that is touched, and of small pieces of many files that is far more than their rows.
    """
    with pa.memory_map(str(piece.path)) as source:
        batch = pa.ipc.open_file(source).get_batch(piece.group)
        part = batch.slice(piece.start, None if piece.stop is None else piece.stop - piece.start)
        if part.nbytes >= COPIED_BYTES:
            return part
        return pa.ipc.read_record_batch(part.serialize(), part.schema)


def to_polars(table: pa.Table) -> pl.DataFrame:
    """Return an Arrow table as a frame, sharing its buffers."""
    frame = pl.from_arrow(table)
    if not isinstance(frame, pl.DataFrame):
        raise TypeError(f"a table became {type(frame).__name__}")
    return frame


def read_numbers(path: Path, group: int, column: str) -> npt.NDArray[np.int64]:
    """Return a copy of one column of integers of one group: nothing keeps the file mapped."""
    with pa.memory_map(str(path)) as source:
        numbers = pa.ipc.open_file(source).get_batch(group).column(column)
        return np.array(numbers.to_numpy(zero_copy_only=False), dtype=np.int64)


def write_checked(path: Path, payload: bytes) -> None:
    """Write bytes behind their digest, so that a torn or altered file is noticed."""
    with appearing(path) as temporary, temporary.open("wb") as sink:
        sink.write(blake2b(payload, digest_size=CHECKSUM_BYTES).digest())
        sink.write(payload)


def read_checked(path: Path) -> memoryview | None:
    """Return the bytes that `write_checked` wrote, or null when the file is missing, torn or altered."""
    try:
        content = memoryview(path.read_bytes())
    except OSError:
        return None
    stored, payload = content[:CHECKSUM_BYTES], content[CHECKSUM_BYTES:]
    return payload if blake2b(payload, digest_size=CHECKSUM_BYTES).digest() == bytes(stored) else None
