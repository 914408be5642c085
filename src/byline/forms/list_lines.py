"""Which lines are lists of names, whatever stands around them."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from byline.core.matching import holding, matching, nowhere, replaced
from byline.forms.name_patterns import patterns

_BRACKETS = r"\s*\([^()]*\)"


class _Listed(NamedTuple):
    """Lines without what may stand within names, and which of them are lists."""

    lines: pl.Series
    found: pl.Series


def are_lists(lines: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Tell which lines are lists of names, and which of those are of several; null is none."""
    none = nowhere(len(lines))
    rows = (lines.is_not_null() & ~plain_prose(lines)).arg_true()
    if not len(rows):
        return none, none
    listed = _are_lists(lines.gather(rows))
    several = matching(listed.lines, patterns().several, listed.found)
    return none.clone().scatter(rows, listed.found), none.clone().scatter(rows, several)


def plain_prose(lines: pl.Series) -> pl.Series:
    """Tell lines that hold a small word of prose where nothing takes it off a list of names: surely no lists.

    Most lines asked for are abstracts or parts of them. What stands in brackets is taken off a list, and so is what
    says that it was cut, or whose collaboration it was; a line that may have such an end is not told.
    """
    bare = lines.str.replace_all(_BRACKETS, "") if holding(lines, ["("]).any() else lines
    p = patterns()
    return holding(bare, p.prose_words) & ~holding(lines, p.tail_words)


def _are_lists(lines: pl.Series) -> _Listed:
    p = patterns()
    if holding(lines, ["("]).any():
        bare = lines.str.replace_all(_BRACKETS, "")
        lines = lines.zip_with(lines.str.count_matches(p.bracketed) <= 1, bare)
    lines = replaced(lines, r"\s?~\s?", " ", holding(lines, ["~"]))
    lines = replaced(lines, p.within_names, "${1}${2}${3}${4}", holding(lines, [" an ", " in "]))
    lines = replaced(lines, p.no_name, "${1}", holding(lines, [","]))
    found = lines.str.contains(p.listed)
    found &= ~matching(lines, rf"^{p.word}$", found)
    rows = found.arg_true()
    if len(rows):
        prose = lines.gather(rows).str.replace(p.tail + "$", "").str.contains(p.prose)
        found = found.scatter(rows, ~prose)
    return _Listed(lines, found)
