"""A batch of bylines as arrays: code points, their kinds, words, chunks between separators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from byline.boundary import characters as ch
from byline.core.hashing import BASE, INVERSE, powers

Ints = NDArray[np.int64]
Codes = NDArray[np.uint32]
Hashes = NDArray[np.uint64]

SEARCHED = 1500
"""A title ends within this many characters; what lies beyond is only split at its commas."""

COMMA_BREAK, DOT_BREAK, LINE_BREAK = 1, 2, 3
_SEMICOLON, _BAR, _BULLET = ord(";"), ord("|"), 0x2022
_AND = (ord("a"), ord("n"), ord("d"))
_TAIL_ENDS = np.zeros(128, dtype=np.bool_)
_TAIL_ENDS[[ord(c) for c in ".l,s"]] = True  # the last characters of the tails
_TAILS = (" et al.", " et al", " et al.,", " et. al.", " et al..", " and others", " and al.")

_PAIR = np.zeros(0x2021, dtype=np.int64)
for _character, _step in {"(": 1, ")": -1, "[": 1 << 16, "{": 1 << 16, "]": -1 << 16, "}": -1 << 16}.items():
    _PAIR[ord(_character)] = _step
_PAIR[ord("$")] = 1 << 32
_PAIR[[ord('"'), 0x201C, 0x201D]] = 1 << 48
_HALF = 0x8000 | 0x8000 << 16  # keeps the two signed counts positive


@dataclass(frozen=True)
class Chunks:
    """Pieces between commas, semicolons, ' · ' and line ends, of all lines in a row.

    `line` is the line of each; `start`, `end` its span (`end` before an ' et al.'); `stop` the span's end with
    it; `kind` what follows it; `cut` whether ' et al.' was taken off; `first` the first chunk of every line.
    `last` is the last chunk of the region (up to ' · ' or the line's end) that each chunk belongs to.
    """

    line: Ints
    start: Ints
    end: Ints
    stop: Ints
    kind: NDArray[np.uint8]
    cut: NDArray[np.bool_]
    first: Ints
    last: Ints


@dataclass(frozen=True)
class Lines:
    """Bylines end to end, each followed by one sentinel; all positions count code points from the batch's start."""

    codes: Codes
    kinds: NDArray[np.uint8]
    folded: Codes
    start: Ints
    end: Ints
    utf8: bytes

    @property
    def height(self) -> int:
        """Number of lines."""
        return len(self.start)

    @cached_property
    def word_edges(self) -> Ints:
        """Positions of spaces and sentinels, ascending; token i ends at edge i."""
        return np.flatnonzero(self.kinds <= ch.SPACE)

    @cached_property
    def words_before(self) -> NDArray[np.int32]:
        """Word edges before each position (and before the end)."""
        return _running(self.kinds <= ch.SPACE)

    @cached_property
    def runs_before(self) -> NDArray[np.int32]:
        """Run edges before each position (and before the end)."""
        return _running(self.kinds - np.uint8(ch.LOWER) > ch.UNCASED - ch.LOWER)

    @cached_property
    def run_edges(self) -> Ints:
        """Positions of all that is not a letter, ascending."""
        return np.flatnonzero(self.kinds - np.uint8(ch.LOWER) > ch.UNCASED - ch.LOWER)

    @cached_property
    def inner_capitals(self) -> Ints:
        """Capitals that begin a new part of a word (`Py|Torch`, `BERT|Ada`), ascending."""
        before, here, after = self.kinds[:-2], self.kinds[1:-1], self.kinds[2:]
        begins = (before == ch.LOWER) | ((before == ch.UPPER) & (after == ch.LOWER))
        return np.flatnonzero((here == ch.UPPER) & begins) + 1

    @cached_property
    def prefix_hash(self) -> Hashes:
        """Cumulative polynomial hash of the folded text; one longer than the text."""
        size = len(self.codes)
        result = np.zeros(size + 1, dtype=np.uint64)
        np.cumsum(self.folded * powers(size, BASE), out=result[1:])
        return result

    def hash_span(self, start: Ints, end: Ints) -> Hashes:
        """Hash the folded text of spans, independent of where they stand; 0 for empty ones."""
        inverse = powers(len(self.codes) + 1, INVERSE)
        return (self.prefix_hash.take(end) - self.prefix_hash.take(start)) * inverse.take(start)

    @cached_property
    def ands(self) -> Ints:
        """Positions of the spaces before ` and ` and ` & `, ascending: a name ends there at the latest."""
        edges, codes = self.word_edges, self.folded
        length = np.diff(edges)
        one, three = edges[:-1][length == 2], edges[:-1][length == 4]
        one = one[codes[one + 1] == ord("&")]
        for step, code in enumerate(_AND, start=1):
            three = three[codes[three + step] == code]
        found = np.sort(np.concatenate([one, three]))
        spaced: Ints = found[self.kinds[found] == ch.SPACE]
        return spaced

    @cached_property
    def low_words(self) -> Ints:
        """Words that begin in lower case, counted over the words that follow the edges before each edge."""
        after = np.minimum(self.word_edges + 1, len(self.kinds) - 1)
        return np.concatenate([[0], np.cumsum(self.kinds[after] == ch.LOWER)])

    @cached_property
    def pair_marks(self) -> tuple[Ints, Ints]:
        """Positions of brackets, dollars and quotes, and running counts: round, square, $, " in 16 bits each."""
        kinds = self.kinds
        at = np.flatnonzero((kinds == ch.CLOSER) | (kinds == ch.OPENER) | (kinds == ch.DOLLAR))
        return at, np.concatenate([[0], np.cumsum(_PAIR[np.minimum(self.codes[at], 0x2020)])])

    def open_marks(self, at: Ints, line: Ints) -> Codes:
        """What is still open at positions: round brackets (0-2), other brackets (0-2), mathematics, quotes."""
        marks, running = self.pair_marks
        since = running[np.searchsorted(marks, at)] - running[np.searchsorted(marks, self.start[line])]
        since += _HALF
        around, square = (np.clip((since >> shift & 0xFFFF) - 0x8000, -1, 2) + 1 for shift in (0, 16))
        opened: Ints = around + 4 * square + 16 * (since >> 32 & 1) + 32 * (since >> 48 & 1)
        return opened.astype(np.uint32)

    @cached_property
    def chunks(self) -> Chunks:
        """The pieces between separators."""
        return _chunks(self)


def read_lines(bylines: pl.Series, kinds: NDArray[np.uint8], folds: NDArray[np.uint16]) -> Lines:
    """Lay a String series (no nulls) out as arrays. Every line keeps all its characters."""
    text = bylines.str.join("\n").item() if len(bylines) else ""
    text += "\n"
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    length = bylines.str.len_chars().to_numpy().astype(np.int64)
    end = np.cumsum(length + 1) - 1
    found, folded = ch.translate(codes, kinds, folds)
    found[end] = ch.EDGE
    return Lines(codes, found, folded, end - length, end, text.encode())


def hashes_of(words: Sequence[str], kinds: NDArray[np.uint8], folds: NDArray[np.uint16]) -> Hashes:
    """Return what `Lines.hash_span` makes of words, one each, in their order."""
    held = read_lines(pl.Series(words), kinds, folds)
    return held.hash_span(held.start, held.end)


def _running(mask: NDArray[np.bool_]) -> NDArray[np.int32]:
    result = np.zeros(len(mask) + 1, dtype=np.int32)
    np.cumsum(mask, dtype=np.int32, out=result[1:])
    return result


def _breaks(lines: Lines) -> tuple[Ints, Ints, NDArray[np.uint8]]:
    """Where pieces end, how many characters stand between them, and what kind of break it is, ascending."""
    kinds, codes = lines.kinds, lines.codes
    comma, skip = _commas(lines)
    dot = np.flatnonzero(codes == 0xB7)
    dot = dot[(dot > 0) & (dot < len(codes) - 1)]
    dot = dot[(kinds[dot - 1] == ch.SPACE) & (kinds[dot + 1] == ch.SPACE)] - 1
    where = np.concatenate([comma, dot, lines.end])
    sizes = [len(comma), len(dot), lines.height]
    skips = np.concatenate([skip, np.repeat(np.array([3, 1]), sizes[1:])])
    what = np.repeat(np.array([COMMA_BREAK, DOT_BREAK, LINE_BREAK], np.uint8), sizes)
    order = np.argsort(where, kind="stable")
    return where[order], skips[order], what[order]


def _commas(lines: Lines) -> tuple[Ints, Ints]:
    """Commas, semicolons and bars that may stand between names, and the characters up to the next one.

    A space follows, or they stand between a word's end and a capital: `Ada Pym,Bo Li`, `Ada Pym;Bo Li`. Bars and
    bullets have a space on either side.
    """
    kinds, codes = lines.kinds, lines.codes
    at = np.flatnonzero((kinds[:-1] == ch.COMMA) | (codes[:-1] == _SEMICOLON))
    after = kinds[at + 1]
    before = kinds[np.maximum(at - 1, 0)]
    spaced = after == ch.SPACE
    glued = ((after == ch.UPPER) | (after == ch.UNCASED)) & (before >= ch.LOWER) & (before <= ch.STOP)
    keep = spaced | glued
    bar = np.flatnonzero((codes[:-1] == _BAR) | (codes[:-1] == _BULLET))
    bar = bar[(bar > 0) & (kinds[np.maximum(bar - 1, 0)] == ch.SPACE) & (kinds[bar + 1] == ch.SPACE)] - 1
    where = np.concatenate([at[keep], bar])
    skip = np.concatenate([np.where(spaced[keep], 2, 1), np.full(len(bar), 3)])
    return where, skip


def _chunks(lines: Lines) -> Chunks:
    stop, skip, kind = _breaks(lines)
    start = np.empty_like(stop)
    start[:1] = 0
    start[1:] = stop[:-1] + skip[:-1]
    start = np.minimum(start, stop)
    ends_line = kind == LINE_BREAK
    line = np.cumsum(ends_line) - ends_line
    first = np.concatenate([[0], np.flatnonzero(ends_line)[:-1] + 1]).astype(np.int64)
    ends_region = np.flatnonzero(kind != COMMA_BREAK)
    last = np.repeat(ends_region, np.diff(ends_region, prepend=-1))
    end, cut = _trim_tails(lines, stop.copy(), ends_region)
    # "Grace Hopper, et al.": the tail is a chunk of its own, and empty now
    return Chunks(line, start, end, stop, kind, cut, first, last)


def _trim_tails(lines: Lines, end: Ints, ends_region: Ints) -> tuple[Ints, NDArray[np.bool_]]:
    cut = np.zeros(len(end), dtype=np.bool_)
    ends_region = ends_region[_TAIL_ENDS[np.minimum(lines.codes[np.maximum(end[ends_region] - 1, 0)], 127)]]
    for tail in _TAILS:
        pattern = np.array([ord(c) for c in tail], dtype=np.uint32)
        rest = ends_region[~cut[ends_region]]
        at = end[rest]
        same = at >= len(tail)
        for back, code in enumerate(pattern[::-1], start=1):
            same &= lines.folded[np.maximum(at - back, 0)] == code
        hit = rest[same]
        cut[hit] = True
        end[hit] -= len(tail)
    return end, cut
