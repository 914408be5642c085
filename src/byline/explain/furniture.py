"""Lines that repeat between records and that no list knows: a person says whether they are the page's."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from byline import inputs
from byline.decisions import lists
from byline.explain.queue import append_line
from byline.inputs import Slice
from byline.snapshots.scan import scan_table

SLICE_BYTES = 4 << 20
LEAST = 3
"""How often a line must stand there: an abstract's last line does so once."""
LONGEST = 100
"""Bytes of a line; a button or a count is shorter, a longer one is a sentence of an abstract."""
BEHIND = 3
"""Lines of a record that are its own: header, byline, and the abstract's first."""
LAST = 3
"""Lines at the end of a record that are looked at."""
UNREAD = ("no_header", "other_form")
"""Quarantined stretches, all of whose lines are looked at."""


@dataclass(frozen=True)
class Unknown:
    """A line that repeats: how it stands there first, how often, and where first."""

    text: str
    count: int
    source_file: str
    line: int


def unknown_lines(snapshot: Path, raw: Path) -> list[Unknown]:
    """Return the lines that stand behind records, or in unread stretches, at least `LEAST` times, the commonest first.

    Lines that differ in numbers only count as one. Raw files are read again, a slice at a time; those that are gone or
    have changed since the snapshot are passed over.
    """
    facts = ("record_id", "source_file", "source_sha256", "byte_start", "byte_end", "status")
    records = scan_table(snapshot, "records").select(facts)
    reasons = scan_table(snapshot, "quarantine").select("record_id", "reason")
    spans = (
        records.join(reasons, on="record_id", how="left")
        .filter((pl.col("status") == "published") | pl.col("reason").is_in(UNREAD))
        .with_columns(unread=pl.col("status") == "quarantined")
        .sort("source_file", "byte_start")
        .collect()
    )
    found = [
        lines
        for (name, digest), rows in spans.group_by(["source_file", "source_sha256"], maintain_order=True)
        for lines in _lines(raw / str(name), str(name), str(digest), rows)
    ]
    if not found:
        return []
    table = (
        pl.concat(found)
        .group_by("shape", maintain_order=True)
        .agg(pl.len(), pl.col("text", "source_file", "line").first())
        .filter(pl.col("len") >= LEAST)
        .sort("len", "text", descending=[True, False])
    )
    return [Unknown(text, count, name, line) for _, count, text, name, line in table.iter_rows()]


def _lines(path: Path, name: str, digest: str, spans: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield the lines of a raw file that may be furniture: shape, text, source_file, line."""
    if not path.is_file():
        return
    source = inputs.survey_files([path]).sources[0]
    with tempfile.TemporaryDirectory() as scratch:
        planned = inputs.plan(source, Path(scratch), SLICE_BYTES)
        if planned.sha256 != digest:
            return
        for piece in planned.slices:
            if piece.reason is None:
                yield _of_slice(piece, spans).with_columns(source_file=pl.lit(name))


def _of_slice(piece: Slice, spans: pl.DataFrame) -> pl.DataFrame:
    with piece.path.open("rb") as data:
        data.seek(piece.start)
        text = data.read(piece.stop - piece.start)
    starts = np.concatenate([[0], np.flatnonzero(np.frombuffer(text, np.uint8) == ord("\n")) + 1])
    lines = pl.DataFrame(
        {
            "text": text.decode("utf-8", "replace").split("\n"),
            "byte_start": (starts + piece.start).astype(np.uint64),
            "line": np.arange(len(starts), dtype=np.int64) + piece.first_line,
        }
    ).with_columns(pl.col("text").str.replace_all(r"\s+", " ").str.strip_chars())
    placed = lines.filter(pl.col("text") != "").join_asof(
        spans.select("byte_start", "byte_end", "unread", record="record_id"), on="byte_start"
    )
    inside = placed.filter(pl.col("byte_start") < pl.col("byte_end"))
    number = pl.int_range(pl.len()).over("record")
    last = number >= pl.max_horizontal(pl.lit(BEHIND), pl.len().over("record") - LAST)
    kept = inside.filter((pl.col("unread") | last) & (pl.col("text").str.len_bytes() <= LONGEST))
    shape = pl.col("text").str.to_lowercase().str.replace_all(r"\d[\d.,]*[km]?", "0")
    shaped = kept.with_columns(shape=shape)
    once = (
        pl.col("unread") | pl.struct("record", "shape").is_first_distinct()
    )  # a refrain counts once a record
    return shaped.filter(once).select("shape", "text", "line")


def keep_furniture(folder: Path, line: str) -> Path:
    """Add a line of the page to the list of the curated folder. Returns the file."""
    path = folder / lists.FOLDER / lists.FURNITURE
    if not path.exists():
        append_line(path, "# Lines of the pages, not of papers; any number in one stands for every number.")
    said = f"/{lists.literal(line)}/" if line[0] in "#[/" else line
    return append_line(path, said)
