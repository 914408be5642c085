"""Spans of a line read as names: their words, how these are written, and whether names or titles hold them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from byline.boundary import characters as ch
from byline.boundary.keys import Feature, count, fold64, grow
from byline.boundary.lexicon import Lexicon
from byline.boundary.lines import Codes, Ints, Lines


def _token_shapes(lines: Lines, start: Ints, end: Ints) -> Codes:
    """Kind of a token's first two characters; 0 beyond the end."""
    first = lines.kinds[start].astype(np.uint32)
    second = lines.kinds[np.minimum(start + 1, end)].astype(np.uint32)
    third = lines.kinds[np.minimum(start + 2, end)] <= ch.SPACE
    shape = (first << np.uint32(5)) | (second << np.uint32(1)) | third
    return np.where(start < end, shape, np.uint32(0))


Bounds = tuple[Ints, Ints]
"""Starts and ends of spans."""


@dataclass
class Span:
    """Names as spans: words in each, bounds of its first and last run of letters, a key of its words' shapes."""

    words: Ints
    shape: Codes
    low_words: Ints
    first: Bounds
    second: Bounds
    last: Bounds


def first_run(lines: Lines, at: Ints, end: Ints) -> tuple[Ints, Ints]:
    """The run of letters that begins at or after `at` (skipping up to two marks), cut at `end`."""
    start = at
    for _ in range(2):
        kind = lines.kinds[np.minimum(start, end)]
        letter = (kind >= ch.LOWER) & (kind <= ch.UNCASED)
        start = np.where(letter | (start >= end), start, start + 1)
    edges = lines.run_edges
    stop = edges[np.minimum(lines.runs_before[start], len(edges) - 1)]
    return start, np.maximum(np.minimum(stop, end), start)


def run_around(lines: Lines, place: Ints) -> Bounds:
    """The run of letters around each place: where it begins, before the place or at it, and where it ends."""
    edges, index = lines.run_edges, lines.runs_before[place]
    start = np.where(index > 0, edges[np.maximum(index - 1, 0)] + 1, 0)
    return start, edges[np.minimum(index, len(edges) - 1)]


def last_run(lines: Lines, start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """The last run of letters of a span (skipping up to two marks at its end)."""
    stop = np.maximum(end, start)
    for _ in range(2):
        kind = lines.kinds[np.maximum(stop - 1, 0)]
        letter = (kind >= ch.LOWER) & (kind <= ch.UNCASED)
        stop = np.where(letter | (stop <= start), stop, stop - 1)
    edges = lines.run_edges
    index = lines.runs_before[stop] - 1
    begin = np.where(index >= 0, edges[np.maximum(index, 0)] + 1, 0)
    return np.minimum(np.maximum(begin, start), stop), stop


def describe(lines: Lines, start: Ints, end: Ints) -> Span:
    """Look at spans as names."""
    edges = lines.word_edges
    k = lines.words_before[start]
    words = np.maximum(lines.words_before[end] - k + 1, 0)
    top = len(edges) - 1
    starts = [start] + [np.minimum(edges[np.minimum(k + j, top)] + 1, end) for j in range(3)]
    shapes = [_token_shapes(lines, s, end) for s in starts]
    shape = grow(shapes, 4)[3]
    low = lines.low_words
    low_words = low[np.minimum(k + words - 1, top)] - low[np.minimum(k, top)]
    return Span(
        words,
        shape,
        np.maximum(low_words, 0),
        first_run(lines, start, end),
        first_run(lines, starts[1], end),
        last_run(lines, start, end),
    )


def span_features(lines: Lines, lexicon: Lexicon, span: Span) -> Iterator[Feature]:
    """How a span reads as a name: its words, their shapes, and how often each was a name or a title's word."""
    hashes = [lines.hash_span(*span.first), lines.hash_span(*span.second), lines.hash_span(*span.last)]
    first, second, last = (lexicon.look_up(h) for h in hashes)
    words, low = count(span.words, 7), count(span.low_words, 3)
    yield "how many words the name has", words * np.uint32(4) + low
    yield "how the name's words are written", span.shape
    yield "the name's words among known names and words", first * np.uint32(8) + words
    yield "the name's words among known names and words", last * np.uint32(8) + words
    yield "the name's words among known names and words", first * np.uint32(4096) + last
    yield "the name's words among known names and words", second * np.uint32(8) + words
    yield "the name's words", fold64(hashes[0])
    yield "the name's words", fold64(hashes[2])
    yield "the name's words", fold64(hashes[1])


def chunk_features(lines: Lines, lexicon: Lexicon, which: Ints) -> Iterator[Feature]:
    """How whole pieces between commas read as names (against pieces of a title)."""
    chunks = lines.chunks
    start, end = chunks.start[which], np.maximum(chunks.end[which], chunks.start[which])
    span = describe(lines, start, end)
    yield from span_features(lines, lexicon, span)
    yield "what follows the piece", chunks.kind[which].astype(np.uint32)
    yield "length of the piece", count((end - start) // 4, 12)
