"""The shown lines of records, and what their breaks and blank lines say of where a list or a record goes on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from byline.listing.lines import Flags, Ints

REST = "rest"
"""The field of what no field takes."""
_SURELY_FITS = 0.75
"""Share of the widest line up to which a word would surely have stood in the line above."""
_FEWEST_SPACED = 4
"""So many lines with blank ones between all of them show that these say nothing."""
_LIST_GOES_ON = r"(?:[,;&]|\s(?i:and))\s*$"
"""How a line of names ends whose list goes on below: pages put each name on a line of its own."""


@dataclass(frozen=True)
class RecordLines:
    """Shown lines of records: one entry a line."""

    line: Ints
    record: Ints
    texts: pl.Series
    kind: Ints
    """Index of the form's line; -1: none."""
    spacing: Ints
    """By record, how far its lines stand apart: 2 where a blank line stands between all of them and says nothing."""
    damaged: Flags | None = None
    """Within a word of the line a character was lost; null where none has lost any."""

    def gaps(self, rows: Ints | None = None) -> Flags:
        """Whether, of all lines or some, one is left out before each that says something: a blank one, the page's."""
        line, record = (self.line, self.record) if rows is None else (self.line[rows], self.record[rows])
        found: Flags = np.diff(line, prepend=-1 - len(self.line)) > self.spacing[record]
        return found


def spacing_of(line: Ints, record: Ints, *, paragraphs: bool) -> Ints:
    """Return by record how many lines it is from one shown line to the next, at the least; 1 where it has few.

    With `paragraphs` it is 1 also where no two lines stand further apart: each of them is a paragraph then.
    Example: of lines 0, 2, 4, 8 of one record it is 2: the blank lines at 5 to 7 part paragraphs, that at 1 does not.
    """
    count = int(record.max(initial=-1)) + 1
    spacing = np.full(count, np.iinfo(np.int64).max)
    same = record[1:] == record[:-1]
    np.minimum.at(spacing, record[1:][same], (line[1:] - line[:-1])[same])
    spacing[np.bincount(record, minlength=count) < _FEWEST_SPACED] = 1
    if paragraphs and (spacing > 1).any():
        widest = np.ones(count, np.int64)
        np.maximum.at(widest, record[1:][same], (line[1:] - line[:-1])[same])
        spacing[widest == spacing] = 1
    return spacing


def closed(lines: RecordLines, fields: list[str], parted: Flags) -> list[str]:
    """Let a record end before its first line of no kind behind a blank line (`parted`) that is not indented.

    Example: of an item, a blank line and `  [[pdf]](…)` the last belongs to the item; of `See also:` in its place not.
    """
    indented = lines.texts.str.contains(r"^[ \t]").to_numpy()
    ends = parted & (lines.kind < 0) & ~indented
    at = np.arange(len(ends))
    start = np.searchsorted(lines.record, lines.record)
    behind = np.maximum.accumulate(np.where(ends, at, -1)) >= start if len(ends) else ends
    return [REST if gone else field for field, gone in zip(fields, behind.tolist(), strict=True)]


def surely_broken(lines: RecordLines) -> Flags:
    """Whether the break before each line was surely made by hand: its first word fits into three quarters of the width.

    The width is that of the record's longest line, above or below. A line that is indented goes on whatever its break.
    (`breaks.broken_by_hand` takes the whole width, of the lines above.)
    Example: below `Comments: 12 pages` a line `Bake it well.` was not wrapped where another line has 1,000 characters.
    """
    size = lines.texts.str.len_chars().to_numpy().astype(np.int64)
    word = lines.texts.str.extract(r"^(\S*)", 1).str.len_chars().fill_null(0).to_numpy().astype(np.int64)
    widest = np.zeros(int(lines.record.max(initial=-1)) + 1, np.int64)
    np.maximum.at(widest, lines.record, size)
    above = np.concatenate([[0], size[:-1]])
    fits: Flags = (above + 1 + word <= _SURELY_FITS * widest[lines.record]) & (word > 0)
    label = lines.texts.str.contains(r":\s*$").to_numpy()  # what it stands for is the next line
    fits &= ~np.concatenate([[False], label[:-1]])
    return fits


def open_lists(lines: RecordLines) -> Flags:
    """Whether the line right above each line of no kind, of the same record, ends like a list of names that goes on."""
    ends = lines.texts.str.contains(_LIST_GOES_ON).to_numpy()
    found = np.zeros(len(ends), bool)
    near = ~lines.gaps()[1:] & (np.diff(lines.record) == 0) & (lines.kind[:-1] < 0)
    found[1:] = ends[:-1] & near & ~lines.texts.str.contains(r"\d").to_numpy()[1:]
    return found
