"""Tables that a build keeps take up what came and went as if they were made anew."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from byline.pipeline.incremental import matching
from byline.pipeline.incremental.inputs import with_counts
from byline.pipeline.incremental.kept import FRAMES
from byline.pipeline.incremental.papers import inserted
from byline.pipeline.stages.evidence import NAMES, summed
from byline.pipeline.stages.matched import Matched

counts = st.dictionaries(st.integers(0, 9), st.integers(-3, 3).filter(bool))
paper = st.tuples(st.booleans(), st.sampled_from(["doi", "authors", ""]), st.integers(0, 3))
"""Whether it was filled (else its match is doubtful), what is said otherwise, and its arXiv id."""
papers = st.lists(paper, max_size=6)
rows = st.sets(st.tuples(st.integers(0, 5), st.integers(0, 2), st.integers(0, 3)))


@given(counts, counts)
def test_counts_are_added_as_if_all_were_counted(before, moved):
    frames = [
        summed([pl.DataFrame({"key": [*some], "count": [*some.values()]}, schema=NAMES)])
        for some in (before, moved)
    ]
    assert with_counts(*frames).equals(summed(frames))


def matched(some: list[tuple[bool, str, int]]) -> Matched:
    one = [
        Matched(
            filled=int(fills),
            doubtful=int(not fills),
            disagreements={said: 1} if said else {},
            ids=pl.DataFrame({"key": [key], "count": [1]}, schema=NAMES),
        )
        for fills, said, key in some
    ]
    return Matched.total(one)


@given(papers, papers, papers)
def test_matches_are_summed_as_if_all_papers_were_matched(stay, go, come):
    before, now = matched([*stay, *go]), matched([*stay, *come])
    moved = Matched.total([matched(go).negative(), matched(come)])
    kept: Any = SimpleNamespace(
        head=SimpleNamespace(matches=matching.counts(before)), frame=lambda _: before.ids
    )
    found = matching.changed(kept, moved)
    assert found is not None
    assert matching.counts(found) == matching.counts(now)
    assert found.ids.equals(now.ids)


@given(rows, rows)
def test_keys_are_inserted_each_once(before, more):
    schema = pl.Schema(FRAMES["keys"])
    first, second = (pl.DataFrame(sorted(some), schema=schema, orient="row") for some in (before, more))
    found = inserted(first, second)
    assert found["key"].is_sorted()
    assert sorted(found.iter_rows()) == sorted(before | more)
