"""Lines laid into records: every line belongs to exactly one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from byline.listing import furniture
from byline.listing.headers import Headers
from byline.listing.lines import Ints, Page, next_shown

FURNITURE, NO_HEADER = -1, -2
"""Stand in `Spans.header` for a record without one."""
_SHORT_BYLINE = 40
"""Bytes; a longer byline is never taken for a button of the page."""


@dataclass(frozen=True)
class Spans:
    """Records in the order of the page; one entry a record."""

    first: Ints
    """First line; the record goes up to the next one's."""
    stop: Ints
    """Line after the last."""
    header: Ints
    """Index among the headers, or FURNITURE, or NO_HEADER."""
    byline: Ints
    """Line of the byline; `stop` where there is none, or no header."""
    body: Ints
    """First line of the abstract; `stop` where there is none."""


def lay(page: Page, headers: Headers, slice_lines: Ints) -> Spans:
    """Lay the lines of a page into records.

    `slice_lines` is the first line of every slice: no record reaches over it. Between two headers stands one record,
    and what is page furniture behind it; before the first header of a slice stand furniture and text without header.
    """
    count = len(page.start)
    first = np.union1d(headers.line, slice_lines)
    stop = np.append(first[1:], count)
    header = np.full(len(first), NO_HEADER, np.int64)
    header[np.searchsorted(first, headers.line)] = np.arange(len(headers.line))
    groups = _with_text(page, first, stop, header)
    return _without_furniture(page, groups)


def _with_text(page: Page, first: Ints, stop: Ints, header: Ints) -> Spans:
    """Find the byline and the first line of the abstract of each group."""
    after = np.append(next_shown(page), [len(page.start)] * 2)
    byline = np.where(header >= 0, np.minimum(after[first + 1], stop), stop)
    body = np.minimum(after[byline + 1], stop)
    return Spans(first, stop, header, byline, body)


def _without_furniture(page: Page, groups: Spans) -> Spans:
    """Split page furniture off the groups. Only groups that hold a suspicious line are looked at one by one."""
    candidates = ~page.blank
    with_header = groups.header >= 0
    candidates[groups.first[with_header]] = False
    byline = groups.byline[groups.byline < groups.stop]
    candidates[byline[page.stop[byline] - page.start[byline] > _SHORT_BYLINE]] = False
    looks = furniture.look(page, np.flatnonzero(candidates))
    marked = np.concatenate([[0], np.cumsum(looks.kind >= furniture.WEAK)])
    suspicious = ~with_header | (marked[groups.stop] > marked[groups.first])
    rows: list[tuple[int, int, int]] = []
    for group in np.flatnonzero(suspicious):
        rows.extend((int(group), *cut) for cut in _cuts(page, looks, groups, int(group)))
    return _insert(page, groups, rows)


def _cuts(page: Page, looks: furniture.Looks, groups: Spans, group: int) -> list[tuple[int, int]]:
    """Return the records of one group: (first line, header or FURNITURE or NO_HEADER)."""
    first, stop, header = int(groups.first[group]), int(groups.stop[group]), int(groups.header[group])
    found: list[tuple[int, int]] = []
    if header >= 0:
        byline = int(groups.byline[group])
        missing = byline < stop and looks.kind[byline] >= furniture.TAIL
        found.append((first, header))
        first = furniture.tail_start(looks, page.blank, byline if missing else min(byline + 1, stop), stop)
        if first == stop:
            return found
    kinds = furniture.stretches(looks, page.blank, first, stop)
    return found + [(line, FURNITURE if is_furniture else NO_HEADER) for line, is_furniture in kinds]


def _insert(page: Page, groups: Spans, rows: list[tuple[int, int, int]]) -> Spans:
    """Put the records of the groups that were looked at in the place of those groups."""
    if not rows:
        return groups
    group, line, header = np.array(rows, np.int64).T
    untouched = np.ones(len(groups.first), bool)
    untouched[group] = False
    first = np.concatenate([groups.first[untouched], line])
    order = np.argsort(first, kind="stable")
    first = first[order]
    header = np.concatenate([groups.header[untouched], header])[order]
    return _with_text(page, first, np.append(first[1:], len(page.start)), header)
