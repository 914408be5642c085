"""Average-linkage clustering of atoms over scored pairs, under constraints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from byline.identity.atoms import Ints, components

Floats = npt.NDArray[np.float64]
NEVER = -1e6
"""The score of a pair that may not stand together; no average with it comes near the threshold."""
ONE_PAPER = -20.0
"""The score of two authors of one paper. Lists do name a person twice, so much other evidence may outweigh it."""


LARGEST = 3000
"""Atoms of a component up to which a matrix of it is held (72 MB); greater ones are first parted, see `cluster`."""


class Prior(Protocol):
    """What stands for pairs that were not compared."""

    def __call__(self, form: Ints) -> Floats:
        """Return the matrix of scores between atoms of these forms: NEVER where no person carries both."""


@dataclass(frozen=True)
class Graph:
    """Atoms and scored pairs. a < b; score: log-odds that both are one person, less the threshold."""

    form: Ints
    a: Ints
    b: Ints
    score: Floats
    prior: Prior


def cluster(graph: Graph) -> Ints:
    """Return a label per atom. Pairs are merged by the greatest average score first, while that is above 0."""
    positive = graph.score > 0
    label = components(len(graph.form), graph.a[positive], graph.b[positive])
    inside = label[graph.a] == label[graph.b]
    members = np.bincount(label, minlength=len(label))
    good = np.bincount(label[graph.a[positive]], minlength=len(label))
    settled = good == members * (members - 1) // 2  # every two of them agree: nothing to weigh
    open_pairs = np.flatnonzero(inside & ~settled[label[graph.a]])
    order = open_pairs[np.argsort(label[graph.a[open_pairs]], kind="stable")]
    owner = label[graph.a[order]]
    starts = (
        np.flatnonzero(np.concatenate([[True], owner[1:] != owner[:-1]]))
        if len(order)
        else np.zeros(0, dtype=np.int64)
    )
    out = label.copy()
    for begin, end in zip(starts, [*starts[1:], len(order)], strict=True):
        chosen = order[begin:end]
        _part(graph, chosen, out)
    return out


def _part(graph: Graph, chosen: Ints, out: Ints) -> None:
    """Cluster one component and write each atom's label: the smallest atom of its cluster."""
    a, b = graph.a[chosen], graph.b[chosen]
    nodes = np.unique(np.concatenate([a, b]))
    if len(nodes) > LARGEST:
        out[nodes] = nodes
        return
    total = graph.prior(graph.form[nodes])
    x, y = np.searchsorted(nodes, a), np.searchsorted(nodes, b)
    total[x, y] = total[y, x] = graph.score[chosen]
    np.fill_diagonal(total, -np.inf)
    out[nodes] = nodes[_linkage(total)]


def _linkage(total: Floats) -> Ints:
    """Return each node's cluster, as its smallest node, by average linkage over a matrix of scores; greedy, ties to the first."""
    size = len(total)
    weight = np.ones(size)
    owner = np.arange(size)
    mean = total.copy()
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
