"""Lazy scans of a snapshot's tables, and ranges of ids for work that must not hold a whole table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from byline.files.tables import scan_files
from byline.snapshots import inside, manifest
from byline_schemas._cuts import in_range, ranges

ROWS_PER_PASS = 4_000_000
"""Rows of a table that are compared at once."""


def scan_table(folder: Path, name: str) -> pl.LazyFrame:
    """Return a lazy scan of the files that the manifest lists for a table; its partition key is a column.

    Of a table that came later than the snapshot there are none, and no rows.

    Raises `DataError` when there is no sound manifest, or it lists what is no regular file inside the snapshot.
    """
    known = manifest.read_manifest(folder).tables
    paths = [file.path for file in known[name].files] if name in known else []
    inside.refuse_others(folder, paths)
    return scan_files([folder / path for path in paths], name)


def scan_differing(folder: Path, other: Path, name: str) -> pl.LazyFrame:
    """Return a lazy scan of those files of a table that another snapshot does not have, too. Raises as `scan_table`."""
    known, others = manifest.read_manifest(folder).tables, manifest.read_manifest(other).tables
    theirs = {file.sha256 for file in others[name].files} if name in others else set()
    files = known[name].files if name in known else ()
    inside.refuse_others(folder, [file.path for file in files])
    return scan_files([folder / file.path for file in files if file.sha256 not in theirs], name)


def id_ranges(rows: int, rows_per_pass: int, column: str) -> Iterator[pl.Expr]:
    """Yield predicates on an id column that cut a table of `rows` rows into passes of about `rows_per_pass`.

    Ids are digests, so ranges of equal width hold about equally many rows.
    """
    for low, high in ranges(max(1, -(-rows // rows_per_pass))):
        yield in_range(column, low, high)
