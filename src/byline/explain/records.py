"""The record at a line of a raw file, read again as a build reads it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from byline import boundary, inputs
from byline.boundary.explain import Explanation, explain
from byline.core import resources
from byline.core.errors import UsageError
from byline.decisions import curated, lists
from byline.inputs import Slice, Source
from byline.names.withheld import still_there, without
from byline.normalize import categories
from byline.pipeline.stages.read import load_parsed, parse_slices
from byline.pipeline.stages.withholding import names_withheld
from byline.pipeline.state import parsed_folder

SLICE_BYTES = 1 << 20
NEARLY_ONE = 0.999_95
"""What rounds to 100.00 % is shown as more than 99.99 %: nothing is certain."""


@dataclass(frozen=True)
class RecordFacts:
    """One record: where it stands, what was read, and every candidate of its byline."""

    source: str
    fields: dict[str, Any]
    """The columns of `schemas.PARSED`; lines and bytes counted from the start of the file."""
    explanation: Explanation | None
    """Null when there is no byline to explain."""
    sure_names: int
    """Names of the corpus that were counted as evidence for or against."""
    decided: dict[str, Any] | None = None
    """The reading that a person gave this byline, which a build obeys; null when there is none."""


def find_record(
    path: Path, line: int, name: str, cache: Path | None = None, decisions: Path | None = None
) -> RecordFacts:
    """Read the record that covers a line (1-based) of a raw file.

    `cache` adds what an earlier build read, `decisions` (a folder) what a person decided.

    Raises `UsageError` when the file can't be read or has no such line.
    """
    if not path.is_file():
        raise UsageError(
            f"{path}: no such file", "Name a raw file, as a path or relative to the raw folder: FILE:LINE"
        )
    with resources.added(lists.read(decisions if decisions is not None and decisions.is_dir() else None)):
        return _found(path, line, name, cache, decisions)


def _found(path: Path, line: int, name: str, cache: Path | None, decisions: Path | None) -> RecordFacts:
    compression = inputs.survey_files([path]).sources[0].compression
    with tempfile.TemporaryDirectory() as scratch:
        source = Source(name=name, path=path, size=path.stat().st_size, compression=compression)
        planned = inputs.plan(source, Path(scratch), SLICE_BYTES)
        piece = next(
            (p for p in planned.slices if p.first_line <= line < p.first_line + max(1, p.lines)), None
        )
        if piece is None:
            raise UsageError(f"{name}:{line}: the file has {planned.lines} line(s)", "Name one of them.")
        fields = _row(piece, line)
    keys, counts = _sure_names(fields["byline"], cache)
    explanation = (
        None if fields["byline"] is None else explain(fields["byline"], keys, counts, fields["abstract"])
    )
    decided = None
    if fields["byline"] is not None:
        said = curated.boundaries(decisions).filter(pl.col("byline") == fields["byline"])
        decided = next(said.iter_rows(named=True), None)
    return RecordFacts(
        name,
        fields,
        explanation,
        0 if counts is None else int(counts.sum()),
        decided,
    )


def _row(piece: Slice, line: int) -> dict[str, Any]:
    rows = parse_slices([piece])[0].with_columns(
        pl.col("byte_start", "byte_end") + pl.lit(piece.start, dtype=pl.UInt64),
        pl.col("first_line", "last_line") + pl.lit(piece.first_line - 1, dtype=pl.UInt32),
    )
    before = rows.filter(pl.col("first_line") <= line)
    return before.row(-1, named=True) if before.height else rows.row(0, named=True)


def _sure_names(byline: str | None, cache: Path | None) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Count what an earlier build of this code read beyond doubt; null when there is none."""
    home = None if cache is None else cache / parsed_folder(resources.holding())
    if byline is None or home is None or not home.is_dir():
        return None, None
    keys = boundary.evidence_keys(pl.Series([byline], dtype=pl.String))
    counts = np.zeros(len(keys), dtype=np.uint32)
    for path in sorted(home.glob("*/*.parsed")):
        frame = load_parsed(home, path.stem)
        if frame is not None:
            sure = frame.filter(~boundary.doubtful(frame) & pl.col("reason").is_null())
            counts += boundary.count_evidence(sure["authors"], keys)
    return keys, counts


def percent(probability: float) -> str:
    """Return a probability for people; never a bare 100 %."""
    return "> 99.99 %" if probability >= NEARLY_ONE else f"{100 * probability:6.2f} %"


def layout(facts: RecordFacts, shown: int = 6) -> str:
    """Return the record as text: place, header, reading, and the best candidates with what weighed most."""
    f = facts.fields
    lines = [
        f"{facts.source}:{f['first_line']}  lines {f['first_line']}-{f['last_line']}, "
        f"bytes {f['byte_start']}-{f['byte_end']}",
        *_header(f),
    ]
    if facts.decided is not None:
        said = facts.decided
        cut = " et al." if said["authors_truncated"] else ""
        lines += ["", f"read by a reviewed decision: {said['title']} | {', '.join(said['authors'])}{cut}"]
    elif f["reason"] is not None:
        lines += ["", f"quarantined as {f['reason']}: {f['detail']}"]
    if facts.explanation is not None:
        lines += ["", "byline", f"  {facts.explanation.byline}", *_candidates(facts.explanation, shown)]
        if facts.sure_names:
            lines.append(
                f"\nnames read beyond doubt elsewhere in the corpus were counted {facts.sure_names} times as evidence"
            )
    if f["abstract"] is not None:
        lines += ["", f"abstract of {len(f['abstract'])} characters"]
    return "\n".join(lines)


def shown(lines: list[str], decisions: Path | None) -> list[str]:
    """Return lines without the names that `decisions` (a folder) withholds.

    What spells such a name is left out, and where one stood, so is evidence that quotes a word of it.
    """
    names = names_withheld(decisions)
    if not names:
        return lines
    before = pl.Series("\n".join(lines).split("\n"), dtype=pl.String)
    after = without(before, names)
    kept = ~still_there(after, names)
    if not after.equals(before):
        quoted = after.str.to_lowercase().str.contains_any(sorted({w for name in names for w in name.words}))
        kept &= ~quoted
    return after.filter(kept).to_list()


def _header(f: dict[str, Any]) -> list[str]:
    if f["category_code"] is None:
        return [] if f["form"] is None else [f"form      {f['form']}; {_dated(f)}"]
    known = categories.resolve(pl.Series([f["category_code"]])).row(0, named=True)
    category = (
        f"{known['category']} ({known['category_name']})" if known["category"] else "no active arXiv category"
    )
    others = known["category_candidates"][1:]
    also = f", also fits {', '.join(others)}" if others else ""
    badges = ", ".join(f["badges"]) or "none"
    return [f"header    {f['category_code']} = {category}{also}; {_dated(f)}; badges: {badges}"]


def _dated(f: dict[str, Any]) -> str:
    """Return the date as far as it is known."""
    cut = {"day": 10, "month": 7, "year": 4, "none": 0}[f["published_precision"]]
    return str(f["published"])[:cut] or "no date"


def _candidates(explanation: Explanation, shown: int) -> list[str]:
    lines = [
        "",
        f"readings, best first (confidence after calibration {percent(explanation.confidence).strip()})",
    ]
    for reading in explanation.readings[:shown]:
        lines.append(
            f"  {percent(reading.probability):>10}  {_tail(reading.title)} | {', '.join(reading.authors[:4])}"
        )
        lines += [f"              {weight.weight:+6.2f}  {weight.feature}" for weight in reading.evidence[:6]]
    rest = len(explanation.readings) - shown
    if rest > 0:
        lines.append(f"              … and {rest} more")
    lines.append(f"  {percent(explanation.none):>10}  none of these")
    return lines


def _tail(title: str) -> str:
    return title if len(title) <= 44 else "…" + title[-43:]


def as_paper(facts: RecordFacts) -> dict[str, Any] | None:
    """Return what a record says as columns of `papers`, with authors and name_parts; null where it has no title."""
    fields = dict(facts.fields)
    if facts.decided is not None:
        fields |= {name: facts.decided[name] for name in ("title", "authors", "authors_truncated")} | {
            "name_parts": None
        }
    if not fields["title"]:
        return None
    known = categories.resolve(pl.Series([fields["category_code"]], dtype=pl.String)).row(0, named=True)
    return {**fields, "category_candidates": known["category_candidates"]}
