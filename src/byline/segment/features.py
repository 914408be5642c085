"""What speaks for a border: hashed features of its surroundings, all candidates of a batch at once.

Every feature is one 32-bit key a candidate; its number in the order below and its key give a slot of the weight
table. All arithmetic is on integers, so a byline scores the same bits in any batch.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from byline.segment.borders import border_ngrams, case_features, context_features, hump_features
from byline.segment.candidates import Candidates
from byline.segment.keys import Feature, count, fold64
from byline.segment.lexicon import Lexicon
from byline.segment.lines import Lines
from byline.segment.spans import Bounds, describe, last_run, span_features


def title_features(lines: Lines, lexicon: Lexicon, c: Candidates, first: Bounds) -> Iterator[Feature]:
    """How the text before the border reads as a title's end."""
    start = lines.start[c.line]
    edges = lines.word_edges
    k = lines.words_before[c.at]
    before = np.where(k > 0, edges[np.maximum(k - 1, 0)] + 1, 0)
    first_edge = lines.words_before[start]
    title_words = count(k - first_edge, 15)
    left = last_run(lines, np.maximum(before, start), c.at)
    run = lines.run_edges[np.minimum(lines.runs_before[left[0]], len(lines.run_edges) - 1)]
    left_hash, glued_hash = lines.hash_span(*left), lines.hash_span(left[0], np.maximum(run, left[1]))
    left_bin, glued_bin = lexicon.look_up(left_hash), lexicon.look_up(glued_hash)
    token = lines.hash_span(before, c.at)
    right_bin = lexicon.look_up(lines.hash_span(*first))
    kind = (lines.kinds[c.at - 1].astype(np.uint32) << np.uint32(4)) | lines.kinds[c.at]
    yield "how many words the title has", title_words * np.uint32(256) + kind
    yield "the title's last word", fold64(left_hash)
    yield "the title's last word", fold64(token)
    yield "the words around the border among known names and words", left_bin * np.uint32(256) + kind
    yield "the word as it stands, undivided", fold64(glued_hash)
    yield "the words around the border among known names and words", glued_bin * np.uint32(256) + kind
    yield (
        "the words around the border among known names and words",
        (left_bin * np.uint32(512) + right_bin) * np.uint32(256) + kind,
    )
    yield (
        "the words around the border among known names and words",
        (left_bin * np.uint32(512) + glued_bin) * np.uint32(256) + kind,
    )
    length = count(left[1] - left[0], 12)
    yield (
        "how long the title's last word is",
        (length * np.uint32(16) + (left_bin & np.uint32(7))) * np.uint32(256) + kind,
    )
    stop = np.maximum(before - 1, start)
    previous = np.where(k > 1, edges[np.maximum(k - 2, 0)] + 1, 0)
    yield (
        "the title's last word but one",
        fold64(lines.hash_span(np.minimum(np.maximum(previous, start), stop), stop)),
    )


def candidate_features(lines: Lines, lexicon: Lexicon, c: Candidates) -> Iterator[Feature]:
    """All features of candidates, in the order that numbers them."""
    yield from border_ngrams(lines, c)
    name = describe(lines, c.at, c.end)
    yield from span_features(lines, lexicon, name)
    yield from title_features(lines, lexicon, c, name.first)
    yield from hump_features(lines, lexicon, c, name.first)
    yield from case_features(lines, c)
    yield from context_features(lines, c)
