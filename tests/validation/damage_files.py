"""Damage to files, the manifest, and the columns of the files."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from byline.snapshots import manifest
from tests.validation.damage import (
    NOBODY,
    Damage,
    bomb,
    declare,
    document_among_rows,
    edit,
    first,
    first_table,
    flip,
    link_away,
    move_partition,
    overwrite,
    raw,
    remove_file,
    rename_listed,
    retyped,
    spoil,
    stranger,
    stranger_parquet,
    swap,
)

col = pl.col


KINDS = [
    # files
    Damage("a deleted file", remove_file, "file_is_there", sealed=False),
    Damage("a stray file", stranger, "file_is_listed", sealed=False),
    Damage("a stray Parquet file", stranger_parquet, "file_is_listed", sealed=False),
    Damage("a file that became a link", link_away, "file_is_regular", sealed=False),
    Damage("rows listed as a document", document_among_rows, "table_file_is_named", sealed=False),
    Damage(
        "a name that readers skip", rename_listed("papers", "_part.parquet"), "table_file_is_named", False
    ),
    Damage("a hidden name", rename_listed("records", ".part-00000.parquet"), "table_file_is_named", False),
    Damage(
        "a folder too deep", rename_listed("records", "more/part-00000.parquet"), "table_file_is_named", False
    ),
    Damage("a key that is not the table's", move_partition("papers", "day=7"), "file_is_listed", False),
    Damage(
        "a dictionary of gigabytes",
        raw("quarantine", bomb, store_schema=False),
        "row_groups_are_of_a_sensible_size",
    ),
    Damage(
        "a lone surrogate in a path",
        declare(lambda m: first_table(m)["files"][0].update(path="papers/\udc80.parquet")),
        "manifest_is_sound",  # half of a surrogate pair is no text
        False,
    ),
    Damage(
        "a document that climbs out",
        declare(lambda m: m["documents"].append({"path": "../x", "sha256": "0" * 64, "bytes": 1})),
        "path_stays_inside",
        False,
    ),
    Damage("a torn footer", spoil("papers", lambda b: b[:-7]), "footer_is_sound", sealed=False),
    Damage("a truncated file", spoil("authors", lambda b: b[: len(b) // 2]), "size_is_listed", sealed=False),
    Damage("an emptied file", spoil("records", lambda b: b""), "footer_is_sound", sealed=False),
    Damage("a flipped bit", spoil("authorships", flip), "sha256_is_listed", sealed=False),
    Damage("garbage for Parquet", spoil("papers", lambda b: b"x" * len(b)), "footer_is_sound", sealed=False),
    Damage("a page swapped in", edit("papers", first("title", "Other")), "size_is_listed", sealed=False),
    # manifest and descriptor
    Damage("no manifest", overwrite(manifest.NAME, b""), "manifest_is_sound", False),
    Damage("a torn manifest", overwrite(manifest.NAME, b'{"tables"'), "manifest_is_sound", False),
    Damage("a manifest of other shape", declare(lambda m: m.pop("inputs")), "manifest_is_sound", False),
    Damage(
        "a count that is text",
        declare(lambda m: m["counts"].update(published="2")),
        "manifest_is_sound",
        False,
    ),
    Damage("a changed descriptor", overwrite("datapackage.json", b"{}"), "size_is_listed", False),
    Damage("no descriptor", lambda f: (f / "datapackage.json").unlink(), "file_is_there", False),
    Damage("another id", declare(lambda m: m.update(snapshot_id=NOBODY)), "snapshot_id_follows", False),
    Damage(
        "another code version", declare(lambda m: m.update(code_version="9.9")), "snapshot_id_follows", False
    ),
    Damage("another option", declare(lambda m: m["options"].update(note="x")), "snapshot_id_follows", False),
    Damage(
        "rows miscounted", declare(lambda m: first_table(m).update(rows=1)), "table_rows_are_the_files", False
    ),
    Damage(
        "a file's rows miscounted",
        declare(lambda m: first_table(m)["files"][0].update(rows=99)),
        "rows_are_listed",
        False,
    ),
    Damage(
        "statuses miscounted",
        declare(lambda m: m["counts"].update(published=1)),
        "counts_are_the_records",
        False,
    ),
    Damage(
        "reasons miscounted",
        declare(lambda m: m["counts"]["reasons"].update(bad_date=9)),
        "reasons_are_the_quarantines",
        False,
    ),
    Damage(
        "a path that climbs out",
        declare(lambda m: first_table(m)["files"][0].update(path="../x.parquet")),
        "path_stays_inside",
        False,
    ),
    Damage(
        "an absolute path",
        declare(lambda m: first_table(m)["files"][0].update(path="/etc/passwd")),
        "path_stays_inside",
        False,
    ),
    Damage(
        "a table not listed",
        declare(lambda m: m["tables"].pop("affiliations")),
        "tables_are_the_contracts",
        False,
    ),
    Damage("an input not listed", declare(lambda m: m["inputs"].pop()), "source_is_an_input", False),
    Damage(
        "an input's digest changed",
        declare(lambda m: m["inputs"][0].update(sha256="c" * 64)),
        "source_sha256_is_the_inputs",
        False,
    ),
    Damage(
        "an input's records miscounted",
        declare(lambda m: m["inputs"][0].update(records=1)),
        "input_records_are_counted",
        False,
    ),
    Damage(
        "an input that is longer",
        declare(lambda m: m["inputs"][0].update(bytes=10**6)),
        "last_span_ends_the_file",
        False,
    ),
    Damage(
        "an input whose records all left",
        declare(
            lambda m: m["inputs"].append({"path": "c.txt", "sha256": "d" * 64, "bytes": 70, "records": 0})
        ),
        "last_span_ends_the_file",
        False,
    ),
    # columns
    Damage("swapped columns", edit("affiliations", swap("label", "country")), "model:not_nullable"),
    Damage("a dropped column", raw("papers", lambda t: t.drop_columns(["links"])), "columns_are_the_models"),
    Damage(
        "an added column",
        raw("authors", lambda t: t.append_column("x", t.column(0))),
        "columns_are_the_models",
    ),
    Damage(
        "a renamed column",
        raw("records", lambda t: t.rename_columns({"status": "state"})),
        "columns_are_the_models",
    ),
    Damage(
        "columns in another order",
        raw("authors", lambda t: t.select(t.schema.names[::-1])),
        "columns_are_the_models",
    ),
    Damage(
        "the partition key in the file",
        raw("papers", lambda t: t.append_column("year", t.column(0))),
        "columns_are_the_models",
    ),
    Damage("a wider type", raw("papers", retyped("author_count", pa.int64())), "types_are_the_models"),
    Damage("dates as text", raw("papers", retyped("published", pa.string())), "types_are_the_models"),
    Damage(
        "no descriptions",
        raw("papers", lambda t: t.cast(pa.schema([f.remove_metadata() for f in t.schema]))),
        "columns_are_described",
    ),
    Damage("another compression", raw("papers", lambda t: t, compression="snappy"), "compression_is_zstd"),
    Damage("no statistics", raw("papers", lambda t: t, write_statistics=False), "statistics_are_there"),
]
