"""Patterns that few texts of a listing can match, put to those only.

Polars compiles a pattern anew when a thread has used 32 others since, and a pattern that knows the letters of all
scripts takes up to 9 ms for that: as long as it takes to look at ten thousand short texts. So where a cheap test says
that no text can match, the pattern is not asked at all.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl


def holding(texts: pl.Series, literals: Sequence[str]) -> pl.Series:
    """Tell which texts hold one of some literals; null does not."""
    return texts.str.contains_any(list(literals)).fill_null(value=False)


def nowhere(count: int) -> pl.Series:
    """Return so many rows that are false."""
    return pl.Series([False], dtype=pl.Boolean).new_from_index(0, count)


def matching(texts: pl.Series, pattern: str, among: pl.Series) -> pl.Series:
    """Tell which texts match a pattern; those that `among` leaves out do not, nor does null.

    `among`: Boolean, row-aligned with `texts`; null leaves out. The result, Boolean without nulls, is row-aligned, too.
    """
    rows = among.arg_true()
    found = nowhere(len(texts))
    if not len(rows):
        return found
    return found.scatter(rows, texts.gather(rows).str.contains(pattern).fill_null(value=False))


def replaced(texts: pl.Series, pattern: str, value: str, among: pl.Series) -> pl.Series:
    """Return texts with every match of a pattern replaced, in those that `among` names (Boolean, row-aligned)."""
    rows = among.arg_true()
    if not len(rows):
        return texts
    return texts.clone().scatter(rows, texts.gather(rows).str.replace_all(pattern, value))
