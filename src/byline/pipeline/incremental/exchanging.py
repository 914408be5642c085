"""A few rows of a sorted frame go, a few come: they are found by bisection, the others are not looked at."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

import polars as pl

FEW = 64
"""Rows up to which looking for each is cheaper than to sort a frame of some ten thousand."""
_Place = tuple[tuple[bool, Any], ...]


def exchanged(
    rows: pl.DataFrame, gone: pl.DataFrame, fresh: pl.DataFrame, sort: Sequence[str]
) -> pl.DataFrame:
    """Return rows that are sorted by `sort` (nulls last) without those of `gone`, and with those of `fresh`.

    `gone` has the columns `sort` at least, `fresh` all of them; a row of `gone` that is not there is passed over. With
    the keys 2, 4, 4, 7, of which one 4 goes, and 3 and 9 come:

        pieces  2 | 3 | 4 | 7 | 9
    """
    coming = fresh.select(rows.columns).sort(sort, nulls_last=True)
    leaving, entering = places(rows, gone, coming, sort)
    cuts = [(at, 1, coming.clear()) for at in leaving]
    cuts += [(at, 0, coming.slice(number, 1)) for number, at in enumerate(entering)]
    pieces, start = [], 0
    for at, skipped, come in sorted(cuts, key=lambda cut: cut[:2]):
        pieces += [rows.slice(start, max(0, at - start)), come]
        start = max(start, at + skipped)
    pieces.append(rows.slice(start))
    return pl.concat([piece for piece in pieces if piece.height] or [rows.clear()])


def places(
    rows: pl.DataFrame, gone: pl.DataFrame, coming: pl.DataFrame, sort: Sequence[str]
) -> tuple[list[int], list[int]]:
    """Return which of the rows, sorted by `sort`, go, and before which of them each row comes; both in order.

    `coming` is sorted as `rows` are. Of `gone` what is not there is passed over.
    """
    keys = _Keys(rows, sort)
    leaving = sorted({at for key in _places(gone, sort) if (at := keys.find(key)) is not None})
    return leaving, [keys.before(key) for key in _places(coming, sort)]


class _Keys:
    """The keys of sorted rows, read one at a time."""

    def __init__(self, rows: pl.DataFrame, sort: Sequence[str]) -> None:
        self._columns = [rows[name] for name in sort]
        self._size = rows.height

    def _at(self, row: int) -> _Place:
        return tuple(_comparable(column[row]) for column in self._columns)

    def before(self, key: _Place) -> int:
        """Return the first row whose key is not below another one."""
        return bisect_left(range(self._size), key, key=self._at)

    def find(self, key: _Place) -> int | None:
        """Return the row with a key, null where there is none."""
        at = self.before(key)
        return at if at < self._size and self._at(at) == key else None


def _places(rows: pl.DataFrame, sort: Sequence[str]) -> list[_Place]:
    return [tuple(map(_comparable, row)) for row in rows.select(sort).iter_rows()]


def _comparable(value: object) -> tuple[bool, Any]:
    """Return a value that sorts as polars does with nulls last. Ids are ASCII: texts and their bytes sort alike."""
    return (value is None, 0 if value is None else value)
