"""White space and normal forms."""

import sys
import unicodedata

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from byline.normalize.text import nfc, squash


def test_squash_folds_every_kind_of_white_space():
    frame = pl.DataFrame({"s": [" a\u00a0 b\t\nc\u2003", "", None]})
    assert frame.select(squash(pl.col("s")))["s"].to_list() == ["a b c", "", None]


@given(st.text(max_size=30))
@settings(deadline=None)
def test_nfc_agrees_with_unicodedata(text):
    assert nfc(pl.Series([text], dtype=pl.String)).item() == unicodedata.normalize("NFC", text)


def test_no_character_that_nfc_changes_slips_through():
    every = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
    changed = [char for char in every if unicodedata.normalize("NFC", char) != char]
    assert nfc(pl.Series(changed)).to_list() == [unicodedata.normalize("NFC", char) for char in changed]
