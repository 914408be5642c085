"""Calibration and the weight of evidence, fitted on papers that the weights were not learned from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks.boundary_corpus import Example
from byline.segment import deciding, evidence, scoring
from byline.segment.candidates import every
from byline.segment.keys import slots
from byline.segment.lines import read
from byline.segment.model import SCALE, Model

Floats = NDArray[np.float64]


def raw_doubts(model: Model, examples: list[Example]) -> tuple[Floats, NDArray[np.bool_]]:
    """Doubt before calibration, and whether the border was wrong."""
    bare = replace(model, calibration=np.zeros(0))
    doubts, wrong = [], []
    for i in range(0, len(examples), 4000):
        part = examples[i : i + 4000]
        texts = pl.Series([e.text for e in part])
        borders = deciding.find_borders(texts, read(texts, bare.kinds, bare.folds), bare)
        doubts.append(1 - borders.confidence)
        wrong.append(borders.at != np.array([e.border for e in part]))
    return np.concatenate(doubts), np.concatenate(wrong)


def calibrate(model: Model, examples: list[Example]) -> Model:
    """Fit error = sigmoid(a + b logit(doubt)) by Newton's method (Platt 1999) and tabulate it at the knots."""
    doubt, wrong = raw_doubts(model, [e for e in examples if e.border >= 0])
    x = _logit(doubt)
    design = np.stack([np.ones_like(x), x], axis=1)
    beta = np.array([0.0, 1.0])
    for _ in range(50):
        p = 1 / (1 + np.exp(-design @ beta))
        slope = design.T @ (p - wrong) + 1e-3 * (beta - [0.0, 1.0])
        curve = (design * (p * (1 - p))[:, None]).T @ design + 1e-3 * np.eye(2)
        beta -= np.linalg.solve(curve, slope)
    table = 1 / (1 + np.exp(-(beta[0] + beta[1] * _logit(deciding.KNOTS))))
    table[0], table[-1] = 0.0, 1.0
    print(
        f"calibration: {wrong.sum()} of {len(wrong)} wrong; a {beta[0]:.3f}, b {beta[1]:.3f}",
        np.round(table, 6),
    )
    rising = np.asarray(np.maximum.accumulate(table), dtype=np.float64)
    return replace(model, calibration=np.round(rising, 9))


def _logit(p: Floats) -> Floats:
    q = np.clip(p, 1e-7, 1 - 1e-7)
    return np.log(q) - np.log1p(-q)


def weigh_evidence(model: Model, examples: list[Example], settled: pl.Series) -> Model:
    """Fit how much a name's having been settled elsewhere adds to a candidate's score."""
    doubt, _ = raw_doubts(model, examples)
    unsure = [e for e, d in zip(examples, doubt, strict=True) if d > 0.003 and e.border >= 0]
    texts = pl.Series([e.text for e in unsure])
    lines = read(texts, model.kinds, model.folds)
    c = every(lines, model.lexicon)
    keys = np.unique(evidence.keys_of(lines, c.at, c.end))
    found = evidence.levels(lines, c, keys, evidence.count_with(model, settled, keys))
    base = scoring.candidate_scores(lines, model, c) / SCALE
    null = model.weights[slots(scoring.NULL_FEATURE, scoring.null_keys(lines, False))] / SCALE
    truth = c.at - lines.start[c.line] == np.array([e.border for e in unsure])[c.line]
    weights = _ascend(found, base, null, truth, c.line)
    print(f"evidence from {len(unsure)} doubtful bylines:", np.round(weights, 2).tolist())
    return replace(model, evidence=np.rint(weights.ravel() * SCALE).astype(np.int64))


def _ascend(
    found: NDArray[np.int64], base: Floats, null: Floats, truth: NDArray[np.bool_], line: NDArray[np.int64]
) -> Floats:
    """Gradient ascent on the likelihood; weights stay at 0 or above and grow with the level."""
    steps = np.zeros((evidence.KINDS, evidence.LEVELS - 1))
    n = len(null)
    for _ in range(400):
        table = np.concatenate([np.zeros((evidence.KINDS, 1)), np.cumsum(steps, axis=1)], axis=1)
        score = base + sum(table[k][found[k]] for k in range(evidence.KINDS))
        top = null.copy()
        np.maximum.at(top, line, score)
        share = np.exp(score - top[line])
        p = share / (np.bincount(line, share, n) + np.exp(null - top))[line]
        residual = truth - p
        slope = np.array(
            [
                [residual[found[k] >= level].sum() for level in range(1, evidence.LEVELS)]
                for k in range(evidence.KINDS)
            ]
        )
        steps = np.maximum(steps + 0.5 * (slope - 0.1 * steps) / n * 20, 0.0)
    return np.concatenate([np.zeros((evidence.KINDS, 1)), np.cumsum(steps, axis=1)], axis=1)
