"""Kinds of deliberate damage to a dataset, each with the rule that must notice it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from byline.files.parquet import arrow_schema
from byline.files.run_files import to_arrow
from byline.snapshots import manifest
from byline_schemas import TABLES

NOBODY = "f" * 20
Frame = pl.DataFrame
col = pl.col


@dataclass(frozen=True)
class Damage:
    """What is done to a snapshot's folder, and the rule that must be named; `sealed` hashes and counts again after."""

    name: str
    do: Callable[[Path], object]
    rule: str
    sealed: bool = True


def files_of(folder: Path, table: str) -> list[Path]:
    return sorted((folder / table).rglob("*.parquet"))


def put(path: Path, frame: Frame, table: str, **options: Any) -> None:
    """Write a file as byline does, but take nulls where none may be."""
    schema = pa.schema([field.with_nullable(True) for field in arrow_schema(TABLES[table])])
    rows = to_arrow(frame)
    pq.write_table(
        rows.cast(schema) if rows.schema.names == schema.names else rows,
        path,
        **{"compression": "zstd", **options},
    )


def edit(table: str, change: Callable[[Frame], Frame], which: int = 0) -> Callable[[Path], None]:
    """Change the rows of one file."""

    def do(folder: Path) -> None:
        path = files_of(folder, table)[which]
        put(path, change(pl.read_parquet(path, hive_partitioning=False)), table)

    return do


def first(column: str, value: object) -> Callable[[Frame], Frame]:
    """Set a column of the first row."""
    return lambda rows: rows.with_columns(
        pl.when(pl.int_range(pl.len()) == 0)
        .then(pl.lit(value, dtype=rows.schema[column]))
        .otherwise(col(column))
        .alias(column)
    )


def swap(one: str, other: str) -> Callable[[Frame], Frame]:
    return lambda rows: rows.with_columns(col(one).alias(other), col(other).alias(one))


def twice(rows: Frame) -> Frame:
    return pl.concat([rows.head(1), rows])


def without_first(rows: Frame) -> Frame:
    return rows.slice(1)


def reverse(rows: Frame) -> Frame:
    return rows.reverse()


def raw(table: str, change: Callable[[pa.Table], pa.Table], **options: Any) -> Callable[[Path], None]:
    """Change a file's columns or layout below the reach of a frame."""

    def do(folder: Path) -> None:
        path = files_of(folder, table)[0]
        rows = change(pq.ParquetFile(path).read())
        pq.write_table(rows, path, **{"compression": "zstd", **options})

    return do


def retyped(column: str, dtype: pa.DataType) -> Callable[[pa.Table], pa.Table]:
    def change(rows: pa.Table) -> pa.Table:
        place = rows.schema.names.index(column)
        return rows.set_column(place, column, rows.column(column).cast(dtype))

    return change


def spoil(table: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """Change a file's bytes."""

    def do(folder: Path) -> None:
        path = files_of(folder, table)[0]
        path.write_bytes(change(path.read_bytes()))

    return do


def declare(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    """Change the manifest."""

    def do(folder: Path) -> None:
        path = folder / manifest.NAME
        content = json.loads(path.read_text())
        change(content)
        path.write_text(json.dumps(content))

    return do


def remove_file(folder: Path) -> None:
    files_of(folder, "papers")[0].unlink()


def move_partition(table: str, to: str) -> Callable[[Path], None]:
    def do(folder: Path) -> None:
        source = files_of(folder, table)[0].parent
        source.rename(source.parent / to)

    return do


def stranger(folder: Path) -> None:
    (folder / "papers" / "notes.txt").write_text("hello")


def stranger_parquet(folder: Path) -> None:
    path = files_of(folder, "quarantine")[0]
    (path.parent / "part-00009.parquet").write_bytes(path.read_bytes())


def document_among_rows(folder: Path) -> None:
    """Rows that readers of a folder take, listed as no table's."""
    source = files_of(folder, "papers")[0]
    target = source.with_name("part-00009.parquet")
    target.write_bytes(source.read_bytes())
    entry = {"path": target.relative_to(folder).as_posix(), "sha256": manifest.sha256(target)}
    declare(lambda m: m["documents"].append({**entry, "bytes": target.stat().st_size}))(folder)


def rename_listed(table: str, to: str) -> Callable[[Path], None]:
    """Give a table's file another name, in the manifest as well."""

    def do(folder: Path) -> None:
        source = files_of(folder, table)[0]
        target = folder / table / to if "/" in to else source.with_name(to)
        target.parent.mkdir(parents=True, exist_ok=True)
        source.rename(target)
        place = target.relative_to(folder).as_posix()
        declare(lambda m: m["tables"][table]["files"][0].update(path=place))(folder)

    return do


def bomb(rows: pa.Table) -> pa.Table:
    """Return 40,000 rows that all mean one text of 64 KiB: kilobytes on the disk, 2.6 GB decoded."""
    many = rows.take([0] * 40_000)
    text = pa.DictionaryArray.from_arrays(pa.array([0] * 40_000, pa.int32()), ["x" * 65_536])
    return many.set_column(many.schema.names.index("raw_text"), "raw_text", text)


def link_away(folder: Path) -> None:
    path = files_of(folder, "papers")[0]
    elsewhere = folder.parent / "elsewhere.parquet"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def cut_table(folder: Path) -> None:
    """Two files of a partition, in the wrong order."""
    path = files_of(folder, "records")[0]
    rows = pl.read_parquet(path)
    put(path, rows.slice(rows.height // 2), "records")
    put(path.with_name("part-00001.parquet"), rows.head(rows.height // 2), "records")


def flip(content: bytes) -> bytes:
    middle = len(content) // 3
    return content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :]


def first_table(content: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = content["tables"]["papers"]
    return found


def overwrite(name: str, content: bytes) -> Callable[[Path], None]:
    """Replace a file's bytes."""

    def do(folder: Path) -> None:
        (folder / name).write_bytes(content)

    return do


def having(*columns: pl.Expr, **named: pl.Expr | str) -> Callable[[Frame], Frame]:
    """Change columns of all rows."""
    return lambda rows: rows.with_columns(*columns, **named)
