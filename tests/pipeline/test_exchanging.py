"""A few rows of sorted ones go and come: what is left is what comparing and sorting all of them gives."""

from __future__ import annotations

from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from byline.pipeline.incremental.exchanging import exchanged

DAYS = st.sampled_from([None, date(2020, 1, 1), date(2020, 1, 2), date(2021, 6, 3)])
KEYS = st.tuples(DAYS, st.text("0123456789abcdef", min_size=2, max_size=2))
SORT = ("published", "paper_id")


def frame(keys: set[tuple[date | None, str]], value: int) -> pl.DataFrame:
    schema = {"published": pl.Date, "paper_id": pl.String}
    rows = pl.DataFrame(list(keys), schema=schema, orient="row").sort(SORT, nulls_last=True)
    return rows.with_columns(value=pl.lit(value))


@given(st.sets(KEYS, max_size=12), st.sets(KEYS, max_size=4), st.data())
def test_rows_are_exchanged_as_sorting_all_of_them_would(there, come, data):
    leave = data.draw(st.sets(st.sampled_from(sorted(there, key=str)))) if there else set()
    rows, fresh = frame(there, 0), frame(come - (there - leave), 1)
    expected = pl.concat([frame(there - leave, 0), fresh]).sort(SORT, nulls_last=True)
    assert exchanged(rows, frame(leave, 2), fresh, SORT).equals(expected)


def test_a_row_that_is_to_go_and_is_not_there_takes_no_other_with_it():
    rows, strange = frame({(None, "a0")}, 0), frame({(None, "b0")}, 0)
    assert exchanged(rows, strange, rows.clear(), SORT).equals(rows)
