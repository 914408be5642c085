"""What speaks for a border: hashed features of its surroundings, all candidates of a batch at once.

Every feature is one 32-bit key a candidate; its number in the order below and its key give a slot of the weight
table. All arithmetic is on integers, so a byline scores the same bits in any batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from byline.boundary.borders import (
    border_ngrams,
    case_features,
    context_features,
    hump_features,
    length_features,
)
from byline.boundary.candidates import Candidates
from byline.boundary.keys import Feature, count, fold64
from byline.boundary.lexicon import Lexicon
from byline.boundary.lines import Ints, Lines
from byline.boundary.spans import Bounds, describe, last_run, span_features

AROUND = "the words around the border among known names and words"


@dataclass(frozen=True)
class TitleEnd:
    """The text before each border: its last word's last run of letters, that run undivided, whole words before."""

    run: Bounds
    undivided: Bounds
    word: Bounds
    previous: Bounds
    words: Ints


def title_end(lines: Lines, c: Candidates) -> TitleEnd:
    """Find the words that each border ends the title with."""
    floor, edges = lines.start[c.line], lines.word_edges
    k = lines.words_before[c.stop]
    start = np.maximum(np.where(k > 0, edges[np.maximum(k - 1, 0)] + 1, 0), floor)
    run = last_run(lines, start, c.stop)
    edge = lines.run_edges[np.minimum(lines.runs_before[run[0]], len(lines.run_edges) - 1)]
    stop = np.maximum(start - 1, floor)
    previous = np.where(k > 1, edges[np.maximum(k - 2, 0)] + 1, 0)
    return TitleEnd(
        run=run,
        undivided=(run[0], np.maximum(edge, run[1])),
        word=(start, c.stop),
        previous=(np.minimum(np.maximum(previous, floor), stop), stop),
        words=k - lines.words_before[floor],
    )


def title_features(
    lines: Lines, lexicon: Lexicon, c: Candidates, end: TitleEnd, first: Bounds
) -> Iterator[Feature]:
    """How the text before the border reads as a title's end."""
    left_hash, whole_hash = lines.hash_span(*end.run), lines.hash_span(*end.undivided)
    left, whole = lexicon.look_up(left_hash), lexicon.look_up(whole_hash)
    right = lexicon.look_up(lines.hash_span(*first))
    kind = (lines.kinds[c.at - 1].astype(np.uint32) << np.uint32(4)) | lines.kinds[c.at]
    length = count(end.run[1] - end.run[0], 12)
    yield "how many words the title has", count(end.words, 15) * np.uint32(256) + kind
    yield "the title's last word", fold64(left_hash)
    yield "the title's last word", fold64(lines.hash_span(*end.word))
    yield "the word as it stands, undivided", fold64(whole_hash)
    yield (
        "how long the title's last word is",
        (length * np.uint32(16) + (left & np.uint32(7))) * np.uint32(256) + kind,
    )
    yield "the title's last word but one", fold64(lines.hash_span(*end.previous))
    yield AROUND, left * np.uint32(256) + kind
    yield AROUND, whole * np.uint32(256) + kind
    yield AROUND, (left * np.uint32(512) + right) * np.uint32(256) + kind
    yield AROUND, (left * np.uint32(512) + whole) * np.uint32(256) + kind


def candidate_features(lines: Lines, lexicon: Lexicon, c: Candidates) -> Iterator[Feature]:
    """All features of candidates, in the order that numbers them."""
    yield from border_ngrams(lines, c)
    name, end = describe(lines, c.at, c.end), title_end(lines, c)
    yield from span_features(lines, lexicon, name)
    yield from title_features(lines, lexicon, c, end, name.first)
    yield from hump_features(lines, lexicon, c, end.run, name.first)
    yield from case_features(lines, c)
    yield from context_features(lines, c)
    yield from length_features(lines, c)
