"""What must agree between the tables, and between them and the manifest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

import polars as pl

from byline.snapshots.manifest import Manifest, identify
from byline.validation.report import Finding
from byline.validation.snapshot import Snapshot
from byline.validation.spill import RunSpill
from byline_schemas import TABLES, integrity


def scans(snapshot: Snapshot) -> dict[str, pl.LazyFrame]:
    """Return a lazy scan of every table's listed files, partition keys as columns; empty for one that came later."""
    return {name: snapshot.scan(name) for name in TABLES}


def tables_agree(
    snapshot: Snapshot, only: Collection[str] | None = None, spill: RunSpill | None = None
) -> Iterator[Finding]:
    """Check the rules between tables, or some groups of them."""
    yield from told(integrity.check(scans(snapshot), only, spill=spill))


def told(found: Iterable[integrity.Violation]) -> Iterator[Finding]:
    """Yield what is wrong between tables as findings."""
    for one in found:
        yield Finding(one.rule, one.message, one.table, None, one.key, one.count)


def manifest_agrees(snapshot: Snapshot) -> Iterator[Finding]:
    """Compare what the manifest counts with what the tables hold, and its id with what it follows from."""
    known = snapshot.known
    for name, table in known.tables.items():
        if table.rows != sum(file.rows for file in table.files):
            yield Finding(
                "table_rows_are_the_files", f"{table.rows} rows listed, its files hold others", name
            )
    named = identify(known.code_version, known.inputs, known.options, known.contract_version)
    if named != known.snapshot_id:
        yield Finding("snapshot_id_follows", f"from the inputs follows {named}, not {known.snapshot_id}")
    tables = scans(snapshot)
    spans = integrity.file_spans(tables["records"])
    yield from _counts(known, tables["quarantine"], spans)
    yield from _inputs(known, spans)


def _counts(
    known: Manifest, quarantine: pl.LazyFrame, spans: Sequence[integrity.FileSpan]
) -> Iterator[Finding]:
    statuses = sum((Counter(span.statuses) for span in spans), Counter[str]())
    if Counter(known.counts) != statuses:
        message = f"the manifest says {dict(known.counts)}, records say {dict(statuses)}"
        yield Finding("counts_are_the_records", message, "records")
    reasons = _count(quarantine, "reason")
    if Counter(known.reasons) != reasons:
        message = f"the manifest says {dict(known.reasons)}, quarantine says {dict(reasons)}"
        yield Finding("reasons_are_the_quarantines", message, "quarantine")


def _count(table: pl.LazyFrame, column: str) -> Counter[str]:
    counted = table.group_by(column).len().sort(column).collect(engine="streaming")
    return Counter(dict(counted.iter_rows()))


def _inputs(known: Manifest, found: Sequence[integrity.FileSpan]) -> Iterator[Finding]:
    """Compare each input file with its records: digest, number, and the length of its content."""
    spans = {span.source_file: span for span in found}
    for path in sorted(
        path for path, count in Counter(item.path for item in known.inputs).items() if count > 1
    ):
        yield Finding("source_is_an_input", "the manifest lists this input more than once", None, None, path)
    inputs = {item.path: item for item in known.inputs}
    for path in sorted(spans.keys() - inputs.keys()):
        yield Finding("source_is_an_input", "the manifest lists no such input", "records", None, path)
    for path, item in sorted(inputs.items()):
        span = spans.get(path)
        count = span.records if span else 0
        if count != item.records:
            message = f"the manifest says {item.records} records, the table holds {count}"
            yield Finding("input_records_are_counted", message, "records", None, path)
        if span is not None and span.digests != (item.sha256,):
            message = f"source_sha256 is not the input's {item.sha256}"
            yield Finding("source_sha256_is_the_inputs", message, "records", None, path)
        length = span.length if span is not None else 0
        if length != item.bytes:
            message = f"the last record ends at byte {length}, the content at {item.bytes}"
            yield Finding("last_span_ends_the_file", message, "records", None, path)
