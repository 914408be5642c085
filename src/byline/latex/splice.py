"""Cut texts at their markup and put decoded markup in its place, all texts and pieces at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.core.arrow import coded, lists
from byline.latex.marks import CUT
from byline.latex.markup import decode_pieces
from byline.latex.segments import CONTEXTUAL, SEGMENT, SEGMENT_OR_ESCAPE
from byline_schemas import NOT_NFC

WORD = 14
"""Characters before a tie that say whether it is one."""
ODD = rf"{NOT_NFC}|[^\S\x00-\x7F]"
"""Characters that can take a text out of its normal form, and white space beyond ASCII."""
_BETWEEN_CUTS = f"{CUT}${{0}}{CUT}"
"""What was found between two marks, as polars' replacements write it."""


def substitute(texts: pl.Series, escaped: bool, names: bool) -> tuple[pl.Series, pl.Series]:
    r"""Return the texts with every piece of markup decoded once, and which of them got an `ODD` character by that.

    Every piece is put between two marks by one search, and the text cut at these, so that of what comes out every
    second part is markup: `a $x$ b\ldots` is cut into `a `, `$x$`, ` b`, `\ldots` and an empty end. `names` says that
    the texts are names of people.
    """
    marked = texts.str.replace_all(SEGMENT_OR_ESCAPE if escaped else SEGMENT, _BETWEEN_CUTS)
    cut = marked.str.split(CUT)
    lengths, parts = cut.list.len().to_numpy().astype(np.int64), cut.explode()
    ends = np.cumsum(lengths)
    rows = np.repeat(np.arange(len(lengths)), lengths // 2)
    # Of a text with 2n + 1 parts from place p on the pieces of markup stand at p + 1, p + 3, ... p + 2n - 1.
    at = 2 * np.arange(len(rows)) + rows + 1
    codes, distinct = coded(_beside(parts, parts.gather(at), at))
    decoded = pl.Series(decode_pieces(distinct, names), dtype=pl.String)
    odd = np.zeros(len(lengths), dtype=np.bool_)
    odd[rows[decoded.str.contains(ODD).to_numpy()[codes]]] = True
    joined = lists(parts.scatter(at, decoded.gather(codes)), np.append(0, ends)).list.join("")
    return joined, pl.Series(odd)


def _beside(parts: pl.Series, segments: pl.Series, places: npt.NDArray[np.int64]) -> pl.Series:
    """Put the characters beside them with the segments whose meaning depends on these; `places`: in `parts`."""
    at = segments.str.contains(CONTEXTUAL).arg_true()
    if at.len() == 0:
        return segments
    place = places[at.to_numpy()]
    left, right, some = parts.gather(place - 1), parts.gather(place + 1), segments.gather(at)
    before, after = left.str.tail(1), right.str.head(1)
    for long, length in ((some == "~", WORD), (some.str.starts_with("{"), 2)):
        long_at = long.arg_true()
        before = before.scatter(long_at, left.gather(long_at).str.tail(length))
    cut = pl.lit(CUT)
    return segments.scatter(at, pl.select(pl.concat_str(cut, before, cut, some, cut, after)).to_series())
