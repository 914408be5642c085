"""Between NumPy, Arrow and polars without the parts of pyarrow that take long to import.

`pa.array` of a NumPy array imports pandas wherever it is installed, and polars' reader of pyarrow's arrays imports
`pyarrow.compute`: together half a second, for nothing that is used here.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa


def offsets(numbers: npt.NDArray[np.int64]) -> pa.Int64Array:
    """Return 64-bit numbers as an Arrow array without a copy: where the lists of a LargeList begin and end."""
    numbers = np.ascontiguousarray(numbers, dtype=np.int64)
    return pa.Array.from_buffers(pa.int64(), len(numbers), [None, pa.py_buffer(numbers)])


class _Exported:
    """An Arrow array that shows nothing but Arrow's C interface, by which polars takes it without pyarrow."""

    def __init__(self, array: pa.Array) -> None:
        self._array = array

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]:
        """Return the array as Arrow's capsules."""
        capsules: tuple[object, object] = self._array.__arrow_c_array__(requested_schema)
        return capsules


def series(array: pa.Array) -> pl.Series:
    """Return an Arrow array as a polars series, without a copy."""
    return pl.Series(_Exported(array))
