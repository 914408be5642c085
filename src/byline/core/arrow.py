"""Between NumPy, Arrow and polars: stretches of bytes as texts, values as lists, without a copy where there are many.

pyarrow is imported only for more than `FEW` rows: a paste of some records need not pay for it. And even then without
its parts that take long: `pa.array` of a NumPy array imports pandas wherever it is installed, and polars' reader of
pyarrow's arrays imports `pyarrow.compute`, together half a second for nothing that is used here.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

if TYPE_CHECKING:
    import pyarrow as pa
    from typing_extensions import Buffer

Ints = npt.NDArray[np.int64]

FEW = 1_000
"""Rows up to which Python's own texts and lists are faster than the import of pyarrow: a microsecond each."""


def stretches(data: Buffer, start: Ints, stop: Ints) -> pl.Series:
    """Return stretches of UTF-8 bytes, in order and not overlapping, as a String series."""
    if len(start) <= FEW:
        view = memoryview(data).cast("B")
        texts = [bytes(view[a:b]).decode() for a, b in zip(start.tolist(), stop.tolist(), strict=True)]
        return pl.Series("", texts, dtype=pl.String)
    import pyarrow as pa  # noqa: PLC0415 - as said above

    offsets = np.empty(2 * len(start) + 1, np.int64)
    offsets[0:-1:2], offsets[1:-1:2] = start, stop
    offsets[-1] = stop[-1]
    array = pa.LargeStringArray.from_buffers(2 * len(start), pa.py_buffer(offsets), pa.py_buffer(data))
    return series(array).gather_every(2)


def lists(values: pl.Series, offsets: Ints) -> pl.Series:
    """Return texts as lists of consecutive ones: list i holds the values from offsets[i] to before offsets[i + 1]."""
    if len(offsets) <= FEW and len(values) <= FEW:
        items = values.to_list()
        ends = offsets.tolist()
        parts = [items[a:b] for a, b in pairwise(ends)]
        return pl.Series("", parts, dtype=pl.List(pl.String))
    import pyarrow as pa  # noqa: PLC0415 - as said above

    # Polars makes lists of given lengths only by grouping, which copies; Arrow's views cost nothing.
    views = values.rechunk().to_arrow(compat_level=pl.CompatLevel.newest())
    numbers = np.ascontiguousarray(offsets, dtype=np.int64)
    ends_array = pa.Array.from_buffers(pa.int64(), len(numbers), [None, pa.py_buffer(numbers)])
    return series(pa.LargeListArray.from_arrays(ends_array, views))


def coded(texts: pl.Series) -> tuple[Ints, list[str]]:
    """Return a number for each text, and the distinct texts by number, in the order in which they first stand."""
    if len(texts) <= FEW:
        distinct = {text: number for number, text in enumerate(dict.fromkeys(texts.to_list()))}
        return np.array([distinct[text] for text in texts.to_list()], dtype=np.int64), list(distinct)
    found = texts.to_arrow().dictionary_encode()
    return found.indices.to_numpy().astype(np.int64), found.dictionary.to_pylist()


class _Exported:
    """An Arrow array that shows nothing but Arrow's C interface, by which polars takes it without pyarrow."""

    def __init__(self, array: pa.Array) -> None:
        self._array = array

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]:
        """Return the array as Arrow's capsules."""
        capsules: tuple[object, object] = self._array.__arrow_c_array__(requested_schema)
        return capsules


class _ExportedTable:
    """The same for a table."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return the table as Arrow's capsule."""
        capsule: object = self._table.__arrow_c_stream__(requested_schema)
        return capsule


def series(array: pa.Array) -> pl.Series:
    """Return an Arrow array as a polars series, without a copy."""
    return pl.Series(_Exported(array))


def with_schema(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return a table under another schema, as `Table.cast` does, which imports `pyarrow.compute` for it.

    Where the width of offsets differs (32 bits for 64) only these are made anew; a column of more than 2 GiB of text
    has no such offsets, row groups are far below.
    """
    import pyarrow as pa  # noqa: PLC0415 - as said above

    columns = [
        _narrowed(column.chunk(0) if column.num_chunks == 1 else column.combine_chunks(), field.type)
        for column, field in zip(table.columns, schema, strict=True)
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def _narrowed(array: pa.Array, kind: pa.DataType) -> pa.Array:
    """Return an array as of another type: texts and lists with narrower offsets share what these point to."""
    import pyarrow as pa  # noqa: PLC0415 - as said above

    if array.type == kind:
        return array
    texts = pa.types.is_large_string(array.type) and pa.types.is_string(kind)
    lists = pa.types.is_large_list(array.type) and pa.types.is_list(kind)
    if not texts and not lists:
        return array.cast(kind)
    validity, offsets, *data = array.buffers()
    wide = np.frombuffer(offsets, dtype=np.int64)[: array.offset + len(array) + 1]
    narrow = pa.py_buffer(wide.astype(np.int32))
    if lists:
        children = [_narrowed(array.values, kind.value_type)]
        return pa.Array.from_buffers(
            kind, len(array), [validity, narrow], offset=array.offset, children=children
        )
    return pa.Array.from_buffers(kind, len(array), [validity, narrow, *data], offset=array.offset)


def frame(table: pa.Table) -> pl.DataFrame:
    """Return an Arrow table as a polars frame that shares its buffers."""
    return pl.DataFrame(_ExportedTable(table))
