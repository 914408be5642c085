"""Lists of names in the styles of pages: what stands behind a family name there."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from byline.forms.name_lists import read_lists


@pytest.mark.parametrize(
    ("order", "text", "names"),
    [
        ("initials_last", "Quill MD, Oakes MA, Vell BA", ["Quill MD", "Oakes MA", "Vell BA"]),
        ("initials_last", "Quill MD.", ["Quill MD"]),
        ("initials_first", "MD Quill, MA Oakes", ["MD Quill", "MA Oakes"]),
        ("listed", "Ines Quill MD, Mira Oakes PhD", ["Ines Quill", "Mira Oakes"]),
    ],
)
def test_initials_are_no_degrees_where_the_page_gives_initials(order, text, names):
    read = read_lists(pl.Series([text]), np.zeros(1, np.int64), order)
    assert read["authors"].to_list() == [names]
