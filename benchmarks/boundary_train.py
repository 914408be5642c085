"""Training of the boundary model: lexicons in folds, a log-linear model over candidates, calibration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks.boundary_corpus import Example
from benchmarks.exact_math import exact_exp
from byline.boundary import features, scoring
from byline.boundary import lexicon as lx
from byline.boundary.candidates import Candidates, every, sharp
from byline.boundary.keys import SLOT_BITS, slots
from byline.boundary.lexicon import Lexicon
from byline.boundary.lines import Lines, read_lines
from byline.boundary.model import SCALE, Model
from byline.boundary.spans import chunk_features

LIVE = 3e-5
"""Gradients below this change nothing and are skipped."""

Counts = tuple[NDArray[np.uint64], NDArray[np.int64]]


def _runs_of(lines: Lines) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """All runs of letters: start, end, and the line of each."""
    edges = lines.run_edges
    start = np.concatenate([[0], edges[:-1] + 1])
    keep = edges > start
    start, end = start[keep], edges[keep]
    return start, end, np.searchsorted(lines.end, start)


def _count(hashes: list[NDArray[np.uint64]]) -> Counts:
    words, counts = np.unique(np.concatenate(hashes), return_counts=True)
    return words, counts.astype(np.int64)


def _word_counts(texts: pl.Series, kinds: NDArray[np.uint8], folds: NDArray[np.uint16]) -> Counts:
    found = []
    for part in texts.to_frame().iter_slices(4000):
        lines = read_lines(part.to_series(), kinds, folds)
        start, end, _ = _runs_of(lines)
        found.append(lines.hash_span(start, end))
    return _count(found)


def _name_counts(
    names: pl.Series, kinds: NDArray[np.uint8], folds: NDArray[np.uint16]
) -> tuple[Counts, Counts]:
    lines = read_lines(names, kinds, folds)
    start, end, line = _runs_of(lines)
    last = np.append(line[1:] != line[:-1], True)
    hashes = lines.hash_span(start, end)
    return _count([hashes[~last]]), _count([hashes[last]])


def build_lexicons(
    frame: pl.DataFrame, kinds: NDArray[np.uint8], folds: NDArray[np.uint16]
) -> tuple[list[Lexicon], Lexicon]:
    """One lexicon for each fold made of the other folds, and one of all."""
    parts = []
    for fold in range(4):
        part = frame.filter(pl.col("fold") == fold)
        texts = pl.concat([part["title"], part["abstract"].fill_null("").str.normalize("NFC")])
        given, family = _name_counts(part["authors"].explode().drop_nulls(), kinds, folds)
        parts.append((_word_counts(texts, kinds, folds), given, family))
    return [_lexicon(parts[:k] + parts[k + 1 :]) for k in range(4)], _lexicon(parts)


def _lexicon(parts: list[tuple[Counts, Counts, Counts]]) -> Lexicon:
    words = np.unique(np.concatenate([c[0] for part in parts for c in part]))
    totals = np.zeros((3, len(words)), dtype=np.int64)
    for part in parts:
        for row, (found, count) in enumerate(part):
            totals[row, np.searchsorted(words, found)] += count
    keep = (totals[0] > 1) | (totals[1] + totals[2] > 0)
    return lx.build(words[keep], *totals[:, keep])


@dataclass
class Block:
    """Features of one batch: slots of candidates and pieces, and how they belong together."""

    slots: NDArray[np.uint32]
    pieces: NDArray[np.uint32]
    piece_index: NDArray[np.int64]
    n_pieces: int
    after: NDArray[np.int64]
    until: NDArray[np.int64]
    line: NDArray[np.int64]
    null: NDArray[np.uint32]
    truth: NDArray[np.int64]
    weight: NDArray[np.float32]


def block(
    lines: Lines,
    lexicon: Lexicon,
    c: Candidates,
    border: NDArray[np.int64],
    weight: NDArray[np.float32],
    is_sharp: bool,
) -> Block:
    """Compute the features of a batch; `border` counts from each line's start, -1 for none."""
    rows = [slots(n, key) for n, (_, key) in enumerate(features.candidate_features(lines, lexicon, c))]
    after, until = scoring.piece_bounds(lines, c)
    which = scoring.scored_pieces(lines, after, until)
    made = enumerate(chunk_features(lines, lexicon, which), scoring.CHUNK_FEATURES)
    pieces = [slots(n, key) for n, (_, key) in made]
    null = slots(scoring.NULL_FEATURE, scoring.null_keys(lines, is_sharp))
    truth = np.full(lines.height, -1, dtype=np.int64)
    hit = np.flatnonzero(c.at - lines.start[c.line] == border[c.line])
    truth[c.line[hit]] = hit
    size = len(lines.chunks.start)
    return Block(np.stack(rows), np.stack(pieces), which, size, after, until, c.line, null, truth, weight)


class Trainer:
    """AdaGrad on the softmax loss, in batches of whole lines.

    Every sum runs in a fixed order, and exponentials are `exact_exp`'s: all machines learn the same bits.
    """

    def __init__(self, kinds: NDArray[np.uint8], folds: NDArray[np.uint16], lexicons: list[Lexicon]) -> None:
        self.kinds, self.folds, self.lexicons = kinds, folds, lexicons
        self.blocks: list[Block] = []
        self.weights = np.zeros(1 << SLOT_BITS, dtype=np.float32)
        self.squares = np.full(1 << SLOT_BITS, 1e-2, dtype=np.float32)

    def size(self) -> int:
        """Candidates over all batches."""
        return sum(b.slots.shape[1] for b in self.blocks)

    def add(self, examples: list[Example], batch: int = 1000) -> None:
        """Turn examples into batches with their sharp candidates; learn; then add every candidate of the unclear."""
        self.kept: list[tuple[int, list[Example]]] = []
        for fold in range(4):
            mine = [e for e in examples if e.fold == fold]
            for i in range(0, len(mine), batch):
                self._add(mine[i : i + batch], fold, True)
                self.kept.append((fold, mine[i : i + batch]))

    def add_unclear(self, batch: int = 500, bound: float = 0.998) -> None:
        """Add every candidate of the examples that sharp ones leave unclear, and of one in 8 besides."""
        odd: list[list[Example]] = [[], [], [], []]
        for b, (fold, mine) in zip(self.blocks, self.kept, strict=True):
            p = self._right(b)
            odd[fold] += [e for n, e in enumerate(mine) if p[n] < bound or b.truth[n] < 0 or n % 8 == 0]
        for fold in range(4):
            for i in range(0, len(odd[fold]), batch):
                self._add(odd[fold][i : i + batch], fold, False)

    def _right(self, b: Block) -> NDArray[np.float64]:
        """Probability of each line's truth."""
        scores, null = self._scores(b), self.weights[b.null]
        top = null.copy()
        np.maximum.at(top, b.line, scores)
        share, rest = exact_exp(scores - top[b.line]), exact_exp(null - top)
        total = np.bincount(b.line, share, len(null)) + rest
        right: NDArray[np.float64] = np.where(b.truth >= 0, share[np.maximum(b.truth, 0)], rest) / total
        return right

    def _add(self, mine: list[Example], fold: int, is_sharp: bool) -> None:
        lines = read_lines(pl.Series([e.text for e in mine]), self.kinds, self.folds)
        c = sharp(lines) if is_sharp else every(lines, self.lexicons[fold])
        border = np.array([e.border for e in mine])
        weight = np.array([e.weight for e in mine], dtype=np.float32)
        self.blocks.append(block(lines, self.lexicons[fold], c, border, weight, is_sharp))

    def fit(self, epochs: int, rate: float = 0.15) -> None:
        """Run over all batches in a shuffled, fixed order."""
        rng = np.random.default_rng(7)
        total = np.zeros_like(self.weights)
        for epoch in range(epochs):
            loss = 0.0
            step = rate * (1.0 if epoch < epochs - 2 else 0.4)
            for i in rng.permutation(len(self.blocks)):
                loss += self._step(self.blocks[i], step)
            if epoch >= epochs - 2:
                total += self.weights
            print(f"epoch {epoch}: loss {loss / sum(len(b.truth) for b in self.blocks):.6f}", flush=True)
        self.weights = np.divide(total, 2, dtype=np.float32)

    def _scores(self, b: Block) -> NDArray[np.float32]:
        w = self.weights
        scores = np.zeros(b.slots.shape[1], dtype=np.float32)
        for row in b.slots:
            scores += w[row]
        piece = np.zeros(b.n_pieces, dtype=np.float64)
        for row in b.pieces:
            piece[b.piece_index] += w[row]
        running = np.cumsum(piece)
        return scores + (running[b.until] - running[b.after]).astype(np.float32)

    def _step(self, b: Block, rate: float) -> float:
        scores, null = self._scores(b), self.weights[b.null]
        top = null.copy()
        np.maximum.at(top, b.line, scores)
        share, rest = exact_exp(scores - top[b.line]), exact_exp(null - top)
        total = np.bincount(b.line, share, len(null)) + rest
        p, p_null = share / total[b.line], rest / total
        found = b.truth >= 0
        right = np.where(found, p[np.maximum(b.truth, 0)], p_null)
        gradient = (p * b.weight[b.line]).astype(np.float32)
        gradient[b.truth[found]] -= b.weight[found]
        null_gradient = ((p_null - ~found) * b.weight).astype(np.float32)
        self._update(b, gradient, null_gradient, rate)
        return float(-np.log(np.maximum(right, 1e-12)).sum())

    def _update(
        self, b: Block, gradient: NDArray[np.float32], null: NDArray[np.float32], rate: float
    ) -> None:
        # a piece gets the gradient of every candidate that it stands after, within its region
        n = b.n_pieces + 2
        flow = np.bincount(b.after + 1, gradient, n) - np.bincount(b.until + 1, gradient, n)
        piece = np.cumsum(flow)[b.piece_index]
        live = np.flatnonzero(np.abs(gradient) > LIVE)
        used = np.flatnonzero(np.abs(piece) > LIVE)
        keys = np.concatenate([b.slots[:, live].ravel(), b.pieces[:, used].ravel(), b.null])
        values = np.concatenate(
            [
                np.tile(gradient[live], len(b.slots)),
                np.tile(piece[used].astype(np.float32), len(b.pieces)),
                null,
            ]
        )
        total = np.bincount(keys, values, len(self.weights))  # one after the other: the same bits everywhere
        slot = np.flatnonzero(total)
        g = total[slot].astype(np.float32)
        self.squares[slot] += g * g
        self.weights[slot] -= rate * g / np.sqrt(self.squares[slot])

    def model(self, lexicon: Lexicon) -> Model:
        """Round the weights to 1/256 nat; without calibration and evidence."""
        weights = np.clip(np.rint(self.weights * SCALE), -32767, 32767).astype(np.int16)
        nothing = np.zeros(0)
        whole = nothing.astype(np.int64)
        return Model(weights, lexicon, self.kinds, self.folds, nothing, whole, whole, whole)
