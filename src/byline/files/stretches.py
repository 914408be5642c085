"""Columns as bytes from which stretches of rows are cut, without what Arrow's files say of each stretch anew.

Framing a stretch of some hundred rows and two dozen columns takes Arrow longer than writing it, and its texts and lists
take eight bytes a row to say where each begins. Here a stretch is the bytes of its columns, one after the other: of
numbers all values; of texts and lists, and of numbers among which is a null, first how many values each row has and one
more (0 for null), then all values.

    name    Ada, Bo, null          4 3 0   A d a B o
    terms   [7, 9], [], [8]        3 1 2   7 9 8
    year    1999, null, 2001       2 0 2   1999 2001
    page    3, 4, 5                        3 4 5
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from byline.core import arrow

Array = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]
Runs = Sequence[tuple[int, int]]
"""Rows from one to before another, several times."""
_COUNTS = (np.uint8, np.uint16, np.uint32)
_NO_COUNTS = np.empty(0, np.uint8)
_TEXTS = (pl.String, pl.Binary)


@dataclass(frozen=True)
class _Column:
    """Values, and where they are not one a row: how many each row has and one more, and where they begin."""

    values: Array
    counts: Array | None
    begin: Ints

    def cut(self, start: int, stop: int) -> tuple[Array, Array]:
        counts = _NO_COUNTS if self.counts is None else self.counts[start:stop]
        return counts, self.values[self.begin[start] : self.begin[stop]]


class Columns:
    """Columns of a frame, of which stretches are cut."""

    def __init__(self, frame: pl.DataFrame) -> None:
        """`frame`: columns of numbers, truth, days, texts, bytes, and lists of numbers."""
        self._columns = [_taken_apart(column) for column in frame.get_columns()]

    def cut(self, start: int, stop: int) -> tuple[bytes, list[int]]:
        """Return the rows from one to before another, and of each column the bytes of the counts and of the values."""
        pieces = [piece for column in self._columns for piece in column.cut(start, stop)]
        return b"".join(piece.data for piece in pieces), [piece.nbytes for piece in pieces]


def _taken_apart(column: pl.Series) -> _Column:
    valid = column.is_not_null().to_numpy()
    there = column.drop_nulls() if column.null_count() else column
    if column.dtype not in _TEXTS and not isinstance(column.dtype, pl.List):
        values, counts = there.to_physical().to_numpy(), np.ones(there.len(), np.int64)
        if len(values) == len(valid):
            return _Column(values, None, np.arange(len(valid) + 1))
    else:
        values, offsets = _held(there)
        counts = np.diff(offsets)
    said = np.zeros(len(valid), np.int64)
    said[valid] = counts + 1
    kind = next(kind for kind in _COUNTS if said.max(initial=0) <= np.iinfo(kind).max)
    begin = np.concatenate([[0], np.cumsum(said - valid)])
    return _Column(values, said.astype(kind), begin)


def _held(column: pl.Series) -> tuple[Array, Ints]:
    """Return all that texts or lists hold, none of them null, and where each begins there and the last one ends."""
    array = column.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
    if not len(array):
        return np.empty(0, _numbers(column.dtype)), np.zeros(1, np.int64)
    offsets = np.frombuffer(array.buffers()[1], np.int64)[array.offset :][: len(array) + 1]
    within = array.values.offset if isinstance(column.dtype, pl.List) else 0
    values = np.frombuffer(array.buffers()[-1] or b"", _numbers(column.dtype))
    return values[within + offsets[0] : within + offsets[-1]], offsets - offsets[0]


def _numbers(dtype: pl.DataType) -> np.dtype[Any]:
    """Return the NumPy type of what a column holds, of texts that of their bytes."""
    inner = dtype.inner if isinstance(dtype, pl.List) else pl.UInt8() if dtype in _TEXTS else dtype
    found: np.dtype[Any] = pl.Series([], dtype=inner).to_physical().to_numpy().dtype
    return found


class Stretches:
    """Rows of stretches, to be put together as a frame."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        """`schema`: the columns of the frames of which `Columns` were cut, in their order."""
        self._columns = [_Gathered(name, dtype) for name, dtype in pl.Schema(schema).items()]
        self.width = len(self._columns)
        self._runs: list[tuple[int, int]] = []
        self._there = 0
        self.height = 0
        """How many rows were added."""

    def add(self, content: bytes | memoryview, sizes: Sequence[int], height: int, runs: Runs) -> None:
        """Add some rows of a stretch of `height` rows; content and sizes are those that `Columns.cut` returned."""
        view, at = memoryview(content), 0
        for column, counts, values in zip(self._columns, sizes[::2], sizes[1::2], strict=True):
            between, end = at + counts, at + counts + values
            column.add(view[at:between], view[between:end], height)
            at = end
        self._runs.extend((self._there + start, self._there + stop) for start, stop in runs)
        self._there += height
        self.height += sum(stop - start for start, stop in runs)

    def frame(self) -> pl.DataFrame:
        """Return all rows that were added, in that order."""
        edges = np.array(self._runs, np.int64).reshape(-1, 2)
        runs = _slices(edges)
        return pl.DataFrame([column.series(edges, runs) for column in self._columns])


class _Gathered:
    """The stretches of one column."""

    def __init__(self, name: str, dtype: pl.DataType) -> None:
        self._name, self._dtype, self._kind = name, dtype, _numbers(dtype)
        self._counts: list[tuple[memoryview, int]] = []
        self._values: list[Array] = []

    def add(self, counts: memoryview, values: memoryview, height: int) -> None:
        """Add a stretch of so many rows."""
        self._counts.append((counts, height))
        self._values.append(np.frombuffer(values, self._kind))

    def series(self, edges: Ints, runs: Sequence[slice]) -> pl.Series:
        """Return the rows of some runs; `edges`: where these begin and end, a row a run."""
        values = np.concatenate([np.empty(0, self._kind), *self._values])
        flat = self._dtype in _TEXTS or isinstance(self._dtype, pl.List)
        if not flat and not any(counts.nbytes for counts, _ in self._counts):
            return pl.Series(self._name, _of_runs(values, runs)).cast(self._dtype)
        counts = np.concatenate([_NO_COUNTS, *(_said(view, height) for view, height in self._counts)])
        values = _of_runs(values, _slices(_begin(counts)[edges]))
        counts = _of_runs(counts, runs)
        return self._listed(counts, values) if flat else self._spread(counts, values)

    def _spread(self, counts: Array, values: Array) -> pl.Series:
        spread = np.zeros(len(counts), self._kind)
        spread[counts > 0] = values
        numbers = pl.DataFrame({"value": spread, "valid": counts > 0})
        return numbers.select(
            pl.when("valid").then(pl.col("value").cast(self._dtype)).alias(self._name)
        ).to_series()

    def _listed(self, counts: Array, values: Array) -> pl.Series:
        valid = counts > 0
        nulls = None if valid.all() else pa.py_buffer(np.packbits(valid, bitorder="little"))
        ends, held = [nulls, pa.py_buffer(_begin(counts))], pa.py_buffer(values)
        if isinstance(self._dtype, pl.List):
            inner = pa.from_numpy_dtype(self._kind)
            child = pa.Array.from_buffers(inner, len(values), [None, held])
            array = pa.Array.from_buffers(pa.large_list(inner), len(counts), ends, children=[child])
        else:
            kind = pa.large_string() if self._dtype == pl.String else pa.large_binary()
            array = pa.Array.from_buffers(kind, len(counts), [*ends, held])
        return arrow.series(array).alias(self._name)


def _said(counts: memoryview, height: int) -> Array:
    """Return the counts of a stretch; where it has none each row has one value."""
    if not counts.nbytes:
        return np.full(height, 2, np.uint8)
    found: Array = np.frombuffer(counts, f"u{counts.nbytes // height}")
    return found


def _begin(counts: Array) -> Ints:
    """Return where the values of each row begin and the last ones end: of counts 4, 3, 0, 2 at 0, 3, 5, 5 and 6."""
    held = np.cumsum(counts, dtype=np.int64) - np.cumsum(counts > 0)
    return np.concatenate([np.zeros(1, np.int64), held])


def _slices(edges: Ints) -> list[slice]:
    return [*map(slice, edges[:, 0].tolist(), edges[:, 1].tolist())]


def _of_runs(values: Array, runs: Sequence[slice]) -> Array:
    return values[runs[0]] if len(runs) == 1 else np.concatenate([values[:0], *map(values.__getitem__, runs)])
