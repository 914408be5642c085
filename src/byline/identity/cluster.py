"""Average-linkage clustering of groups over scored pairs, under constraints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from byline.identity import linkage
from byline.identity.groups import Ints, components
from byline.identity.linkage import Floats

NEVER = -1e6
"""The score of a pair that may not stand together; no average with it comes near the threshold."""
ONE_PAPER = -20.0
"""The score shown for two authors of one paper; they never stand together, see `resolver.clustered`."""


SMALL = 64
"""Groups of a component up to which it is clustered together with others of about its size."""
AT_ONCE = 1 << 21
"""Scores held for such components in one go (16 MB)."""
LARGEST = 3000
"""Groups of a component up to which a matrix of it is held (72 MB); greater ones are first parted, see `cluster`."""
CUT_AT_MOST = 8.0


class Prior(Protocol):
    """What stands for pairs that were not compared."""

    def __call__(self, form: Ints) -> Floats:
        """Return the scores between groups of these forms, along the last axis: NEVER where no person carries both."""


@dataclass(frozen=True)
class Graph:
    """Groups and scored pairs. a < b; score: log-odds that both are one person, less the threshold."""

    form: Ints
    weight: Floats
    """How much each group counts in an average."""
    a: Ints
    b: Ints
    score: Floats
    prior: Prior


def cluster(graph: Graph) -> Ints:
    """Return a label per group. Pairs are merged by the greatest average score first, while that is above 0."""
    everything = np.arange(len(graph.a))
    out = np.arange(len(graph.form))
    small: dict[int, list[tuple[Ints, Ints]]] = {}
    for chosen in _components(graph, everything, 0.0, out):
        nodes = np.unique(np.concatenate([graph.a[chosen], graph.b[chosen]]))
        if len(nodes) > SMALL:
            _part(graph, chosen, 0.0, out)
        else:
            small.setdefault(max(2, (len(nodes) - 1).bit_length()), []).append((nodes, chosen))
    for exponent, parts in sorted(small.items()):
        size = 1 << exponent
        step = max(1, AT_ONCE // size**2)
        for start in range(0, len(parts), step):
            _batch(graph, parts[start : start + step], size, out)
    return out


def _batch(graph: Graph, parts: list[tuple[Ints, Ints]], size: int, out: Ints) -> None:
    """Cluster components of at most `size` nodes, given as (nodes, pairs), and write each group's label."""
    lengths = np.array([len(nodes) for nodes, _ in parts])
    real = np.arange(size) < lengths[:, None]
    nodes = np.zeros(real.shape, dtype=np.int64)
    nodes[real] = np.concatenate([nodes for nodes, _ in parts])
    mean = graph.prior(graph.form[nodes])
    chosen = np.concatenate([pairs for _, pairs in parts])
    part = np.repeat(np.arange(len(parts)), [len(pairs) for _, pairs in parts])
    place = np.empty(len(graph.form), dtype=np.int64)  # of a group in its component
    place[nodes[real]] = np.nonzero(real)[1]
    x, y = place[graph.a[chosen]], place[graph.b[chosen]]
    mean[part, x, y] = mean[part, y, x] = graph.score[chosen]
    mean[~(real[:, :, None] & real[:, None, :])] = -np.inf
    mean[:, np.arange(size), np.arange(size)] = -np.inf
    owner = linkage.many(mean, graph.weight[nodes])
    out[nodes[real]] = np.take_along_axis(nodes, owner, axis=1)[real]


def _components(graph: Graph, chosen: Ints, cut: float, out: Ints) -> list[Ints]:
    """Label the components of pairs above `cut` in `out`; return the pairs of each whose members don't all agree."""
    keep = graph.score[chosen] > cut
    a, b = graph.a[chosen], graph.b[chosen]
    label = components(len(graph.form), a[keep], b[keep])
    members = np.bincount(label, minlength=len(label))
    good = np.bincount(label[a[keep]], minlength=len(label))
    complete = good == members * (members - 1) // 2  # every two of them agree: nothing to weigh
    out[a], out[b] = label[a], label[b]
    inside = (label[a] == label[b]) & ~complete[label[a]]
    order = chosen[inside][np.argsort(label[a[inside]], kind="stable")]
    owner = label[graph.a[order]]
    return [part for part in np.split(order, np.flatnonzero(owner[1:] != owner[:-1]) + 1) if len(part)]


def _part(graph: Graph, chosen: Ints, cut: float, out: Ints) -> None:
    """Cluster one component and write each group's label: the smallest group of its cluster.

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
    out[nodes] = nodes[linkage.one(mean, graph.weight[nodes])]
