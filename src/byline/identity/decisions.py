"""A person's decisions on pairs of mentions: read, checked for contradictions, and made to hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int64]
MENTION = ("paper_id", "position")
"""The columns that say which mention it is."""
PAIR = ("paper_id_a", "position_a", "paper_id_b", "position_b")


@dataclass(frozen=True)
class Decided:
    """The decisions whose mentions are both at hand, by row of the mentions."""

    same: list[tuple[int, int]]
    different: list[tuple[int, int]]

    @property
    def alone(self) -> pl.Series | None:
        """Rows of mentions that a decision names: groups of their own, so that they can move; None without any."""
        rows = sorted({row for pair in self.same + self.different for row in pair})
        return pl.Series(rows, dtype=pl.UInt32) if rows else None

    @classmethod
    def read(cls, mentions: pl.DataFrame, decisions: pl.DataFrame | None) -> Decided:
        """Look up the decisions' mentions; a `different` that contradicts the sames is left out (see `conflicts`)."""
        if decisions is None or decisions.height == 0:
            return cls([], [])
        place = mentions.select("paper_id", pl.col("position").cast(pl.Int64)).with_row_index("row")
        found = decisions.select(
            "verdict", *(pl.col(c).cast(pl.Int64) if "position" in c else c for c in PAIR)
        ).unique()
        found = with_both(found, place, "row")
        pairs = sorted(
            (v, min(a, b), max(a, b)) for v, a, b in found.select("verdict", "row_a", "row_b").iter_rows()
        )
        same = [(a, b) for verdict, a, b in pairs if verdict == "same" and a != b]
        root = _roots({row for _, a, b in pairs for row in (a, b)}, same)
        different = [(a, b) for verdict, a, b in pairs if verdict == "different" and root[a] != root[b]]
        return cls(same, different)


def with_both(pairs: pl.DataFrame, mentions: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return the pairs (`PAIR`) both of whose mentions are there, with a column of each, as `column_a` and `column_b`.

    `mentions`: paper_id, position and the column.
    """
    for side in "ab":
        place = mentions.select(pl.col(*MENTION, column).name.suffix(f"_{side}"))
        pairs = pairs.join(place, on=[f"{name}_{side}" for name in MENTION])
    return pairs


def _roots(nodes: set[int], edges: list[tuple[int, int]]) -> dict[int, int]:
    parent = {node: node for node in nodes}

    def find(node: int) -> int:
        while parent[node] != node:
            node = parent[node]
        return node

    for a, b in edges:
        low, high = sorted((find(a), find(b)))
        parent[high] = low
    return {node: find(node) for node in nodes}


def applied(label: Ints, rows: Ints, decided: Decided) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Return the labels (of canonical rows) with every decision honoured, and which mentions a decision names.

    Clusters of a `same` become one. Then, where a `different` finds both mentions in one cluster, the later one and the
    mentions known the same leave it for a cluster of their own, alone, for no evidence says who goes along.
    """
    touched = np.zeros(len(label), dtype=np.bool_)
    if not decided.same and not decided.different:
        return label, touched
    place = np.empty(len(rows), dtype=np.int64)
    place[rows] = np.arange(len(rows))
    same = [(int(place[a]), int(place[b])) for a, b in decided.same]
    different = sorted(
        (min(p), max(p)) for p in ((int(place[a]), int(place[b])) for a, b in decided.different)
    )
    named = {node for pair in same + different for node in pair}
    touched[sorted(named)] = True
    root = _roots(named, same)
    barred = {(root[a], root[b]) for a, b in different} | {(root[b], root[a]) for a, b in different}
    out = _joined(label, same)
    holders: dict[int, list[int]] = {}
    fresh = int(out.max()) + 1
    for lead in sorted(set(root.values())):
        alike = [node for node in named if root[node] == lead]
        at = int(out[lead])
        if any((lead, other) in barred for other in holders.get(at, [])):
            at = fresh
            fresh += 1
            out[alike] = at
        holders.setdefault(at, []).append(lead)
    return out, touched


def _joined(label: Ints, same: list[tuple[int, int]]) -> Ints:
    """Return the labels with the clusters of each pair made one."""
    pairs = [(int(label[a]), int(label[b])) for a, b in same]
    root = _roots({node for pair in pairs for node in pair}, pairs)
    out = label.copy()
    for old, new in root.items():
        if old != new:
            out[label == old] = new
    return out


def conflicts(decisions: pl.DataFrame) -> pl.DataFrame:
    """Return the `different` decisions that the `same` ones contradict (A is B, B is C, A is not C); none may stay.

    `resolve` lets the sames win until a person decides. `decisions`, and the result, sorted by the mentions:

    | column | type | what it says |
    |---|---|---|
    | `verdict` | String | same or different |
    | `paper_id_a`, `position_a` | String, UInt16 | one mention |
    | `paper_id_b`, `position_b` | String, UInt16 | the other |
    """
    keys = [
        (v, (pa, int(na)), (pb, int(nb)))
        for v, pa, na, pb, nb in decisions.select("verdict", *PAIR).iter_rows()
    ]
    number = {node: i for i, node in enumerate(sorted({node for _, a, b in keys for node in (a, b)}))}
    same = [(number[a], number[b]) for verdict, a, b in keys if verdict == "same"]
    root = _roots(set(number.values()), same)
    bad = [v == "different" and root[number[a]] == root[number[b]] for v, a, b in keys]
    return decisions.filter(pl.Series(bad, dtype=pl.Boolean)).sort(*PAIR)
