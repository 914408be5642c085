"""The account of every byte: the records of a file lie end to end, from 0 on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from byline_schemas._cuts import Spill, batches
from byline_schemas._tally import Rule, Tally

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
    statuses: dict[str, int]
    """Records by status."""


def file_spans(records: pl.LazyFrame) -> list[FileSpan]:
    """Return, by file, the number of records, the end of the last one, the digests they name, and their statuses."""
    keys = ("source_file", "source_sha256", "status")
    # First by all of them: the rest is then done for few rows, not one a record.
    named = records.group_by(keys).agg(pl.len(), pl.col("byte_end").max()).collect(engine="streaming")
    found: dict[str, FileSpan] = {}
    for name, digest, status, count, end in named.sort(*keys).iter_rows():
        span = found.setdefault(name, FileSpan(name, 0, 0, (), {}))
        digests = span.digests if digest in span.digests[-1:] else (*span.digests, digest)
        statuses = {**span.statuses, status: span.statuses.get(status, 0) + count}
        found[name] = FileSpan(name, span.records + count, max(span.length, end or 0), digests, statuses)
    return list(found.values())


@dataclass(frozen=True)
class SpanPass:
    """What one pass compares: all records of some files, or those of one file that start between two bytes."""

    files: tuple[str, ...]
    low: int = 0
    high: int | None = None


def check_spans(records: pl.LazyFrame, tally: Tally, rows_per_pass: int, spill: Spill | None = None) -> None:
    """Put the rules of spans to all files, some at a time; a very large file in several passes."""
    passes = list(_passes(file_spans(records), rows_per_pass))
    rows = records.select("source_file", "record_id", "byte_start", "byte_end", "first_line", "last_line")
    rows = rows.drop_nulls(["source_file", "byte_start"])  # the table's own rules say that they may not be
    carried: pl.DataFrame | None = None
    for one, part in _cut(rows, passes, spill):
        frame = _sorted(part)
        if one.low and carried is not None:
            frame = pl.concat([carried.with_columns(carried=pl.lit(value=True)), frame])
        tally.add(RULES, frame)
        carried = frame.tail(1).rechunk()
        del part, frame  # before those of the next pass are there


def _sorted(rows: pl.LazyFrame) -> pl.DataFrame:
    order = ("source_file", "byte_start", "byte_end")
    return rows.sort(order).with_columns(carried=pl.lit(value=False)).collect(engine="streaming")


def _cut(
    rows: pl.LazyFrame, passes: list[SpanPass], spill: Spill | None
) -> Iterator[tuple[SpanPass, pl.LazyFrame]]:
    """Yield each pass with its rows."""
    if spill is None or len(passes) < 2:
        yield from ((one, _within(rows, one)) for one in passes)
        return
    begins = pl.DataFrame(
        [(file, one.low, place) for place, one in enumerate(passes) for file in one.files],
        schema={"source_file": pl.String, "low": pl.UInt64, "place": pl.UInt32},
        orient="row",
    ).sort("low")
    for batch in batches(rows):
        placed = batch.sort("byte_start").join_asof(
            begins, left_on="byte_start", right_on="low", by="source_file", check_sortedness=False
        )
        spill.put("spans", placed.drop("low", "place"), placed["place"], len(passes))
    yield from ((one, spill.take("spans", place)) for place, one in enumerate(passes))


def _within(rows: pl.LazyFrame, one: SpanPass) -> pl.LazyFrame:
    rows = rows.filter(pl.col("source_file").is_in(one.files))
    if one.low:
        rows = rows.filter(pl.col("byte_start") >= one.low)
    if one.high is not None:
        rows = rows.filter(pl.col("byte_start") < one.high)
    return rows


def _passes(spans: list[FileSpan], rows: int) -> Iterator[SpanPass]:
    """Cut files into groups of about `rows` records, and a file with more into ranges of bytes."""
    group: list[str] = []
    held = 0
    for span in spans:
        if group and held + span.records > rows:
            yield SpanPass(tuple(group))
            group, held = [], 0
        if span.records > rows:
            count = -(-span.records // rows)
            borders = [span.length * index // count for index in range(count)]
            for low, high in zip(borders, [*borders[1:], None], strict=True):
                yield SpanPass((span.source_file,), low, high)
        else:
            group.append(span.source_file)
            held += span.records
    if group:
        yield SpanPass(tuple(group))
