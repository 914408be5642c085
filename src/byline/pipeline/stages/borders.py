"""Doubtful bylines that arXiv's metadata makes plain: the title of an entry, and behind it the entry's authors.

A border is taken where what stands before it has the letters of an entry's title, and the names behind it are the
entry's, in order, all of them or as far as the page listed them. Of two borders that fit neither is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from byline import boundary
from byline.pipeline.stages.evidence import as_amendments
from byline.pipeline.stages.rescue import bylines_for
from byline.reference import authors, keys, layout
from byline.reference.agreement import name_verdicts
from byline.reference.features import settings
from byline.reference.queries import names_of

BYLINES = {"digest": pl.String(), "row": pl.UInt32(), "byline": pl.String()}
GROUP = 2_000
"""Bylines of a task."""
LONGEST = 400
"""Characters among which a title ends; the longest of arXiv's have 300."""
LEAST = 12
"""Letters that a title must have: of shorter ones too many are the beginning of another."""

OPENING = ["'", "’", "‘", "`", "(", "[", '"', "“"]
"""What may belong to the name behind it (`’t Hooft`)."""


@dataclass(frozen=True)
class BorderTask:
    """Doubtful bylines (of the columns `BYLINES`), and the index that may know them."""

    bylines: pl.DataFrame
    index: Path


def border_tasks(doubtful: pl.DataFrame, amended: pl.DataFrame, index: Path) -> list[BorderTask]:
    """Return the tasks for the doubtful bylines that their second look did not make sure."""
    sure = amended.filter(pl.col("boundary_confidence") >= settings()["border"]["doubtful"])
    rest = doubtful.join(sure, on=["digest", "row"], how="anti").sort("digest", "row").select(BYLINES.keys())
    return [BorderTask(rest.slice(start, GROUP), index) for start in range(0, rest.height, GROUP)]


def settle_borders(task: BorderTask) -> pl.DataFrame:
    """Return amended readings of the bylines that an entry makes plain."""
    found = known_borders(task.bylines["byline"], layout.open_index(task.index))
    return as_amendments(task.bylines["digest", "row"][found["line"]], found.drop("line", "arxiv_id"))


def known_borders(bylines: pl.Series, index: layout.Index) -> pl.DataFrame:
    """Return the readings that entries make plain: line (of the byline), arxiv_id, and what `boundary.segment` says."""
    places = _titles(boundary.shown(bylines))
    entries = bylines_for(index, keys.title_keys(places["letters"]))
    same = keys.title_letters(entries["title"]) == places["letters"].gather(entries["paper"])
    edge = places["edge"].gather(entries["paper"])
    whole = ~edge.is_in(OPENING) | (entries["title"].str.slice(-1) == edge)
    entries = entries.filter(same & whole)
    at = places.select("line", "at")[entries["paper"]]
    readings = boundary.read_at(bylines.gather(at["line"]), at["at"], settings()["border"]["confidence"])
    theirs = authors.names_of(entries["authors"]).alias("theirs")
    found = pl.concat([at, readings, entries.select("arxiv_id", theirs)], how="horizontal")
    return _plain(found.filter(_names_agree(found)))


def _titles(shown: pl.Series) -> pl.DataFrame:
    """Return where titles may end: line, at (characters before the first name), letters and last character before."""
    rows = [(line, at, text[:at]) for line, text in enumerate(shown) for at in _places(text)]
    frame = pl.DataFrame(rows, schema={"line": pl.UInt32, "at": pl.Int64, "title": pl.String}, orient="row")
    letters = keys.title_letters(frame["title"])
    frame = frame.select("line", "at", letters.alias("letters"), edge=pl.col("title").str.slice(-1))
    return frame.filter(pl.col("letters").str.len_chars() >= LEAST)


def _places(text: str) -> Iterator[int]:
    """Yield where a first name may begin: at every letter. Only one of them stands behind just so many letters."""
    return (at for at in range(LEAST, min(len(text), LONGEST)) if text[at].isalpha())


def _names_agree(found: pl.DataFrame) -> pl.Series:
    """Tell the readings (authors, authors_truncated, theirs) whose names are the entry's, in order, none left over."""
    named = names_of(found["authors"], pl.repeat(None, found.height, dtype=found["theirs"].dtype, eager=True))
    verdicts = name_verdicts(named, found["theirs"])
    listed, theirs = found["authors"].list.len(), found["theirs"].list.len()
    whole = (listed == theirs) | (found["authors_truncated"] & (listed < theirs))
    return whole & (verdicts["fits"] == listed) & (verdicts["same"] > 0)


def _plain(found: pl.DataFrame) -> pl.DataFrame:
    """Return one reading a line, of those lines whose readings agree on the border."""
    alone = found.filter(pl.col("at").n_unique().over("line") == 1).sort("line", "arxiv_id")
    return alone.unique("line", keep="first", maintain_order=True).drop("at", "theirs", "reason", "detail")
