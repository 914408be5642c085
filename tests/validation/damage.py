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

from byline import manifest
from byline.parquet import arrow_schema
from byline.runs import to_arrow
from schemas import TABLES

NOBODY = "f" * 20
Frame = pl.DataFrame
col = pl.col


@dataclass(frozen=True)
class Damage:
    """What is done to a snapshot's folder, and the rule that must be named; `sealed` hashes and counts again after."""

    name: str
    do: Callable[[Path], None]
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


KINDS = [
    # files
    Damage("a deleted file", remove_file, "file_is_there", sealed=False),
    Damage("a stray file", stranger, "file_is_listed", sealed=False),
    Damage("a stray Parquet file", stranger_parquet, "file_is_listed", sealed=False),
    Damage("a file that became a link", link_away, "file_is_regular", sealed=False),
    Damage("a torn footer", spoil("papers", lambda b: b[:-7]), "footer_is_sound", sealed=False),
    Damage("a truncated file", spoil("authors", lambda b: b[: len(b) // 2]), "size_is_listed", sealed=False),
    Damage("an emptied file", spoil("records", lambda b: b""), "footer_is_sound", sealed=False),
    Damage("a flipped bit", spoil("authorships", flip), "sha256_is_listed", sealed=False),
    Damage("garbage for Parquet", spoil("papers", lambda b: b"x" * len(b)), "footer_is_sound", sealed=False),
    Damage("a page swapped in", edit("papers", first("title", "Other")), "size_is_listed", sealed=False),
    # manifest and descriptor
    Damage("no manifest", lambda f: (f / manifest.NAME).write_bytes(b"") and None, "manifest_is_sound", False),
    Damage("a torn manifest", lambda f: (f / manifest.NAME).write_bytes(b'{"tables"') and None, "manifest_is_sound", False),
    Damage("a manifest of other shape", declare(lambda m: m.pop("inputs")), "manifest_is_sound", False),
    Damage("a count that is text", declare(lambda m: m["counts"].update(published="2")), "manifest_is_sound", False),
    Damage("a changed descriptor", lambda f: (f / "datapackage.json").write_text("{}") and None, "size_is_listed", False),
    Damage("no descriptor", lambda f: (f / "datapackage.json").unlink(), "file_is_there", False),
    Damage("another id", declare(lambda m: m.update(snapshot_id=NOBODY)), "snapshot_id_follows", False),
    Damage("another code version", declare(lambda m: m.update(code_version="9.9")), "snapshot_id_follows", False),
    Damage("another option", declare(lambda m: m["options"].update(note="x")), "snapshot_id_follows", False),
    Damage("rows miscounted", declare(lambda m: first_table(m).update(rows=1)), "table_rows_are_the_files", False),
    Damage("a file's rows miscounted", declare(lambda m: first_table(m)["files"][0].update(rows=99)), "rows_are_listed", False),
    Damage("statuses miscounted", declare(lambda m: m["counts"].update(published=1)), "counts_are_the_records", False),
    Damage("reasons miscounted", declare(lambda m: m["counts"]["reasons"].update(bad_date=9)), "reasons_are_the_quarantines", False),
    Damage("a path that climbs out", declare(lambda m: first_table(m)["files"][0].update(path="../x.parquet")), "path_stays_inside", False),
    Damage("an absolute path", declare(lambda m: first_table(m)["files"][0].update(path="/etc/passwd")), "path_stays_inside", False),
    Damage("a table not listed", declare(lambda m: m["tables"].pop("affiliations")), "tables_are_the_contracts", False),
    Damage("an input not listed", declare(lambda m: m["inputs"].pop()), "source_is_an_input", False),
    Damage("an input's digest changed", declare(lambda m: m["inputs"][0].update(sha256="c" * 64)), "source_sha256_is_the_inputs", False),
    Damage("an input's records miscounted", declare(lambda m: m["inputs"][0].update(records=1)), "input_records_are_counted", False),
    Damage("an input that is longer", declare(lambda m: m["inputs"][0].update(bytes=10**6)), "last_span_ends_the_file", False),
    # columns
    Damage("swapped columns", edit("affiliations", swap("label", "country")), "model:not_nullable"),
    Damage("a dropped column", raw("papers", lambda t: t.drop_columns(["links"])), "columns_are_the_models"),
    Damage("an added column", raw("authors", lambda t: t.append_column("x", t.column(0))), "columns_are_the_models"),
    Damage("a renamed column", raw("records", lambda t: t.rename_columns({"status": "state"})), "columns_are_the_models"),
    Damage("columns in another order", raw("authors", lambda t: t.select(t.schema.names[::-1])), "columns_are_the_models"),
    Damage("the partition key in the file", raw("papers", lambda t: t.append_column("year", t.column(0))), "columns_are_the_models"),
    Damage("a wider type", raw("papers", retyped("author_count", pa.int64())), "types_are_the_models"),
    Damage("dates as text", raw("papers", retyped("published", pa.string())), "types_are_the_models"),
    Damage("no descriptions", raw("papers", lambda t: t.cast(pa.schema([f.remove_metadata() for f in t.schema]))), "columns_are_described"),
    Damage("another compression", raw("papers", lambda t: t, compression="snappy"), "compression_is_zstd"),
    Damage("no statistics", raw("papers", lambda t: t, write_statistics=False), "statistics_are_there"),
    # rows
    Damage("a null key", edit("papers", first("paper_id", None)), "model:not_nullable"),
    Damage("an id of other form", edit("papers", first("paper_id", "XYZ")), "model:str_matches('^[0-9a-f]{20}$')"),
    Damage("a blank title", edit("papers", first("title", "  ")), "model:text_is_nfc_and_not_blank"),
    Damage("a title in NFD", edit("papers", first("title", "Cafe\u0301")), "model:text_is_nfc_and_not_blank"),
    Damage("a title in LaTeX equal to the plain one", edit("papers", lambda d: d.with_columns(title_tex="title")), "model:tex_differs_from_plain"),
    Damage("a category that is no candidate", edit("papers", first("category", "cs.CV")), "model:category_is_first_candidate"),
    Damage("a badge forgotten", edit("papers", lambda d: d.with_columns(has_code=~col("has_code"))), "model:has_code_follows_badges"),
    Damage("a confidence above one", edit("authorships", first("identity_confidence", 1.5)), "model:in_range(0, 1)"),
    Damage("an unknown status", edit("records", first("status", "lost")), "model:isin(['published', 'duplicate', 'quarantined'])"),
    Damage("aliases out of order", edit("authors", lambda d: d.with_columns(aliases=pl.concat_list("aliases", pl.lit("A")))), "model:aliases_are_sorted_and_distinct"),
    Damage("a country in words", edit("affiliations", lambda d: d.with_columns(country=pl.lit("Peru"))), "model:str_matches('^[A-Z]{2}$')"),
    # order and partitions
    Damage("rows out of order", edit("papers", reverse), "rows_are_sorted"),
    Damage("files out of order", cut_table, "rows_are_sorted"),
    Damage("a wrong year in the path", move_partition("papers", "year=1999"), "partition_holds_its_rows"),
    Damage("a wrong initial in the path", move_partition("authors", "initial=X"), "partition_holds_its_rows"),
    Damage("a partition without its key", move_partition("papers", "2021"), "partition_is_named"),
    Damage("authorships of another year", move_partition("authorships", "year=1999"), "year_is_the_papers"),
    # between tables
    Damage("a duplicated paper", edit("papers", twice), "key_is_unique"),
    Damage("a duplicated author", edit("authors", twice), "key_is_unique"),
    Damage("a duplicated authorship", edit("authorships", twice), "key_is_unique"),
    Damage("a duplicated record", edit("records", twice), "key_is_unique"),
    Damage("a duplicated reason", edit("quarantine", twice), "key_is_unique"),
    Damage("a duplicated affiliation", edit("affiliations", twice), "key_is_unique"),
    Damage("a paper lost", edit("papers", without_first), "paper_exists"),
    Damage("a dangling author", edit("authorships", first("author_id", NOBODY)), "author_exists"),
    Damage("an author lost", edit("authors", without_first), "author_exists"),
    Damage("an author without papers", edit("authors", lambda d: pl.concat([d, d.tail(1).with_columns(author_id=pl.lit(NOBODY))])), "has_an_authorship"),
    Damage("an authorship lost", edit("authorships", without_first), "positions_run_to_author_count"),
    Damage("positions from zero", edit("authorships", lambda d: d.with_columns(position=col("position") - 1)), "positions_run_to_author_count"),
    Damage("an author count off by one", edit("papers", lambda d: d.with_columns(author_count=col("author_count") + 1)), "positions_run_to_author_count"),
    Damage("the last author not marked", edit("authorships", lambda d: d.with_columns(is_last=pl.lit(False))), "is_last_marks_the_last"),
    Damage("all authors marked last", edit("authorships", lambda d: d.with_columns(is_last=pl.lit(True))), "is_last_marks_the_last"),
    Damage("a cut list with a last author", edit("papers", lambda d: d.with_columns(authors_truncated=~col("authors_truncated"))), "is_last_marks_the_last"),
    Damage("a paper count off by one", edit("authors", lambda d: d.with_columns(paper_count=col("paper_count") + 1)), "paper_count_is_true"),
    Damage("a first paper too early", edit("authors", lambda d: d.with_columns(first_published=pl.lit("2001-01-01").str.to_date())), "dates_are_the_papers"),
    Damage("a form missing from the aliases", edit("authorships", first("name_as_listed", "Somebody Else")), "aliases_are_the_names_listed"),
    Damage("a record lost", edit("records", without_first), "spans_lie_end_to_end"),
    Damage("a paper without a record", edit("records", lambda d: d.filter(col("paper_id").ne_missing(d["paper_id"].drop_nulls()[0]))), "has_a_record"),
    Damage("a record of no paper", edit("records", lambda d: d.with_columns(paper_id=pl.when(col("paper_id") == d["paper_id"].drop_nulls()[0]).then(pl.lit(NOBODY)).otherwise("paper_id"))), "paper_exists"),
    Damage("a record count off by one", edit("papers", lambda d: d.with_columns(record_count=col("record_count") + 1)), "record_count_is_true"),
    Damage("all records duplicates", edit("records", lambda d: d.with_columns(status=col("status").replace("published", "duplicate"))), "has_one_published_record"),
    Damage("a gap between spans", edit("records", lambda d: d.with_columns(byte_end=col("byte_end") - 1)), "spans_lie_end_to_end"),
    Damage("a file that starts late", edit("records", lambda d: d.with_columns(col("byte_start", "byte_end") + 5)), "first_span_starts_at_zero"),
    Damage("lines that overlap", edit("records", lambda d: d.with_columns(last_line=col("last_line") + 9)), "lines_do_not_overlap"),
    Damage("a reason without a record", edit("quarantine", first("record_id", "0" * 20)), "record_exists"),
    Damage("a quarantined record without a reason", edit("quarantine", without_first), "quarantined_has_a_reason"),
    Damage("an affiliation lost", edit("affiliations", without_first), "affiliation_exists"),
    Damage("an affiliation of no paper", edit("paper_affiliations", lambda d: d.filter(col("position") == 1)), "is_referenced"),
    Damage("a label of no paper", edit("paper_affiliations", first("paper_id", "0" * 20)), "paper_exists"),
    Damage("labels that start at two", edit("paper_affiliations", lambda d: d.with_columns(position=col("position") + 1)), "positions_run_from_one"),
]  # fmt: skip
