"""Calibration, and the weights of evidence, fitted on papers that the model's weights were not learned from."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks.boundary_corpus import Example
from benchmarks.exact_math import exact_exp, exact_log, exact_sum
from byline.boundary import abstracts, deciding, evidence, scoring, tails
from byline.boundary.candidates import every
from byline.boundary.keys import slots
from byline.boundary.lines import read_lines
from byline.boundary.model import SCALE, Model

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
BATCH = 4000
VARIANT_WEIGHT = 0.05
"""How much a made-up variant counts in the calibration against a paper as it would be listed."""


@dataclass(frozen=True)
class Answers:
    """What a model without calibration says of examples."""

    doubt: Floats
    wrong: NDArray[np.bool_]
    """The border is another."""
    kind: Ints
    """Of reading."""
    answered: NDArray[np.bool_]
    """There is a reading; without one there is nothing to calibrate."""


def raw_answers(model: Model, examples: list[Example], *, with_abstracts: bool) -> Answers:
    """Read examples without calibration."""
    bare = replace(model, calibration=np.zeros(0))
    doubts, wrong, kinds, answered = [], [], [], []
    for i in range(0, len(examples), BATCH):
        part = examples[i : i + BATCH]
        texts = tails.plain(pl.Series([e.text for e in part]))
        said = pl.Series([e.abstract for e in part], dtype=pl.String) if with_abstracts else None
        lines = read_lines(texts, bare.kinds, bare.folds)
        borders = deciding.find_borders(texts, said, lines, bare)
        doubts.append(1 - borders.confidence)
        wrong.append(borders.at != np.array([e.border for e in part]))
        kinds.append(deciding.reading_kinds(lines, borders.at))
        answered.append(borders.at >= 0)
    return Answers(*(np.concatenate(column) for column in (doubts, wrong, kinds, answered)))


def calibrate(model: Model, examples: list[Example]) -> Model:
    """Fit error = sigmoid(a + b logit(doubt)) (Platt 1999), over all and by kind of reading; tabulate at the knots.

    The kinds are drawn towards the whole, the more the fewer errors they have. Half of the papers are read with their
    abstracts, half without, as listings come.
    """
    known = [
        e for e in examples if e.border >= 0
    ]  # a line without names is not read, or read wrong: see ABSTAIN
    parts = [raw_answers(model, known[half::2], with_abstracts=half == 0) for half in (0, 1)]
    weight = np.array([1.0 if e.kind == "plain" else VARIANT_WEIGHT for e in known[0::2] + known[1::2]])
    doubt, wrong, kind, answered = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("doubt", "wrong", "kind", "answered")
    )
    doubt, wrong, kind, weight = doubt[answered], wrong[answered], kind[answered], weight[answered]
    x = _logit(doubt)
    whole = _platt(x, wrong, weight, np.array([0.0, 1.0]), 1e-3)
    rows = []
    for number in range(deciding.KINDS):
        mine = kind == number
        mean = max(float(weight[mine].mean()), VARIANT_WEIGHT)  # of some kinds there are variants only
        beta = _platt(x[mine], wrong[mine], weight[mine] / mean, whole, 2.0)
        table = 1 / (1 + exact_exp(-(beta[0] + beta[1] * _logit(deciding.KNOTS))))
        table[0], table[-1] = 0.0, 1.0
        print(
            f"calibration {number}: {wrong[mine].sum()} of {mine.sum()} wrong; a {beta[0]:.3f}, b {beta[1]:.3f}"
        )
        rows.append(np.round(np.maximum.accumulate(table), 6))
    return replace(model, calibration=np.stack(rows))


def _platt(x: Floats, wrong: NDArray[np.bool_], weight: Floats, start: Floats, pull: float) -> Floats:
    """Newton's method on the log-likelihood; `pull` draws towards the start. Sums are exact, so all machines agree.

    The slope is kept positive: more doubt is never less error.
    """
    beta = start.copy()
    for _ in range(25):
        p = 1 / (1 + exact_exp(-(beta[0] + beta[1] * x)))
        off, bend = weight * (p - wrong), weight * p * (1 - p)
        slope = np.array([exact_sum(off), exact_sum(off * x)]) + pull * (beta - start)
        a, b, c = exact_sum(bend) + pull, exact_sum(bend * x), exact_sum(bend * x * x) + pull
        step = np.array([c * slope[0] - b * slope[1], a * slope[1] - b * slope[0]]) / (a * c - b * b)
        beta = beta - np.clip(step, -1.0, 1.0)
        beta[1] = max(beta[1], 0.2)
    return beta


def _logit(p: Floats) -> Floats:
    q = np.clip(p, 1e-7, 1 - 1e-7)
    return exact_log(q) - exact_log(1 - q)


@dataclass(frozen=True)
class Doubtful:
    """Candidates of doubtful examples: score and line of each, whether it is the true border; a null score a line."""

    base: Floats
    line: Ints
    truth: NDArray[np.bool_]
    null: Floats


def _doubtful(model: Model, examples: list[Example]) -> list[Example]:
    answers = raw_answers(model, examples, with_abstracts=False)
    return [e for e, d in zip(examples, answers.doubt, strict=True) if d > 0.003 and e.border >= 0]


def weigh_evidence(model: Model, examples: list[Example], settled: pl.Series) -> Model:
    """Fit what a name that was settled elsewhere, and what the abstract, adds to a candidate's score."""
    unsure = _doubtful(model, examples)
    texts = tails.plain(pl.Series([e.text for e in unsure]))
    lines = read_lines(texts, model.kinds, model.folds)
    c = every(lines, model.lexicon)
    null = model.weights[slots(scoring.NULL_FEATURE, scoring.null_keys(lines, False))] / SCALE
    truth = c.at - lines.start[c.line] == np.array([e.border for e in unsure])[c.line]
    field = Doubtful(scoring.candidate_scores(lines, model, c) / SCALE, c.line, truth, null)
    said = pl.Series([e.abstract for e in unsure], dtype=pl.String)
    answers, own = abstracts.answers(model, lines, c, said), abstracts.repeated(lines, c)
    told = _ascend_answers(answers, abstracts.ANSWERS, field)
    field = replace(field, base=field.base + told[answers])
    twice = _ascend_answers(own, abstracts.OWN, field)
    field = replace(field, base=field.base + twice[own])
    keys = np.unique(evidence.keys_of(lines, c.at, c.end))
    found = evidence.levels(lines, c, keys, evidence.count_with(model, settled, keys))
    names = _ascend(found, field)
    for what, weights in {"abstracts": told, "title": twice, "names settled elsewhere": names}.items():
        print(f"evidence from {len(unsure)} doubtful bylines, {what}:", np.round(weights, 2).tolist())
    whole = [np.rint(weights.ravel() * SCALE).astype(np.int64) for weights in (names, told, twice)]
    return replace(model, evidence=whole[0], abstract=whole[1], own=whole[2])


def _residual(field: Doubtful, score: Floats) -> Floats:
    """Truth less probability of each candidate."""
    top = field.null.copy()
    np.maximum.at(top, field.line, score)
    share = exact_exp(score - top[field.line])
    total = np.bincount(field.line, share, len(field.null)) + exact_exp(field.null - top)
    residual: Floats = field.truth - share / total[field.line]
    return residual


def _ascend_answers(answers: Ints, kinds: int, field: Doubtful) -> Floats:
    """Gradient ascent on the likelihood of numbered answers, drawn towards 0; the first, silence, weighs nothing."""
    weights = np.zeros(kinds)
    squares = np.full(kinds, 1.0)
    for _ in range(600):
        residual = _residual(field, field.base + weights[answers])
        slope = np.bincount(answers, residual, kinds) - 0.1 * weights
        slope[0] = 0.0
        squares += slope * slope
        weights += 0.5 * slope / np.sqrt(squares)
    return weights


def _ascend(found: Ints, field: Doubtful) -> Floats:
    """Gradient ascent on the likelihood; weights stay at 0 or above and grow with the level."""
    steps = np.zeros((evidence.KINDS, evidence.LEVELS - 1))
    n = len(field.null)
    for _ in range(400):
        table = np.concatenate([np.zeros((evidence.KINDS, 1)), np.cumsum(steps, axis=1)], axis=1)
        score = field.base + sum(table[k][found[k]] for k in range(evidence.KINDS))
        residual = _residual(field, score)
        by_level = [np.bincount(found[k], residual, evidence.LEVELS) for k in range(evidence.KINDS)]
        slope = np.array([np.cumsum(row[::-1])[::-1][1:] for row in by_level])
        steps = np.maximum(steps + 0.5 * (slope - 0.1 * steps) / n * 20, 0.0)
    return np.concatenate([np.zeros((evidence.KINDS, 1)), np.cumsum(steps, axis=1)], axis=1)
