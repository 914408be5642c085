"""The records of a snapshot that could not be read, for people: where they stand, why, and what they say."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from byline.core.result import Unread
from byline.files import fs
from byline.snapshots.scan import scan_table

FOLDER = ".unpublished"
"""Folder of an output in which a build that published nothing leaves what it could not read."""
NAME = "quarantine.jsonl"
KEPT = 10_000
"""Records that are left at most."""
KEPT_CHARS, SHOWN_CHARS = 2_000, 80
"""Characters of a record's text that are kept, and shown."""
FURNITURE = "page_furniture"


def first(snapshot: Path, limit: int) -> tuple[Unread, ...]:
    """Return the first records that could not be read, by file and line; the page's furniture is left out."""
    rows = _rows(snapshot, limit, SHOWN_CHARS).iter_rows(named=True)
    return tuple(Unread(**{**row, "text": " ".join(row["text"].split())}) for row in rows)


def keep(snapshot: Path, out: Path) -> Path:
    """Leave what a snapshot that is not published could not read below `out`, an object a line; return the file."""
    lines = [
        json.dumps(row, ensure_ascii=False, sort_keys=True)
        for row in _rows(snapshot, KEPT, KEPT_CHARS).iter_rows(named=True)
    ]
    path = out / FOLDER / NAME
    fs.mkdir(path.parent)
    fs.write_atomic(path, ("\n".join(lines) + "\n" if lines else "").encode())
    return path


def forget(out: Path) -> None:
    """Remove what an earlier build left."""
    fs.rmtree(out / FOLDER)


def _rows(snapshot: Path, limit: int, chars: int) -> pl.DataFrame:
    """Return file, line, last_line, reason, detail, text of the first quarantined records, by file and line."""
    records = scan_table(snapshot, "records").filter(pl.col("status") == "quarantined")
    places = records.select("record_id", file="source_file", line="first_line", last_line="last_line")
    reasons = scan_table(snapshot, "quarantine").filter(pl.col("reason") != FURNITURE)
    wanted = (
        reasons.select("record_id", "reason")
        .join(places, on="record_id", how="inner", validate="1:1")
        .sort("file", "line", "last_line")
        .head(limit)
        .collect(engine="streaming")
    )
    texts = reasons.join(wanted.lazy().select("record_id"), on="record_id", how="semi")
    texts = texts.select("record_id", "detail", text=pl.col("raw_text").str.slice(0, chars))
    found = wanted.join(texts.collect(engine="streaming"), on="record_id", how="left", maintain_order="left")
    return found.select("file", "line", "last_line", "reason", "detail", "text")
