"""`segment`: bylines in; titles, names, labels and confidence out."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

import numpy as np
import polars as pl
from numpy.typing import NDArray

from byline.boundary import assemble, odd_lists, tails
from byline.boundary.deciding import Borders, Evidence, find_borders, find_with_evidence
from byline.boundary.evidence import batches
from byline.boundary.lines import Lines, read_lines
from byline.boundary.model import Model, load

SURE = 0.99
"""From this confidence on a reading is beyond doubt: measured, at most 1 in 10,000 of them is wrong."""

SCHEMA: dict[str, type[pl.DataType] | pl.DataType] = {
    "title": pl.String,
    "authors": pl.List(pl.String),
    "authors_truncated": pl.Boolean,
    "labels": pl.List(pl.String),
    "boundary_confidence": pl.Float32,
    "reason": pl.String,
    "detail": pl.String,
}
_EXPECTED = "expected a title and names with nothing between them; "


def segment(bylines: pl.Series, abstracts: pl.Series | None = None) -> pl.DataFrame:
    """Read bylines: where the title ends, who is listed, which labels follow, and how sure that is.

    Takes a String series as listed (NFC, single spaces, nulls allowed), and the abstracts beside them where there are
    any, and returns one row for each. A byline reads the same in any batch.

    | column | type | what it says |
    |---|---|---|
    | `title` | String? | null where nothing could be read |
    | `authors` | List(String) | as listed, in order; without `et al.` |
    | `authors_truncated` | Boolean | whether the list is cut |
    | `labels` | List(String) | organisations behind the authors |
    | `boundary_confidence` | Float32? | probability that title and first author are right |
    | `reason` | String? | why it could not be read: `missing_byline`, `no_boundary` |
    | `detail` | String? | what was expected and what stood there |
    """
    return segment_with(load(), bylines, abstracts)


def segment_with(model: Model, bylines: pl.Series, abstracts: pl.Series | None = None) -> pl.DataFrame:
    """Read bylines with a given model; see `segment`."""
    return _read_all(model, bylines, abstracts, find_borders)


def second_look(
    bylines: pl.Series,
    keys: NDArray[np.uint64],
    counts: NDArray[np.uint32],
    abstracts: pl.Series | None = None,
) -> pl.DataFrame:
    """Read doubtful bylines again with the names that the corpus has beyond doubt.

    `keys` are those of `evidence_keys`, `counts` the sum of `count_evidence` over the corpus; the rest, and the
    columns returned, as in `segment`.
    """
    known: Evidence = (keys, counts)
    return _read_all(
        load(),
        bylines,
        abstracts,
        lambda _, said, lines, model: find_with_evidence(lines, said, model, known),
    )


def shown(bylines: pl.Series) -> pl.Series:
    """Return bylines as `segment` reads them, their tails as the card has them; nulls as ""."""
    return tails.plain(bylines.cast(pl.String).fill_null(""))


def read_at(bylines: pl.Series, at: pl.Series, confidence: float) -> pl.DataFrame:
    """Read bylines whose border is known from elsewhere; the rest, and the columns returned, as in `segment`.

    `at` counts the characters of `shown` before the first name, row-aligned; `confidence` is what is told of each.
    """
    places = iter(at.to_list())

    def given(part: pl.Series, *_: object) -> Borders:
        return Borders(np.fromiter(islice(places, len(part)), np.int64), np.full(len(part), confidence))

    return _read_all(load(), bylines, None, given)


def doubtful(frame: pl.DataFrame) -> pl.Series:
    """Tell which rows of `segment` deserve a second look: unsure, or without a border. Nothing helps a blank.

    | column | type | what it says |
    |---|---|---|
    | `boundary_confidence` | Float32? | below SURE it is doubtful; null is not, by itself |
    | `reason` | String? | `no_boundary` is doubtful |
    """
    unsure = (pl.col("boundary_confidence") < SURE) | (pl.col("reason") == "no_boundary")
    return frame.select(unsure.fill_null(False).alias("doubtful")).to_series()


Find = Callable[[pl.Series, pl.Series | None, Lines, Model], Borders]


def _read_all(model: Model, bylines: pl.Series, abstracts: pl.Series | None, find: Find) -> pl.DataFrame:
    frames = []
    first = 0
    for listed in batches(bylines.cast(pl.String).fill_null("")):
        said = None if abstracts is None else abstracts.slice(first, len(listed))
        first += len(listed)
        part = tails.plain(listed)
        lines = read_lines(part, model.kinds, model.folds)
        frames.append(frame_of(part, lines, find(part, said, lines, model)))
    return pl.concat(frames) if frames else pl.DataFrame(schema=SCHEMA)


def frame_of(bylines: pl.Series, lines: Lines, borders: Borders) -> pl.DataFrame:
    """Cut the lines at their borders; read lists that are not the card's once more.

    `bylines` are the texts of `lines`, row by row; the columns are those of `segment`.
    """
    at = np.where(borders.at >= 0, borders.at + lines.start, -1)
    chunk = np.searchsorted(lines.chunks.stop, np.maximum(at, 0))
    start, end, owner, cut = assemble.names_of(lines, at, chunk)
    labels = assemble.labels_of(lines, at, chunk)
    known = np.bincount(owner, minlength=lines.height) > 0
    ends = assemble.title_ends(lines, np.where(known, at, lines.start))
    names = assemble.cut_out(lines, start, end)
    confidence = borders.confidence.astype(np.float32)
    frame = pl.DataFrame(
        {
            "title": assemble.cut_out(lines, lines.start, np.maximum(ends, lines.start)),
            "authors": assemble.lists(names, owner, lines.height),
            "authors_truncated": cut,
            "labels": assemble.lists(assemble.cut_out(lines, *labels[:2]), labels[2], lines.height),
        }
    )
    rows = np.union1d(owner[odd_lists.odd(names).to_numpy()], np.flatnonzero(_dotted(bylines) & known))
    if len(rows):
        texts = assemble.cut_out(lines, at[rows], lines.end[rows])
        frame = odd_lists.read_again(texts, rows, frame, confidence)
    odd_lists.doubt_marked(frame["title"], confidence)
    frame = frame.with_columns(boundary_confidence=pl.Series(confidence))
    if known.all():
        nothing = pl.lit(None, dtype=pl.String)
        return frame.with_columns(nothing.alias("reason"), nothing.alias("detail"))
    return frame.with_columns(pl.Series("known", known), bylines.alias("byline")).select(_columns())


def _dotted(bylines: pl.Series) -> NDArray[np.bool_]:
    """Which bylines hold several ` · `: these may divide names."""
    found: NDArray[np.bool_] = bylines.str.contains(" · .* · ").to_numpy()
    return found


def _safe(text: pl.Expr) -> pl.Expr:
    """Return a text without control codes, which a terminal would obey."""
    return text.str.replace_all(r"\p{Cc}+", " ")


def _columns() -> list[pl.Expr]:
    known, byline = pl.col("known"), pl.col("byline").str.strip_chars()
    blank = byline == ""
    seen = pl.format(
        "found {}", pl.when(blank).then(pl.lit("nothing")).otherwise(_safe(byline.str.head(120)))
    )
    return [
        pl.when(known).then("title").alias("title"),
        pl.col("authors", "authors_truncated", "labels"),
        pl.when(known).then("boundary_confidence").alias("boundary_confidence"),
        pl.when(~known)
        .then(pl.when(blank).then(pl.lit("missing_byline")).otherwise(pl.lit("no_boundary")))
        .alias("reason"),
        pl.when(~known).then(pl.lit(_EXPECTED) + seen).alias("detail"),
    ]
