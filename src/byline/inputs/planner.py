"""One raw file looked through once: digest, length, and slices cut at record borders."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

import numpy as np

from byline.errors import OutputError, UsageError
from byline.inputs.cutter import Cutter
from byline.inputs.encodings import HEAD, foreign
from byline.inputs.model import Limits, Plan, Source
from byline.inputs.streams import Stream
from byline.listing import reasons
from byline.listing.headers import LOOKAHEAD, find_headers
from byline.listing.lines import Page, read_page


def plan(source: Source, work: Path, slice_bytes: int, limits: Limits | None = None) -> Plan:
    """Look through a raw file once: its digest, its length, and slices of about `slice_bytes`, cut at record borders.

    Archives are unpacked into `work`, where the slices then point. Memory stays within some tens of MiB whatever the
    file holds. Raises UsageError when the file can't be read, OutputError when `work` can't be written.
    """
    limits = limits or Limits()
    try:
        with source.path.open("rb") as file:
            stream = Stream(file, source.compression, limits)
            if source.compression is None:
                return _plan(source, source.path, stream, None, slice_bytes, limits)
            with _unpacked(source, work) as (path, spool):
                return _plan(source, path, stream, spool, slice_bytes, limits)
    except OSError as error:
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
        work.mkdir(parents=True, exist_ok=True)
        spool = part.open("wb")
    except OSError as error:
        raise _cannot_write(work, error) from error
    try:
        with spool:
            yield path, spool
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _cannot_write(where: Path, error: OSError) -> OutputError:
    return OutputError(
        f"{where} can't be written: {error.strerror or error}", "free some space, or name another folder"
    )


def _plan(
    source: Source, path: Path, stream: Stream, spool: BinaryIO | None, slice_bytes: int, limits: Limits
) -> Plan:
    cutter = Cutter(path, slice_bytes, limits)
    reader = Reader(cutter, limits)
    for block in stream.blocks():
        if spool is not None:
            try:
                spool.write(block)
            except OSError as error:
                raise _cannot_write(path.parent, error) from error
        reader.take(block)
    reader.finish()
    cutter.finish(stream.damage)
    return Plan(
        source=source,
        sha256=stream.sha256,
        bytes=cutter.offset,
        lines=cutter.line - 1,
        slices=cutter.slices,
        damage=stream.damage,
    )


class Reader:
    """Makes complete lines of blocks, finds the headers among them, and hands both to the cutter.

    What can't be decided yet (the last line, and the last header with nothing behind it) is carried to the next block.
    """

    def __init__(self, cutter: Cutter, limits: Limits) -> None:
        self._cutter = cutter
        self._limit = limits.line
        self._carry = b""
        self._in_long_line = False
        self._foreign: str | None = None
        self._begun = False
        self._too_long = f"a line of more than {limits.line} bytes; expected lines of a listing"

    def take(self, block: bytes) -> None:
        """Take the next bytes of the file."""
        if not self._begun:
            self._begun = True
            self._foreign = foreign(block[:HEAD])
        if self._foreign is not None:
            self._skip(block)
            return
        data = self._carry + block
        if self._in_long_line:
            data = self._go_on_long_line(data)
        end = _end_of_lines(data)
        rest = data[end:]
        if len(rest) <= self._limit + 1:  # one more: it may be the CR of a line end
            self._carry = self._lines(data[:end], final=False) + rest
            return
        self._lines(data[:end], final=True)
        self._in_long_line = True
        self._carry = self._go_on_long_line(rest)

    def finish(self) -> None:
        """Take what was carried: the file ends here."""
        if self._in_long_line and self._carry:  # a CR at the very end
            self._cutter.feed_long(self._carry, reasons.TOO_LONG, self._too_long)
        if self._in_long_line or self._foreign is not None:  # the lines of a foreign file can't be told: it is one
            self._cutter.end_line()
        else:
            self._lines(self._carry, final=True)
        self._carry = b""

    def _skip(self, block: bytes) -> None:
        """Take bytes of a file that is no UTF-8 text."""
        assert self._foreign is not None
        self._cutter.feed_long(block, reasons.NOT_UTF8, self._foreign)

    def _go_on_long_line(self, data: bytes) -> bytes:
        """Feed the rest of a line that is too long; return what stands behind it, or a CR that may go on."""
        ends = [at for at in (data.find(b"\n"), data.find(b"\r")) if at >= 0]
        end = min(ends, default=len(data))
        if data[end : end + 1] == b"\r" and end + 1 == len(data):
            self._cutter.feed_long(data[:end], reasons.TOO_LONG, self._too_long)
            return data[end:]
        if ends:
            end += 2 if data[end : end + 2] == b"\r\n" else 1
        self._cutter.feed_long(data[:end], reasons.TOO_LONG, self._too_long)
        if ends:
            self._cutter.end_line()
            self._in_long_line = False
        return data[end:]

    def _lines(self, data: bytes, *, final: bool) -> bytes:
        """Feed complete lines; return those that can't be decided before more is known (none when final)."""
        if not data:
            return b""
        page = read_page(data)
        long = np.flatnonzero(page.stop - page.start > self._limit)
        if not len(long):
            return self._settle(data, page, final=final)
        at = int(page.start[long[0]])
        end = int(page.start[long[0] + 1]) if long[0] + 1 < len(page.start) else len(data)
        if at:
            self._lines(data[:at], final=True)
        self._cutter.feed_long(data[at:end], reasons.TOO_LONG, self._too_long)
        self._cutter.end_line()
        return self._lines(data[end:], final=final)

    def _settle(self, data: bytes, page: Page, *, final: bool) -> bytes:
        headers = page.start[find_headers(page).line]
        settled = len(page.start)
        shown = np.flatnonzero(~page.blank)
        if not final and len(shown) and settled - 1 - shown[-1] < LOOKAHEAD:
            settled = int(shown[-1])
        stop = int(page.start[settled]) if settled < len(page.start) else len(data)
        self._cutter.feed(data[:stop], headers[headers < stop], page.start[:settled])
        return data[stop:]


def _end_of_lines(data: bytes) -> int:
    """Return where the last complete line ends. A CR at the very end may be half of CRLF: its line is not complete."""
    last = len(data) - 1 if data.endswith(b"\r") else len(data)
    return max(data.rfind(b"\n", 0, last), data.rfind(b"\r", 0, last)) + 1
