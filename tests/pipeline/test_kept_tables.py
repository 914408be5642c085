"""Tables that a build keeps take up what came and went as if they were made anew."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from byline.pipeline.incremental.inputs import with_counts
from byline.pipeline.incremental.kept import FRAMES
from byline.pipeline.incremental.papers import inserted
from byline.pipeline.stages.evidence import NAMES, summed

counts = st.dictionaries(st.integers(0, 9), st.integers(-3, 3).filter(bool))
rows = st.sets(st.tuples(st.integers(0, 5), st.integers(0, 2), st.integers(0, 3)))


@given(counts, counts)
def test_counts_are_added_as_if_all_were_counted(before, moved):
    frames = [
        summed([pl.DataFrame({"key": [*some], "count": [*some.values()]}, schema=NAMES)])
        for some in (before, moved)
    ]
    assert with_counts(*frames).equals(summed(frames))


@given(rows, rows)
def test_keys_are_inserted_each_once(before, more):
    schema = pl.Schema(FRAMES["keys"])
    first, second = (pl.DataFrame(sorted(some), schema=schema, orient="row") for some in (before, more))
    found = inserted(first, second)
    assert found["key"].is_sorted()
    assert sorted(found.iter_rows()) == sorted(before | more)
