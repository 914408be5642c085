"""The bytes of a slice that holds other forms than the card → rows, every byte accounted for.

The slice is cut into stretches; cards go to `byline.listing`, all stretches of another form to the engine at once.
What stands in a stretch outside its records is the page's furniture, or text of no form.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

from byline import listing
from byline.forms import behind, headings
from byline.forms.cards import read_glued
from byline.forms.confidence import DOUBTFUL, MARKED
from byline.forms.declared import LINES
from byline.forms.engine import read_fields
from byline.forms.fields import columns
from byline.forms.libraries import own_text, read_with_library
from byline.forms.marks import Marks, cut_apart, find_marks, form_of, headers_beside
from byline.forms.model import Form, forms
from byline.forms.paired import Pairs, find_pairs, look, read_pairs, stretch_begins
from byline.forms.rows import SCHEMA, around, framed, furniture_told, judged, line_numbers, unread
from byline.forms.stretches import CARD_FORM, Tracker
from byline.listing.lines import Ints, Page, cut_lines, next_shown, ranges, read_page


@dataclass(frozen=True)
class Read:
    """The rows of a slice: `cards` with the columns of `listing.SCHEMA` (`slice` is 0), `others` with those of SCHEMA.

    Together their spans lie end to end. Cards have a byline that is still to be told apart, the others have none.
    """

    cards: pl.DataFrame
    others: pl.DataFrame


@dataclass(frozen=True)
class Outline:
    """What stands where in a slice: its marks, and its stretches, from line `first` to before `stop` each."""

    page: Page
    marks: Marks
    first: Ints
    stop: Ints
    kind: Ints
    """The form of each stretch, CARD_FORM for cards."""
    given: Mapping[int, tuple[int, Sequence[str]]]
    """By stretch: its first line, and the headings above it that hold for it."""


@dataclass(frozen=True)
class _Spans:
    """Parts of stretches of one form: lines from `first` to before `stop`; `mark`: that of a record, else -1."""

    first: Ints
    stop: Ints
    mark: Ints
    stretch: Ints


def read_slice(
    data: bytes,
    known_headings: str = "",
    ahead: bytes = b"",
    only: str | None = None,
    *,
    one_line: bool = False,
) -> Read:
    """Read one slice.

    `known_headings` are those that hold for its beginning (`Slice.headings`); `ahead` is what stands behind it, as far
    as marks look ahead; `only`: the form that a person declared for the whole file;
    `one_line`: its abstracts on cards stand on one line each.
    """
    if only == LINES:
        return Read(pl.DataFrame(schema=listing.SCHEMA), _declared_lines(data, read_page(data)))
    found = outline(data, known_headings, ahead, only)
    page, marks, first, stop, kind = found.page, found.marks, found.first, found.stop, found.kind
    frames = [pl.DataFrame(schema=SCHEMA)]
    for number in np.unique(kind[kind != CARD_FORM]).tolist():
        rows, form = np.flatnonzero(kind == number), form_of(number)
        if form.unread:
            frames.append(unread(data, page, form, first[rows], stop[rows]))
            continue
        spans = _lay(page, marks, first[rows], stop[rows], rows, number)
        frames.append(_read_form(data, page, form, marks, spans, found.given))
    others = pl.concat(frames)
    strange = others.filter((pl.col("reason") == "other_form") & pl.col("form").is_null())
    if strange.height:
        paired, read = without_doubt(strange, data)
        gone = strange["byte_start"].gather(read)
        others = pl.concat([others.filter(~pl.col("byte_start").is_in(gone.implode())), paired])
    return Read(
        _cards(data, page, first, stop, kind, one_line=one_line), others.sort("byte_start", "byte_end")
    )


def outline(data: bytes, known_headings: str = "", ahead: bytes = b"", only: str | None = None) -> Outline:
    """Return the stretches of a slice, which is not declared to be pairs of lines; arguments as in `read_slice`."""
    page = cut_apart(read_page(data), only)
    marks = _marks(page, data, ahead, only)
    headers = headers_beside(page, marks, only)
    above = _listed(known_headings)
    borders, known = Tracker(headings=above.copy()).borders(page, headers, marks, 0)
    first = (
        np.unique(np.concatenate([[0], np.searchsorted(page.start, borders)])) if len(page.start) else borders
    )
    given = {0: (0, above)} | {
        int(np.searchsorted(page.start[first], at)): (int(np.searchsorted(page.start, at)), _listed(texts))
        for at, texts in known.items()
    }
    stop = np.append(first[1:], len(page.start))
    return Outline(page, marks, first, stop, _kinds(first, headers, marks), given)


def _listed(known_headings: str) -> list[str]:
    """Return headings as a list that `byline.forms.stretches` wrote as one text."""
    return list(json.loads(known_headings)) if known_headings else []


def _declared_lines(data: bytes, page: Page) -> pl.DataFrame:
    """Return the rows of a slice that is declared to be pairs of lines."""
    edges = [0, *np.searchsorted(page.start, stretch_begins(page, 0, 0, len(data))).tolist(), len(page.start)]
    looks = look(page, np.arange(len(page.start)))
    return pl.concat(
        _lines(data, page, first, stop, find_pairs(looks.between(first, stop), stop, declared=True))
        for first, stop in pairwise(edges)
    )


def _lines(data: bytes, page: Page, first: int, stop: int, pairs: Pairs | None) -> pl.DataFrame:
    """Return the rows of lines that are pairs of title and authors, and of what stands before the first."""
    form = forms()[LINES]
    none = np.zeros(0, np.int64)
    begin, ends = (none, none) if pairs is None else (pairs.title, pairs.stop)
    before = np.array([first], np.int64)
    until = begin[:1] if len(begin) else np.array([stop], np.int64)
    rest = around(data, page, form, before, until, np.zeros(1, bool))
    if pairs is None:
        return rest
    return pl.concat([rest, judged(data, form, framed(data, page, begin, ends, read_pairs(page, pairs)))])


def without_doubt(rows: pl.DataFrame, data: bytes) -> tuple[pl.DataFrame, list[int]]:
    """Read texts of no form as `lines` where their names leave no doubt.

    `rows` say where such texts stand in `data` (`byte_start`, `byte_end`). Returns rows of SCHEMA, and the indices of
    the texts that were read so.
    """
    page = _cut_where(read_page(data), np.concatenate([rows["byte_start"], rows["byte_end"]]))
    frames, read = [pl.DataFrame(schema=SCHEMA)], []
    begins, ends = (np.searchsorted(page.start, rows[name].to_numpy()) for name in ("byte_start", "byte_end"))
    looks = look(page, ranges(begins, ends)[0])
    for index, (first, stop) in enumerate(zip(begins.tolist(), ends.tolist(), strict=True)):
        pairs = find_pairs(looks.between(first, stop), stop, declared=False)
        if pairs is not None:
            frames.append(_lines(data, page, first, stop, pairs))
            read.append(index)
    return pl.concat(frames), read


def _cut_where(page: Page, places: Ints) -> Page:
    """Return the page with the lines cut in which such a place stands: a glued record may end within a line."""
    inside = np.unique(places[places < len(page.data)]).astype(np.int64)
    return cut_lines(page, inside[~np.isin(inside, page.start)])


def _marks(page: Page, data: bytes, ahead: bytes, only: str | None) -> Marks:
    """Return the marks of a slice (`page`: its lines), judged with the lines behind it in view."""
    marks = find_marks(cut_apart(read_page(data + ahead), only) if ahead else page, only=only)
    kept = marks.line < len(page.start)
    return Marks(marks.line[kept], marks.begin[kept], marks.form[kept], marks.heading[kept])


def _kinds(first: Ints, headers: Ints, marks: Marks) -> Ints:
    """Return the form of each stretch: that of the first header or mark in it; cards where there is none."""
    line = np.concatenate([headers, marks.begin])
    form = np.concatenate([np.full(len(headers), CARD_FORM, np.int64), marks.form])
    order = np.argsort(line, kind="stable")
    line, form = line[order], form[order]
    at = np.searchsorted(line, first)
    return np.where(at < len(line), np.append(form, CARD_FORM)[np.minimum(at, len(form))], CARD_FORM)


def _cards(data: bytes, page: Page, first: Ints, stop: Ints, kind: Ints, *, one_line: bool) -> pl.DataFrame:
    """Read the runs of cards; places are counted from the slice's beginning."""
    is_card = kind == CARD_FORM
    begins = np.flatnonzero(is_card & ~np.concatenate([[False], is_card[:-1]]))
    ends = np.flatnonzero(is_card & ~np.concatenate([is_card[1:], [False]]))
    if not len(begins):
        return pl.DataFrame(schema=listing.SCHEMA)
    edges = np.append(page.start, len(data))
    start, end = edges[first[begins]], edges[stop[ends]]
    numbers = line_numbers(page)
    texts = [data[a:b] for a, b in zip(start.tolist(), end.tolist(), strict=True)]
    frame = listing.parse(texts, behind.ends_of(one_line=one_line))
    where = frame["slice"].to_numpy()
    places = pl.Series(start[where], dtype=pl.UInt64)
    lines = pl.Series(numbers[first[begins][where]], dtype=pl.UInt32)
    return frame.with_columns(
        pl.col("byte_start", "byte_end") + places,
        pl.col("first_line", "last_line") + lines,
        slice=pl.lit(0, dtype=pl.UInt32),
    )


def _lay(page: Page, marks: Marks, first: Ints, stop: Ints, stretch: Ints, number: int) -> _Spans:
    """Lay stretches of one form into records and what stands around them."""
    rows = np.flatnonzero(marks.form == number)
    place = np.searchsorted(first, marks.begin[rows], "right") - 1
    rows = rows[(place >= 0) & (marks.begin[rows] < stop[np.maximum(place, 0)])]
    begin = np.concatenate([first, marks.begin[rows]])
    mark = np.concatenate([np.full(len(first), -1, np.int64), rows])
    order = np.lexsort((-mark, begin))
    begin, mark = begin[order], mark[order]
    kept = np.concatenate([[True], np.diff(begin) > 0]) if len(begin) else np.zeros(0, bool)
    begin, mark = begin[kept], mark[kept]
    owner = np.searchsorted(first, begin, "right") - 1
    following = np.append(begin[1:], len(page.start))
    return _Spans(begin, np.minimum(following, stop[owner]), mark, stretch[owner])


def _read_form(
    data: bytes,
    page: Page,
    form: Form,
    marks: Marks,
    spans: _Spans,
    given: Mapping[int, tuple[int, Sequence[str]]],
) -> pl.DataFrame:
    is_record = (spans.mark >= 0) & ~marks.heading[np.maximum(spans.mark, 0)]
    rows = np.flatnonzero(is_record)
    first, stop = spans.first[rows], spans.stop[rows]
    if form.library is None:
        fields = read_fields(page, form, first, stop, marks.line[spans.mark[rows]], spans.stretch[rows])
        frame, ends = columns(form, fields.texts, len(rows), spans.stretch[rows]), fields.stop
        if form.reader in {"card", "glued"}:
            frame = read_glued(form, fields.texts, frame)
        frame = _doubted(frame, fields.damaged)
    else:
        frame, ends = _from_library(data, page, form, first, stop)
    if form.heading_date:
        above = np.flatnonzero((spans.mark >= 0) & ~is_record)
        known = headings.collect(page, marks.line[spans.mark[above]], spans.stretch[above], given)
        frame = headings.apply(frame, known, first, spans.stretch[rows])
    ends = np.minimum(np.append(next_shown(page), len(page.start))[ends], stop)
    others = np.flatnonzero(~is_record)
    frame = furniture_told(page, form, frame, first, ends)
    records = framed(data, page, first, ends, frame)
    records = judged(data, form, records)
    rest_first = np.concatenate([ends, spans.first[others]])
    rest_stop = np.concatenate([stop, spans.stop[others]])
    heading = np.concatenate([np.zeros(len(ends), bool), spans.mark[others] >= 0])
    return pl.concat([records, around(data, page, form, rest_first, rest_stop, heading)])


def _doubted(frame: pl.DataFrame, records: Ints) -> pl.DataFrame:
    """Return the frame with some records doubted."""
    if not len(records):
        return frame
    old = frame["boundary_confidence"]
    low = old.gather(records).clip(upper_bound=DOUBTFUL)
    return frame.with_columns(boundary_confidence=old.clone().scatter(records, low))


def _from_library(data: bytes, page: Page, form: Form, first: Ints, stop: Ints) -> tuple[pl.DataFrame, Ints]:
    assert form.library is not None
    starts, ends = page.start[first], np.append(page.start, len(data))[stop]
    texts = [page.data[a:b].decode() for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
    fields, names, macros = read_with_library(form.library, texts)
    frame = columns(form, fields, len(texts), np.zeros(len(texts), np.int64))
    frame = frame.drop(names.columns, strict=False).hstack(names)
    sure = ~pl.col("odd") & (pl.col("authors").list.len() > 0)
    frame = frame.with_columns(
        boundary_confidence=pl.when(sure).then(MARKED).otherwise(DOUBTFUL).cast(pl.Float32),
        macro=pl.Series(macros, dtype=pl.Boolean),
    )
    read = frame["title"].is_not_null().to_numpy()
    own = [len(text[:size].encode()) for text, size in zip(texts, own_text(form.library, texts), strict=True)]
    until = np.searchsorted(page.start, starts + np.array(own, np.int64))
    return frame.drop("odd"), np.where(read, np.minimum(until, stop), stop)
