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
CUT_AT_MOST = 8.0


class Prior(Protocol):
    """What stands for pairs that were not compared."""

    def __call__(self, form: Ints) -> Floats:
        """Return the matrix of scores between atoms of these forms: NEVER where no person carries both."""


@dataclass(frozen=True)
class Graph:
    """Atoms and scored pairs. a < b; score: log-odds that both are one person, less the threshold."""

    form: Ints
    weight: Floats
    """How much each atom counts in an average."""
    a: Ints
    b: Ints
    score: Floats
    prior: Prior


def cluster(graph: Graph) -> Ints:
    """Return a label per atom. Pairs are merged by the greatest average score first, while that is above 0."""
    everything = np.arange(len(graph.a))
    out = np.arange(len(graph.form))
    for chosen in _components(graph, everything, 0.0, out):
        _part(graph, chosen, 0.0, out)
    return out


def _components(graph: Graph, chosen: Ints, cut: float, out: Ints) -> list[Ints]:
    """Label the components of pairs above `cut` in `out`; return the pairs of each whose members don't all agree."""
    keep = graph.score[chosen] > cut
    a, b = graph.a[chosen], graph.b[chosen]
    label = components(len(graph.form), a[keep], b[keep])
    members = np.bincount(label, minlength=len(label))
    good = np.bincount(label[a[keep]], minlength=len(label))
    settled = good == members * (members - 1) // 2  # every two of them agree: nothing to weigh
    out[a], out[b] = label[a], label[b]
    inside = (label[a] == label[b]) & ~settled[label[a]]
    order = chosen[inside][np.argsort(label[a[inside]], kind="stable")]
    owner = label[graph.a[order]]
    return [part for part in np.split(order, np.flatnonzero(owner[1:] != owner[:-1]) + 1) if len(part)]


def _part(graph: Graph, chosen: Ints, cut: float, out: Ints) -> None:
    """Cluster one component and write each atom's label: the smallest atom of its cluster.

    A component too large for a matrix falls apart first, by leaving out its weaker pairs.
    """
    a, b = graph.a[chosen], graph.b[chosen]
    nodes = np.unique(np.concatenate([a, b]))
    if len(nodes) > LARGEST:
        out[nodes] = nodes
        if cut < CUT_AT_MOST:
            for piece in _components(graph, chosen, cut + 1.0, out):
                _part(graph, piece, cut + 1.0, out)
        return
    mean = graph.prior(graph.form[nodes])
    x, y = np.searchsorted(nodes, a), np.searchsorted(nodes, b)
    mean[x, y] = mean[y, x] = graph.score[chosen]
    np.fill_diagonal(mean, -np.inf)
    out[nodes] = nodes[_linkage(mean, graph.weight[nodes])]


def _linkage(mean: Floats, weight: Floats) -> Ints:
    """Return each node's cluster, as its smallest node, by greedy average linkage; ties go to the first."""
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
