"""The files of a snapshot against manifest and models: there, unchanged, sound Parquet of the right shape."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from byline.files.parquet import arrow_schema
from byline.snapshots import manifest
from byline.snapshots.inside import is_inside, is_tables
from byline.snapshots.manifest import DataFile, Document, Manifest
from byline.validation.decoded import MAX_DECODED_BYTES, decodes_to_too_much
from byline.validation.report import Finding
from byline_schemas import TABLES, Table

MAX_GROUP_BYTES = 4 * 1024**3
"""Uncompressed size of a row group beyond which a file is not read: byline writes some 40 MiB."""
MAX_GROUP_ROWS = 64 * 1024**2


def present(folder: Path, known: Manifest) -> Iterator[Finding]:
    """Compare what lies in the folder with what the manifest lists."""
    there = dict(_walk(folder))
    listed = {item.path: item for item in _listed(known)}
    for path in sorted(listed.keys() - there.keys()):
        yield Finding("file_is_there", "the manifest lists it, but it is missing", _table_of(path), path)
    for path in sorted(there.keys() - listed.keys() - {manifest.NAME}):
        yield Finding("file_is_listed", "the manifest does not list it", _table_of(path), path)
    for path in sorted(path for path, is_file in there.items() if not is_file):
        yield Finding("file_is_regular", "a link or device, not a file", _table_of(path), path)
    for path in sorted(listed):
        if not is_inside(path):
            yield Finding("path_stays_inside", "the path leads out of the snapshot", _table_of(path), path)


def named(known: Manifest) -> Iterator[Finding]:
    """Check that a table's files lie in its folder under the names that byline gives, and nothing else does.

    Readers of a folder take every Parquet file below it, or pass over names like `_part.parquet`: neither may differ
    from what the manifest lists.
    """
    for name, table in known.tables.items():
        for file in table.files:
            if not is_tables(file.path, name):
                message = f"no name that byline gives to a file of {name}"
                yield Finding("table_file_is_named", message, name, file.path)
    for document in known.documents:
        if _table_of(document.path) is not None or "/" in document.path or document.path.endswith(".parquet"):
            message = "a document lies beside the manifest, and is no Parquet file"
            yield Finding("table_file_is_named", message, _table_of(document.path), document.path)


def readable(folder: Path, known: Manifest) -> list[DataFile | Document]:
    """Return the listed files that are there, regular, and inside the folder: the ones that may be opened."""
    there = {path for path, is_file in _walk(folder) if is_file}
    return [item for item in _listed(known) if item.path in there and is_inside(item.path)]


def _listed(known: Manifest) -> list[DataFile | Document]:
    return [*known.files(), *known.documents]


def _walk(folder: Path) -> Iterator[tuple[str, bool]]:
    """Yield every entry that is no folder, with whether it is a regular file; links are not followed."""
    for root, folders, names in os.walk(folder):
        for name in [*names, *(name for name in folders if Path(root, name).is_symlink())]:
            path = Path(root, name)
            yield path.relative_to(folder).as_posix(), path.is_file() and not path.is_symlink()


def _table_of(path: str) -> str | None:
    name = path.split("/", 1)[0]
    return name if name in TABLES else None


def unchanged(folder: Path, item: DataFile | Document) -> Iterator[Finding]:
    """Compare a file's size and SHA-256 with the manifest."""
    path = folder / item.path
    size = path.stat().st_size
    if size != item.bytes:
        yield Finding(
            "size_is_listed", f"{item.bytes} bytes listed, {size} found", _table_of(item.path), item.path
        )
    elif manifest.sha256(path) != item.sha256:
        yield Finding("sha256_is_listed", "its SHA-256 is another", _table_of(item.path), item.path)


def sound(folder: Path, item: DataFile, table: Table, *, older: bool) -> Iterator[Finding]:
    """Check a Parquet file's footer: rows listed, columns and types of the model, zstd, statistics."""
    try:
        with pq.ParquetFile(folder / item.path) as source:
            footer, schema = source.metadata, source.schema_arrow
    except (pa.ArrowException, OSError) as error:
        yield Finding("footer_is_sound", f"no sound Parquet file ({error})", table.name, item.path)
        return
    if footer.num_rows != item.rows:
        message = f"{item.rows} rows listed, {footer.num_rows} found"
        yield Finding("rows_are_listed", message, table.name, item.path)
    for rule, message in [*_shape(schema, arrow_schema(table), older=older), *_layout(footer)]:
        yield Finding(rule, message, table.name, item.path)
    yield from _bomb(folder, item, table, footer)


def _bomb(folder: Path, item: DataFile, table: Table, footer: pq.FileMetaData) -> Iterator[Finding]:
    try:
        group = decodes_to_too_much(folder / item.path, footer)
    except (pa.ArrowException, OSError, ValueError) as error:
        yield Finding("footer_is_sound", f"no sound Parquet file ({error})", table.name, item.path)
        return
    if group is not None:
        message = f"row group {group}: its texts decode to more than {MAX_DECODED_BYTES} bytes"
        yield Finding("row_groups_are_of_a_sensible_size", message, table.name, item.path)


def _shape(found: pa.Schema, wanted: pa.Schema, *, older: bool) -> Iterator[tuple[str, str]]:
    expected = [name for name in wanted.names if not older or name in found.names]
    if found.names != expected:
        yield "columns_are_the_models", f"expected {expected}, found {found.names}"
    for name in set(found.names) & set(expected):
        if found.names.count(name) > 1:
            continue
        have, want = found.field(name), wanted.field(name)
        if not _same_type(have.type, want.type):
            yield "types_are_the_models", f"column {name}: expected {want.type}, found {have.type}"
        elif _notes(have) != _notes(want) and not older:
            yield "columns_are_described", f"column {name}: its description is not the model's"


def _same_type(have: pa.DataType, want: pa.DataType) -> bool:
    if pa.types.is_list(want):
        return bool(pa.types.is_list(have) or pa.types.is_large_list(have)) and _same_type(
            have.value_type, want.value_type
        )
    if pa.types.is_string(want):
        return bool(
            pa.types.is_string(have) or pa.types.is_large_string(have) or pa.types.is_string_view(have)
        )
    return bool(have.equals(want))


def _notes(field: pa.Field) -> dict[bytes, bytes]:
    notes = dict(field.metadata or {})
    return {name: notes[name] for name in (b"description", b"unit") if name in notes}


def _layout(footer: pq.FileMetaData) -> Iterator[tuple[str, str]]:
    for index in range(footer.num_row_groups):
        group = footer.row_group(index)
        if group.total_byte_size > MAX_GROUP_BYTES or group.num_rows > MAX_GROUP_ROWS:
            message = f"row group {index}: {group.num_rows} rows, {group.total_byte_size} bytes uncompressed"
            yield "row_groups_are_of_a_sensible_size", message
        columns = [group.column(place) for place in range(group.num_columns)]
        if any(column.compression != "ZSTD" for column in columns):
            yield "compression_is_zstd", f"row group {index}: compressed otherwise"
        if any(not column.is_stats_set for column in columns):
            yield "statistics_are_there", f"row group {index}: a column has no statistics"
