r"""Which lines begin a record of which form.

A mark is judged by its own line and by at most LOOKAHEAD lines behind it; where its record begins, by at most LOOKBACK
lines before it, and neither by what is further away than LOOK_BYTES. So a file may be looked at block by block, and cut
before any record.

Example: in `\tOn Owls`, `A Pym, B Li`, `Annals of Birds 3, 1`, `\t12\t2019` the last line is a mark of Scholar's
profile; three lines before it belong to the record, so the record begins at the first of the four.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from byline.forms.model import CARD, Form, Mark, forms
from byline.listing.headers import LOOKAHEAD as HEADER_LOOKAHEAD
from byline.listing.headers import find_headers, shaped_like_header
from byline.listing.lines import Flags, Ints, Page, cut_lines
from byline.listing.text import fold_space

LOOKAHEAD = 64
"""Lines behind a mark that are looked at."""
LOOKBACK = 48
"""Lines before a mark that may belong to its record."""
LOOK_BYTES = 1 << 18
"""No more bytes are looked at before or behind a mark's line, however long the lines are."""


@dataclass(frozen=True)
class Marks:
    """Marks in the order of the page, one entry each."""

    line: Ints
    """Line of the mark."""
    begin: Ints
    """Line where its record, or its heading, begins."""
    form: Ints
    """Index into `names()`."""
    heading: Flags


@cache
def names() -> tuple[str, ...]:
    """Return the forms that are told by marks."""
    return tuple(name for name, form in forms().items() if form.marks)


@dataclass(frozen=True)
class _Union:
    """Marks that are looked for with one pattern."""

    longest: int
    pattern: str
    marks: tuple[Mark, ...]


@cache
def _unions() -> tuple[_Union, ...]:
    """Return patterns that any mark matches, each with the longest line it looks at.

    What must stand at a line's start is given up after a few characters, what may stand anywhere is searched in all of
    it. So the two are kept apart: one of the second kind would have the whole line looked through for all of the first.
    A mark that asks for more of its line (`also`) is told by a rare word that abstracts hold, too: it stands by itself,
    since one word is found many times as fast as one of several, and the line is looked at closer.
    """
    alike: dict[tuple[int, bool, str], list[Mark]] = {}
    for form in forms().values():
        for mark in form.marks:
            by_itself = mark.pattern if mark.also else ""
            alike.setdefault((mark.longest, mark.pattern.startswith("^"), by_itself), []).append(mark)
    return tuple(
        _Union(longest, by_itself or "|".join(f"(?:{mark.pattern})" for mark in marks), tuple(marks))
        for (longest, _, by_itself), marks in sorted(alike.items(), key=lambda item: item[0])
    )


def candidates(page: Page) -> Ints:
    """Return the lines that could be marks: nearly always none in a listing of cards."""
    return _candidates(page)[0]


def _candidates(page: Page) -> tuple[Ints, set[int]]:
    """Return the lines that could be marks, and the `id` of every mark that one of them could be."""
    size = page.stop - page.start
    found = np.zeros(len(size), bool)
    likely: set[int] = set()
    longest, lines = -1, np.zeros(0, np.int64)
    texts = page.plain(lines)
    nowhere: set[str] = set()
    for union in reversed(_unions()):  # the longest lines first: what none of them holds, no shorter one does
        if union.pattern in nowhere:
            continue
        if union.longest != longest:
            longest, before = union.longest, len(lines)
            lines = np.flatnonzero((size <= longest) & ~page.blank)
            if len(lines) != before:
                texts = page.plain(lines)
        rows = texts.str.contains(union.pattern).arg_true()
        if not len(rows):
            nowhere.add(union.pattern)
        if union.marks[0].also and len(rows):
            rows = rows.filter(pl.Series(_asked(texts.gather(rows), union.marks)))
        if len(rows):
            found[lines[rows.to_numpy()]] = True
            likely.update(map(id, union.marks))
    return np.flatnonzero(found), likely


def _asked(texts: pl.Series, marks: tuple[Mark, ...]) -> Flags:
    """Tell which lines have all that one of some marks asks of its line besides its pattern."""
    found = np.zeros(len(texts), bool)
    for mark in marks:
        rows = np.arange(len(texts))
        for pattern in mark.also:
            rows = rows[texts.gather(rows).str.contains(pattern).to_numpy()] if len(rows) else rows
        found[rows] = True
    return found


def find_marks(page: Page, among: Ints | None = None, only: str | None = None) -> Marks:
    """Return the marks of a page; `among`: the candidates, when they are known; `only`: the one form to look for."""
    lines, likely = _candidates(page) if among is None else (among, None)
    if not len(lines):
        empty = np.zeros(0, np.int64)
        return Marks(empty, empty, empty, np.zeros(0, bool))
    texts = page.plain(lines)
    shown = np.flatnonzero(~page.blank)
    taken = np.full(len(lines), -1, np.int64)
    rules: list[tuple[int, Mark]] = []
    for number, name in enumerate(names()):
        for mark in forms()[name].marks if only in {None, forms()[name].form} else ():
            rules.append((number, mark))
            if likely is None or id(mark) in likely:
                taken[_matched(page, shown, lines, texts, mark, taken < 0)] = len(rules) - 1
    kept = np.flatnonzero(taken >= 0)
    return _with_begins(page, shown, lines[kept], [rules[rule] for rule in taken[kept]])


def _matched(page: Page, shown: Ints, lines: Ints, texts: pl.Series, mark: Mark, left: Flags) -> Ints:
    """Return which of some lines (`left`) are a mark, as indices."""
    rows = np.flatnonzero(texts.str.contains(mark.pattern).to_numpy() & left)
    rows = rows[page.stop[lines[rows]] - page.start[lines[rows]] <= mark.longest]
    if not len(rows):
        return rows  # an expression is compiled for each look, also at no text
    if mark.never is not None:
        rows = rows[~texts.gather(rows).str.contains(mark.never).to_numpy()]
    for also in mark.also:
        rows = rows[texts.gather(rows).str.contains(also).to_numpy()]
    found: Ints = rows[_followed(page, shown, lines[rows], mark)]
    return found


def _followed(page: Page, shown: Ints, lines: Ints, mark: Mark) -> Flags:
    """Whether what must stand behind each mark stands there."""
    good = np.ones(len(lines), bool)
    at = np.searchsorted(shown, lines)
    for wanted, (count, pattern) in [(True, rule) for rule in mark.within] + [
        (False, rule) for rule in mark.unless
    ]:
        next_ones = np.minimum(at[:, None] + np.arange(1, count + 1), len(shown) - 1)
        ahead = shown[next_ones]
        inside = (at[:, None] + np.arange(1, count + 1) < len(shown)) & (ahead - lines[:, None] <= LOOKAHEAD)
        inside &= page.stop[ahead] - page.stop[lines][:, None] <= LOOK_BYTES
        good &= (_matching(page, ahead, pattern) & inside).any(axis=1) == wanted
    return good


def _matching(page: Page, lines: Ints, pattern: str) -> Flags:
    """Whether each of some lines (any order, any shape) matches."""
    distinct, where = np.unique(lines, return_inverse=True)
    found: Flags = page.plain(distinct).str.contains(pattern).to_numpy()[where].reshape(lines.shape)
    return found


def _with_begins(page: Page, shown: Ints, lines: Ints, rules: list[tuple[int, Mark]]) -> Marks:
    """Go back from each mark to where its record begins, never over the mark before it."""
    position = np.searchsorted(shown, lines)
    floor = np.concatenate([[-1], position[:-1]]) if len(position) else position
    begin = position.copy()
    for rule in {id(mark): mark for _, mark in rules}.values():
        rows = np.array([row for row, (_, mark) in enumerate(rules) if mark is rule], np.int64)
        begin[rows] = _go_back(page, shown, position[rows], floor[rows], rule)
    return Marks(
        line=lines,
        begin=shown[begin] if len(begin) else lines,
        form=np.array([number for number, _ in rules], np.int64),
        heading=np.array([mark.heading for _, mark in rules], bool),
    )


def _go_back(page: Page, shown: Ints, position: Ints, floor: Ints, mark: Mark) -> Ints:
    """Return where the record of each mark begins; positions count shown lines."""
    begin, left = position.copy(), np.full(len(position), mark.back)
    while len(rows := np.flatnonzero((left > 0) & _may_go_back(page, shown, begin, position, floor))):
        begin[rows] -= 1
        counted = np.ones(len(rows), bool)
        if mark.skip is not None:
            counted = ~_matching(page, shown[begin[rows]], mark.skip)
        left[rows] -= counted
        if mark.opens is not None:
            left[rows[_matching(page, shown[begin[rows]], mark.opens)]] = 0
    if mark.start is not None:
        begin = _started(page, shown, begin, floor, mark.start, mark.halt)
    going = np.full(len(position), bool(mark.lead))
    while len(rows := np.flatnonzero(going & _may_go_back(page, shown, begin, position, floor))):
        leads = _matching(page, shown[begin[rows] - 1], "|".join(f"(?:{one})" for one in mark.lead))
        begin[rows] -= leads
        going[rows] = leads
    return begin


def _started(
    page: Page, shown: Ints, position: Ints, floor: Ints, start: tuple[int, str], halt: str | None
) -> Ints:
    """Return where each record begins: at the nearest line before it that matches, else where it did."""
    count, pattern = start
    begin, at = position.copy(), position.copy()
    looking = np.ones(len(position), bool)
    for _ in range(count):
        looking &= _may_go_back(page, shown, at, position, floor)
        rows = np.flatnonzero(looking)
        if not len(rows):
            break
        at[rows] -= 1
        if halt is not None:
            looking[rows] = ~_matching(page, shown[at[rows]], halt)
            rows = np.flatnonzero(looking)
        found = rows[_matching(page, shown[at[rows]], pattern)]
        begin[found] = at[found]
        looking[found] = False
    return begin


def _may_go_back(page: Page, shown: Ints, begin: Ints, position: Ints, floor: Ints) -> Flags:
    """Whether a record may begin one shown line earlier: not over the mark before it or a header, nor too far away."""
    before = np.maximum(begin - 1, 0)
    near: Flags = (begin - 1 > floor) & (shown[position] - shown[before] <= LOOKBACK)
    near &= page.start[shown[position]] - page.start[shown[before]] <= LOOK_BYTES
    lines, where = np.unique(shown[before[near]], return_inverse=True)
    near[near] = ~shaped_like_header(fold_space(page.lines(lines)))[where]
    return near


def headers_beside(page: Page, marks: Marks, only: str | None) -> Ints:
    """Return the lines of the headers of cards on a page with these marks; `only`: the one form that is looked for."""
    if only not in {None, CARD}:
        return page.start[:0]
    return find_headers(page, np.unique(np.append(marks.begin, 0))).line


def first_above(page: Page, line: int) -> int:
    """Return the first line above another that is near enough to be looked at for it: LOOKBACK lines, LOOK_BYTES."""
    return max(0, line - LOOKBACK, int(np.searchsorted(page.start, page.start[line] - LOOK_BYTES)))


def first_open(page: Page) -> int:
    """Return the first of a page's lines of which it is not known what begins there before more lines are.

    Before it stand no undecided mark, no line that its record may go back to, and no header that looks at such a line.
    """
    undecided = max(
        0, len(page.start) - LOOKAHEAD, int(np.searchsorted(page.stop, len(page.data) - LOOK_BYTES))
    )
    begin = first_above(page, undecided)
    near = np.arange(max(0, begin - HEADER_LOOKAHEAD), begin)
    shown = near[~page.blank[near]]
    return int(shown[-1]) if len(shown) else begin


def cut_apart(page: Page, only: str | None = None) -> Page:
    """Return the page with the lines cut on which several records of a form stand, as its `splits` says.

    `only`: the one form that is looked for.
    """
    places: list[int] = []
    for form in forms().values():
        if form.splits is None or only not in {None, form.form}:
            continue
        mark = form.marks[0]
        short = page.stop - page.start <= mark.longest
        lines = np.flatnonzero(~page.blank & ~page.bad & short)  # where a line is no text, no piece of it is
        texts = page.lines(lines)
        several = texts.str.contains(mark.pattern)
        for also in mark.also:
            several = several & texts.str.contains(also)
        pattern = re.compile(form.splits)
        for row in several.arg_true().to_list():
            text = texts[row]
            ends = [found.end() for found in pattern.finditer(text)]
            start = int(page.start[lines[row]])
            places += [start + len(text[:end].encode()) for end in ends if text[end:].strip()]
    return cut_lines(page, np.array(sorted(set(places)), np.int64))


def form_of(number: int) -> Form:
    """Return the form of a mark."""
    return forms()[names()[number]]


def matches(texts: pl.Series, pattern: str) -> Flags:
    """Whether texts match a pattern; null does not."""
    found: Flags = texts.str.contains(pattern).fill_null(value=False).to_numpy()
    return found
