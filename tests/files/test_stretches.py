"""Rows of frames come back as they were from the bytes of their columns, whichever of them are asked for."""

from __future__ import annotations

from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from byline.files.stretches import Columns, Stretches

SCHEMA = {
    "name": pl.String(), "id": pl.Binary(), "terms": pl.List(pl.UInt32()), "keys": pl.List(pl.UInt64()),
    "day": pl.Date(), "is_last": pl.Boolean(), "rarity": pl.Float32(), "page": pl.UInt16(),
}  # fmt: skip
VALUES = {
    "name": st.text(max_size=4) | st.just("long " * 60),
    "id": st.binary(max_size=3),
    "terms": st.lists(st.integers(0, 9), max_size=3),
    "keys": st.lists(st.integers(0, 2**64 - 1), max_size=2),
    "day": st.dates(date(1990, 1, 1), date(2030, 1, 1)),
    "is_last": st.booleans(),
    "rarity": st.floats(0, 20, width=32),
    "page": st.integers(0, 500),
}


def rows(most: int) -> st.SearchStrategy[pl.DataFrame]:
    """Frames of which some columns may be null."""
    return st.sets(st.sampled_from(sorted(SCHEMA))).flatmap(
        lambda full: st.lists(
            st.fixed_dictionaries(
                {name: one if name in full else st.none() | one for name, one in VALUES.items()}
            ),
            max_size=most,
        ).map(lambda said: pl.DataFrame(said, schema=SCHEMA))
    )


def joined(*stretches: tuple[pl.DataFrame, list[tuple[int, int]]]) -> pl.DataFrame:
    found = Stretches(SCHEMA)
    for frame, runs in stretches:
        found.add(*Columns(frame).cut(0, frame.height), frame.height, runs)
    assert found.height == sum(stop - start for _, runs in stretches for start, stop in runs)
    return found.frame()


@given(rows(6), rows(6))
def test_stretches_are_put_together(one, other):
    found = joined((one, [(0, one.height)]), (other, [(0, other.height)]))
    assert_frame_equal(found, pl.concat([one, other]))


@given(rows(8), st.data())
def test_some_rows_are_put_together(frame, data):
    edges = sorted(data.draw(st.sets(st.integers(0, frame.height), max_size=4)))
    runs = [*zip(edges[::2], edges[1::2], strict=False)]
    expected = pl.concat([frame.head(0), *(frame[start:stop] for start, stop in runs)])
    assert_frame_equal(joined((frame, runs)), expected)


@given(rows(8), st.data())
def test_a_stretch_is_cut_out_of_more_rows(frame, data):
    start, stop = sorted(data.draw(st.tuples(st.integers(0, frame.height), st.integers(0, frame.height))))
    found = Stretches(SCHEMA)
    found.add(*Columns(frame).cut(start, stop), stop - start, [(0, stop - start)])
    assert_frame_equal(found.frame(), frame[start:stop])


def test_a_column_takes_no_counts_where_each_row_has_one_value():
    _, sizes = Columns(pl.DataFrame({"page": [3, 4], "year": [1999, None], "name": ["Ada", "Bo"]})).cut(0, 2)
    assert sizes == [0, 16, 2, 8, 2, 5]


def test_nothing_is_a_frame_without_rows():
    assert_frame_equal(Stretches(SCHEMA).frame(), pl.DataFrame(schema=SCHEMA))
