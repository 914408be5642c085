"""Reading a dataset's Parquet some rows at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from byline.files.run_files import to_polars
from byline_schemas import Table

BATCH_ROWS = 131_072
"""Rows that are held at once."""


def batches(path: Path, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
    """Yield a file's rows some at a time; a file with no rows yields one empty frame."""
    with pq.ParquetFile(path) as source:
        wanted = [name for name in columns if name in source.schema_arrow.names]
        yielded = False
        for batch in source.iter_batches(batch_size=BATCH_ROWS, columns=wanted):
            yield to_polars(pa.Table.from_batches([batch]).select(wanted))
            yielded = True
        if not yielded:
            yield to_polars(source.schema_arrow.empty_table().select(wanted))


def key_of(frame: pl.DataFrame, table: Table, index: int) -> str:
    """Return a row's key as text."""
    return ", ".join(f"{name}={frame[name][index]}" for name in table.key if name in frame.columns)
