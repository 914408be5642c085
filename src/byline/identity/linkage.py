"""Greedy average linkage on matrices of scores: of one large component, or of many small ones at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from byline.identity.atoms import Ints

Floats = npt.NDArray[np.float64]


def one(mean: Floats, weight: Floats) -> Ints:
    """Return each node's cluster, as its smallest node, by greedy average linkage; ties go to the first.

    `mean`: the scores between nodes, -inf on the diagonal; it is used up. `weight`: how much each node counts.
    """
    owner = np.arange(len(mean))
    weight = weight.copy()
    total = mean * weight[:, None] * weight
    best = mean.argmax(axis=1)
    top = mean[owner, best]
    while True:
        x = int(top.argmax())
        if top[x] <= 0:
            return owner
        y = int(best[x])
        x, y = min(x, y), max(x, y)
        owner[owner == y] = x
        total[x] += total[y]
        total[:, x] = total[x]
        weight[x] += weight[y]
        row = total[x] / (weight[x] * weight)
        row[x] = row[y] = -np.inf
        total[y] = total[:, y] = -np.inf
        mean[y] = mean[:, y] = -np.inf
        mean[x] = mean[:, x] = row
        top[y] = -np.inf
        stale = np.flatnonzero((best == x) | (best == y) | (row > top))
        stale = np.append(stale[top[stale] > -np.inf], x)
        best[stale] = mean[stale].argmax(axis=1)
        top[stale] = mean[stale, best[stale]]


def many(mean: Floats, weight: Floats) -> Ints:
    """Return what `one` would for each of many small components: `mean` (components, nodes, nodes), `weight` alike.

    A component of fewer nodes has scores of -inf in the rest. All take their next merge in the same step, so that a
    thousand components cost about as many calls as one.
    """
    count, size = weight.shape
    out = np.tile(np.arange(size), (count, 1))
    owner, weight, who = out.copy(), weight.copy(), np.arange(count)
    total = mean * weight[:, :, None] * weight[:, None, :]
    while len(who):
        flat = mean.reshape(len(who), -1)
        best = flat.argmax(axis=1)
        going = flat[np.arange(len(who)), best] > 0
        if not going.all():
            out[who[~going]] = owner[~going]
            owner, weight, who, best = owner[going], weight[going], who[going], best[going]
            mean, total = mean[going], total[going]
        _merge(mean, total, weight, owner, best)
    return out


def _merge(mean: Floats, total: Floats, weight: Floats, owner: Ints, best: Ints) -> None:
    """Merge in each component the two nodes at place `best` of its matrix."""
    size = weight.shape[1]
    x, y = np.minimum(best // size, best % size), np.maximum(best // size, best % size)
    at = np.arange(len(best))
    np.copyto(owner, x[:, None], where=owner == y[:, None])
    total[at, x] += total[at, y]
    total[at, :, x] = total[at, x]
    weight[at, x] += weight[at, y]
    row = total[at, x] / (weight[at, x][:, None] * weight)
    row[at, x] = row[at, y] = -np.inf
    for matrix in (total, mean):
        matrix[at, y] = matrix[at, :, y] = -np.inf
    mean[at, x] = mean[at, :, x] = row
