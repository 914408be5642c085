"""Records and what stands around them → rows: their places, digests, reasons.

Together the rows of a slice lie end to end. Blank lines behind a row belong to it.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import polars as pl

from byline import listing
from byline.core import ids
from byline.forms import reasons
from byline.forms.model import Form
from byline.forms.name_lists import PARTS
from byline.forms.paired import hold_pairs
from byline.listing.lines import Flags, Ints, Page, last_shown, next_shown
from byline.listing.text import RAW_TEXT_LIMIT, escape

TEXTS = pl.List(pl.String())
SCHEMA: dict[str, pl.DataType] = {
    **{name: dtype for name, dtype in listing.SCHEMA.items() if name != "slice"},
    "form": pl.String(),
    "published_precision": pl.String(),
    "arxiv_id": pl.String(),
    "doi": pl.String(),
    "venue": pl.String(),
    "comments": pl.String(),
    "listed_links": TEXTS,
    "title": pl.String(),
    "authors": TEXTS,
    "authors_truncated": pl.Boolean(),
    "labels": TEXTS,
    "name_parts": PARTS,
    "boundary_confidence": pl.Float32(),
}
"""Columns of rows of other forms than the card: those of `listing.SCHEMA` but `slice`, and what the forms say."""


def framed(data: bytes, page: Page, first: Ints, stop: Ints, frame: pl.DataFrame) -> pl.DataFrame:
    """Add where rows stand; blank lines behind a row belong to it when nothing else does."""
    edges = np.append(page.start, len(data))
    start, end = edges[first], edges[stop]
    shown_first = np.append(next_shown(page), len(page.start))[first]
    shown_first = np.where(shown_first < stop, shown_first, first)
    shown_last = np.maximum(last_shown(page)[stop - 1], shown_first) if len(stop) else stop
    digests = [
        blake2b(data[a:b], digest_size=ids.DIGEST_BYTES, person=b"record").hexdigest()
        for a, b in zip(start.tolist(), end.tolist(), strict=True)
    ]
    return frame.with_columns(
        byte_start=pl.Series(start, dtype=pl.UInt64),
        byte_end=pl.Series(end, dtype=pl.UInt64),
        first_line=pl.Series(line_numbers(page)[shown_first] + 1, dtype=pl.UInt32),
        last_line=pl.Series(line_numbers(page)[shown_last] + 1, dtype=pl.UInt32),
        digest=pl.Series(digests, dtype=pl.String),
        bad=pl.Series(_bad_lines(page, first, stop), dtype=pl.Boolean),
    )


def _bad_lines(page: Page, first: Ints, stop: Ints) -> Flags:
    counted = np.concatenate([[0], np.cumsum(page.bad)])
    found: Flags = counted[stop] > counted[first]
    return found


def line_numbers(page: Page) -> Ints:
    """Return which line of the bytes each entry of a page is, and one past the end."""
    numbers = np.arange(len(page.start)) if page.numbers is None else page.numbers
    return np.append(numbers, numbers[-1] + 1 if len(numbers) else 0)


def furniture_told(page: Page, form: Form, frame: pl.DataFrame, first: Ints, ends: Ints) -> pl.DataFrame:
    """Tell what looked like a record and is the page's own: a chart beside a list has years and counts, too."""
    if "macro" in frame.columns:
        return frame
    told = np.zeros(frame.height, bool)
    rows = frame["title"].is_null().arg_true().to_numpy()
    told[rows] = reasons.are_furniture(page, form, first[rows], ends[rows], menus=False)
    return frame.with_columns(macro=pl.Series(told)) if told.any() else frame


def judged(data: bytes, form: Form, records: pl.DataFrame) -> pl.DataFrame:
    """Give a reason to records that can't be read."""
    macro = pl.col("macro") if "macro" in records.columns else pl.lit(value=False)
    code = (
        pl.when("bad")
        .then(pl.lit("not_utf8"))
        .when(macro)
        .then(pl.lit("page_furniture"))
        .when(pl.col("title").is_null())
        .then(pl.lit("other_form"))
        .when(pl.col("authors").list.len() == 0)
        .then(pl.lit("missing_byline"))
    )
    records = records.with_columns(
        reason=code,
        form=pl.lit(form.form),
        badges=_or_empty(records, "badges"),
        labels=_or_empty(records, "labels"),
    )
    rows = records["reason"].is_not_null().arg_true().to_list()
    if not rows:
        return complete(records)
    details, texts = [], []
    for row in rows:
        record = data[records["byte_start"][row] : records["byte_end"][row]]
        texts.append(escape(record[:RAW_TEXT_LIMIT]))
        details.append(
            reasons.detail(records["reason"][row], form, record, arxiv_id=records["arxiv_id"][row])
        )
    none = pl.Series([None], dtype=pl.String).new_from_index(0, records.height)
    bad = pl.col("reason").is_not_null()
    records = records.with_columns(
        detail=none.clone().scatter(rows, details), raw_text=none.clone().scatter(rows, texts)
    )
    return complete(
        records.with_columns(
            authors=pl.when(bad).then(pl.lit([], dtype=TEXTS)).otherwise("authors"),
            authors_truncated=pl.col("authors_truncated") & ~bad,
            name_parts=pl.when(~bad).then("name_parts"),
            boundary_confidence=pl.when(~bad).then("boundary_confidence"),
        )
    )


def _or_empty(frame: pl.DataFrame, name: str) -> pl.Expr:
    empty = pl.lit([], dtype=TEXTS)
    return pl.col(name).fill_null(empty) if name in frame.columns else empty


def unread(data: bytes, page: Page, form: Form, first: Ints, stop: Ints) -> pl.DataFrame:
    """Return a quarantined row a stretch of a form that is recognized and not read."""
    kept = np.flatnonzero(stop > first)
    frame = framed(data, page, first[kept], stop[kept], pl.DataFrame({"_": np.zeros(len(kept))}))
    title = pl.lit(None, dtype=pl.String)
    authors = pl.lit([], dtype=TEXTS)
    nothing = frame.with_columns(
        title=title, arxiv_id=title, authors=authors, listed_links=authors, published_precision=pl.lit("none"),
        authors_truncated=pl.lit(value=False), name_parts=pl.lit(None, dtype=PARTS), boundary_confidence=pl.lit(None),
    )  # fmt: skip
    return judged(data, form, nothing)


def around(data: bytes, page: Page, form: Form, first: Ints, stop: Ints, heading: Flags) -> pl.DataFrame:
    """Return rows for what stands outside records: the page's furniture, or text of no form."""
    edges = np.append(page.start, len(data))
    kept = np.flatnonzero(edges[stop] > edges[first])
    first, stop, heading = first[kept], stop[kept], heading[kept]
    furniture = reasons.are_furniture(page, form, first, stop)
    furniture = heading | (furniture & ~hold_pairs(page, first, stop, furniture))
    frame = framed(data, page, first, stop, pl.DataFrame({"_": np.zeros(len(first))}))
    bad = frame["bad"].to_list()
    spans = list(zip(edges[first].tolist(), edges[stop].tolist(), strict=True))
    codes = [
        "not_utf8" if is_bad else "page_furniture" if is_furniture else "other_form"
        for is_bad, is_furniture in zip(bad, furniture.tolist(), strict=True)
    ]
    details = [reasons.detail(code, None, data[a:b]) for code, (a, b) in zip(codes, spans, strict=True)]
    return complete(
        frame.with_columns(
            reason=pl.Series(codes, dtype=pl.String),
            detail=pl.Series(details, dtype=pl.String),
            raw_text=pl.Series([escape(data[a:b][:RAW_TEXT_LIMIT]) for a, b in spans], dtype=pl.String),
            form=pl.Series(
                [form.form if code == "page_furniture" else None for code in codes], dtype=pl.String
            ),
            authors=pl.lit([], dtype=TEXTS),
            labels=pl.lit([], dtype=TEXTS),
            badges=pl.lit([], dtype=TEXTS),
            listed_links=pl.lit([], dtype=TEXTS),
            authors_truncated=pl.lit(value=False),
            published_precision=pl.lit("none"),
        )
    )


def complete(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with all columns of SCHEMA, in their order; null where nothing was said."""
    missing = {name: dtype for name, dtype in SCHEMA.items() if name not in frame.columns}
    frame = frame.with_columns(pl.lit(None, dtype=dtype).alias(name) for name, dtype in missing.items())
    return frame.select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())
