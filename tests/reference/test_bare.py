"""Texts bare of marks: the table for ASCII says what Unicode's classes say, whatever stands beside a text."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from byline.normalize.bare import OTHER_MARKS, bare


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Sparse gates, again!", "sparsegatesagain"),
        ("", ""),
        (" -- ", ""),
        ("3D X-ray_2", "3dxray2"),
        ("Œuvre de l’été Nº 2", "œuvredeléténº2"),
        ("ΣΙΓΜΑΣ", "σιγμας"),
        ("東京 2", "東京2"),
        (None, None),
    ],
)
def test_letters_and_digits_stay_in_lower_case(text: str | None, letters: str | None):
    assert bare(pl.Series([text], dtype=pl.String)).to_list() == [letters]


@given(st.lists(st.none() | st.text(max_size=20)))
def test_a_text_is_read_the_same_whatever_stands_beside_it(texts: list[str | None]):
    column = pl.Series("texts", texts, dtype=pl.String)
    one_by_one = column.str.to_lowercase().str.replace_all(OTHER_MARKS, "")
    assert bare(column).equals(one_by_one)
