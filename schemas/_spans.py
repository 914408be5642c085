"""The account of every byte: the records of a file lie end to end, from 0 on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from schemas._tally import Rule, Tally

KEY = ("source_file", "record_id")
SAME_FILE = pl.col("source_file") == pl.col("source_file").shift(1)

RULES = (
    Rule(
        "records",
        "spans_lie_end_to_end",
        KEY,
        "a record must start where the one before ended",
        SAME_FILE & (pl.col("byte_start") != pl.col("byte_end").shift(1)),
        ("byte_start", "byte_end"),
    ),
    Rule(
        "records",
        "first_span_starts_at_zero",
        KEY,
        "the first record of a file must start at byte 0",
        ~SAME_FILE.fill_null(value=False) & (pl.col("byte_start") != 0) & ~pl.col("carried"),
        ("byte_start",),
    ),
    Rule(
        "records",
        "lines_do_not_overlap",
        KEY,
        "a record must not start in a line before the one in which the record before it ends",
        SAME_FILE & (pl.col("first_line") < pl.col("last_line").shift(1)),
        ("first_line", "last_line"),
    ),
)


@dataclass(frozen=True)
class FileSpan:
    """What the records of one file amount to."""

    source_file: str
    records: int
    length: int
    digests: tuple[str, ...]


def file_spans(records: pl.LazyFrame) -> list[FileSpan]:
    """Return, by file, the number of records, the end of the last one and the digests they name."""
    named = records.group_by("source_file", "source_sha256").agg(pl.len(), pl.col("byte_end").max())
    # First by both: the digests of a file are then few, not one a record.
    grouped = (
        named.collect(engine="streaming")
        .group_by("source_file")
        .agg(pl.col("len").sum(), pl.col("byte_end").max(), pl.col("source_sha256").sort())
    )
    rows = grouped.sort("source_file").iter_rows()
    return [FileSpan(name, count, end, tuple(digests)) for name, count, end, digests in rows]


def check_spans(records: pl.LazyFrame, tally: Tally, rows_per_pass: int) -> None:
    """Put the rules of spans to all files, some at a time; a very large file in several windows of bytes."""
    carried: pl.DataFrame | None = None
    for files, low, high in _windows(file_spans(records), rows_per_pass):
        rows = _window(records, files, low, high)
        if low and carried is not None:
            rows = pl.concat([carried.with_columns(carried=pl.lit(value=True)), rows])
        tally.add(RULES, rows)
        carried = rows.tail(1)


def _window(records: pl.LazyFrame, files: list[str], low: int, high: int | None) -> pl.DataFrame:
    columns = ("source_file", "record_id", "byte_start", "byte_end", "first_line", "last_line")
    rows = records.select(columns).filter(pl.col("source_file").is_in(files))
    if low:
        rows = rows.filter(pl.col("byte_start") >= low)
    if high is not None:
        rows = rows.filter(pl.col("byte_start") < high)
    order = ("source_file", "byte_start", "byte_end")
    return rows.sort(order).with_columns(carried=pl.lit(value=False)).collect(engine="streaming")


def _windows(spans: list[FileSpan], rows: int) -> Iterator[tuple[list[str], int, int | None]]:
    """Cut files into groups of about `rows` records, and a file with more into windows of bytes."""
    group: list[str] = []
    held = 0
    for span in spans:
        if group and held + span.records > rows:
            yield group, 0, None
            group, held = [], 0
        if span.records > rows:
            count = -(-span.records // rows)
            borders = [span.length * index // count for index in range(count)]
            for low, high in zip(borders, [*borders[1:], None], strict=True):
                yield [span.source_file], low, high
        else:
            group.append(span.source_file)
            held += span.records
    if group:
        yield group, 0, None
