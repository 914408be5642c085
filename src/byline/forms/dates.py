"""Dates as pages write them → the first day they can mean, and how precise they are."""

from __future__ import annotations

import polars as pl

from byline.listing.dates import MONTH, read_dates

_M = MONTH.removesuffix(r"\.?")
_DAY_FORMS = (
    rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m>{_M})\.?,?\s+(?P<y>\d{{4}})\b",
    rf"\b(?P<m>{_M})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})\b",
    rf"\b(?P<y>\d{{4}})\s+(?P<m>{_M})\.?\s+(?P<d>\d{{1,2}})\b",
    r"\b(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})\b",
)
_MONTH_FORMS = (
    rf"\b(?P<m>{_M})\.?,?\s+(?P<y>\d{{4}})\b",
    rf"\b(?P<y>\d{{4}})\s+(?P<m>{_M})\b",
    r"\b(?P<y>\d{4})[-/.](?P<m>\d{1,2})\b",
)
_YEAR_FORMS = (r"\b(?P<y>(?:1[6-9]|20|21)\d\d)\b",)
_SHORT_YEAR = rf"(?i)\b(\d{{1,2}}\s+(?:{_M})\.?)\s+(\d{{2}})(?:\s+\d\d:\d\d|\s*(?:\(|$))"
"""`Mon, 2 Oct 95 20:33:39 GMT`, in mails of the last century."""
_FIRST_VERSION = r"(?i)\bv1 submitted (?P<first>[^;]+)"


def read_texts(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return dates and precisions (`day`, `month`, `year`, `none`).

    Of several dates the first version's counts (`v1 submitted …`), else the first. Example: `Submitted 12 March, 2023;
    v1 submitted 1 March, 2023` is 2023-03-01, day; `2019 Mar` is 2019-03-01, month; `1999` is 1999-01-01, year.
    """
    texts = texts.cast(pl.String)
    first = texts.str.extract(_FIRST_VERSION)
    texts = pl.select(pl.coalesce(first, texts)).to_series()
    texts = _with_long_years(texts)
    dates = pl.Series([None], dtype=pl.Date).new_from_index(0, len(texts))
    precision = pl.Series(["none"]).new_from_index(0, len(texts))
    for name, forms in (("day", _DAY_FORMS), ("month", _MONTH_FORMS), ("year", _YEAR_FORMS)):
        for pattern in forms:
            rows = (dates.is_null() & texts.str.contains(f"(?i){pattern}").fill_null(value=False)).arg_true()
            if not len(rows):
                continue
            found = texts.gather(rows).str.extract_groups(f"(?i){pattern}").struct.unnest()
            one = pl.Series(["1"]).new_from_index(0, len(rows))
            month = found["m"] if "m" in found.columns else one
            day = found["d"] if "d" in found.columns else one
            read = read_dates(found["y"], month, day)
            dates = dates.scatter(rows, read)
            precision = precision.scatter(rows.filter(read.is_not_null()), name)
    return dates.rename("published"), precision.rename("published_precision")


def _with_long_years(texts: pl.Series) -> pl.Series:
    """Write years of two digits with four: `2 Oct 95 20:33:39` is of 1995, `12 May 23` of 2023.

    arXiv began in 1991, so the hundred years from 1970 on are meant.
    """
    short = texts.str.extract(_SHORT_YEAR, 2)
    century = pl.select(
        pl.when(short.cast(pl.Int32, strict=False) < 70).then(pl.lit("20")).otherwise(pl.lit("19"))
    )
    whole = pl.select(
        pl.concat_str(texts.str.extract(_SHORT_YEAR, 1), pl.lit(" "), century.to_series(), short)
    )
    return pl.select(
        pl.when(short.is_not_null())
        .then(pl.concat_str(whole.to_series(), pl.lit(" "), texts))
        .otherwise(texts)
    ).to_series()
