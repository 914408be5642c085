"""Sets that grow together: which items belong to one component, given pairs of items that do."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)


def components(pairs: Iterable[tuple[Item, Item]]) -> dict[Item, Item]:
    """Return for every item of the pairs the smallest item (`<`) that it is connected with.

    The result depends on the set of pairs, not on their order. Example: (b, a), (c, b), (x, y) give a: a, b: a, c: a,
    x: x, y: x.
    """
    parent: dict[Item, Item] = {}

    def root(item: Item) -> Item:
        while (above := parent.setdefault(item, item)) != item:
            parent[item] = parent[above]  # halves the way for the next one
            item = above
        return item

    for one, other in pairs:
        low, high = root(one), root(other)
        if high < low:  # type: ignore[operator]  # callers give texts or numbers
            low, high = high, low
        parent[high] = low
    return {item: root(item) for item in list(parent)}
