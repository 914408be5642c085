"""Decisions that a build could not obey, since what they speak of is not there, and names that are still shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from byline.decisions import curated, people
from byline.names.withheld import still_there
from byline.pipeline.stages.withholding import names_withheld
from byline.pipeline.state import Build

SHOWN = 5
"""Decisions or authors that a warning names."""


def notes(build: Build) -> list[str]:
    """Return warnings: decisions on papers and authors that are not there, and where a withheld name still stands.

    A withheld name itself stands in none of them: warnings are kept and sent on.
    """
    folder = build.curated
    if folder is None:
        return []
    return [*_unmet(build, folder), *_still_named(build, folder)]


def _unmet(build: Build, folder: Path) -> Iterator[str]:
    """Yield a warning where decisions speak of papers, or places in their lists, that this build does not have."""
    papers = {*build.decided.papers}
    mentions = {mention[:2] for mention in build.decided.mentions}
    asked = [(paper, at, places) for paper, at, places in people.decided_mentions(folder).iter_rows()]
    gone = {paper: places for paper, _, places in asked if paper not in papers}
    gone |= {
        paper: places for paper, places in curated.matched_papers(folder).iter_rows() if paper not in papers
    }
    beyond = [
        (paper, at, places) for paper, at, places in asked if paper in papers and (paper, at) not in mentions
    ]
    if gone:
        named = ", ".join(f"{places[0]}: {paper}" for paper, places in list(gone.items())[:SHOWN])
        yield (
            f"{folder}: decisions on {len(gone)} paper(s) that are not there were not obeyed ({named}"
            f"{', …' if len(gone) > SHOWN else ''}); `byline resolve ID` says where an old id leads today"
        )
    if beyond:
        named = ", ".join(f"{places[0]}: {paper} has no author {at}" for paper, at, places in beyond[:SHOWN])
        yield f"{folder}: decisions on {len(beyond)} author(s) that are not there were not obeyed ({named})"


def _still_named(build: Build, folder: Path) -> Iterator[str]:
    if build.namesakes:
        ids, count = ", ".join(sorted(build.namesakes)[:SHOWN]), len(build.namesakes)
        yield (
            f"{folder}/{people.NAMES}: {count} other author(s) are listed under a withheld name ({ids}); "
            "where one is the same person, add a mention of it to the line"
        )
    paths = [item.path for item in build.inputs()]
    bad = still_there(pl.Series(paths, dtype=pl.String), names_withheld(folder)).sum()
    if bad:
        yield f"{folder}/{people.NAMES}: {bad} raw file(s) bear a withheld name, which `records` shows: rename them"
