"""Where published ids lead today: old ids of authors and papers, followed through the redirects."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from byline.snapshots import history, redirects
from byline.snapshots.dataset import Dataset
from byline_schemas import Table

KINDS = {name.removesuffix("s"): (name, table) for name, table in redirects.TABLES.items()}


@dataclass(frozen=True)
class Successor:
    """What became of an id. `now` is empty when it is gone, or was never published here."""

    old: str
    what: str
    """author, paper, or unknown."""
    how: str
    """current, merged, split, renamed, gone, or unknown."""
    now: tuple[str, ...]


def resolve(dataset: Dataset, ids: list[str]) -> list[Successor]:
    """Return where each id leads, in the order asked: to itself while it is current."""
    return [_follow(dataset, one) for one in ids]


def _follow(dataset: Dataset, old: str) -> Successor:
    for what, (name, table) in sorted(KINDS.items()):
        column = f"{what}_id"
        if dataset.load(name).filter(pl.col(column) == old).select(pl.len()).collect().item():
            return Successor(old, what, "current", (old,))
        rows = _redirects(dataset, table).filter(pl.col(f"old_{column}") == old)
        if rows.height:
            now = rows[f"new_{column}"].drop_nulls().unique().sort().to_list()
            return Successor(old, what, rows["kind"][0], tuple(now))
    return Successor(old, "unknown", "unknown", ())


def _redirects(dataset: Dataset, table: Table) -> pl.DataFrame:
    """Return the redirects of a dataset, none where it was named by a snapshot's folder or has none.

    Raises `DataError`: what lies in their place is no regular file.
    """
    if dataset.output is None:
        return table.empty()
    return redirects.read_redirects(history.standing(dataset.output, redirects.place(table)), table)
