"""What speaks for a border: hashed features of its surroundings, all candidates of a batch at once.

Every feature is one 32-bit key a candidate. `Feature.key` mixes it with the feature's number into a slot of the
weight table. All arithmetic is on integers, so a byline scores the same bits in any batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from byline.segment import characters as ch
from byline.segment.candidates import Candidates
from byline.segment.lexicon import Lexicon
from byline.segment.lines import DOT_BREAK, Codes, Ints, Lines

SLOT_BITS = 21
REACH = 7
Feature = tuple[str, Codes]


def slots(number: int, key: Codes) -> Codes:
    """Spread the keys of feature `number` over the weight table (Murmur3's finaliser, shortened)."""
    mixed = (key ^ np.uint32((number * 0x85EBCA6B + 0x27D4EB2F) & 0xFFFFFFFF)) * np.uint32(0x9E3779B1)
    mixed ^= mixed >> np.uint32(15)
    mixed *= np.uint32(0xC2B2AE35)
    return mixed >> np.uint32(32 - SLOT_BITS)


def _fold64(value: NDArray[np.uint64]) -> Codes:
    return (value >> np.uint64(32)).astype(np.uint32) ^ value.astype(np.uint32)


@dataclass
class View:
    """What the features look at, for each candidate."""

    left: list[Codes]
    right: list[Codes]
    right_folded: list[Codes]
    left_kinds: list[Codes]
    right_kinds: list[Codes]


def _window(lines: Lines, c: Candidates) -> View:
    floor = lines.start[c.line] - 1
    ceiling = lines.end[c.line]
    left, right, folded, left_kinds, right_kinds = [], [], [], [], []
    for i in range(8):
        before = np.maximum(c.at - 1 - i, floor)
        after = np.minimum(c.at + i, ceiling)
        left.append(lines.codes[before])
        left_kinds.append(lines.kinds[before].astype(np.uint32))
        right.append(lines.codes[after])
        folded.append(lines.folded[after])
        right_kinds.append(lines.kinds[after].astype(np.uint32))
    return View(left, right, folded, left_kinds, right_kinds)


def _grow(columns: list[Codes], upto: int) -> list[Codes]:
    """Hashes of the first 1, 2, ... `upto` columns."""
    result = [columns[0]]
    for column in columns[1:upto]:
        result.append((result[-1] * np.uint32(0x01000193)) + column + np.uint32(0x9E37))
    return result


def _pack(columns: list[Codes]) -> Codes:
    """Up to 8 kinds in one number."""
    result = columns[0].copy()
    for column in columns[1:]:
        result = (result << np.uint32(4)) | column
    return result


def border_ngrams(lines: Lines, c: Candidates) -> Iterator[Feature]:
    """Letters and kinds of letters left, right and across the border."""
    view = _window(lines, c)
    left, right, folded = _grow(view.left, 7), _grow(view.right, 7), _grow(view.right_folded, 6)
    for i in range(7):
        yield f"title ends with {i + 1} characters", left[i]
    for i in range(7):
        yield f"names begin with {i + 1} characters", right[i]
    for i in range(1, 6):
        yield f"names begin, folded, with {i + 1} letters", folded[i]
    prime = np.uint32(0x01000193)
    for i, j in ((0, 0), (1, 1), (2, 2), (1, 0), (0, 1), (2, 0), (0, 2)):
        yield f"{i + 1} characters before and {j + 1} after the border", left[i] * prime ^ right[j]
    kl, kr = view.left_kinds, view.right_kinds
    for i, j in ((1, 1), (2, 2), (2, 4), (4, 4), (1, 7), (3, 8)):
        yield f"letter shapes, {i} before and {j} after", _pack(kl[:i]) * prime ^ _pack(kr[:j])


def _count(values: Ints, cap: int) -> Codes:
    return np.minimum(values, cap).astype(np.uint32)


def _token_shapes(lines: Lines, start: Ints, end: Ints) -> Codes:
    """Kind of a token's first two characters; 0 beyond the end."""
    first = lines.kinds[start].astype(np.uint32)
    second = lines.kinds[np.minimum(start + 1, len(lines.kinds) - 1)].astype(np.uint32)
    third = lines.kinds[np.minimum(start + 2, len(lines.kinds) - 1)] <= ch.SPACE
    shape = (first << np.uint32(5)) | (second << np.uint32(1)) | third
    return np.where(start < end, shape, np.uint32(0))


@dataclass
class Span:
    """Names as spans: words in each, bounds of its first and last run of letters, a key of its words' shapes."""

    words: Ints
    shape: Codes
    low_words: Ints
    first: tuple[Ints, Ints]
    second: tuple[Ints, Ints]
    last: tuple[Ints, Ints]


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
    starts = [start] + [np.minimum(edges[np.minimum(k + j, top)] + 1, end) for j in range(4)]
    shapes = [_token_shapes(lines, s, end) for s in starts]
    shape = _grow(shapes, 5)[4]
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
    words, low = _count(span.words, 7), _count(span.low_words, 3)
    yield "number of words and lower-case words in the name", words * np.uint32(4) + low
    yield "shapes of the name's words", span.shape
    yield "first word as given name or title word", first * np.uint32(8) + words
    yield "last word as family name or title word", last * np.uint32(8) + words
    yield "first and last word as name or title words", first * np.uint32(4096) + last
    yield "second word as name or title word", second * np.uint32(8) + words
    yield "first word of the name", _fold64(hashes[0])
    yield "last word of the name", _fold64(hashes[2])
    yield "second word of the name", _fold64(hashes[1])


def title_features(lines: Lines, lexicon: Lexicon, c: Candidates) -> Iterator[Feature]:
    """How the text before the border reads as a title's end."""
    start = lines.start[c.line]
    edges = lines.word_edges
    k = lines.words_before[c.at]
    before = np.where(k > 0, edges[np.maximum(k - 1, 0)] + 1, 0)
    first_edge = lines.words_before[start]
    title_words = _count(k - first_edge, 15)
    left = last_run(lines, np.maximum(before, start), c.at)
    run = lines.run_edges[np.minimum(lines.runs_before[left[0]], len(lines.run_edges) - 1)]
    left_hash, glued_hash = lines.hash_span(*left), lines.hash_span(left[0], np.maximum(run, left[1]))
    left_bin, glued_bin = lexicon.look_up(left_hash), lexicon.look_up(glued_hash)
    token = lines.hash_span(before, c.at)
    right = lines.hash_span(*first_run(lines, c.at, c.end))
    right_bin = lexicon.look_up(right)
    kind = (lines.kinds[c.at - 1].astype(np.uint32) << np.uint32(4)) | lines.kinds[c.at]
    yield "number of words in the title", title_words * np.uint32(256) + kind
    yield "last word of the title", _fold64(left_hash)
    yield "last piece of the title", _fold64(token)
    yield "how common the title's last word is", left_bin * np.uint32(256) + kind
    yield "the word as it stands, undivided", _fold64(glued_hash)
    yield "how common the undivided word is", glued_bin * np.uint32(256) + kind
    yield "common words left and right", (left_bin * np.uint32(512) + right_bin) * np.uint32(256) + kind
    yield "common words left and undivided", (left_bin * np.uint32(512) + glued_bin) * np.uint32(256) + kind
    length = _count(left[1] - left[0], 12)
    yield "length of the title's last word", (length * np.uint32(16) + (left_bin & np.uint32(7))) * np.uint32(
        256
    ) + kind
    stop = np.maximum(before - 1, start)
    previous = np.where(k > 1, edges[np.maximum(k - 2, 0)] + 1, 0)
    yield "title's last word but one", _fold64(lines.hash_span(np.minimum(np.maximum(previous, start), stop), stop))


def hump_features(lines: Lines, lexicon: Lexicon, c: Candidates) -> Iterator[Feature]:
    """How the parts of the first word read when capitals divide it further: `BERT|Ada` in `Ara|BERTAda`."""
    start, stop = first_run(lines, c.at, c.end)
    humps = lines.humps
    edge = stop
    if len(humps):
        index = np.searchsorted(humps, start + 1)
        edge = np.where(index < len(humps), humps[np.minimum(index, len(humps) - 1)], stop)
        edge = np.maximum(np.minimum(edge, stop), start)
    part, rest = lexicon.look_up(lines.hash_span(start, edge)), lexicon.look_up(lines.hash_span(edge, stop))
    size = _count(edge - start, 6) * np.uint32(8) + _count(stop - edge, 6)
    left = lines.kinds[c.at - 1].astype(np.uint32)
    yield "parts of the first word", (part * np.uint32(512) + rest) * np.uint32(64) + size
    yield "rest of the first word", (rest * np.uint32(64) + size) * np.uint32(16) + left
    yield "first part of the first word", (part * np.uint32(64) + size) * np.uint32(16) + left


def case_features(lines: Lines, c: Candidates) -> Iterator[Feature]:
    """Whether the first name is written as the next one is: capitals, lower case, all capitals."""
    chunks, kinds, edges = lines.chunks, lines.kinds.astype(np.uint32), lines.word_edges
    top = len(kinds) - 1
    next_chunk = np.minimum(c.chunk + 1, len(chunks.start) - 1)
    follows = c.chunk < chunks.last[c.chunk]
    other = np.where(follows, chunks.start[next_chunk], top)
    last = edges[np.maximum(lines.words_before[c.end] - 1, 0)] + 1
    last = np.maximum(last, c.at)
    mine = (kinds[c.at] << np.uint32(8)) | (kinds[np.minimum(c.at + 1, top)] << np.uint32(4)) | kinds[last]
    mine = (mine << np.uint32(4)) | kinds[np.minimum(last + 1, top)]
    theirs = (kinds[other] << np.uint32(4)) | np.where(follows, kinds[np.minimum(other + 1, top)], np.uint32(0))
    before = kinds[c.at - 1]
    yield "case of the first name and of the next", (mine << np.uint32(8)) | theirs
    yield "case of the first name, the next, and the title's end", (((mine << np.uint32(8)) | theirs) << np.uint32(4)) | before


def context_features(lines: Lines, c: Candidates) -> Iterator[Feature]:
    """Where in the line the border stands: commas before and after, labels, ' et al.', open brackets."""
    chunks = lines.chunks
    first, last = chunks.first[c.line], chunks.last[c.chunk]
    commas_before = _count(c.chunk - first, 6)
    names_after = _count(last - c.chunk, 4)
    cut = chunks.cut[last].astype(np.uint32)
    dot_before = (chunks.last[first] < c.chunk).astype(np.uint32)
    labelled = (chunks.kind[last] == DOT_BREAK).astype(np.uint32)
    flags = cut + np.uint32(2) * dot_before + np.uint32(4) * labelled
    yield "commas in the title", commas_before * np.uint32(8) + flags
    yield "names listed", names_after * np.uint32(8) + flags
    yield "names listed and whether the list was cut", (names_after * np.uint32(8) + commas_before) * np.uint32(8) + flags
    opened = lines.open_marks(c.at, c.line)
    yield "open brackets, quotes or mathematics", opened


def chunk_features(lines: Lines, lexicon: Lexicon, which: Ints) -> Iterator[Feature]:
    """How whole pieces between commas read as names (against pieces of a title)."""
    chunks = lines.chunks
    start, end = chunks.start[which], np.maximum(chunks.end[which], chunks.start[which])
    span = describe(lines, start, end)
    yield from span_features(lines, lexicon, span)
    yield "what follows the piece", chunks.kind[which].astype(np.uint32)
    yield "length of the piece", _count((end - start) // 4, 12)


def candidate_features(lines: Lines, lexicon: Lexicon, c: Candidates) -> Iterator[Feature]:
    """All features of candidates, in the order that numbers them."""
    yield from border_ngrams(lines, c)
    yield from span_features(lines, lexicon, describe(lines, c.at, c.end))
    yield from title_features(lines, lexicon, c)
    yield from hump_features(lines, lexicon, c)
    yield from case_features(lines, c)
    yield from context_features(lines, c)
