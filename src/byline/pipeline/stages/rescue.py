"""Records with an arXiv id and a title but no authors: half of all reading lists. Their authors are the registry's.

They are read before papers are told apart, since a paper's key takes its first author; what comes of them are amended
readings, as of the second look at doubtful bylines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl

from byline.pipeline.stages.evidence import AMENDMENTS
from byline.pipeline.stages.read import SliceFacts
from byline.reference import keys, layout, lookup
from byline.reference.authors import display
from byline.reference.features import features
from byline.reference.queries import QUERY
from byline.reference.records import ENTRIES
from byline.reference.scoring import decide, threshold

AUTHORLESS = {"digest": pl.String(), "row": pl.UInt32(), "arxiv_id": pl.String(), "title": pl.String()}
GROUP = 20_000
"""Records that a task completes."""


@dataclass(frozen=True)
class CompleteTask:
    """Records without authors, and the index that may know them."""

    records: pl.DataFrame
    """Of the columns `AUTHORLESS`."""
    index: Path


def complete_tasks(facts: Iterable[SliceFacts], index: Path) -> list[CompleteTask]:
    """Return the tasks that complete all records without authors, each distinct slice once."""
    rows = [
        (fact.digest, *record)
        for fact in sorted(facts, key=lambda fact: fact.digest)
        for record in fact.authorless
    ]
    frame = pl.DataFrame(rows, schema=AUTHORLESS, orient="row")
    return [CompleteTask(frame.slice(start, GROUP), index) for start in range(0, frame.height, GROUP)]


def complete(task: CompleteTask) -> pl.DataFrame:
    """Return amended readings of the records whose entry bears their id and, about, their title."""
    index = layout.open_index(task.index)
    asked = task.records.with_row_index("paper").with_columns(
        pl.lit(None, dtype).alias(name) for name, dtype in QUERY.items() if name not in ("paper", *AUTHORLESS)
    )
    asked = asked.with_columns(
        names=pl.lit([], QUERY["names"]), cut=pl.lit(value=True), published_precision=pl.lit("none")
    )
    entries = entries_for(index, keys.keys_only_id(asked["arxiv_id"], asked["paper"]), texts=False)
    compared = features(asked[entries["paper"]], entries)
    best = decide(entries.select("paper", "row", "arxiv_id"), compared)
    sure = best.filter(pl.col("confidence") >= threshold()).join(entries, on=["paper", "row"], validate="1:1")
    known = sure.join(asked.select("paper", "digest", "title", place="row"), on="paper", suffix="_listed")
    known = known.filter(pl.col("names").list.len() > 0).sort("paper")
    return known.select(
        "digest",
        row="place",
        title="title_listed",
        authors=pl.col("names").list.eval(display(pl.element())),
        authors_truncated=pl.lit(value=False),
        labels=pl.lit([], pl.List(pl.String)),
        boundary_confidence="confidence",
        name_parts="names",
        supplied=pl.lit(value=True),
    ).select(pl.col(name).cast(dtype) for name, dtype in AMENDMENTS.items())


def entries_for(index: layout.Index, wanted: pl.DataFrame, *, texts: bool = True) -> pl.DataFrame:
    """Return the entries that are worth comparing with those who ask by the wanted keys.

    `wanted` is as `match.asked_keys` gives it (paper, key: UInt32; kind: UInt8). The result has, beside the columns of
    `lookup.gathered`, those of `records.ENTRIES`, sorted by paper and row. Abstracts are among them as `lookup.entries`
    gives them, given `has_text` of each paper; without that column all are, and none if `texts` is false: who has
    none to compare saves four fifths of what would be read.
    """
    return _with_entries(index, wanted, ENTRIES, partial(lookup.entries, texts=texts))


def bylines_for(index: layout.Index, wanted: pl.DataFrame) -> pl.DataFrame:
    """Return what `entries_for` does, but of the entries' columns `lookup.BYLINES` only."""
    return _with_entries(index, wanted, lookup.BYLINES, lookup.bylines)


def _with_entries(
    index: layout.Index,
    wanted: pl.DataFrame,
    columns: Mapping[str, pl.DataType],
    fetch: Callable[[layout.Index, int, pl.DataFrame], pl.DataFrame],
) -> pl.DataFrame:
    has_text = pl.col("has_text") if "has_text" in wanted.columns else pl.lit(value=False)
    wanted = wanted.with_columns(bucket=pl.lit(0, pl.UInt32), has_text=has_text)
    parts = lookup.part_of(index.keys, wanted["key"])
    found = [
        lookup.as_pairs(lookup.probe(index, part, wanted.filter(pl.Series(parts == part))))
        for part in np.unique(parts).tolist()
    ]
    pairs = lookup.gathered(pl.concat([pl.DataFrame(schema=lookup.PAIRS), *found]))
    pairs = lookup.worth_comparing(pairs)
    of_papers = lookup.part_of(index.papers, pairs["row"])
    rows = [
        fetch(index, part, pairs.filter(pl.Series(of_papers == part)))
        for part in np.unique(of_papers).tolist()
    ]
    return pl.concat([pl.DataFrame(schema={**lookup.PAIRS, **columns}), *rows]).sort("paper", "row")
