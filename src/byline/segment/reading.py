"""`segment`: bylines in, titles, names, labels and confidence out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from byline.segment import assemble, scoring
from byline.segment.candidates import Candidates, every, sharp
from byline.segment.features import slots
from byline.segment.lines import Ints, Lines, read
from byline.segment.model import Model, load

BATCH_CHARACTERS = 1 << 20
SECOND_TIER = 0.999
ABSTAIN = 0.1

SCHEMA = {
    "title": pl.String,
    "authors": pl.List(pl.String),
    "authors_truncated": pl.Boolean,
    "labels": pl.List(pl.String),
    "boundary_confidence": pl.Float32,
    "reason": pl.String,
    "detail": pl.String,
}


@dataclass
class Borders:
    """For each line: where the names begin (counted from the line's start, -1: nowhere) and how sure that is."""

    at: Ints
    probability: NDArray[np.float64]


def batches(bylines: pl.Series, size: int = BATCH_CHARACTERS) -> Iterator[pl.Series]:
    """Cut a series into runs of whole bylines of about `size` characters."""
    length = bylines.str.len_chars().to_numpy()
    part = np.cumsum(length + 1) // size
    edges = np.concatenate([[0], np.flatnonzero(np.diff(part)) + 1, [len(bylines)]])
    for a, b in zip(edges[:-1], edges[1:], strict=True):
        yield bylines.slice(int(a), int(b - a))


def tier(lines: Lines, model: Model, c: Candidates, is_sharp: bool) -> Borders:
    """Score one set of candidates."""
    scores = scoring.candidate_scores(lines, model, c).astype(np.int64)
    key = slots(scoring.NULL_FEATURE, scoring.null_keys(lines, is_sharp))
    verdict, _ = scoring.judge(c.line, scores, model.weights[key].astype(np.int64))
    found = verdict.best >= 0
    at = np.full(lines.height, -1, dtype=np.int64)
    at[found] = c.at[verdict.best[found]] - lines.start[found]
    return Borders(at, verdict.probability)


def find_borders(bylines: pl.Series, lines: Lines, model: Model) -> Borders:
    """Score the sharp candidates, then every candidate of the lines where those don't settle it."""
    borders = tier(lines, model, sharp(lines), True)
    again = np.flatnonzero(borders.probability < SECOND_TIER)
    if len(again):
        some = read(bylines.gather(again), model.kinds, model.folds)
        second = tier(some, model, every(some), False)
        borders.at[again], borders.probability[again] = second.at, second.probability
    borders.at[borders.probability < ABSTAIN] = -1
    return borders


def segment(bylines: pl.Series) -> pl.DataFrame:
    """Read bylines: where the title ends, who is listed, which labels follow, and how sure that is.

    Takes a String series as listed (NFC, single spaces, nulls allowed) and returns one row for each, with the
    columns of `SCHEMA`. Rows with a `reason` (`missing_byline`, `no_boundary`) could not be read.
    """
    model = load()
    text = bylines.cast(pl.String).fill_null("")
    parts = [_segment_batch(part, model) for part in batches(text)] if len(text) else []
    return pl.concat(parts) if parts else pl.DataFrame(schema=SCHEMA)


def _segment_batch(bylines: pl.Series, model: Model) -> pl.DataFrame:
    lines = read(bylines, model.kinds, model.folds)
    return frame(bylines, lines, find_borders(bylines, lines, model))


def frame(bylines: pl.Series, lines: Lines, borders: Borders) -> pl.DataFrame:
    """Cut the lines at their borders."""
    known = borders.at >= 0
    at = np.where(known, borders.at + lines.start, -1)
    chunk = np.searchsorted(lines.chunks.stop, np.maximum(at, 0))
    start, end, owner, cut = assemble.names_of(lines, at, chunk)
    label_start, label_end, label_owner = assemble.labels_of(lines, at, chunk)
    titles = assemble.cut_out(lines, lines.start, np.where(known, at, lines.start))
    empty = bylines.str.strip_chars() == ""
    reason = pl.Series(np.where(known, None, np.where(empty.to_numpy(), "missing_byline", "no_boundary")), dtype=pl.String)
    return pl.DataFrame(
        {
            "title": pl.select(pl.when(pl.Series(known)).then(titles)).to_series(),
            "authors": assemble.lists(assemble.cut_out(lines, start, end), owner, lines.height),
            "authors_truncated": cut,
            "labels": assemble.lists(assemble.cut_out(lines, label_start, label_end), label_owner, lines.height),
            "boundary_confidence": np.where(known, borders.probability, np.nan).astype(np.float32),
            "reason": reason,
            "detail": pl.Series([None] * lines.height, dtype=pl.String),
        },
        schema_overrides=SCHEMA,
    ).with_columns(pl.col("boundary_confidence").fill_nan(None))
