"""Rows of a sorted frame go, come, or have other values: few are found by bisection, the others not looked at."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

FEW = 64
"""Rows up to which looking for each is cheaper than to sort a frame of some ten thousand."""
_Place = tuple[tuple[bool, Any], ...]


@dataclass(frozen=True)
class Exchange:
    """Rows that go and come, and those that stay in their place with other values; each sorted, with all columns."""

    left: pl.DataFrame
    came: pl.DataFrame
    before: pl.DataFrame
    """Rows that stay as they were."""
    now: pl.DataFrame
    """The same rows, in the same order, as they are now."""
    sort: Sequence[str]

    @classmethod
    def of(cls, gone: pl.DataFrame, fresh: pl.DataFrame, sort: Sequence[str]) -> Exchange:
        """Take rows that are among both, by the columns that they are sorted by, as ones that stay.

        For example, with the keys 2 and 5 in `gone`, 5 and 6 in `fresh`: 2 left, 6 came, 5 has other values now.
        """
        on, names = list(sort), fresh.columns
        gone, fresh = (rows.select(names).sort(on, nulls_last=True) for rows in (gone, fresh))
        keys = [rows.select(on).rows() for rows in (gone, fresh)]
        both = {*keys[0]}.intersection(keys[1])
        was, now = (pl.Series([key in both for key in some], dtype=pl.Boolean) for some in keys)
        return cls(gone.filter(~was), fresh.filter(~now), gone.filter(was), fresh.filter(now), on)

    def changed_columns(self) -> list[str]:
        """Return the columns in which a row that stays has another value now."""
        names = [name for name in self.now.columns if name not in self.sort]
        return [name for name in names if self.before[name].ne_missing(self.now[name]).any()]

    def rows_of(self, keys: pl.DataFrame) -> npt.NDArray[np.int64]:
        """Return which rows of a frame, whose columns `sort` these are, stay with other values, in their order.

        Those that are not there are passed over.
        """
        if self.now.height <= FEW:
            found, _ = places(keys, self.now, self.now.clear(), self.sort)
            return np.array(found, dtype=np.int64)
        on = list(self.sort)
        rows = keys.with_row_index("at").join(self.now.select(on), on=on, how="semi", nulls_equal=True)
        return rows["at"].sort().to_numpy().astype(np.int64)


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
