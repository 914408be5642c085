"""Run files: what stages exchange. Arrow record batches in groups, with a table of where each begins.

A task writes one run file whose batch `k` holds the rows of group `k` (a bucket, or rows of a partition of a table);
the task that works on group `k` takes that batch of every run file. With hundreds of files and hundreds of groups in
each, what a single small batch costs decides how a build grows: reading one takes an open, a few bytes from the table
at the file's end, and the batch's own bytes, however many others the file holds.

Layout: the schema, the batches (both as Arrow IPC messages), where each batch begins and the last one ends, how many
batches there are (8 bytes each, little-endian).

Files appear under their name only once they are whole: on a cluster a task may run a second time, even at the same
time, when its first worker is thought dead; whoever comes last puts the same bytes in place of the same bytes.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from hashlib import sha256
from io import FileIO
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from byline.core import arrow
from byline.core.errors import BylineError
from byline.files import beneath, fs

if TYPE_CHECKING:
    from typing_extensions import Buffer

CHECKSUM_BYTES = 32
"""Of SHA-256: processors compute it, so that it takes less than half of what BLAKE2 takes."""
LARGEST_CHECKED = 1 << 31
"""Bytes of a checked file: the rows of a slice of some MiB of text are far below."""
WRITTEN_BYTES = 1 << 20
"""What is written at a time."""
ZSTD_LEVEL = 1
"""The default takes twice the time for a tenth less."""
PLACE = np.dtype("<i8")
"""How the file says where a batch begins."""


def to_arrow(frame: pl.DataFrame) -> pa.Table:
    """Return the frame as an Arrow table with plain (not view) strings: slices of it write only their own rows."""
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest())


@contextmanager
def appearing(path: Path) -> Iterator[Path]:
    """Yield a name that nobody else writes to; what was written there takes the place of `path` at the end."""
    temporary = path.with_name(f".{path.name}.{uuid4().hex[:12]}.tmp")
    with fs.guard("write", path):
        beneath.mkdir(path.parent)
        try:
            yield temporary
            with beneath.opened(path) as (at, name):
                os.replace(
                    temporary.name if at is not None else temporary, name, src_dir_fd=at, dst_dir_fd=at
                )
        except BaseException:
            with suppress(OSError), beneath.opened(temporary) as (at, name):
                os.unlink(name, dir_fd=at)
            raise


def write_run(path: Path, rows: pl.DataFrame, counts: Sequence[int]) -> None:
    """Write the rows as batches of so many rows each, in order; a batch may be empty."""
    table = to_arrow(rows.rechunk())
    nothing = _no_rows(table.schema)
    whole = next(iter(table.to_batches()), nothing)
    places: list[int] = []
    with appearing(path) as temporary, beneath.create(temporary, WRITTEN_BYTES) as sink:
        # Arrow writes its own buffers, and the schema before the first; a serialized batch would be a copy of them.
        writer, head = pa.ipc.new_stream(pa.PythonFile(sink, "w"), table.schema), table.schema.serialize()
        for start, count in zip(accumulate(counts, initial=0), counts, strict=False):
            places.append(sink.tell() or head.size)
            # Of a slice without rows Arrow would write the offsets of all rows.
            writer.write_batch(whole.slice(start, count) if count else nothing)
        if not places:
            sink.write(head)
        sink.write(np.array([*places, sink.tell()], dtype=PLACE).tobytes())
        sink.write(np.array([len(places)], dtype=PLACE).tobytes())


def write_groups(
    path: Path, frame: pl.DataFrame, group: npt.NDArray[np.integer[Any]], groups: int
) -> tuple[int, ...]:
    """Write the rows by their group, 0 to `groups` - 1, a batch each, in the frame's order; return the rows of each."""
    counts = tuple(np.bincount(group, minlength=groups).tolist())
    # NumPy counts numbers of 16 bits where it compares wider ones: a fifth of the time.
    few = group.astype(np.uint16) if groups <= 1 << 16 else group
    write_run(path, frame[np.argsort(few, kind="stable")], counts)
    return counts


def _no_rows(schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array([], type=field.type) for field in schema], schema=schema)


def read_group(paths: Sequence[Path], group: int) -> pl.DataFrame:
    """Return the rows of one group from all run files (one at least), in the files' order."""
    return combined([read_batch(path, group) for path in paths])


def combined(batches: Sequence[pa.RecordBatch]) -> pl.DataFrame:
    """Return the rows of all batches (one at least), in order.

    They are put together by Arrow: polars takes ten times as long for hundreds of small ones, now and at every use.
    """
    return to_polars(pa.Table.from_batches(batches).combine_chunks())


def count(path: Path) -> int:
    """Return how many groups a run file holds."""
    with path.open("rb", buffering=0) as file:
        (groups,) = _places(file, file.seek(0, os.SEEK_END) - PLACE.itemsize, 1)
    return groups


def read_batch(path: Path, number: int) -> pa.RecordBatch:
    """Return one batch of a run file; nothing else of the file is read.

    It is read, not mapped: of a mapped file the system puts 64 KiB around every page that is touched into memory, and
    small batches of many files would take far more than their rows.
    """
    with path.open("rb", buffering=0) as file:
        end = file.seek(0, os.SEEK_END) - PLACE.itemsize
        (batches,) = _places(file, end, 1)
        table = end - (batches + 1) * PLACE.itemsize
        (first,) = _places(file, table, 1)
        start, stop = _places(file, table + number * PLACE.itemsize, 2)
        schema = _schema(_bytes(file, 0, first))
        return pa.ipc.read_record_batch(pa.py_buffer(_bytes(file, start, stop - start)), schema)


def _places(file: FileIO, start: int, count: int) -> list[int]:
    return np.frombuffer(_bytes(file, start, count * PLACE.itemsize), dtype=PLACE).tolist()  # type: ignore[no-any-return]  # a list of int


def _bytes(file: FileIO, start: int, count: int) -> bytes:
    """Return that many bytes of a file; the system gives 2 GiB at once at most."""
    found = b""
    while len(found) < count:
        more = os.pread(file.fileno(), count - len(found), start + len(found))
        if not more:
            raise OSError(errno.EIO, "the file ends too early", file.name)
        found += more
    return found


@lru_cache(maxsize=16)
def _schema(message: bytes) -> pa.Schema:
    """Return the schema of a message; the files of a stage have the same one."""
    return pa.ipc.read_schema(pa.py_buffer(message))


def to_polars(table: pa.Table) -> pl.DataFrame:
    """Return an Arrow table as a frame, sharing its buffers."""
    return arrow.frame(table)


def packed(frame: pl.DataFrame) -> pa.Buffer:
    """Return the frame as an Arrow file with LZ4; Arrow takes two thirds of the time that polars takes for the same."""
    table = to_arrow(frame.rechunk())
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
    with pa.ipc.new_file(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return sink.getvalue()


def small(table: pa.Table) -> pa.Buffer:
    """Return a table as an Arrow file with zstd: what is kept for long."""
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression=pa.Codec("zstd", ZSTD_LEVEL), use_threads=False)
    with pa.ipc.new_file(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return sink.getvalue()


def unpacked(payload: memoryview, columns: Sequence[str] | None = None) -> pl.DataFrame | None:
    """Return what `packed` made (all columns or some, in the file's order); null where it is no such thing."""
    content = pa.py_buffer(payload)
    try:
        schema = pa.ipc.open_file(content).schema
        fields = None if columns is None else [schema.get_field_index(name) for name in columns]
        if fields is not None and min(fields, default=0) < 0:
            return None
        options = pa.ipc.IpcReadOptions(included_fields=fields, use_threads=False)
        return to_polars(pa.ipc.open_file(content, options=options).read_all().combine_chunks())
    except (pa.ArrowException, pl.exceptions.PolarsError, OSError, ValueError):
        return None


def write_checked(path: Path, payload: Buffer) -> None:
    """Write bytes behind their digest, so that a torn or altered file is noticed."""
    with appearing(path) as temporary, beneath.create(temporary) as sink:
        sink.write(sha256(payload).digest())
        sink.write(payload)


def read_checked(path: Path) -> memoryview | None:
    """Return the bytes that `write_checked` wrote, or null when they can't be believed.

    That is when the file is missing, torn, altered, no file at all, or one that somebody else may have written: the
    digest has no key, so whoever writes there could alter both.
    """
    try:
        found, facts = beneath.readable(path, LARGEST_CHECKED)
    except (OSError, BylineError):
        return None
    if not beneath.is_ours(facts):
        return None
    content = memoryview(found)
    stored, payload = content[:CHECKSUM_BYTES], content[CHECKSUM_BYTES:]
    return payload if sha256(payload).digest() == bytes(stored) else None
