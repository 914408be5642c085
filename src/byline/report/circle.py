"""The picture of who wrote with whom: authors who share most papers on a circle, an arc for each pair.

Placed without chance and without iterations, so that machines agree to the last digit: groups that are tied together
stand together, and inside a group each author stands beside the one that is closest among those who have no place yet.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.report.tallies import Tally

Ints = npt.NDArray[np.int64]
SHOWN = 60
"""Authors on the circle."""
GROUP = 12
"""Authors of one group at most: five groups say more than one."""


@dataclass(frozen=True)
class Spot:
    """An author on the circle: place in units of its radius (x to the right, y down), papers."""

    name: str
    papers: int
    x: float
    y: float


@dataclass(frozen=True)
class Circle:
    """`arcs`: the numbers of two spots, and how many papers they share."""

    spots: list[Spot]
    arcs: list[tuple[int, int, int]]


def circle(tally: Tally) -> Circle:
    """Return the picture of a snapshot: of the authors of most papers those who share most with another one."""
    top = tally.persons
    ids = top["author_id"].sort()
    weights = {
        (ids[one], ids[other]): shared for (one, other), shared in _closest(_weights(tally, ids)).items()
    }
    tied = {one for pair in weights for one in pair}
    people = [row for row in top.iter_rows() if row[0] in tied]
    order = _order([row[0] for row in people], weights)
    at = {author: number for number, author in enumerate(order)}
    facts = {author: (name, papers) for author, name, papers in people}
    spots = [Spot(*facts[author], *_place(number, len(order))) for number, author in enumerate(order)]
    arcs = sorted((*sorted((at[one], at[other])), shared) for (one, other), shared in weights.items())
    return Circle(spots, [(one, other, shared) for one, other, shared in arcs])


@dataclass(frozen=True)
class _Weights:
    """Pairs of authors, by number (that of the smaller id first), and how many papers each pair shares."""

    one: Ints
    other: Ints
    shared: Ints

    def near(self) -> Callable[[int], dict[int, int]]:
        """Return what gives, for an author, the others and how many papers they share."""
        authors = np.concatenate([self.one, self.other])
        order = np.argsort(authors, kind="stable")
        authors = authors[order]
        others = np.concatenate([self.other, self.one])[order]
        shared = np.concatenate([self.shared, self.shared])[order]

        def of(author: int) -> dict[int, int]:
            begin, end = np.searchsorted(authors, [author, author + 1])
            return dict(zip(others[begin:end].tolist(), shared[begin:end].tolist(), strict=True))

        return of


def _closest(weights: _Weights) -> dict[tuple[int, int], int]:
    """Return the pairs among those the circle has room for: the closest pair, those around it, then the next group.

    Worked example: a-b share 5 papers, b-c 2, d-e 4. The first group begins with a-b and takes in c, who shares 2 with
    it; nobody is left near it, so the next one begins with d-e.
    """
    near = weights.near()
    chosen: dict[int, None] = {}
    for at in np.lexsort((weights.other, weights.one, -weights.shared)).tolist():
        if len(chosen) + 2 > SHOWN:
            break
        pair = [int(weights.one[at]), int(weights.other[at])]
        if chosen.keys().isdisjoint(pair):
            room = min(GROUP, SHOWN - len(chosen))
            chosen.update(dict.fromkeys(_grown(pair, near, chosen, room)))
    among = np.fromiter(chosen, dtype=np.int64, count=len(chosen))
    rows = np.flatnonzero(np.isin(weights.one, among) & np.isin(weights.other, among))
    pairs = zip(weights.one[rows].tolist(), weights.other[rows].tolist(), strict=True)
    return dict(zip(pairs, weights.shared[rows].tolist(), strict=True))


def _grown(
    group: list[int], near: Callable[[int], dict[int, int]], taken: dict[int, None], room: int
) -> list[int]:
    """Return a group with those who share most papers with it, one after the other, as far as there is room."""
    shared: dict[int, int] = {}
    for author in group:
        _add(shared, near(author))
    while len(group) < room:
        left = [other for other in shared if other not in taken and other not in group]
        if not left:
            break
        group.append(min(left, key=lambda other: (-shared[other], other)))
        _add(shared, near(group[-1]))
    return group


def _add(shared: dict[int, int], more: dict[int, int]) -> None:
    for other, papers in more.items():
        shared[other] = shared.get(other, 0) + papers


def _weights(tally: Tally, authors: pl.Series) -> _Weights:
    """Return how many papers each pair of these authors shares; their ids rise, and their places are their numbers."""
    numbers = pl.DataFrame({"author_id": authors}).with_row_index("author")
    mentions = tally.tied.join(numbers, on="author_id").select("paper", "author")
    pairs = mentions.join(mentions, on="paper", suffix="_other").filter(
        pl.col("author") < pl.col("author_other")
    )
    counted = pairs.group_by("author", "author_other").agg(shared=pl.len()).sort("author", "author_other")
    return _Weights(*(counted[name].to_numpy().astype(np.int64) for name in counted.columns))


def _near(weights: dict[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    """Return for each author the others and how many papers they share."""
    near: dict[str, dict[str, int]] = {}
    for (one, other), shared in weights.items():
        near.setdefault(one, {})[other] = shared
        near.setdefault(other, {})[one] = shared
    return near


def _order(authors: list[str], weights: dict[tuple[str, str], int]) -> list[str]:
    """Return the authors in the order of the circle; the first that are given come first.

    Worked example: a-b share 3 papers, b-c 1, d-e 2. From a (first) the closest without a place is b, from b it is c;
    nobody is left of them, so the next group begins: d, e.
    """
    near = {author: dict[str, int]() for author in authors} | _near(weights)
    left = dict.fromkeys(authors)
    placed: list[str] = []
    while left:
        reached = [
            (shared, -back, other)
            for back, author in enumerate(reversed(placed))
            for other, shared in near[author].items()
            if other in left
        ]
        # Beside the last one placed while it has anybody left, else beside an earlier one: groups stay together.
        chosen = (
            max(reached, key=lambda item: (item[1], item[0], item[2]))[2] if reached else next(iter(left))
        )
        placed.append(chosen)
        del left[chosen]
    return placed


def _place(number: int, count: int) -> tuple[float, float]:
    angle = 2 * math.pi * number / max(count, 1) - math.pi / 2
    return round(math.cos(angle), 4), round(math.sin(angle), 4)
