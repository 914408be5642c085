"""Dates as intervals: what a day, a month, a year says of when a paper appeared."""

from __future__ import annotations

import calendar
import datetime
from dataclasses import dataclass

DAYS_APART = 731
"""Two years, one of them a leap year: a preprint and its publication are hardly ever further apart."""


@dataclass
class Span:
    """The dates of some records: the latest beginning and the earliest end of the intervals, as ordinals of days.

    Every interval lies within `DAYS_APART` of every other one when these two do.
    """

    latest_start: int | None = None
    earliest_end: int | None = None

    def add(self, interval: tuple[int, int] | None) -> None:
        """Take in one more record's interval; a missing one says nothing."""
        if interval is not None:
            start, end = interval
            self.latest_start = start if self.latest_start is None else max(start, self.latest_start)
            self.earliest_end = end if self.earliest_end is None else min(end, self.earliest_end)

    def is_near(self, interval: tuple[int, int] | None) -> bool:
        """Tell whether an interval lies within two years of each of these: a missing one does."""
        if interval is None or self.latest_start is None or self.earliest_end is None:
            return True
        start, end = interval
        return self.latest_start - end <= DAYS_APART and start - self.earliest_end <= DAYS_APART


def interval(published: datetime.date | None, precision: str) -> tuple[int, int] | None:
    """Return the first and the last day that a date may mean, as ordinals.

    Example: 2023-02-01, month: the 1st to the 28th of February.
    """
    if published is None:
        return None
    start, year, month = published.toordinal(), published.year, published.month
    if precision == "month":
        return start, start + calendar.monthrange(year, month)[1] - 1
    if precision == "year":
        return start, datetime.date(year, 12, 31).toordinal()
    return start, start
