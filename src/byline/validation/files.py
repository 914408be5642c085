"""The files of a snapshot against manifest and models: there, unchanged, sound Parquet of the right shape."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pyarrow as pa
import pyarrow.parquet as pq

from byline.files.parquet import arrow_schema
from byline.snapshots import manifest
from byline.snapshots.inside import is_inside, is_tables
from byline.snapshots.manifest import DataFile, Document, Manifest
from byline.validation import layout
from byline.validation.decoded import MAX_DECODED_BYTES, decodes_to_too_much
from byline.validation.report import Finding
from byline.validation.snapshot import Snapshot
from byline_schemas import TABLES, Table


def present(snapshot: Snapshot) -> Iterator[Finding]:
    """Compare what lies in the folder with what the manifest lists; a folder is there for the files in it."""
    listed = {item.path for item in snapshot.listed}
    folders = {path for path, kind in snapshot.entries.items() if kind == stat.S_IFDIR}
    there = snapshot.entries.keys() - folders
    needed = {parent.as_posix() for path in listed for parent in PurePosixPath(path).parents}
    rules = (
        ("file_is_there", "the manifest lists it, but it is missing", listed - there),
        ("file_is_listed", "the manifest does not list it", there - listed - {manifest.NAME}),
        (
            "file_is_regular",
            "a link or device, not a file",
            {path for path in there if snapshot.entries[path] != stat.S_IFREG},
        ),
        (
            "path_stays_inside",
            "the path leads out of the snapshot",
            {path for path in listed if not is_inside(path)},
        ),
        ("folder_is_needed", "no listed file lies in this folder", folders - needed),
    )
    for rule, message, paths in rules:
        for path in sorted(paths):
            yield Finding(rule, message, _table_of(path), path)


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


def of_table(snapshot: Snapshot, name: str) -> Iterator[Finding]:
    """Check size, hash and footer of every listed file of a table that may be opened, and how it is cut."""
    table = snapshot.tables.get(name)
    footers: dict[str, pq.FileMetaData] = {}
    for item in snapshot.known.tables[name].files:
        if item.path in snapshot.openable:
            yield from unchanged(snapshot.folder, item)
            if table is not None:
                yield from _sound(snapshot.folder, item, table, footers, older=snapshot.older)
    yield from layout.sensible(name, footers, snapshot.known.tables[name].files)


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


def _sound(
    folder: Path, item: DataFile, table: Table, footers: dict[str, pq.FileMetaData], *, older: bool
) -> Iterator[Finding]:
    """Check a Parquet file's footer, and keep it: rows listed, columns and types of the model, zstd, statistics."""
    try:
        with pq.ParquetFile(folder / item.path) as source:
            footer, schema = source.metadata, source.schema_arrow
    except (pa.ArrowException, OSError) as error:
        yield Finding("footer_is_sound", f"no sound Parquet file ({error})", table.name, item.path)
        return
    footers[item.path] = footer
    if footer.num_rows != item.rows:
        message = f"{item.rows} rows listed, {footer.num_rows} found"
        yield Finding("rows_are_listed", message, table.name, item.path)
    for rule, message in [*_shape(schema, arrow_schema(table), older=older), *layout.of_groups(footer)]:
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
