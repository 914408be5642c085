"""How tables are cut into files and files into row groups: whatever cuts them, neither too large nor too small."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import pyarrow.parquet as pq

from byline.snapshots.manifest import DataFile
from byline.validation.report import Finding

MAX_GROUP_BYTES = 4 * 1024**3
"""Uncompressed size of a row group beyond which a file is not read: byline writes some 40 MiB."""
MAX_GROUP_ROWS = 64 * 1024**2
MAX_FILE_BYTES = 1024**3
"""Twice what the contract promises at most."""
FEW_ROWS, FEW_BYTES = 1_000, 1024**2
"""A piece with fewer rows and fewer bytes (uncompressed) than this is small; of many, opening costs most."""
MANY = 4
"""Pieces of which most may not be small: the last one may be, and the one before where rows of some MiB come last."""


def of_groups(footer: pq.FileMetaData) -> Iterator[tuple[str, str]]:
    """Yield rule and message of what is wrong with a file's row groups."""
    groups = [footer.row_group(index) for index in range(footer.num_row_groups)]
    for index, group in enumerate(groups):
        if group.total_byte_size > MAX_GROUP_BYTES or group.num_rows > MAX_GROUP_ROWS:
            message = f"row group {index}: {group.num_rows} rows, {group.total_byte_size} bytes uncompressed"
            yield "row_groups_are_of_a_sensible_size", message
        columns = [group.column(place) for place in range(group.num_columns)]
        if any(column.compression != "ZSTD" for column in columns):
            yield "compression_is_zstd", f"row group {index}: compressed otherwise"
        if any(not column.is_stats_set for column in columns):
            yield "statistics_are_there", f"row group {index}: a column has no statistics"
    small = _small([(group.num_rows, group.total_byte_size) for group in groups])
    if small:
        yield "row_groups_are_not_tiny", f"{small} of {len(groups)} row groups hold a handful of rows"


def sensible(
    name: str, footers: Mapping[str, pq.FileMetaData], files: Sequence[DataFile]
) -> Iterator[Finding]:
    """Check the sizes of a table's files, given the footers of those that could be read."""
    for item in files:
        if item.bytes > MAX_FILE_BYTES:
            yield Finding("files_are_of_a_sensible_size", f"{item.bytes} bytes", name, item.path)
    for partition, group in groupby(sorted(footers), key=lambda path: path.rpartition("/")[0]):
        sizes = [_size(footers[path]) for path in group]
        small = _small(sizes)
        if small:
            message = f"{small} of {len(sizes)} files hold a handful of rows"
            yield Finding("files_are_of_a_sensible_size", message, name, partition)


def _size(footer: pq.FileMetaData) -> tuple[int, int]:
    sizes = (footer.row_group(index).total_byte_size for index in range(footer.num_row_groups))
    return footer.num_rows, sum(sizes)


def _small(sizes: Sequence[tuple[int, int]]) -> int:
    """Return how many pieces are small where most are; 0 where they are few or most are not."""
    small = sum(rows < FEW_ROWS and size < FEW_BYTES for rows, size in sizes)
    return small if len(sizes) >= MANY and 2 * small > len(sizes) else 0
