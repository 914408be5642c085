"""Where published ids lead today: old ids of authors and papers, followed through the redirects."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from byline.snapshots.dataset import Dataset

KINDS = {"author": ("authors", "author_redirects"), "paper": ("papers", "paper_redirects")}
HISTORY = "history"


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
    for what, (table, redirects) in KINDS.items():
        column = f"{what}_id"
        if dataset.load(table).filter(pl.col(column) == old).select(pl.len()).collect().item():
            return Successor(old, what, "current", (old,))
        rows = _redirects(dataset, redirects, what).filter(pl.col(f"old_{column}") == old)
        if rows.height:
            now = rows[f"new_{column}"].drop_nulls().unique().sort().to_list()
            return Successor(old, what, rows["kind"][0], tuple(now))
    return Successor(old, "unknown", "unknown", ())


def _redirects(dataset: Dataset, name: str, what: str) -> pl.DataFrame:
    """Return the redirects of a dataset, none where it was named by a snapshot's folder or has none."""
    folder = _history(dataset) / name if dataset.output is not None else None
    files = sorted(folder.glob("*.parquet")) if folder is not None and folder.is_dir() else []
    if not files:
        return pl.DataFrame(
            schema={f"old_{what}_id": pl.String, f"new_{what}_id": pl.String, "kind": pl.String}
        )
    return pl.read_parquet(files, glob=False, hive_partitioning=False)


def _history(dataset: Dataset) -> Path:
    assert dataset.output is not None
    return dataset.output / HISTORY
