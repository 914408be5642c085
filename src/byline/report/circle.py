"""The picture of who wrote with whom: authors who share most papers on a circle, an arc for each pair.

Placed without chance and without iterations, so that machines agree to the last digit: groups that are tied together
stand together, and inside a group each author stands beside the one that is closest among those who have no place yet.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import polars as pl

from byline.report.held import Held

SHOWN = 60
"""Authors on the circle."""
GROUP = 12
"""Authors of one group at most: five groups say more than one."""
CANDIDATES = 2_000
"""Authors of most papers among whom the closest pairs are looked for."""


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


def circle(tables: Held) -> Circle:
    """Return the picture of a snapshot: of the authors of most papers those who share most with another one."""
    top = (
        tables("authors")
        .filter(pl.col("kind") == "person")
        .sort("paper_count", "author_id", descending=[True, False])
        .head(CANDIDATES)
        .select("author_id", "name", "paper_count")
        .collect()
    )
    weights = _closest(_weights(tables, top["author_id"]))
    tied = {one for pair in weights for one in pair}
    people = [row for row in top.iter_rows() if row[0] in tied]
    order = _order([row[0] for row in people], weights)
    at = {author: number for number, author in enumerate(order)}
    facts = {author: (name, papers) for author, name, papers in people}
    spots = [Spot(*facts[author], *_place(number, len(order))) for number, author in enumerate(order)]
    arcs = sorted((*sorted((at[one], at[other])), shared) for (one, other), shared in weights.items())
    return Circle(spots, [(one, other, shared) for one, other, shared in arcs])


def _closest(weights: dict[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    """Return the pairs among those the circle has room for: the closest pair, those around it, then the next group.

    Worked example: a-b share 5 papers, b-c 2, d-e 4. The first group begins with a-b and takes in c, who shares 2 with
    it; nobody is left near it, so the next one begins with d-e.
    """
    near = _near(weights)
    chosen: dict[str, None] = {}
    for pair, _ in sorted(weights.items(), key=lambda item: (-item[1], item[0])):
        if len(chosen) + 2 > SHOWN:
            break
        if chosen.keys().isdisjoint(pair):
            room = min(GROUP, SHOWN - len(chosen))
            chosen.update(dict.fromkeys(_grown(list(pair), near, chosen, room)))
    return {pair: shared for pair, shared in weights.items() if chosen.keys() >= set(pair)}


def _grown(group: list[str], near: dict[str, dict[str, int]], taken: dict[str, None], room: int) -> list[str]:
    """Return a group with those who share most papers with it, one after the other, as far as there is room."""
    while len(group) < room:
        shared: dict[str, int] = {}
        for author in group:
            for other, papers in near[author].items():
                if other not in taken and other not in group:
                    shared[other] = shared.get(other, 0) + papers
        if not shared:
            break
        group.append(min(shared, key=lambda other: (-shared[other], other)))
    return group


def _near(weights: dict[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    """Return for each author the others and how many papers they share."""
    near: dict[str, dict[str, int]] = {}
    for (one, other), shared in weights.items():
        near.setdefault(one, {})[other] = shared
        near.setdefault(other, {})[one] = shared
    return near


def _weights(tables: Held, authors: pl.Series) -> dict[tuple[str, str], int]:
    """Return how many papers each pair of these authors shares, by their ids in order."""
    listed = tables("authorships").filter(pl.col("author_id").is_in(authors.implode()))
    mentions = listed.select("paper_id", "author_id").unique().collect()
    pairs = mentions.join(mentions, on="paper_id", suffix="_other")
    pairs = pairs.filter(pl.col("author_id") < pl.col("author_id_other"))
    counted = (
        pairs.group_by("author_id", "author_id_other").agg(pl.len()).sort("author_id", "author_id_other")
    )
    return {(one, other): shared for one, other, shared in counted.iter_rows()}


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
