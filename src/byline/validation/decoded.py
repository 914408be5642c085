"""How many bytes a row group's texts take once decoded: a dictionary of one long value may stand for gigabytes."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

MAX_DECODED_BYTES = 2**31
"""Of the texts of a row group; byline cuts its groups at an eighth of it."""
ROWS_AT_ONCE = 65_536


def decodes_to_too_much(path: Path, footer: pq.FileMetaData) -> int | None:
    """Return the first row group whose texts decode to more than may be read, null when all are fine.

    Only dictionaries and the indices into them are read. For example 1,000,000 rows that all mean one text of 4,096
    bytes take some kilobytes on the disk, in memory 4.1 GB.
    """
    for index in range(footer.num_row_groups):
        group = footer.row_group(index)
        columns = [group.column(place) for place in range(group.num_columns)]
        doubtful = [
            column.path_in_schema
            for column in columns
            if column.has_dictionary_page
            and column.physical_type == "BYTE_ARRAY"
            and column.num_values * column.total_uncompressed_size > MAX_DECODED_BYTES
        ]
        if doubtful and _exceeds(path, index, doubtful):
            return index
    return None


def _exceeds(path: Path, group: int, columns: list[str]) -> bool:
    total = 0
    with pq.ParquetFile(path, read_dictionary=columns) as source:
        for batch in source.iter_batches(ROWS_AT_ONCE, row_groups=[group], columns=columns):
            total += sum(_decoded(column) for column in batch.columns)
            if total > MAX_DECODED_BYTES:
                return True
    return False


def _decoded(column: pa.Array) -> int:
    """Return the bytes of a column's texts, each counted as often as it is meant."""
    values = column.flatten() if pa.types.is_list(column.type) else column
    if not pa.types.is_dictionary(values.type):
        return int(values.nbytes)
    import pyarrow.compute as pc  # noqa: PLC0415 - 30 ms, and few files hold what is doubtful

    lengths = pc.cast(pc.binary_length(values.dictionary), pa.int64())
    return pc.sum(pc.take(lengths, values.indices)).as_py() or 0
