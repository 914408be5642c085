"""Which records a person should look at first, and how the person's word is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from byline.boundary.explain import Reading
from byline.boundary.reading import SURE
from byline.decisions import curated, people
from byline.files import fs
from byline.snapshots.scan import scan_table

REASONS = ("no_boundary", "missing_byline")
"""Quarantine reasons that a reviewed reading can lift."""


WAYS_OUT = {
    "page_furniture": "nothing to do",
    "no_header": "see whether the paste began in the middle of a record",
    "bad_date": "mend the date in the raw file",
    "not_utf8": "convert the file",
    "other_form": "see the detail; `byline forms` lists the forms",
    "too_long": "see whether the file is a listing",
    "damaged_file": "fetch the file again",
}
"""What a person can do about records that no reading settles."""


@dataclass(frozen=True)
class Doubt:
    """A record to look at: where it stands and why."""

    source_file: str
    line: int
    why: str


def doubtful_records(snapshot: Path) -> Iterator[Doubt]:
    """Yield unread bylines first, then readings from the least to the most certain."""
    records = scan_table(snapshot, "records")
    unread = (
        scan_table(snapshot, "quarantine")
        .filter(pl.col("reason").is_in(REASONS))
        .join(records, on="record_id", how="inner", validate="1:1")
        .sort("source_file", "first_line")
        .select("source_file", "first_line", "reason")
    )
    for file, line, reason in unread.collect().iter_rows():
        yield Doubt(file, line, f"quarantined as {reason}")
    unsure = (
        records.filter(pl.col("status") == "published", pl.col("boundary_confidence") < SURE)
        .sort("boundary_confidence", "source_file", "first_line")
        .select("source_file", "first_line", "boundary_confidence")
    )
    for file, line, confidence in unsure.collect().iter_rows():
        yield Doubt(file, line, f"read with confidence {confidence:.3f}")


def standing(snapshot: Path) -> Iterator[str]:
    """Yield how much waits for a person, as lines: quarantined records by reason, and readings that are not sure."""
    reasons = (
        scan_table(snapshot, "quarantine")
        .group_by("reason")
        .len()
        .sort("len", "reason", descending=[True, False])
    )
    for reason, count in reasons.collect(engine="streaming").iter_rows():
        what = (
            "a reading settles it"
            if reason in REASONS
            else WAYS_OUT.get(reason, "see the detail in `quarantine`")
        )
        yield f"quarantined: {count} {reason} ({what})"
    published = scan_table(snapshot, "records").filter(pl.col("status") == "published")
    sure = published.select(unsure=(pl.col("boundary_confidence") < SURE).sum(), of=pl.len()).collect(
        engine="streaming"
    )
    unsure, of = sure.row(0)
    yield f"readings that deserve a look, boundary_confidence below {SURE}: {unsure or 0} of {of}"


def keep_reading(folder: Path, byline: str, reading: Reading, *, truncated: bool, labels: list[str]) -> Path:
    """Add a reviewed reading to the decisions; a later one of the same byline takes its place. Returns the file."""
    said = {
        "byline": byline,
        "title": reading.title,
        "authors": reading.authors,
        "authors_truncated": truncated,
        "labels": labels,
    }
    return append_line(folder / curated.BOUNDARIES, json.dumps(said, ensure_ascii=False))


def keep_verdict(folder: Path, verdict: str, one: tuple[str, int], other: tuple[str, int], note: str) -> Path:
    """Add a same/different decision on two mentions (paper_id, position). Returns the file."""
    path = folder / people.AUTHORS
    if not path.exists():
        append_line(path, ",".join([*people.DECISION_COLUMNS, "note"]))
    quoted = '"' + note.replace('"', '""') + '"'
    return append_line(path, f"{verdict},{one[0]},{one[1]},{other[0]},{other[1]},{quoted}")


def append_line(path: Path, line: str) -> Path:
    """Add a line to a text file so that the file is never seen half written."""
    fs.mkdir(path.parent)
    before = path.read_text("utf-8") if path.exists() else ""
    if before and not before.endswith("\n"):
        before += "\n"
    fs.write_atomic(path, (before + line + "\n").encode())
    return path
