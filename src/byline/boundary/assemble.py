"""From borders to columns: titles, lists of names and labels cut out of the batch's UTF-8 text without a copy."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from byline.boundary import characters as ch
from byline.boundary import wordlists
from byline.boundary.lines import Ints, Lines
from byline.core import arrow
from byline.core.sorted_arrays import firsts


def byte_offsets(lines: Lines, at: Ints) -> Ints:
    """Offsets in UTF-8 of positions that count code points."""
    wide = np.flatnonzero(lines.codes >= 0x80)
    code = lines.codes[wide]
    extra = np.concatenate([[0], np.cumsum(1 + (code >= 0x800) + (code >= 0x10000))])
    offsets: Ints = at + extra[np.searchsorted(wide, at)]
    return offsets


def cut_out(lines: Lines, start: Ints, end: Ints) -> pl.Series:
    """Texts of spans that ascend and don't overlap."""
    if not len(start):
        return pl.Series("", [], dtype=pl.String)
    bounds = byte_offsets(lines, np.stack([start, end], axis=1).ravel())
    return arrow.stretches(lines.utf8, bounds[::2], bounds[1::2])


def lists(values: pl.Series, owner: Ints, height: int) -> pl.Series:
    """Group values by ascending owner: a List(String) series with one list a line."""
    begins = np.searchsorted(owner, np.arange(height + 1)).astype(np.int64)
    return arrow.lists(values, begins).cast(pl.List(pl.String))


def title_ends(lines: Lines, at: Ints) -> Ints:
    """Where the title before each border ends: before a space that stands there."""
    ends: Ints = at - ((at > 0) & (lines.kinds[np.maximum(at - 1, 0)] == ch.SPACE))
    return ends


def names_of(lines: Lines, at: Ints, chunk: Ints) -> tuple[Ints, Ints, Ints, NDArray[np.bool_]]:
    """Spans of the names of each line: start, end, line, and whether each list was cut.

    `at` is each line's border (-1: none), `chunk` the chunk it stands in. Suffixes that a comma divided from
    their name (`, Jr.`) are put back.
    """
    chunks = lines.chunks
    found = np.flatnonzero(at >= 0)
    first, last = chunk[found], chunks.last[chunk[found]]
    mine, owner = _ranges(first, last + 1)
    start, end, line = chunks.start[mine].copy(), chunks.end[mine], found[owner]
    opens = firsts(line)
    start[opens] = at[found]
    end = _trimmed(lines, start, end)
    cut = np.zeros(lines.height, dtype=np.bool_)
    cut[found] = chunks.cut[last]
    keep = end > start
    return *_join_suffixes(lines, start[keep], end[keep], line[keep], opens[keep]), cut


def labels_of(lines: Lines, at: Ints, chunk: Ints) -> tuple[Ints, Ints, Ints]:
    """Spans of the labels after the names of each line, and their lines."""
    chunks = lines.chunks
    found = np.flatnonzero(at >= 0)
    beyond = np.append(chunks.first[1:], len(chunks.start))
    mine, owner = _ranges(chunks.last[chunk[found]] + 1, beyond[found])
    start, line = chunks.start[mine], found[owner]
    end = _trimmed(lines, start, chunks.stop[mine])
    keep = end > start
    return start[keep], end[keep], line[keep]


def _trimmed(lines: Lines, start: Ints, end: Ints) -> Ints:
    """Return the ends without the space before a separator (`Ada Pym , Bo Li`); white space is folded to one."""
    spaced = (end > start) & (lines.kinds[np.maximum(end - 1, 0)] == ch.SPACE)
    trimmed: Ints = end - spaced
    return trimmed


def _ranges(first: Ints, beyond: Ints) -> tuple[Ints, Ints]:
    """All numbers of several ranges in a row, and which range each comes from."""
    length = np.maximum(beyond - first, 0)
    owner = np.repeat(np.arange(len(first)), length)
    offset = np.arange(len(owner)) - np.repeat(np.cumsum(length) - length, length)
    return first[owner] + offset, owner


def _join_suffixes(
    lines: Lines, start: Ints, end: Ints, line: Ints, opens: NDArray[np.bool_]
) -> tuple[Ints, Ints, Ints]:
    suffix = np.zeros(len(start), dtype=np.bool_)
    behind = np.flatnonzero(~opens)
    suffix[behind] = wordlists.is_suffix(lines, start[behind], end[behind])
    if not suffix.any():
        return start, end, line
    heads = np.flatnonzero(~suffix)
    tails = np.append(heads[1:], len(start)) - 1
    return start[heads], end[tails], line[heads]
