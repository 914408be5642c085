"""Days of headers: the forms that are read, and which of them are real days of the calendar."""

from __future__ import annotations

import numpy as np
import polars as pl

MONTH = (
    r"(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"\d{1,2}"
_ORDINAL = r"(?i:st|nd|rd|th)?"
_YEAR = r"(?:\d{5,6}$|\d{4})"
"""Four digits; a badge may touch them (`20232 repos`). With nothing but digits behind them nobody can say: bad date."""
_LONG_YEAR = r"\d{4,6}"

MONTH_FIRST = rf"(?P<month1>{MONTH})\s*(?P<day1>{_DAY}){_ORDINAL}(?:\s*,\s*|\s+)(?P<year1>{_YEAR})"
DAY_FIRST = rf"(?P<day2>{_DAY}){_ORDINAL}[\s.-]*(?P<month2>{MONTH})(?:\s*,\s*|[\s-]*)(?P<year2>{_YEAR})"
ISO = rf"(?P<year3>{_LONG_YEAR})[-/.](?P<month3>{_DAY})[-/.](?P<day3>{_DAY})"
UNCLEAR = (
    rf"\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}|{MONTH}\s*,?\s*\d{{4}}|{MONTH}\s*\d{{1,2}}(?:\s*,\s*'?\d{{2}})?"
)
"""Looks like a date, but the day is missing or nobody can say which number it is: told as a bad date."""

FORMS = rf"{MONTH_FIRST}|{DAY_FIRST}|{ISO}|(?P<unclear>{UNCLEAR})"

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_FIRST_YEAR, _LAST_YEAR = 1600, 2199
"""Scholarly papers begin in 1665; a year beyond these is a slip of the keyboard, told as a bad date."""


def read_dates(year: pl.Series, month: pl.Series, day: pl.Series) -> pl.Series:
    """Return the days as a Date series, null where the calendar has no such day (or a part is null).

    `year` and `day` hold digits; `month` digits or the month's name, short or full.
    """
    months = month.str.to_lowercase().str.slice(0, 3)
    named = months.replace_strict(_MONTHS, list(range(1, 13)), default=None, return_dtype=pl.Int64)
    m = named.zip_with(named.is_not_null(), months.cast(pl.Int64, strict=False)).fill_null(0).to_numpy()
    y = year.cast(pl.Int64, strict=False).fill_null(0).to_numpy()
    d = day.cast(pl.Int64, strict=False).fill_null(0).to_numpy()
    fits = (y >= _FIRST_YEAR) & (y <= _LAST_YEAR) & (m >= 1) & (m <= 12) & (d >= 1)
    start = (np.where(fits, (y - 1970) * 12 + m - 1, 0)).astype("datetime64[M]")
    length = ((start + 1).astype("datetime64[D]") - start.astype("datetime64[D]")).astype(np.int64)
    fits &= d <= length
    days = start.astype("datetime64[D]").astype(np.int64) + np.where(fits, d, 1) - 1
    dates = pl.Series("published", days.astype(np.int32)).cast(pl.Date)
    return dates.set(pl.Series(~fits), None)
