"""Additive logistic regression solved to the last digit, so that every machine ships the same rounded weights."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse  # type: ignore[import-untyped]
from scipy.linalg import cho_factor, cho_solve  # type: ignore[import-untyped]

Floats = npt.NDArray[np.float64]
Shape = dict[str, tuple[int, ...]]
Matrix: TypeAlias = Any
"""A sparse matrix of scipy, which has no types."""
PENALTY = 24.0
"""Of the squared weights: chosen among 1 to 40 by what blocks left out score."""
DIGITS = 2
"""Decimals that are kept of a weight. The optimum is unique and found to 1e-9, so machines differ in none of them."""
CLOSE = 1e-9
LONGEST_STEP = 4.0
ROUNDS = 60


def fit(
    shape: Shape, levels: dict[str, Any], truth: Floats, weight: Floats, penalty: float = PENALTY
) -> tuple[float, dict[str, Floats]]:
    """Return bias and a weight for every level of every feature, rounded.

    `levels`: a flat index a row and feature, below 0 where nothing is known; `truth`: 0 to 1 a row. The weights of the
    known levels average 0 over the rows, so that what is not known weighs nothing: with levels 0, 0, 1 and weights
    -1 and 0.5, 0.5 is added to both and taken from the bias.
    """
    design, start = _design(shape, levels, len(truth))
    each = np.append(np.full(start[-1], penalty), 1e-6)  # the bias is free
    found = _newton(design, truth, weight, each)
    tables = {name: found[start[i] : start[i + 1]] for i, name in enumerate(shape)}
    bias = float(found[-1])
    for name, table in tables.items():
        known = levels[name][levels[name] >= 0]
        if len(known) < len(truth):
            mean = float(np.average(table[known], weights=weight[levels[name] >= 0]))
            seen = np.bincount(known, minlength=len(table)) > 0
            tables[name] = np.where(seen, table - mean, 0.0)
            bias += mean
    return round(bias, DIGITS), {name: np.round(table, DIGITS) + 0.0 for name, table in tables.items()}


def _design(shape: Shape, levels: dict[str, Any], rows: int) -> tuple[Matrix, npt.NDArray[np.int64]]:
    """Return one column a level, and a last one of ones; and where each feature's columns begin."""
    start = np.cumsum([0, *(int(np.prod(size)) for size in shape.values())])
    columns = np.stack([levels[name].astype(np.int64) + start[i] for i, name in enumerate(shape)], axis=1)
    known = np.stack([levels[name] >= 0 for name in shape], axis=1)
    columns = np.column_stack([columns, np.full(rows, start[-1])])
    known = np.column_stack([known, np.ones(rows, dtype=bool)])
    ends = np.append(0, np.cumsum(known.sum(axis=1)))
    ones = np.ones(int(ends[-1]))
    return sparse.csr_matrix((ones, columns[known], ends), shape=(rows, start[-1] + 1)), start


def _newton(design: Matrix, truth: Floats, weight: Floats, penalty: Floats) -> Floats:
    """Return the weights of the greatest penalized likelihood; it has one maximum."""
    found = np.zeros(design.shape[1])
    across = design.T.tocsr()
    for _ in range(ROUNDS):
        said = 1.0 / (1.0 + np.exp(-(design @ found)))
        slope = across @ (weight * (said - truth)) + penalty * found
        bend = (across @ sparse.diags(weight * np.maximum(said * (1 - said), 1e-9)) @ design).toarray()
        bend[np.diag_indices_from(bend)] += penalty
        step = cho_solve(cho_factor(bend), slope)
        longest = float(np.abs(step).max())
        found -= step * min(1.0, LONGEST_STEP / max(longest, 1e-12))
        if longest < CLOSE:
            return found
    raise RuntimeError(f"no optimum after {ROUNDS} rounds")
