"""The one writer of published Parquet: the same bytes for the same rows, whatever machine or thread count.

Row groups and files are cut by the rows alone (`cuts`), never by how they arrive.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from byline.core import arrow
from byline.files import beneath, cuts, footers, fs
from byline.files.run_files import appearing, to_arrow
from byline_schemas import CONTRACT_VERSION, Table

COMPRESSION_LEVEL = 1
"""zstd 1 / 3 / 9 on listings: 0.63 / 0.72 / 2.71 s for 37.1 / 35.7 / 30.4 MB; writing is what limits a build."""


@dataclass(frozen=True)
class Written:
    """A file that was written: its path and its rows."""

    path: Path
    rows: int


@cache
def arrow_schema(table: Table) -> pa.Schema:
    """Return the table's Arrow schema: types from the model, each field's description as its metadata."""
    plain = to_arrow(table.empty()).schema
    docs = table.column_docs()
    fields = []
    for field in plain:
        doc = docs[field.name]
        notes = {"description": doc.description} | ({"unit": doc.unit} if doc.unit else {})
        fields.append(pa.field(field.name, _short(field.type), nullable=doc.nullable, metadata=notes))
    return pa.schema(fields, metadata={"table": table.name, "contract_version": CONTRACT_VERSION})


def _short(dtype: pa.DataType) -> pa.DataType:
    """Return the type with 32-bit offsets, which every reader takes."""
    if pa.types.is_large_string(dtype):
        return pa.string()
    if pa.types.is_large_list(dtype):
        return pa.list_(pa.field("element", _short(dtype.value_type)))
    return dtype


class PartitionWriter:
    """Writes the rows of one partition in the order given, as `part-00000.parquet` and so on.

    Use as a context manager; `written` lists the files afterwards. An empty partition gets one file without rows.
    """

    def __init__(self, folder: Path, table: Table) -> None:
        """Make the folder; nothing is written before the first full row group or the end."""
        fs.mkdir(folder)
        self.folder = folder
        self.schema = arrow_schema(table)
        self.written: list[Written] = []
        self._table = table
        self._key = table.key[0]
        self._pending: list[pl.DataFrame] = []
        self._pending_rows = 0
        self._pending_bytes = 0
        self._writer: pq.ParquetWriter | None = None
        self._file = ExitStack()
        self._place = cuts.Place(cuts.cuts_of(table))
        self._file_bytes = 0

    def __enter__(self) -> PartitionWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._flush(final=True)
            self._close()
        elif self._writer is not None:
            self._writer.close()
            self._file.__exit__(kind, error, trace)

    def append(self, rows: pl.DataFrame) -> None:
        """Add rows; they must sort after all that came before."""
        self._pending.append(rows)
        self._pending_rows += rows.height
        self._pending_bytes += all_text_bytes(rows)
        if self._pending_rows >= self._place.cuts.group.least or self._pending_bytes > cuts.GROUP_BYTES:
            self._flush(final=False)

    @property
    def between_files(self) -> bool:
        """Whether all rows so far lie in files that are complete."""
        return self._writer is None and not self._pending

    def ends_before(self, key: str) -> bool:
        """End the file, when a row of this id would be the first of the next one; tell whether it is."""
        self._flush(final=False)
        if self.between_files:
            return True
        bits = int(cuts.zero_bits(pl.Series([key]))[0])
        rest = pl.concat(self._pending) if self._pending else None
        if rest is not None and self._file_bytes + to_arrow(rest).nbytes > cuts.FILE_BYTES:
            return False
        if not replace(self._place, file_rows=self._place.file_rows + self._pending_rows).file_ends(bits):
            return False
        self._flush(final=True)
        self._close()
        return True

    def take_over(self, path: Path, rows: int) -> None:
        """Put a file of another snapshot in the place of the next one; the rows so far lie in complete files."""
        assert self.between_files
        fs.link(path, self._path)
        self.written.append(Written(self._path, rows))

    def put(self, pieces: Sequence[footers.Piece]) -> None:
        """Put row groups of other files together as the next file; the rows so far lie in complete files.

        Raises `NotByline`: they can't be.
        """
        assert self.between_files
        with appearing(self._path) as temporary, beneath.create(temporary) as sink:
            rows = footers.join(sink, pieces)
        self.written.append(Written(self._path, rows))

    def in_memory(self, groups: Sequence[pl.DataFrame]) -> footers.Parts:
        """Return a file of some row groups that lies nowhere; all of them have the same columns of the table."""
        sink = io.BytesIO()
        schema = pa.schema([self.schema.field(name) for name in groups[0].columns], self.schema.metadata)
        with _writer(sink, self._table, schema) as writer:
            for group in groups:
                writer.write_table(_packed(group, schema), row_group_size=max(1, group.height))
        return footers.Parts.of(sink.getbuffer())

    def _flush(self, *, final: bool) -> None:
        """Write the row groups that are complete; at the end, all that is left."""
        rows, size = pl.concat(self._pending) if self._pending else None, self._pending_bytes
        self._pending, self._pending_rows, self._pending_bytes = [], 0, 0
        if rows is not None and rows.height:
            self._cut(rows, size, final=final)
        if final and not self.written and self._writer is None:
            self._open()

    def _cut(self, rows: pl.DataFrame, size: int, *, final: bool) -> None:
        """Write the row groups of rows whose texts take `size` bytes; what may grow waits for more, unless `final`."""
        if final and self._writer is None and self._place.cuts.holds(rows.height, size):
            self._write_group(rows)
            return
        fits = size <= cuts.GROUP_BYTES  # where all of it fits, what single rows take cuts nothing
        sums = np.zeros(rows.height, np.int64) if fits else text_bytes(rows).cum_sum().to_numpy()
        bits = cuts.zero_bits(rows[self._key], self._place.cuts.least_bits)
        start = 0
        while start < rows.height:
            if self._writer is not None and self._place.file_ends(int(bits[start])):
                self._close()
            stop, open_end = self._place.group_end(sums, bits, start)
            if open_end and not final:
                rest = rows.slice(start)
                self._pending, self._pending_rows = [rest], rest.height
                self._pending_bytes = all_text_bytes(rest)
                return
            self._write_group(rows.slice(start, stop - start))
            start = stop

    def _write_group(self, group: pl.DataFrame) -> None:
        table = _packed(group, self.schema)
        if self._writer is not None and self._file_bytes + table.nbytes > cuts.FILE_BYTES:
            self._close()
        writer = self._writer or self._open()
        with fs.guard("write", self._path):
            writer.write_table(table, row_group_size=max(1, group.height))
        self._place.file_rows += group.height
        self._file_bytes += table.nbytes

    @property
    def _path(self) -> Path:
        """The file that is being written, or will be next."""
        return self.folder / f"part-{len(self.written):05d}.parquet"

    def _open(self) -> pq.ParquetWriter:
        file = self._file.enter_context(beneath.create(self._file.enter_context(appearing(self._path))))
        self._writer = _writer(file, self._table, self.schema)
        return self._writer

    def _close(self) -> None:
        if self._writer is None:
            return
        with fs.guard("close", self._path):
            self._writer.close()
            self._file.close()
        self.written.append(Written(self._path, self._place.file_rows))
        self._writer, self._place.file_rows, self._file_bytes = None, 0, 0


def _packed(group: pl.DataFrame, schema: pa.Schema) -> pa.Table:
    """Return a row group for Arrow, in one piece: where pieces meet, Parquet's pages would be cut at other rows."""
    return arrow.with_schema(to_arrow(group.rechunk()), schema)


def _writer(sink: BinaryIO, table: Table, schema: pa.Schema) -> pq.ParquetWriter:
    return pq.ParquetWriter(
        sink,
        schema,
        compression="zstd",
        compression_level=COMPRESSION_LEVEL,
        use_dictionary=_dictionary_columns(table, schema),
        write_statistics=True,
        version="2.6",
        store_schema=True,
    )


def text_bytes(rows: pl.DataFrame) -> pl.Series:
    """Return how many bytes the texts of each row take."""
    plain = [name for name, dtype in rows.schema.items() if dtype == pl.String]
    lists = [name for name, dtype in rows.schema.items() if dtype == pl.List(pl.String)]
    inside = (pl.col(name).list.eval(pl.element().str.len_bytes()).list.sum() for name in lists)
    lengths = [*(pl.col(name).str.len_bytes() for name in plain), *inside]
    counted = [length.cast(pl.Int64).fill_null(0) for length in lengths]
    return rows.select(pl.sum_horizontal(pl.repeat(0, pl.len(), dtype=pl.Int64), *counted)).to_series()


def all_text_bytes(rows: pl.DataFrame) -> int:
    """Return how many bytes the texts of all rows take: the sum of `text_bytes`, which is far more expensive."""
    plain = [pl.col(name) for name, dtype in rows.schema.items() if dtype == pl.String]
    inside = [pl.col(name).explode() for name, dtype in rows.schema.items() if dtype == pl.List(pl.String)]
    sums = [text.str.len_bytes().cast(pl.Int64).sum() for text in (*plain, *inside)]
    return int(rows.select(pl.sum_horizontal(pl.lit(0, pl.Int64), *sums)).item())


def remove_torn(folder: Path) -> None:
    """Remove what workers that were killed while writing left below a folder."""
    for path in sorted(folder.rglob(".*.tmp")):
        path.unlink(missing_ok=True)


_DISTINCT = (
    "abstract", "abstract_tex", "title", "title_tex", "raw_text", "record_id", "paper_id", "author_id",
    "name_as_listed", "first_line", "last_line", "byte_start", "byte_end",
)  # fmt: skip
"""Columns in which most values are new: a dictionary would be built and thrown away, or takes more than the values."""


_NO_DICTIONARY = "authors"
"""A table of names, nearly every one new: without dictionaries it is written 1.7 times as fast and takes 13 % less."""


def _dictionary_columns(table: Table, schema: pa.Schema) -> list[str]:
    if table.name == _NO_DICTIONARY:
        return []
    return [
        _leaf(field)
        for field in schema
        if field.name not in _DISTINCT and not pa.types.is_boolean(field.type)
    ]


def _leaf(field: pa.Field) -> str:
    return f"{field.name}.list.element" if pa.types.is_list(field.type) else str(field.name)
