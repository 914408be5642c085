"""The day of a page's heading, given to the records below it that it holds for.

On arXiv's lists the heading's day is that of the new submissions. Cross-lists and replacements, marked as such or with
an id of an earlier month, are older than the heading says: their date stays null.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from byline.forms import dates
from byline.forms.fields import id_month
from byline.listing.lines import Ints, Page

_OLDER = r"(?i)cross[- ]?(?:list|submission)|replace"


@dataclass(frozen=True)
class Headings:
    """The headings of some stretches, in their order: `stretch` tells whose, `line` from where each holds."""

    stretch: Ints
    line: Ints
    texts: list[str]


def collect(
    page: Page, lines: Ints, stretch: Ints, given: Mapping[int, tuple[int, Sequence[str]]]
) -> Headings:
    """Return the headings of stretches: those on their `lines`, and before them those that each of them is given.

    `given` holds, by stretch, its first line and the headings above it (`byline.forms.stretches`).
    """
    own = zip(stretch.tolist(), lines.tolist(), page.lines(lines).to_list(), strict=True)
    above = [(number, first, text) for number, (first, texts) in given.items() for text in texts]
    every = sorted([*above, *own], key=lambda one: one[:2])
    numbers, places, texts = ([one[at] for one in every] for at in range(3))
    return Headings(np.array(numbers, np.int64), np.array(places, np.int64), [str(text) for text in texts])


def apply(frame: pl.DataFrame, headings: Headings, records: Ints, stretch: Ints) -> pl.DataFrame:
    """Return the records with dates from the headings above them in their own stretch, or given to it.

    `records` are the lines where they begin, `stretch` tells in which stretch each of them stands.
    """
    texts = pl.Series(headings.texts, dtype=pl.String)
    if texts.is_empty():
        return frame
    found, precision = dates.read_texts(texts)
    older = texts.str.contains(_OLDER).to_list()
    first = np.concatenate([[True], np.diff(headings.stretch) > 0]).tolist()
    nothing = (None, "none", False)
    state: list[tuple[object, str, bool]] = []
    for new, date, known, old in zip(first, found.to_list(), precision.to_list(), older, strict=True):
        day, how, _ = nothing if new else state[-1]
        state.append((day, how, old) if date is None else (date, known, old))
    place = np.searchsorted(headings.line, records, "right") - 1
    same = (place >= 0) & (headings.stretch[np.maximum(place, 0)] == stretch)
    chosen = [
        state[at] if holds else nothing for at, holds in zip(place.tolist(), same.tolist(), strict=True)
    ]
    heading = pl.DataFrame(chosen, schema={"day": pl.Date, "how": pl.String, "old": pl.Boolean}, orient="row")
    month = id_month(frame["arxiv_id"])
    page_month = (heading["day"].dt.year() * 12 + heading["day"].dt.month()).fill_null(-1).to_numpy()
    holds = (
        ~heading["old"]
        & ~frame["mark"].str.contains(_OLDER).fill_null(value=False)
        & pl.Series((month < 0) | (month >= page_month))
        & frame["published"].is_null()
        & heading["day"].is_not_null()
    )
    return frame.with_columns(
        published=pl.when(holds).then(heading["day"]).otherwise("published"),
        published_precision=pl.when(holds).then(heading["how"]).otherwise("published_precision"),
    )
