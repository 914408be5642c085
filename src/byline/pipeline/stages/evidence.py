"""Stage `evidence`: a second look at doubtful bylines with the names that the corpus has beyond doubt.

Counts are sums over all slices, so neither their order nor the sharding can change what comes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from byline import boundary
from byline.core.overlay import overlaid
from byline.core.sorted_arrays import firsts, look_up
from byline.files import run_files
from byline.pipeline.stages.read import SliceFacts, load_parsed
from byline.reading.slices import without_endless_lists
from byline_schemas import PARSED

JUDGED = ("reason", "boundary_confidence")
"""Columns by which `boundary.doubtful` judges."""

AMENDMENTS = {
    "digest": pl.String(),
    "row": pl.UInt32(),
    "title": pl.String(),
    "authors": pl.List(pl.String),
    "authors_truncated": pl.Boolean(),
    "labels": pl.List(pl.String),
    "boundary_confidence": pl.Float32(),
    "name_parts": PARSED.columns()["name_parts"],
    "supplied": pl.Boolean(),
}
"""Readings that take the place of others; `supplied`: title as listed, authors from arXiv's metadata."""


DOUBTFUL = {"digest": pl.String, "row": pl.UInt32, "byline": pl.String, "abstract": pl.String}
"""A doubtful byline: its slice, the row there, and what is listed."""
NAMES = {"key": pl.UInt64, "count": pl.Int64}
"""A settled name, as `boundary.settled_keys` gives it, and how often it occurs."""


@dataclass(frozen=True)
class CountTask:
    """Slices whose sure names are to be counted, how often each occurs, and the file of keys that matter."""

    digests: tuple[tuple[str, int], ...]
    cache: Path
    keys: Path
    names: Path | None
    """Where all settled names of these slices are left (key, count), where the next build is to go on from this one."""


def gather_doubtful(facts: Iterable[SliceFacts]) -> pl.DataFrame:
    """Return all doubtful records, each slice once, in the digests' order.

    | column | type | what it says |
    |---|---|---|
    | `digest` | String | of the slice |
    | `row` | UInt32 | of its parsed rows |
    | `byline`, `abstract` | String, String? | as listed |
    """
    rows = [
        (fact.digest, row, byline, abstract)
        for fact in sorted(facts, key=lambda fact: fact.digest)
        for row, byline, abstract in fact.doubtful
    ]
    return pl.DataFrame(rows, schema=DOUBTFUL, orient="row")


def count_names(task: CountTask) -> np.ndarray:
    """Return how often each key occurs among the authors of sure records, those of equal slices as often as these."""
    asked = np.load(task.keys, allow_pickle=False)
    if task.names is None and not len(asked):
        return np.zeros(0, dtype=np.uint32)
    names = total_names(task.digests, task.cache)
    if task.names is not None:
        run_files.write_run(task.names, names, [names.height])
    at, known = look_up(names["key"].to_numpy(), asked)
    counts: np.ndarray = np.where(known, names["count"].gather(at).to_numpy(), 0) if names.height else at
    return counts.astype(np.uint32)


def total_names(digests: Iterable[tuple[str, int]], cache: Path) -> pl.DataFrame:
    """Return all settled names of slices and how often each occurs (key, count), sorted; each slice as often as said.

    Raises `FileNotFoundError`: the cache lacks one of the slices.
    """
    found = [pl.DataFrame(schema=NAMES)]
    for digest, times in digests:
        frame = load_parsed(cache, digest, [*JUDGED, "authors"])
        if frame is None:
            raise FileNotFoundError(f"{cache}: the parsed rows of slice {digest} vanished during the build")
        sure = frame.filter(~boundary.doubtful(frame) & pl.col("reason").is_null())
        keys, counts = boundary.settled_keys(sure["authors"])
        found.append(pl.DataFrame({"key": keys, "count": counts * times}, schema=NAMES))
    return summed(found)


def summed(names: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return counts of settled names put together: sorted by key, none that is 0.

    Most are sorted already, and a stable sort of numbers goes through sorted runs side by side.
    """
    together = pl.concat(names)
    keys, counts = together["key"].to_numpy(), together["count"].to_numpy()
    order = np.argsort(keys, kind="stable")
    begin = np.flatnonzero(firsts(keys[order]))
    total = np.add.reduceat(counts[order], begin) if len(begin) else counts
    stays = total != 0
    found = {"key": keys[order][begin][stays], "count": total[stays]}
    return pl.DataFrame(found, schema=together.schema)


def amend(doubtful: pl.DataFrame, keys: np.ndarray, counts: np.ndarray) -> pl.DataFrame:
    """Return the second look at the doubtful records as `AMENDMENTS`; those it still cannot read are left out.

    `doubtful` is what `gather_doubtful` gives; `counts` says how often each of the `keys` occurs in the corpus.
    """
    looked = without_endless_lists(
        boundary.second_look(doubtful["byline"], keys, counts, doubtful["abstract"])
    )
    known = looked["reason"].is_null()
    return as_amendments(doubtful.select("digest", "row").filter(known), looked.filter(known))


def as_amendments(places: pl.DataFrame, readings: pl.DataFrame) -> pl.DataFrame:
    """Return readings of the parsed rows at these places (digest, row) as `AMENDMENTS`."""
    both = pl.concat([places, readings], how="horizontal")
    both = both.with_columns(name_parts=None, supplied=pl.lit(value=False))
    return both.select(pl.col(name).cast(dtype) for name, dtype in AMENDMENTS.items())


def share(path: Path, amended: pl.DataFrame, batches: Sequence[Sequence[str]]) -> None:
    """Write a run file with what each batch of slices (their digests) needs of the amendments, once a batch."""
    wanted = pl.DataFrame(
        {"batch": np.arange(len(batches)), "digest": [list(dict.fromkeys(batch)) for batch in batches]},
        schema={"batch": pl.Int64, "digest": pl.List(pl.String)},
    ).explode("digest")
    shared = wanted.join(amended, on="digest").sort("batch", "digest", "row")
    run_files.write_groups(path, shared.select(AMENDMENTS.keys()), shared["batch"].to_numpy(), len(batches))


def apply_amendments(frame: pl.DataFrame, amendments: pl.DataFrame) -> pl.DataFrame:
    """Return parsed rows with the amended readings in place.

    `frame`: the rows of a slice (`byline_schemas.PARSED`). `amendments`: those of this slice alone, as `AMENDMENTS`;
    `row` says which row each replaces. The result has the columns of `frame` and `supplied` (Boolean).
    """
    frame = frame.with_columns(supplied=pl.lit(value=False))
    if amendments.is_empty():
        return frame
    return overlaid(frame.with_row_index("row"), amendments.drop("digest"), "row").drop("row")
