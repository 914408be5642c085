"""Scores and probabilities of candidates: sums of whole numbers, so that a byline reads alike in any batch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from byline.boundary import features
from byline.boundary.candidates import Candidates
from byline.boundary.keys import slots
from byline.boundary.lines import DOT_BREAK, Codes, Ints, Lines
from byline.boundary.model import SCALE, Model
from byline.boundary.spans import chunk_features

NULL_FEATURE = 200
CHUNK_FEATURES = 100
_EXP = np.rint(np.exp(-np.arange(30 * SCALE) / SCALE) * 2.0**40).astype(np.int64)


def candidate_scores(lines: Lines, model: Model, c: Candidates) -> Ints:
    """Score every candidate: its own features and those of the pieces after it, in 1/256 nat."""
    total = np.zeros(len(c), dtype=np.int32)
    for number, (_, key) in enumerate(features.candidate_features(lines, model.lexicon, c)):
        total += model.weights.take(slots(number, key))
    after, until = piece_bounds(lines, c)
    running = np.cumsum(piece_scores(lines, model, scored_pieces(lines, after, until)))
    result: Ints = total + running[until] - running[after]
    return result


def piece_bounds(lines: Lines, c: Candidates) -> tuple[Ints, Ints]:
    """The pieces that speak for each candidate: those after its own, up to that of its line's last candidate.

    What lies beyond, or behind the names' ' · ', is no evidence: all candidates of the line share it. First
    (exclusive) and last piece.
    """
    top = np.zeros(lines.height, dtype=np.int64)
    top[c.line] = c.chunk  # ascending, so that the last is written last
    return c.chunk, np.minimum(lines.chunks.last[c.chunk], top[c.line])


def scored_pieces(lines: Lines, after: Ints, until: Ints) -> Ints:
    """Pieces that lie between the candidates of some line; not empty ones."""
    change = np.zeros(len(lines.chunks.start) + 1, dtype=np.int64)
    np.add.at(change, after + 1, 1)
    np.subtract.at(change, until + 1, 1)
    used = np.cumsum(change)[:-1] > 0
    return np.flatnonzero(used & (lines.chunks.end > lines.chunks.start))


def piece_scores(lines: Lines, model: Model, which: Ints) -> Ints:
    """Score some pieces as names; 0 for all others."""
    total = np.zeros(len(which), dtype=np.int32)
    if len(which):
        for number, (_, key) in enumerate(chunk_features(lines, model.lexicon, which), CHUNK_FEATURES):
            total += model.weights.take(slots(number, key))
    result = np.zeros(len(lines.chunks.start), dtype=np.int64)
    result[which] = total
    return result


def null_keys(lines: Lines, sharp: bool) -> Codes:
    """Key of the feature that scores 'no border among these', for each line."""
    chunks = lines.chunks
    last = chunks.last[chunks.first]
    names = np.minimum(last - chunks.first, 4)
    labelled = chunks.kind[last] == DOT_BREAK
    key: Ints = int(sharp) + 2 * (names + 8 * chunks.cut[last] + 16 * labelled)
    return key.astype(np.uint32)


@dataclass(frozen=True)
class Verdict:
    """The best candidate of each line (index into the candidates, -1 for none) and the doubt about it.

    `doubt` is 1 - probability, exact for small ones; `probability` has one entry a candidate.
    """

    best: Ints
    doubt: NDArray[np.float64]
    probability: NDArray[np.float64]


def judge(line: Ints, scores: Ints, null: Ints) -> Verdict:
    """Softmax over the candidates of each line and its null score.

    `line` is ascending; `null` has one score a line. The exponentials come from a table of whole numbers, so
    that sums are exact in any order. The best is the highest score, the first of equals.
    """
    height = len(null)
    top = null.copy()
    np.maximum.at(top, line, scores)
    share = _exp(top[line] - scores)
    total = _exp(top - null)
    np.add.at(total, line, share)
    highest = np.full(height, np.iinfo(np.int64).min)
    np.maximum.at(highest, line, scores)
    winners = np.flatnonzero(scores == highest[line])[::-1]
    best = np.full(height, -1, dtype=np.int64)
    best[line[winners]] = winners  # the first of equals is written last
    mine = (
        np.where(best >= 0, share[np.maximum(best, 0)], 0) if len(line) else np.zeros(height, dtype=np.int64)
    )
    return Verdict(best, (total - mine) / total, share / total[line])


def _exp(delta: Ints) -> Ints:
    return np.where(delta < len(_EXP), _EXP[np.minimum(delta, len(_EXP) - 1)], 0)
