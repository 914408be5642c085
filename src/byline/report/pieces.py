"""Pieces of the tables that a report is made of: row groups, each known by the bytes of what is read of it.

A row group that a build copies from an older file holds the same bytes wherever it lies, so what was reckoned of it
once holds for good (`tallies`). Tables that lie in no files are one piece each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from typing import Protocol

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from byline.core.errors import DataError
from byline.files.tables import partition_of, scan_files
from byline_schemas import TABLES

Tables = Callable[[str], pl.LazyFrame]
"""Gives a table of the snapshot by name, its partition key a column."""

HELD_ROWS = 400_000
"""Rows of a table that are read at a time, some 50 MB."""
PIECES = {
    "table": pl.String, "value": pl.String, "file": pl.String, "start": pl.UInt64, "rows": pl.UInt64,
    "digest": pl.String,
}  # fmt: skip
"""How pieces are kept: the SHA-256 of their files, the first row in it, how many rows, `Piece.digest`."""
_ROW, PIECE = "_row", "piece"


@dataclass(frozen=True)
class File:
    """A Parquet file of a table: its path relative to the snapshot, and its SHA-256 where that is known."""

    path: str
    sha256: str = ""

    @property
    def value(self) -> str:
        """The value of the partition key, as its folder says it."""
        return partition_of(Path(self.path))


@dataclass(frozen=True)
class Piece:
    """Rows of a table that stand together: the first one in its file, and how many."""

    file: File
    start: int
    rows: int
    digest: str = ""
    """SHA-256 of the bytes of what is read of it, and of the partition that it lies in; empty where nothing is kept."""


class Source(Protocol):
    """Where the tables lie."""

    def pieces(self, table: str) -> list[Piece]:
        """Return the pieces of a table, in its order."""
        ...

    def scan(self, table: str) -> pl.LazyFrame:
        """Return a table, its partition key a column."""
        ...

    def read(
        self, table: str, numbers: Sequence[int], columns: Sequence[str], where: pl.Expr | None = None
    ) -> pl.DataFrame:
        """Return columns of some pieces, as far as there are such, and the number of each row's one as `piece`."""
        ...


@dataclass(frozen=True)
class Frames:
    """Tables that lie in no files."""

    tables: Tables

    def pieces(self, table: str) -> list[Piece]:
        """Return all rows as one piece."""
        return [Piece(File(""), 0, int(self.tables(table).select(pl.len()).collect().item()))]

    def scan(self, table: str) -> pl.LazyFrame:
        """Return a table."""
        return self.tables(table)

    def read(
        self, table: str, numbers: Sequence[int], columns: Sequence[str], where: pl.Expr | None = None
    ) -> pl.DataFrame:
        """Return columns of a table."""
        rows = self.tables(table)
        there = [name for name in columns if name in rows.collect_schema().names()]
        found = (rows if where is None else rows.filter(where)).select(there).collect()
        found = found if numbers else found.clear()
        return found.with_columns(pl.lit(0, pl.UInt32).alias(PIECE))


@dataclass(frozen=True)
class Files:
    """Tables in the Parquet files of a snapshot."""

    folder: Path
    files: Mapping[str, Sequence[File]]
    """By table."""
    known: pl.DataFrame | None = None
    """Pieces of files that may be among these (`PIECES`)."""
    digested: Mapping[str, Sequence[str]] | None = None
    """The columns by whose bytes the pieces of a table are known; null where that is not asked for."""

    @cached_property
    def _found(self) -> dict[str, list[Piece]]:
        return {}

    def pieces(self, table: str) -> list[Piece]:
        """Return the row groups of a table. Raises `DataError`: a file is no sound Parquet."""
        if table not in self._found:
            known, digests = self._known(table), self.digested is not None
            self._found[table] = [
                piece
                for file in self.files.get(table, ())
                for piece in known.get((file.value, file.sha256)) or self._of(table, file, digests=digests)
            ]
        return self._found[table]

    def _known(self, table: str) -> dict[tuple[str, str], list[Piece]]:
        if self.known is None:
            return {}
        here = {(file.value, file.sha256): file for file in self.files.get(table, ()) if file.sha256}
        found: dict[tuple[str, str], list[Piece]] = {}
        for value, sha, start, rows, digest in self.known.filter(table=table).drop("table").iter_rows():
            if (value, sha) in here:
                found.setdefault((value, sha), []).append(Piece(here[value, sha], start, rows, digest))
        return found

    def _of(self, table: str, file: File, *, digests: bool) -> Iterator[Piece]:
        path = self.folder / file.path
        try:
            footer = pq.read_metadata(path)
        except (pa.ArrowException, OSError) as error:
            raise DataError(
                f"{path}: no sound Parquet file ({error})", "`byline validate` says what is wrong."
            ) from error
        groups = [footer.row_group(number) for number in range(footer.num_row_groups)]
        starts = accumulate((group.num_rows for group in groups), initial=0)
        said = [""] * len(groups)
        if digests and self.digested is not None and table in self.digested:
            said = list(_digests(path, f"{table}/{file.value}", groups, set(self.digested[table])))
        for group, start, digest in zip(groups, starts, said, strict=False):
            yield Piece(file, start, group.num_rows, digest)

    def scan(self, table: str) -> pl.LazyFrame:
        """Return a table."""
        return scan_files([self.folder / file.path for file in self.files.get(table, ())], table)

    def read(
        self, table: str, numbers: Sequence[int], columns: Sequence[str], where: pl.Expr | None = None
    ) -> pl.DataFrame:
        """Return columns of some pieces; see `Source`. A partition key can't be read where there is a condition."""
        pieces = self.pieces(table)
        runs = list(_runs(pieces, numbers))
        if not runs:
            return self._empty(table, columns)
        scans = [self._scan(pieces, run, columns, where) for run in runs]
        found = pl.collect_all(scans)
        parts = [_numbered(rows, pieces, run) for rows, run in zip(found, runs, strict=True)]
        return self._partitioned(table, pl.concat(parts), columns)

    def _empty(self, table: str, columns: Sequence[str]) -> pl.DataFrame:
        rows = self.scan(table).head(0).collect()
        return rows.select([name for name in columns if name in rows.columns]).with_columns(
            pl.lit(None, pl.UInt32).alias(PIECE)
        )

    def _scan(
        self, pieces: Sequence[Piece], run: range, columns: Sequence[str], where: pl.Expr | None
    ) -> pl.LazyFrame:
        paths = list(dict.fromkeys(self.folder / pieces[number].file.path for number in run))
        rows = pl.scan_parquet(paths, hive_partitioning=False, glob=False, row_index_name=_ROW)
        if len(paths) == 1:
            rows = rows.slice(pieces[run[0]].start, sum(pieces[number].rows for number in run))
        there = rows.collect_schema().names()
        some = rows if where is None else rows.filter(where)
        return some.select([_ROW, *(name for name in columns if name in there)])

    def _partitioned(self, table: str, rows: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
        key = TABLES[table].partition
        if key is None or key.name not in columns:
            return rows
        values = pl.Series([piece.file.value for piece in self.pieces(table)]).cast(key.dtype)
        return rows.with_columns(values.gather(rows[PIECE]).alias(key.name))


def _runs(pieces: Sequence[Piece], numbers: Sequence[int]) -> Iterator[range]:
    """Yield numbers of pieces that are read at once: whole files that follow each other, or neighbours in one file.

    For example, of the files `a` with the pieces 0 and 1, `b` with 2 and 3, `c` with 4, the pieces 0, 1, 3, 4 are read
    as 0 and 1, 3, 4.
    """
    whole: dict[File, int] = {}
    for piece in pieces:
        whole[piece.file] = whole.get(piece.file, 0) + 1
    wanted: dict[File, list[int]] = {}
    for number in numbers:
        wanted.setdefault(pieces[number].file, []).append(number)
    start: int | None = None
    before = -1
    for file, some in wanted.items():
        if len(some) == whole[file]:
            if start is not None and some[0] == before + 1:
                before = some[-1]
                continue
            if start is not None:
                yield range(start, before + 1)
            start, before = some[0], some[-1]
            continue
        if start is not None:
            yield range(start, before + 1)
            start = None
        for part in np.split(np.array(some), np.flatnonzero(np.diff(some) != 1) + 1):
            yield range(int(part[0]), int(part[-1]) + 1)
    if start is not None:
        yield range(start, before + 1)


def _numbered(rows: pl.DataFrame, pieces: Sequence[Piece], run: range) -> pl.DataFrame:
    """Return rows with the number of their piece: `_row` counts from the first row of the first file of the run."""
    ends = pieces[run[0]].start + np.cumsum([pieces[number].rows for number in run])
    at = run[0] + np.searchsorted(ends, rows[_ROW].to_numpy(), side="right")
    return rows.drop(_ROW).with_columns(pl.Series(PIECE, at, dtype=pl.UInt32))


def _digests(
    path: Path, said: str, groups: Sequence[pq.RowGroupMetaData], columns: set[str]
) -> Iterator[str]:
    """Yield the digest of each row group: of its rows, and of the bytes of some columns. `said` comes before."""
    with path.open("rb") as source:
        for group in groups:
            known = sha256(f"{said}/{group.num_rows}".encode())
            for number in range(group.num_columns):
                chunk = group.column(number)
                if chunk.path_in_schema.partition(".")[0] in columns:
                    known.update(f"/{chunk.path_in_schema}/{chunk.total_compressed_size}/".encode())
                    start = chunk.dictionary_page_offset
                    source.seek(chunk.data_page_offset if start is None else start)
                    known.update(source.read(chunk.total_compressed_size))
            yield known.hexdigest()
