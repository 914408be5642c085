"""Slices → the frame of records: spans, fields, reasons."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import polars as pl

from byline.core import ids
from byline.listing import reasons, spans
from byline.listing.badges import split_badges
from byline.listing.headers import MAX_HEADER_BYTES, Headers, find_headers, is_prose, shaped_like_header
from byline.listing.lines import Flags, Ints, Page, last_shown, next_shown, read_page
from byline.listing.reasons import Reason
from byline.listing.spans import Spans
from byline.listing.text import RAW_TEXT_LIMIT, escape, fold_space

SCHEMA: dict[str, pl.DataType] = {
    "slice": pl.UInt32(),
    "byte_start": pl.UInt64(),
    "byte_end": pl.UInt64(),
    "first_line": pl.UInt32(),
    "last_line": pl.UInt32(),
    "reason": pl.String(),
    "detail": pl.String(),
    "raw_text": pl.String(),
    "category_code": pl.String(),
    "published": pl.Date(),
    "badges": pl.List(pl.String()),
    "byline": pl.String(),
    "abstract": pl.String(),
    "digest": pl.String(),
}
"""Columns of `parse` and their types."""

_BATCH_BYTES = 1 << 30
"""More than this is parsed in several goes: polars addresses 4 GiB of text at a time."""
_PERSON = b"record"


def parse(slices: Sequence[bytes], ends: spans.Ends | None = None) -> pl.DataFrame:
    """Read the records of several slices at once; each must begin at a record's border or a file's start.

    Returns the columns of SCHEMA, rows in the order of the bytes. `slice` is the index in the argument; byte spans are
    half-open, relative to the slice, and lie end to end from 0 to its length; lines are 1-based within the slice.
    `reason`, `detail` and `raw_text` are set for quarantined records only, the fields that could not be read are null.
    `ends` says where abstracts must have ended (`byline.forms.behind.ends`).
    """
    frames: list[pl.DataFrame] = []
    group: list[bytes] = []
    size = first = 0
    for index, piece in enumerate(slices):
        if group and size + len(piece) > _BATCH_BYTES:
            frames.append(_parse(group, first, ends))
            group, size, first = [], 0, index
        group.append(piece)
        size += len(piece)
    frames.append(_parse(group, first, ends))
    return pl.concat(frames)


def _parse(slices: Sequence[bytes], first_slice: int, ends: spans.Ends | None) -> pl.DataFrame:
    """Lay the slices one after another, a line feed after each, and read the whole at once."""
    if not any(slices):
        return pl.DataFrame(schema=SCHEMA)
    data = b"\n".join(slices) + b"\n"
    size = np.array([len(piece) for piece in slices], np.int64)
    offset = np.concatenate([[0], np.cumsum(size + 1)[:-1]])
    page = read_page(data)
    slice_line = np.searchsorted(page.start, offset)
    headers = find_headers(page, slice_line)
    laid = spans.lay(page, headers, slice_line, ends)
    which = np.searchsorted(slice_line, laid.first, "right") - 1
    stop = np.append(page.start, len(data))[laid.stop]
    start, stop = page.start[laid.first] - offset[which], np.minimum(stop - offset[which], size[which])
    kept = stop > start
    laid = Spans(*(column[kept] for column in (laid.first, laid.stop, laid.header, laid.byline, laid.body)))
    which, start, stop = which[kept], start[kept], stop[kept]
    fields = _fields(page, headers, laid)
    first_line, last_line = _line_numbers(page, laid)
    where = {
        "slice": which + first_slice,
        "byte_start": start,
        "byte_end": stop,
        "first_line": first_line - slice_line[which] + 1,
        "last_line": last_line - slice_line[which] + 1,
        "digest": _digests(data, start + offset[which], stop + offset[which]),
    }
    frame = pl.DataFrame({**where, **fields})
    found = _reasons(data, page, laid, frame, start + offset[which], stop + offset[which])
    return _quarantine(frame, found).select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())


def _line_numbers(page: Page, laid: Spans) -> tuple[Ints, Ints]:
    """Return the first and the last line of each record that shows something; a blank record's are its first line."""
    first = np.append(next_shown(page), len(page.start))[laid.first]
    first = np.where(first < laid.stop, first, laid.first)
    return first, np.maximum(last_shown(page)[laid.stop - 1], first)


def _digests(data: bytes, start: Ints, stop: Ints) -> list[str]:
    """Return the BLAKE2b digest of each record's bytes, of the length that `byline.core.ids` gives its ids."""
    view, found = memoryview(data), []
    fresh = blake2b(digest_size=ids.DIGEST_BYTES, person=_PERSON).copy  # a copy costs less than to set one up
    for a, b in zip(start.tolist(), stop.tolist(), strict=True):
        running = fresh()
        running.update(view[a:b])
        found.append(running.hexdigest())
    return found


def _fields(page: Page, headers: Headers, laid: Spans) -> dict[str, pl.Series]:
    """Read what the records say; null where a record has no such part."""
    has_header = laid.header >= 0
    which = pl.Series(np.maximum(laid.header, 0))
    none = pl.Series(~has_header)
    columns = {
        "category_code": headers.code,
        "published": headers.published,
        "badges": split_badges(headers.rest),
    }
    if len(headers.line) == 0:
        columns = {name: pl.Series(name, [None], dtype=SCHEMA[name]) for name in columns}
    fields = {name: column.gather(which) for name, column in columns.items()}
    if none.any():
        fields = {name: pl.select(pl.when(~none).then(column)).to_series() for name, column in fields.items()}
    last = last_shown(page)[laid.stop - 1]
    byline = _texts(page, laid.byline, laid.byline, laid.byline < laid.stop)
    abstract = _texts(page, laid.body, last, has_header & (laid.body < laid.stop))
    return {**fields, "byline": byline, "abstract": abstract}


def _texts(page: Page, first: Ints, last: Ints, present: Flags) -> pl.Series:
    """Return the folded text from one line to another, null where not present: line ends fold like any white space."""
    start = np.append(page.start, 0)[np.where(present, first, -1)]
    stop = np.append(page.stop, 0)[np.where(present, last, -1)]
    rows = np.flatnonzero(present)
    controls = page.with_controls[first[rows]] | (first < last)[rows]  # a line end is one
    texts = fold_space(page.texts(start[rows], stop[rows]), controls=pl.Series(controls))
    if len(rows) == len(first):
        return texts
    at = np.where(present, np.cumsum(present) - 1, 0)
    padded = texts if len(rows) else pl.Series([None], dtype=pl.String)
    return pl.select(pl.when(pl.Series(present)).then(padded.gather(at))).to_series()


def _reasons(
    data: bytes, page: Page, laid: Spans, frame: pl.DataFrame, start: Ints, stop: Ints
) -> dict[int, tuple[Reason, str]]:
    """Return why records can't be read, and their bytes as text, by row; readable ones are left out."""
    bad = np.add.reduceat(page.bad, laid.first) > 0 if page.bad.any() else np.zeros(len(laid.first), bool)
    no_byline = (laid.header >= 0) & frame["byline"].is_null().to_numpy() | shaped_like_header(
        frame["byline"]
    )
    no_date = frame["published"].is_null().to_numpy()
    found: dict[int, tuple[Reason, str]] = {}
    for row in np.flatnonzero(bad | no_byline | no_date | _is_abstract(page, laid)).tolist():
        record = data[start[row] : stop[row]]
        text = escape(record[:RAW_TEXT_LIMIT])
        if bad[row]:
            reason = reasons.not_utf8(record)
        elif laid.header[row] == spans.FURNITURE:
            reason = reasons.page_furniture()
        elif laid.header[row] == spans.NO_HEADER:
            reason = reasons.no_header(text)
        elif laid.header[row] == spans.OTHER_FORM:
            reason = reasons.other_form(text)
        elif no_date[row]:
            reason = reasons.bad_date(text[:MAX_HEADER_BYTES].lstrip().split("\n", 1)[0])
        else:
            reason = reasons.missing_byline(frame["byline"][row])
        found[row] = (reason, text)
    return found


def _is_abstract(page: Page, laid: Spans) -> Flags:
    """Where the line after the header is an abstract: prose, so that the byline must be missing."""
    found = np.zeros(len(laid.first), bool)
    byline = np.minimum(laid.byline, len(page.start) - 1)
    rows = np.flatnonzero((laid.header >= 0) & (laid.byline < laid.stop))
    found[rows] = is_prose(page, byline[rows])
    return found


def _quarantine(frame: pl.DataFrame, found: dict[int, tuple[Reason, str]]) -> pl.DataFrame:
    """Add reason, detail and raw text; a quarantined record keeps the fields that were read, but no byline."""
    rows = list(found)
    empty = pl.Series([None], dtype=pl.String).new_from_index(0, frame.height)
    columns = {
        "reason": [reason.code for reason, _ in found.values()],
        "detail": [reason.detail for reason, _ in found.values()],
        "raw_text": [text for _, text in found.values()],
    }
    added = [empty.clone().scatter(rows, values).alias(name) for name, values in columns.items()]
    no_badges = pl.lit([], dtype=SCHEMA["badges"])
    readable = pl.col("reason").is_null()
    return frame.with_columns(added).with_columns(
        badges=pl.when(readable).then("badges").otherwise(no_badges),
        byline=pl.when(readable).then("byline"),
        abstract=pl.when(readable).then("abstract"),
    )
