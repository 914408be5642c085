"""Readings put in place of others. All people are made up."""

from __future__ import annotations

import polars as pl
import pytest

from byline.core.overlay import overlaid

ROWS = pl.DataFrame(
    {
        "byline": ["a", "b", "a"],
        "title": ["Owls", None, "Owls"],
        "authors": [["Ada Pym"], [], ["Ada Pym"]],
        "reason": [None, "no_boundary", None],
        "detail": [None, "expected", None],
        "raw_text": [None, "bytes", None],
        "digest": ["0", "1", "2"],
    }
)


def read(*rows: tuple[str, str, list[str]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["byline", "title", "authors"], orient="row")


def test_a_reading_takes_the_place_and_why_a_record_could_not_be_read_goes():
    found = overlaid(ROWS, read(("b", "Hawks", ["Bo Li"])), "byline")
    assert found.schema == ROWS.schema
    assert found.row(1) == ("b", "Hawks", ["Bo Li"], None, None, None, "1")
    assert found[[0, 2]].equals(ROWS[[0, 2]])


def test_every_row_of_a_byline_takes_its_reading_in_the_order_that_was():
    found = overlaid(ROWS, read(("a", "Jays", ["Cy Fox"])), "byline")
    assert found["title"].to_list() == ["Jays", None, "Jays"]
    assert found["digest"].to_list() == ["0", "1", "2"]
    assert found["reason"].to_list() == [None, "no_boundary", None]


def test_two_readings_of_one_byline_are_refused():
    with pytest.raises(pl.exceptions.ComputeError):
        overlaid(ROWS, read(("a", "Jays", ["Cy Fox"]), ("a", "Owls", ["Bo Li"])), "byline")
