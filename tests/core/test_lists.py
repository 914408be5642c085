"""Lists put in the place of others."""

import polars as pl
import pytest

from byline.core.lists import put

BEFORE = [["a"], ["b"], [], ["d", "e"], None]


@pytest.mark.parametrize(
    ("rows", "new", "expected"),
    [
        ([], [], BEFORE),
        ([1], [["x"]], [["a"], ["x"], [], ["d", "e"], None]),
        ([4, 0, 2], [["x"], ["y", "z"], []], [["y", "z"], ["b"], [], ["d", "e"], ["x"]]),
    ],
)
def test_each_list_goes_into_its_row_and_the_others_stay(rows, new, expected):
    texts = pl.List(pl.String)
    before = pl.Series("names", BEFORE, dtype=texts)
    found = put(before, pl.Series(rows, dtype=pl.UInt32), pl.Series(new, dtype=texts))
    assert (found.name, found.to_list()) == ("names", expected)
    assert before.to_list() == BEFORE
