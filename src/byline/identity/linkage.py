"""Greedy average linkage on matrices of scores: of one large component, or of many small ones at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from byline.identity.groups import Ints

Floats = npt.NDArray[np.float64]

SHRUNK = 64
"""Nodes up to which merged ones stay in the matrix: shrinking it costs more than it saves."""


def one(mean: Floats, weight: Floats) -> Ints:
    """Return each node's cluster, as its smallest node, by greedy average linkage; ties go to the first.

    `mean`: the scores between nodes, -inf on the diagonal; it is used up. `weight`: how much each node counts.
    """
    out = np.arange(len(mean))
    live, weight = out.copy(), weight.copy()
    best = mean.argmax(axis=1)
    top = mean[out, best]
    merged = 0
    while True:
        x = int(top.argmax())
        if top[x] <= 0:
            return _roots(out)
        x, y = sorted((x, int(best[x])))
        out[live[y]] = live[x]
        _join(mean, weight, best, top, x, y)
        merged += 1
        if len(live) > SHRUNK and 2 * merged > len(live):
            alive = best >= 0
            kept, place = np.flatnonzero(alive), np.cumsum(alive) - 1
            mean, weight, live = mean[np.ix_(kept, kept)], weight[kept], live[kept]
            top, best, merged = top[kept], place[best[kept]], 0


def _join(mean: Floats, weight: Floats, best: Ints, top: Floats, x: int, y: int) -> None:
    """Merge node y into x: its row and column, and what is each node's best partner, where that changes."""
    row = mean[x] * weight[x]
    row += mean[y] * weight[y]
    weight[x] += weight[y]
    row /= weight[x]
    mean[x] = mean[:, x] = row
    mean[:, y] = -np.inf
    lost = (best == x) | (best == y)
    top[y], best[y] = -np.inf, -1
    nearer = row > top
    np.copyto(top, row, where=nearer)
    np.copyto(best, x, where=nearer)
    lost &= ~nearer
    lost[x], lost[y] = True, False
    stale = np.flatnonzero(lost)
    best[stale] = mean[stale].argmax(axis=1)
    top[stale] = mean[stale, best[stale]]


def _roots(out: Ints) -> Ints:
    """Return where each chain of merges ends; each node points at itself or a smaller one."""
    while True:
        further = out[out]
        if np.array_equal(further, out):
            return out
        out = further


def many(mean: Floats, weight: Floats) -> Ints:
    """Return what `one` would for each of many small components: `mean` (components, nodes, nodes), `weight` alike.

    A component of fewer nodes has scores of -inf in the rest. All take their next merge in the same step, so that a
    thousand components cost about as many calls as one.
    """
    count, size = weight.shape
    out = np.tile(np.arange(size), (count, 1))
    owner, weight, who = out.copy(), weight.copy(), np.arange(count)
    while len(who):
        flat = mean.reshape(len(who), -1)
        best = flat.argmax(axis=1)
        going = flat[np.arange(len(who)), best] > 0
        if not going.all():
            out[who[~going]] = owner[~going]
            owner, weight, who, best, mean = owner[going], weight[going], who[going], best[going], mean[going]
        _merge(mean, weight, owner, best)
    return out


def _merge(mean: Floats, weight: Floats, owner: Ints, best: Ints) -> None:
    """Merge in each component the two nodes at place `best` of its matrix."""
    size = weight.shape[1]
    x, y = np.minimum(best // size, best % size), np.maximum(best // size, best % size)
    at = np.arange(len(best))
    np.copyto(owner, x[:, None], where=owner == y[:, None])
    row = mean[at, x] * weight[at, x][:, None]
    row += mean[at, y] * weight[at, y][:, None]
    weight[at, x] += weight[at, y]
    row /= weight[at, x][:, None]
    mean[at, y] = mean[at, :, y] = -np.inf
    row[at, y] = -np.inf
    mean[at, x] = mean[at, :, x] = row
