"""Bytes cut into lines, and any run of lines as a polars text without a copy.

Lines end at LF, CRLF or lone CR. A page (`Page`) is the bytes of one batch with its lines; bytes that are not UTF-8
are replaced in it, length kept, so that polars may read every stretch of it as text.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.core.arrow import stretches
from byline.listing.text import BLANK, plain_spaces

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

WORTH_ARROW = 1 << 18
"""Bytes from which Arrow's check is worth its set-up and import."""
_CR = 0x0D
_LF = 0x0A
_NOT_ASCII = 0xC2
"""The first byte from which on UTF-8 has no ASCII."""
_NO_BREAK = 0xC2A0
_ODD_SPACES = {
    0xE19A: [0x80], 0xE280: [*range(0x80, 0x8C), 0xA8, 0xA9, 0xAF], 0xE281: [0x9F, 0xA0],
    0xE380: [0x80], 0xEFBB: [0xBF],
}  # fmt: skip
"""The first two bytes and the third of other spaces and of what has no width: U+1680 to U+FEFF."""
_NOTHING_STARTS_WITH = (0x7F, 0xC2, 0xE1, 0xE2, 0xE3, 0xEF)
"""Besides the bytes up to 0x20: what a character that shows nothing can begin with in UTF-8."""


@dataclass(frozen=True)
class Page:
    """The lines of some bytes; all positions are offsets in bytes, all arrays have one entry a line."""

    data: bytes
    """Valid UTF-8, of the same length as the bytes it was made from."""
    start: Ints
    stop: Ints
    """End of the content: the terminator stands between here and the next line's start."""
    blank: Flags
    bad: Flags
    """The line held bytes that are not UTF-8, or NUL."""
    controls: bool
    """Whether any line holds a control code."""
    numbers: Ints | None = None
    """Which line of the bytes each one is, from 0, where lines were cut further (`cut_lines`)."""

    def texts(self, start: Ints, stop: Ints) -> pl.Series:
        """Return stretches of the page as a String series; they must be in order and not overlap."""
        return stretches(self.data, start, stop)

    def lines(self, which: Ints) -> pl.Series:
        """Return the content of some lines, given in ascending order."""
        return self.texts(self.start[which], self.stop[which])

    def plain(self, which: Ints) -> pl.Series:
        """Return the content of some lines as patterns look at it: any other space is a plain one, no width is none."""
        lines = self.lines(which)
        odd = np.flatnonzero(self.odd_spaces[which])
        return lines.scatter(odd, plain_spaces(lines.gather(odd))) if len(odd) else lines

    def place(self, line: int) -> int:
        """Return where a line begins; one past the last: where the page ends."""
        return int(self.start[line]) if line < len(self.start) else len(self.data)

    @cached_property
    def with_controls(self) -> Flags:
        """Which lines hold a control code of ASCII."""
        found = np.zeros(len(self.start), bool)
        if self.controls:
            view = np.frombuffer(self.data, np.uint8)
            low = np.flatnonzero(view < 0x20)
            low = low[view[low] != _LF]  # a line holds none, and nearly all that are so low are line ends
            for at in (low, np.flatnonzero(view == 0x7F) if b"\x7f" in self.data else low[:0]):
                line = np.searchsorted(self.start, at, "right") - 1
                found[line[at < self.stop[line]]] = True
        return found

    @cached_property
    def odd_spaces(self) -> Flags:
        """Which lines hold a space outside ASCII, or a character of no width."""
        found = np.zeros(len(self.start), bool)
        view = np.frombuffer(self.data, np.uint8)
        lead = np.flatnonzero(view >= _NOT_ASCII)
        lead = lead[lead < len(view) - 1]
        pair = (view[lead].astype(np.int64) << 8) | view[lead + 1]
        third = view[np.minimum(lead + 2, len(view) - 1)] if len(lead) else view[:0]
        odd = pair == _NO_BREAK
        for begins, ends in _ODD_SPACES.items():
            odd |= (pair == begins) & np.isin(third, ends)
        found[np.searchsorted(self.start, lead[odd], "right") - 1] = True
        return found


def read_page(data: bytes) -> Page:
    """Cut bytes into lines, find the blank ones, and make all of it readable as text."""
    start, stop = _split(data)
    data, bad = _readable(data, start, stop)
    page = Page(data, start, stop, stop == start, bad, _has_controls(data, start, stop))
    first = (
        np.frombuffer(data, np.uint8)[np.minimum(start, max(len(data) - 1, 0))]
        if data
        else np.zeros(0, np.uint8)
    )
    doubtful = np.flatnonzero(((first <= 0x20) | np.isin(first, _NOTHING_STARTS_WITH)) & ~page.blank)
    if len(doubtful):
        page.blank[doubtful] = page.lines(doubtful).str.contains(BLANK).to_numpy()
    return page


def cut_lines(page: Page, places: Ints) -> Page:
    """Return the page with some lines cut in two: at offsets inside them, ascending.

    What stands on a line then takes several entries with one number. Example: `ab` and `c`, cut at 1, has the entries
    `a`, `b`, `c` with the numbers 0, 0, 1.
    """
    if not len(places):
        return page
    line = np.searchsorted(page.start, places, "right") - 1
    start = np.insert(page.start, line + 1, places)
    numbers = np.searchsorted(page.start, start, "right") - 1
    stop = np.where(np.append(np.diff(numbers) == 0, False), np.append(start[1:], 0), page.stop[numbers])
    cut = Page(page.data, start, stop, stop == start, page.bad[numbers], page.controls, numbers)
    cut.blank[:] = page.blank[numbers] | cut.lines(np.arange(len(start))).str.contains(BLANK).to_numpy()
    return cut


def _split(data: bytes) -> tuple[Ints, Ints]:
    """Return where each line starts and where its content stops."""
    view = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(view == _LF)
    after_cr = np.zeros(len(ends), bool)
    if b"\r" in data:
        cr = np.flatnonzero(view == _CR)
        lone = cr[np.append(view, 0)[cr + 1] != _LF]
        after_cr = (ends > 0) & (view[ends - 1] == _CR)
        order = np.argsort(np.concatenate([ends, lone]), kind="stable")
        ends = np.concatenate([ends, lone])[order]
        after_cr = np.concatenate([after_cr, np.zeros(len(lone), bool)])[order]
    start = np.concatenate([np.zeros(1, np.int64), ends + 1])
    stop = np.append(ends - after_cr, len(data))
    if start[-1] == len(data):  # the last line was terminated: no line follows
        start, stop = start[:-1], stop[:-1]
    return start, stop


def _readable(data: bytes, start: Ints, stop: Ints) -> tuple[bytes, Flags]:
    """Return the data with every byte above ASCII replaced in lines that are not UTF-8, and which lines are bad."""
    bad = np.zeros(len(start), bool)
    if b"\0" in data:
        bad = np.logical_or.reduceat(np.frombuffer(data, np.uint8) == 0, start)
    if _is_utf8(data):
        return data, bad
    view = np.frombuffer(data, np.uint8).copy()
    for line in np.flatnonzero(np.logical_or.reduceat(view > 0x7F, start)):
        at, end = int(start[line]), int(stop[line])
        if not _is_utf8(data[at:end]):
            bad[line] = True
            stretch = view[at:end]
            stretch[stretch == 0xA0] = 0x20  # Windows-1252's non-breaking space: a header stays one
            stretch[stretch > 0x7F] = 0x3F
    return view.tobytes(), bad


def _has_controls(data: bytes, start: Ints, stop: Ints) -> bool:
    """Whether any line holds a control code of ASCII."""
    between = int((start[1:] - stop[:-1]).sum()) + (len(data) - int(stop[-1]) if len(stop) else 0)
    return b"\x7f" in data or bool(np.count_nonzero(np.frombuffer(data, np.uint8) < 0x20) > between)


def _is_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8; Arrow's check is fifteen times as fast as decoding, but takes long to import."""
    if len(data) > WORTH_ARROW:
        import pyarrow as pa  # noqa: PLC0415 - who reads a paste can spare it

        offsets = pa.py_buffer(np.array([0, len(data)], np.int64))
        array = pa.LargeStringArray.from_buffers(1, offsets, pa.py_buffer(data))
        try:
            array.validate(full=True)
        except pa.ArrowInvalid:
            return False
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def next_shown(page: Page) -> Ints:
    """For every line, the index of the first line at or after it that shows something; len(lines) where none does."""
    count = len(page.start)
    index = np.where(page.blank, count, np.arange(count))
    return np.minimum.accumulate(index[::-1])[::-1] if count else index


def last_shown(page: Page) -> Ints:
    """For every line, the index of the last line at or before it that shows something; -1 where none does."""
    index = np.where(page.blank, -1, np.arange(len(page.start)))
    return np.maximum.accumulate(index) if len(index) else index


def ranges(first: Ints, stop: Ints) -> tuple[Ints, Ints]:
    """Return all numbers of several ranges in a row, and which range each comes from.

    Example: of the ranges 2 to 4 and 7 to 8 (the ends left out) the numbers are 2, 3, 7, from the ranges 0, 0, 1.
    """
    length = stop - first
    owner = np.repeat(np.arange(len(first)), length)
    offset = np.arange(len(owner)) - np.repeat(np.cumsum(length) - length, length)
    return first[owner] + offset, owner


def shown_in(page: Page, first: Ints, stop: Ints) -> tuple[Ints, Ints]:
    """Return the lines of several ranges that show something, and which range each comes from (see `ranges`)."""
    line, owner = ranges(first, stop)
    shown = ~page.blank[line]
    return line[shown], owner[shown]
