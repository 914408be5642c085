"""Tables cut into ranges of ids, so that a pass compares a part of them and never holds more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import polars as pl

from byline_schemas._tally import Rule, Scans

ROWS_AT_ONCE = 100_000
"""Rows that are put aside at a time; the engine reads some half a million ahead of them."""


class Spill(Protocol):
    """Where rows wait until the pass that they belong to; without one, every pass reads whole tables anew."""

    def part(self, name: str) -> Spill:
        """Return a spill of its own: names in it are others than here."""

    def put(self, name: str, rows: pl.DataFrame, place: pl.Series, places: int) -> None:
        """Add rows under a name, each at its place: 0 to `places` - 1."""

    def take(self, name: str, place: int) -> pl.LazyFrame:
        """Return the rows of a place, in the order in which they were put."""


@dataclass(frozen=True)
class Pass:
    """Rules that are put to the same tables, and the tables whose sizes decide how often they are cut."""

    name: str
    tables: tuple[str, ...]
    cut: Callable[[Scans, int, Spill | None], Iterator[Scans]]
    """Yields the tables of each pass."""
    rules: tuple[tuple[Callable[[Scans], pl.LazyFrame], tuple[Rule, ...]], ...]
    """Joins over the tables of a pass, and the rules that are put to each."""
    doubtful: Callable[[Scans], Scans] | None = None
    """Leaves out the rows that evidently break none of the rules."""


def ranges(passes: int) -> Iterator[tuple[str, str]]:
    """Cut the space of ids into ranges [low, high) of hexadecimal prefixes; together they hold any text."""
    yield from pairwise(["", *_borders(passes), ""])


def _borders(passes: int) -> list[str]:
    return [f"{65536 * index // passes:04x}" for index in range(1, passes)]


def in_range(column: str, low: str, high: str) -> pl.Expr:
    """Return whether an id lies in a range; an empty border is open, and nulls come first."""
    key = pl.col(column)
    if low:
        return (key >= low) & (key < high) if high else key >= low
    return (key < high) | key.is_null() if high else pl.lit(value=True)


def within(frame: pl.LazyFrame, column: str, low: str, high: str) -> pl.LazyFrame:
    """Return the rows whose id lies in a range."""
    return frame.filter(in_range(column, low, high))


def cut(tables: Scans, key: str, passes: int, spill: Spill | None) -> Iterator[Scans]:
    """Yield the tables cut to each range of `key`, a column that all of them have."""
    if spill is None:
        for low, high in ranges(passes):
            yield {name: within(frame, key, low, high) for name, frame in tables.items()}
        return
    for name, frame in tables.items():
        put_all(spill, name, batches(frame), key, passes)
    for place in range(passes):
        yield {name: spill.take(name, place) for name in tables}


def batches(frame: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    """Yield a query's rows some at a time, in order; of none, one frame with no rows."""
    batch: pl.DataFrame | None = None
    for batch in frame.collect_batches(chunk_size=ROWS_AT_ONCE, engine="streaming"):
        yield batch
    if batch is None:
        yield frame.clear().collect()


def put_all(spill: Spill, name: str, rows: Iterable[pl.DataFrame], key: str, passes: int) -> None:
    """Put rows into a spill by the range in which their `key` lies (as `within` has it); a frame at least must come."""
    borders = pl.Series(_borders(passes), dtype=pl.String)
    for batch in rows:
        spill.put(name, batch, borders.search_sorted(batch[key], side="right"), passes)
