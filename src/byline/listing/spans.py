"""Lines laid into records: every line belongs to exactly one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from byline.listing import furniture
from byline.listing.headers import Headers
from byline.listing.lines import Ints, Page, next_shown

FURNITURE, NO_HEADER, OTHER_FORM = -1, -2, -3
"""Stand in `Spans.header` for a record without one; OTHER_FORM: text behind a record that is no part of it."""
Ends = Callable[[Page, Ints, Ints], Ints]
"""Lines of a page, where texts begin, where they stop at the latest → where each must have ended."""
LONGEST_ABSTRACT = 5000
"""Characters; of 120,000 abstracts of arXiv the longest has 3,767. What is longer is not all one abstract."""
WHOLE_LINE = 250
"""Characters; a longer line is not one of a wrapped text."""
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


def lay(page: Page, headers: Headers, slice_lines: Ints, ends: Ends | None = None) -> Spans:
    """Lay the lines of a page into records.

    `slice_lines` is the first line of every slice: no record reaches over it. Between two headers stands one record,
    and what is page furniture behind it; before the first header of a slice stand furniture and text without header.
    `ends` says where abstracts must have ended; what stands behind is a record of OTHER_FORM.
    """
    begin = _begin(page, headers, slice_lines)
    first = np.union1d(begin, slice_lines)
    header = np.full(len(first), NO_HEADER, np.int64)
    header[np.searchsorted(first, begin)] = np.arange(len(begin))
    laid = _without_furniture(page, headers, _with_text(page, headers, first, header))
    return laid if ends is None else _ended(page, headers, laid, ends)


def _ended(page: Page, headers: Headers, laid: Spans, ends: Ends) -> Spans:
    """Let abstracts end where `ends` says so; text behind them that was set apart already goes with what is now."""
    stop = np.where(laid.header >= 0, laid.stop, laid.body)
    found = ends(page, laid.body, stop)
    cut = np.flatnonzero(found < stop)
    if not len(cut):
        return laid
    joined = cut + 1
    joined = joined[joined < len(laid.first)]
    kept = np.ones(len(laid.first), bool)
    kept[joined[laid.header[joined] == OTHER_FORM]] = False
    first = np.concatenate([laid.first[kept], found[cut]])
    header = np.concatenate([laid.header[kept], np.full(len(cut), OTHER_FORM, np.int64)])
    order = np.argsort(first, kind="stable")
    return _with_text(page, headers, first[order], header[order])


def _begin(page: Page, headers: Headers, slice_lines: Ints) -> Ints:
    """Return the first line of each header's record: the header, or the blank lines that a slice begins with."""
    begin = headers.line.copy()
    shown = np.append(next_shown(page), len(page.start))[slice_lines]
    leads = np.isin(shown, headers.line) & (shown < np.append(slice_lines[1:], len(page.start)))
    begin[np.searchsorted(headers.line, shown[leads])] = slice_lines[leads]
    return begin


def _with_text(page: Page, headers: Headers, first: Ints, header: Ints) -> Spans:
    """Find the byline and the first line of the abstract of each group."""
    count = len(page.start)
    stop = np.append(first[1:], count)
    after = np.append(next_shown(page), [count] * 2)
    line = np.append(headers.line, count)[np.maximum(header, -1)]  # the last one for all without header
    byline = np.where(header >= 0, np.minimum(after[line + 1], stop), stop)
    body = np.minimum(after[byline + 1], stop)
    return Spans(first, stop, header, byline, body)


def _without_furniture(page: Page, headers: Headers, groups: Spans) -> Spans:
    """Split page furniture off the groups. Only groups that hold a suspicious line are looked at one by one."""
    candidates = ~page.blank
    with_header = groups.header >= 0
    candidates[headers.line] = False
    byline = groups.byline[groups.byline < groups.stop]
    candidates[byline[page.stop[byline] - page.start[byline] > _SHORT_BYLINE]] = False
    looks = furniture.look(page, np.flatnonzero(candidates))
    marked = np.concatenate([[0], np.cumsum(looks.kind >= furniture.WEAK)])
    suspicious = ~with_header | (marked[groups.stop] > marked[groups.first])
    edges = np.append(page.start, len(page.data))
    suspicious |= with_header & (edges[groups.stop] - edges[groups.body] > LONGEST_ABSTRACT)
    rows: list[tuple[int, int, int]] = []
    for group in np.flatnonzero(suspicious):
        rows.extend((int(group), *cut) for cut in _cuts(page, looks, groups, int(group)))
    return _insert(page, headers, groups, rows)


def _cuts(page: Page, looks: furniture.Looks, groups: Spans, group: int) -> list[tuple[int, int]]:
    """Return the records of one group: (first line, header or FURNITURE or NO_HEADER)."""
    first, stop, header = int(groups.first[group]), int(groups.stop[group]), int(groups.header[group])
    found: list[tuple[int, int]] = []
    strange: list[tuple[int, int]] = []
    if header >= 0:
        byline = int(groups.byline[group])
        missing = byline < stop and looks.kind[byline] >= furniture.TAIL
        found.append((first, header))
        first = furniture.tail_start(looks, page.blank, byline if missing else min(byline + 1, stop), stop)
        end = _abstract_end(page, min(int(groups.body[group]), first), first)
        strange = [(end, OTHER_FORM)] if end < first else []
        if first == stop:
            return found + strange
    kinds = furniture.stretches(looks, page.blank, first, stop)
    return (
        found + strange + [(line, FURNITURE if is_furniture else NO_HEADER) for line, is_furniture in kinds]
    )


def _abstract_end(page: Page, body: int, stop: int) -> int:
    """Return the line where an abstract must have ended, `stop` where its length is one that abstracts have.

    A text that is too long ends with its first paragraph, else with its first line where that is whole (as pages show
    abstracts), else where the limit is reached; where even its first line is too long, none of it is an abstract.
    """
    if body >= stop or int(page.stop[stop - 1] - page.start[body]) <= LONGEST_ABSTRACT:
        return stop
    sizes = page.lines(np.arange(body, stop)).str.len_chars().to_numpy().astype(np.int64)
    running = np.cumsum(sizes + 1)
    if running[-1] <= LONGEST_ABSTRACT:
        return stop
    blanks = np.flatnonzero(page.blank[body:stop])
    shown = body + np.flatnonzero(~page.blank[body:stop])
    if len(blanks) and running[blanks[0]] <= LONGEST_ABSTRACT:
        after = shown[shown > body + blanks[0]]
        return int(after[0]) if len(after) else stop
    if WHOLE_LINE < sizes[0] <= LONGEST_ABSTRACT:
        return body + 1
    return body + int(np.searchsorted(running, LONGEST_ABSTRACT, "right"))


def _insert(page: Page, headers: Headers, groups: Spans, rows: list[tuple[int, int, int]]) -> Spans:
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
    return _with_text(page, headers, first, header)
