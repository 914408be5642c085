"""The day of a page's heading, given to the records below it that it holds for.

On arXiv's lists the heading's day is that of the new submissions. Cross-lists and replacements, marked as such or with
an id of an earlier month, are older than the heading says: their date stays null.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from byline.forms import dates
from byline.forms.fields import id_month
from byline.listing.lines import Ints, Page

_OLDER = r"(?i)cross[- ]?(?:list|submission)|replace"


def apply(
    frame: pl.DataFrame, page: Page, headings: Ints, records: Ints, given: Sequence[str]
) -> pl.DataFrame:
    """Return the records with dates from the headings above them.

    `headings` and `records` are lines, `given` headings that stand before the slice.
    """
    texts = pl.Series([*given, *page.lines(np.sort(headings)).to_list()], dtype=pl.String)
    if texts.is_empty():
        return frame
    found, precision = dates.read_texts(texts)
    older = texts.str.contains(_OLDER).to_list()
    day, how, is_older = None, "none", False
    state: list[tuple[object, str, bool]] = []
    for date, known, old in zip(found.to_list(), precision.to_list(), older, strict=True):
        day, how = (date, known) if date is not None else (day, how)
        is_older = old
        state.append((day, how, is_older))
    place = np.searchsorted(np.sort(headings), records) + len(given) - 1
    chosen = [state[at] if at >= 0 else (None, "none", False) for at in place.tolist()]
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
