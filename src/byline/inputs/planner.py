"""One raw file looked through once: digest, length, and slices cut at record borders."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace as replaced
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from byline.core.errors import OutputError, UsageError
from byline.files import beneath
from byline.files.fs import failure, replace
from byline.forms import declared
from byline.forms.habits import HEAD_BYTES, one_line_each
from byline.forms.model import CARD
from byline.inputs.cutter import Cutter
from byline.inputs.model import Limits, Plan, Slice, Source, with_habit
from byline.inputs.reader import Reader
from byline.inputs.streams import Stream

RESERVE_BYTES = 512 * 1024 * 1024
"""Space that unpacked archives leave free, however small they are together beside it."""
SMALL_BYTES = 16 * 1024 * 1024
"""Archives that unpack to no more than this together fill no disk: nobody looks at the space they leave."""
UNIT = 64 * 1024
"""What is unpacked is counted in these, rounded up."""


def plan(source: Source, work: Path, slice_bytes: int, limits: Limits | None = None) -> Plan:
    """Look through a raw file once: its digest, its length, and slices of about `slice_bytes`, cut at record borders.

    Archives are unpacked into `work`, where the slices then point. Memory stays within some tens of MiB whatever the
    file holds. Raises UsageError when the file can't be read, OutputError when `work` can't be written.
    """
    limits = limits or Limits()
    form = declared.from_text(source.declared).get("form")
    found = _looked_through(source, work, slice_bytes, limits, form)
    marked = any(piece.marked for piece in found.slices)
    if form not in {None, CARD} and not marked and any(piece.reason is not None for piece in found.slices):
        # it has no record of the form that is declared: it is read as cards, however long it is
        return _looked_through(source, work, slice_bytes, limits, CARD)
    return found


def _looked_through(source: Source, work: Path, slice_bytes: int, limits: Limits, form: str | None) -> Plan:
    """Look through a raw file for records of one form (null: of any). Raises what `plan` raises."""
    try:
        with source.path.open("rb") as file:
            stream = Stream(file, source.compression, limits)
            if source.compression is None:
                return _plan(source, source.path, stream, None, slice_bytes, limits, form)
            with _unpacked(source, work) as (path, spool):
                return _plan(source, path, stream, spool, slice_bytes, limits, form)
    except OSError as error:
        if error.errno in {errno.EMFILE, errno.ENFILE}:
            raise failure("open", source.path, error) from error
        raise UsageError(
            f"{source.name} can't be read: {error.strerror or error}",
            "make it readable (chmod u+r), or take it out of the raw folder",
        ) from error


@contextmanager
def _unpacked(source: Source, work: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """Give a file in the work folder for the unpacked bytes; it takes its name only once it is whole."""
    path = work / f"unpacked-{blake2b(source.name.encode(), digest_size=10).hexdigest()}"
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        beneath.mkdir(work)
        spool = beneath.create(part)
    except OSError as error:
        raise _cannot_write(work, error) from error
    try:
        try:
            yield path, spool
        finally:
            _close(spool, work)
        replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def _close(spool: BinaryIO, work: Path) -> None:
    """Close the file; what was not on the disk yet may find it full."""
    try:
        spool.close()
    except OSError as error:
        raise _cannot_write(work, error) from error


def _cannot_write(where: Path, error: OSError) -> OutputError:
    return OutputError(
        f"{where} can't be written: {error.strerror or error}", "free some space, or name another folder"
    )


def _plan(
    source: Source,
    path: Path,
    stream: Stream,
    spool: BinaryIO | None,
    slice_bytes: int,
    limits: Limits,
    form: str | None,
) -> Plan:
    cutter = Cutter(path, slice_bytes, limits, source.declared)
    reader = Reader(cutter, limits, form)
    only = True
    held = head = b""  # held: one block behind, so that the last one is known to be the last
    for block in _one_ahead(stream):
        head += block[: HEAD_BYTES - len(head)]
        if spool is not None:
            _spool(block, spool, source, path.parent)
        if held:
            reader.take(held, last=False)
            only = False
        held = block
    if held:
        only = only and stream.damage is None and len(held) <= min(slice_bytes, limits.record)
        reader.take(held, last=True, uncut=only)
    cutter.finish(stream.damage)
    return Plan(
        source=source,
        sha256=stream.sha256,
        bytes=cutter.offset,
        lines=cutter.line - 1,
        slices=_with_habit(cutter.slices, head),
        damage=stream.damage,
    )


def _with_habit(slices: list[Slice], head: bytes) -> list[Slice]:
    """Return the slices with the habit that the beginning of their file shows; what is unreadable has none."""
    if not one_line_each(head):
        return slices
    return [
        replaced(piece, one_line=True, digest=with_habit(piece.digest, one_line=True))
        if piece.reason is None
        else piece
        for piece in slices
    ]


def _spool(block: bytes, spool: BinaryIO, source: Source, work: Path) -> None:
    """Write a block of an archive.

    Each archive is held to a ratio (`Limits`); all of a build together, in whatever process, to half of the space that
    was free: they may not take more than they leave. Later stages need as much again for what they exchange.
    """
    try:
        together = UNIT * beneath.tally(work.with_name(f"{work.name}.tally"), -(-len(block) // UNIT))
        if together > SMALL_BYTES:
            free = shutil.disk_usage(work).free
            if free < max(RESERVE_BYTES, together):
                raise OutputError(
                    f"{source.name}: archives unpacked to {together >> 20} MiB so far and leave {free >> 20} MiB free "
                    f"in {work}; they may take half of what was free, and leave {RESERVE_BYTES >> 20} MiB",
                    "Free some space, take archives out of the raw folder, or name another output folder.",
                )
        spool.write(block)
    except OSError as error:
        raise _cannot_write(work, error) from error


def _one_ahead(stream: Stream) -> Iterator[bytes]:
    """Yield the blocks while a thread makes the next one: reading, unpacking and digests don't wait for the cutting."""
    blocks = stream.blocks()
    with ThreadPoolExecutor(1) as thread:
        try:
            coming = thread.submit(next, blocks, None)
            while (block := coming.result()) is not None:
                coming = thread.submit(next, blocks, None)
                yield block
        finally:
            stream.stop()  # else an interrupt would wait until the rest of a damaged archive is hashed
