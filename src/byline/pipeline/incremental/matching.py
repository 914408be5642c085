"""The few papers that a change touches are matched with arXiv's metadata, as they were and as they are.

What a paper is filled with follows from the merged paper, a person's word on its match, and the index, which is that
of the build before. Sums over all papers are those that were kept, less what went, and what came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from byline.pipeline.incremental.inputs import with_counts
from byline.pipeline.incremental.kept import Kept
from byline.pipeline.incremental.revised import Revised
from byline.pipeline.stages.matched import Matched

if TYPE_CHECKING:
    from byline.pipeline.state import Build


AT_ONCE = 20_000
"""Papers that are looked up at a time: what is held of the index grows with them."""


def filled(
    build: Build, revised: Revised, gone: pl.DataFrame, fresh: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, Matched | None]:
    """Return merged papers that went and came with what their entries add, and what that changes of the matches.

    Both are looked up together, since a look-up reads parts of the index. Without an index they stay as they are.
    """
    if build.index is None:
        return gone, fresh, None
    both = pl.concat([gone, fresh])
    starts = range(0, both.height, AT_ONCE) or [0]
    sides = zip(
        *(_filled(build, revised, both.slice(start, AT_ONCE), gone.height - start) for start in starts),
        strict=True,
    )
    (went, less), (came, more) = (zip(*parts, strict=True) for parts in sides)
    return pl.concat(went), pl.concat(came), Matched.total([*(one.negative() for one in less), *more])


def _filled(
    build: Build, revised: Revised, papers: pl.DataFrame, cut: int
) -> list[tuple[pl.DataFrame, Matched]]:
    """Return the papers before `cut` and the others, filled, each with what came of the matches."""
    from byline.pipeline.stages import fill, match, rescue  # noqa: PLC0415 - builds without an index need none of it
    from byline.reference.queries import names_of  # noqa: PLC0415 - as above

    assert build.index is not None
    named = papers.with_columns(names_of(papers["authors"], papers["name_parts"]))
    first = max(0, min(cut, named.height))
    sides = (named.head(first), revised.before), (named.slice(first), revised.now)
    asked = [match.asked_with_texts(named, revised.now)]
    if revised.files:
        asked = [match.asked_with_texts(some, decisions) for some, decisions in sides]
        asked[1] = asked[1].with_columns((pl.col("paper") + first).cast(pl.UInt32))
    entries = rescue.entries_for(build.index, pl.concat(asked))
    went, came = pl.col("paper") < first, pl.col("paper") >= first
    of_second = entries.filter(came).with_columns((pl.col("paper") - first).cast(pl.UInt32))
    found = entries.filter(went), of_second
    return [
        fill.fill_papers(some, mine, decisions) for (some, decisions), mine in zip(sides, found, strict=True)
    ]


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
