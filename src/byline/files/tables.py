"""Lazy scans of the Parquet files of a table."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import polars as pl

from byline_schemas import TABLES

_PATH = "_path"


def partition_of(path: Path) -> str:
    """Return the value of the partition key that a file of a table lies in, as its folder says it; none is empty.

    For example, `papers/year=2020/part-00000.parquet` lies in `2020`.
    """
    return unquote(path.parent.name.partition("=")[2])


def scan_files(paths: list[Path], name: str) -> pl.LazyFrame:
    """Return a lazy scan of some files of a table; its partition key is a column. Of none it has no rows."""
    partition = TABLES[name].partition
    if not paths:
        empty = TABLES[name].empty().lazy()
        key = {} if partition is None else {partition.name: pl.lit(None, dtype=partition.dtype)}
        return empty.with_columns(**key)
    if partition is None:
        return pl.scan_parquet(paths, hive_partitioning=False, glob=False)
    groups: dict[str, list[Path]] = {}
    for path in paths:  # not by polars: it reads keys and wildcards in the folders above, too
        groups.setdefault(partition_of(path), []).append(path)
    return pl.concat(
        pl.scan_parquet(group, hive_partitioning=False, glob=False).with_columns(
            pl.lit(value).cast(partition.dtype).alias(partition.name)
        )
        for value, group in groups.items()
    )


def scan_at_once(paths: list[Path], name: str) -> pl.LazyFrame:
    """Return what `scan_files` does, as one scan of all files: what a filter asks for is made ready once for all.

    For many ids that is much cheaper than once a partition; a scan that takes rows in order has no use for it.
    """
    partition = TABLES[name].partition
    if not paths or partition is None:
        return scan_files(paths, name)
    values = [partition_of(path) for path in paths]
    found = pl.scan_parquet(paths, hive_partitioning=False, glob=False, include_file_paths=_PATH)
    value = pl.col(_PATH).replace_strict([str(path) for path in paths], values, return_dtype=pl.String)
    return found.with_columns(value.cast(partition.dtype).alias(partition.name)).drop(_PATH)
