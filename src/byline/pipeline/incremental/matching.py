"""The few papers that a change touches are matched with arXiv's metadata, as they were and as they are.

What a paper is filled with follows from the merged paper, the index and a person's word on its match, all of which but
the paper are those of the build before. Sums over all papers are those that were kept, less what went, and what came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from byline.pipeline.incremental.inputs import with_counts
from byline.pipeline.incremental.kept import Kept
from byline.pipeline.stages import fill, match, rescue
from byline.pipeline.stages.fill import Matched
from byline.reference.queries import names_of

if TYPE_CHECKING:
    from byline.pipeline.state import Build


def filled(
    build: Build, gone: pl.DataFrame, fresh: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, Matched | None]:
    """Return merged papers that went and came with what their entries add, and what that changes of the matches.

    Both are looked up in one go, since a look-up reads parts of the index. Without an index they stay as they are.
    """
    if build.index is None:
        return gone, fresh, None
    both = pl.concat([gone, fresh])
    both = both.with_columns(names_of(both["authors"], both["name_parts"]))
    entries = rescue.entries_for(build.index, match.asked_with_texts(both, build.curated))
    first = pl.lit(gone.height, pl.UInt32)
    of_gone = entries.filter(pl.col("paper") < first)
    of_fresh = entries.filter(pl.col("paper") >= first).with_columns(pl.col("paper") - first)
    gone, less = _filled(build, both.head(gone.height), of_gone)
    fresh, more = _filled(build, both.slice(gone.height), of_fresh)
    return gone, fresh, Matched.total([less.negative(), more])


def _filled(build: Build, papers: pl.DataFrame, entries: pl.DataFrame) -> tuple[pl.DataFrame, Matched]:
    if papers.is_empty():
        return papers.drop("names"), Matched.total([])
    return fill.fill_papers(papers, entries, build.curated)


def counts(matched: Matched | None) -> dict[str, int]:
    """Return the sums over all papers by name, as the head of a state keeps them."""
    if matched is None:
        return {}
    return {"filled": matched.filled, "doubtful": matched.doubtful, **matched.disagreements}


def changed(kept: Kept, moved: Matched | None) -> Matched | None:
    """Return what came of all matches, given what was kept and what changed; null without an index."""
    if moved is None:
        return None
    said = dict(kept.head.matches)
    before = Matched(said.pop("filled"), said.pop("doubtful"), said, moved.ids.clear())
    total = Matched.total([before, moved])
    return Matched(
        total.filled, total.doubtful, total.disagreements, with_counts(kept.frame("arxiv_ids"), moved.ids)
    )
