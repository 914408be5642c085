"""The headers that a cut needs, found by looking at a part of the lines.

To cut a block three things must be known: the first header where a slice is due, the last header of the block, and that
no two headers are further apart than a record may be long. Windows at these places, and one in every quarter of the
longest record, show all three as long as every window holds a header. Where one holds none, all lines are looked at, so
that the cuts are those that all headers give, whatever the file holds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from byline.listing.headers import LOOKAHEAD, find_headers
from byline.listing.lines import Flags, Ints, Page

_STRETCHES = 4
"""Stretches of the longest record; each begins with a window."""
_SHARE = 16
"""Stretch to window: with the lines looked ahead at, a tenth of the text is read."""


@dataclass(frozen=True)
class Needs:
    """What a cutter knows before a block; sizes in bytes, places counted from the block's first byte."""

    due: int
    """Where the present slice ends at the earliest, 0 when overdue: the next header from here on begins another."""
    behind: int
    """How far back the last header stands."""
    slice_bytes: int
    record: int
    """The longest record."""


def headers_to_cut(page: Page, stop: int, needs: Needs | None) -> Ints:
    """Return where headers stand before `stop`: all that make a difference to the cuts; null needs: simply all."""
    found = None if needs is None else _in_windows(page, stop, needs)
    if found is None:
        found = page.start[find_headers(page).line]
    return found[: np.searchsorted(found, stop)]


def _in_windows(page: Page, stop: int, needs: Needs) -> Ints | None:
    """Return the headers in the windows; null where they don't show all that must be known."""
    stretch = needs.record // _STRETCHES
    width = stretch // _SHARE
    if needs.slice_bytes < stretch or stop < stretch or width == 0:
        return None
    spread, due = _windows(stop, width, stretch, needs)
    inside, looked = _lines_in(page, np.concatenate([spread, due]))
    lines = find_headers(page, among=looked).line
    found = page.start[lines[inside[lines]]]
    begin, end = np.searchsorted(found, spread).T
    if not (begin < end).all() or found[0] + needs.behind > needs.record:
        return None
    return found if _tells_the_cuts(found, stop, due, needs) else None


def _windows(stop: int, width: int, stretch: int, needs: Needs) -> tuple[Ints, Ints]:
    """Return begins and ends (n x 2) of the windows spread over the block, and of those where slices may be due.

    A later slice is due as much later as the slices before it ran over.
    """
    begins = np.append(np.arange(0, stop - width, stretch), stop - width)
    due = np.arange(needs.due, stop, needs.slice_bytes)
    grown = width * np.arange(1, len(due) + 1)
    ends = np.minimum(due + grown, stop)
    return np.stack([begins, begins + width], axis=1), np.stack([due, ends], axis=1)


def _lines_in(page: Page, windows: Ints) -> tuple[Flags, Flags]:
    """Return which lines begin in a window, and which must be looked at to judge them."""
    inside, looked = np.zeros(len(page.start), bool), np.zeros(len(page.start), bool)
    for begin, end in np.searchsorted(page.start, windows).tolist():
        inside[begin:end] = True
        looked[begin : end + LOOKAHEAD] = True
    return inside, looked


def _tells_the_cuts(found: Ints, stop: int, windows: Ints, needs: Needs) -> bool:
    """Whether each header that begins a slice stands in the window of that slice, so that it is the first one."""
    due = needs.due
    for end in windows[:, 1].tolist():
        at = int(np.searchsorted(found, due))
        header = int(found[at]) if at < len(found) else stop
        if end < stop and header >= end:
            return False
        due = header + needs.slice_bytes
    return True
