"""Cut texts at their markup and put decoded markup in its place, all texts and pieces at once."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.core.arrow import coded, lists
from byline.latex.marks import CUT
from byline.latex.markup import decode_segments
from byline.latex.segments import CONTEXTUAL, SEGMENT, SEGMENT_OR_ESCAPE
from byline_schemas import NOT_NFC

WORD = 14
"""Characters before a tie that say whether it is one."""
ODD = rf"{NOT_NFC}|[^\S\x00-\x7F]"
"""Characters that can take a text out of its normal form, and white space beyond ASCII."""


@dataclass(frozen=True)
class Known:
    """What pieces of markup became, so that none is decoded twice; `names` says that the texts are names of people."""

    names: bool
    pieces: dict[str, str] = field(default_factory=dict)


def substitute(texts: pl.Series, known: Known, escaped: bool) -> tuple[pl.Series, pl.Series]:
    """Return the texts with every piece of markup decoded once, and which of them got an `ODD` character by that."""
    # Searching without captures (`extract_all`, a split) is far faster than with them.
    pattern = SEGMENT_OR_ESCAPE if escaped else SEGMENT
    plain = pl.select(pl.lit(texts).str.split(pattern, literal=False)).to_series()
    markup = texts.str.extract_all(pattern)
    counts = markup.list.len().to_numpy().astype(np.int64)
    pieces, segments = plain.explode(), markup.explode().drop_nulls()
    rows = np.repeat(np.arange(len(counts)), counts)
    codes, decoded = _decoded(_beside(pieces, segments, rows), known)
    odd = np.zeros(len(counts), dtype=np.bool_)
    odd[rows[decoded.str.contains(ODD).to_numpy()[codes]]] = True
    return _join(pieces, decoded, codes, counts), pl.Series(odd)


def _beside(pieces: pl.Series, segments: pl.Series, rows: npt.NDArray[np.int64]) -> pl.Series:
    """Put the characters beside them with the segments whose meaning depends on these."""
    at = segments.str.contains(CONTEXTUAL).arg_true()
    if at.len() == 0:
        return segments
    left = pl.Series(at.to_numpy() + rows[at.to_numpy()])
    cut = pl.lit(CUT)
    before, after = pieces.gather(left).str.tail(1), pieces.gather(left + 1).str.head(1)
    for some, length in ((segments.gather(at) == "~", WORD), (segments.gather(at).str.starts_with("{"), 2)):
        some_at = some.arg_true()
        before = before.scatter(some_at, pieces.gather(left).gather(some_at).str.tail(length))
    return segments.scatter(
        at, pl.select(pl.concat_str(cut, before, cut, segments.gather(at), cut, after)).to_series()
    )


def _decoded(segments: pl.Series, known: Known) -> tuple[npt.NDArray[np.int64], pl.Series]:
    """Return what the distinct segments become, and which of these stands for each segment."""
    codes, distinct = coded(segments)
    pieces = known.pieces
    new = [one for one in distinct if one not in pieces]
    pieces.update(zip(new, decode_segments(new, known.names), strict=True))
    return codes, pl.Series([pieces[one] for one in distinct], dtype=pl.String)


def _join(
    pieces: pl.Series, decoded: pl.Series, codes: npt.NDArray[np.int64], counts: npt.NDArray[np.int64]
) -> pl.Series:
    """Return each text as its pieces of plain text, one more than its segments, with those decoded in between."""
    rows = np.arange(len(counts))
    order = np.empty(len(pieces) + len(codes), dtype=np.int64)
    order[2 * np.arange(len(pieces)) - np.repeat(rows, counts + 1)] = np.arange(len(pieces))
    order[2 * np.arange(len(codes)) + np.repeat(rows, counts) + 1] = len(pieces) + codes
    flat = pl.concat([pieces, decoded]).gather(order)
    ends = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(2 * counts + 1)])
    return lists(flat, ends).list.join("")
