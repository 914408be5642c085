"""White space, normal forms and the fold behind paper ids."""

import sys
import unicodedata

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from byline.normalize.text import fold, nfc, squash


def test_squash_folds_every_kind_of_white_space():
    frame = pl.DataFrame({"s": [" a\u00a0 b\t\nc\u2003", "", None]})
    assert frame.select(squash(pl.col("s")))["s"].to_list() == ["a b c", "", None]


def test_fold_keeps_letters_and_digits_only_whatever_the_case_and_form():
    listed = [
        "The  $\\alpha$-Étude, No. 2",
        "the étude no 2",
        "THE E\u0301TUDE: NO 2",
        "The ﬁrst Straße",
        None,
    ]
    assert fold(pl.Series(listed)).to_list() == ["theétudeno2"] * 3 + ["thefirststrasse", None]


def test_fold_drops_latex_commands_but_not_their_text():
    assert fold(pl.Series([r"\emph{Deep} {\bf Nets}"])).to_list() == ["deepnets"]


@given(st.text(max_size=30))
@settings(deadline=None)
def test_fold_of_a_fold_is_itself_and_has_no_case(text):
    once = fold(pl.Series([text], dtype=pl.String))
    assert fold(once).to_list() == once.to_list()


@given(st.text(max_size=30))
@settings(deadline=None)
def test_nfc_agrees_with_unicodedata(text):
    assert nfc(pl.Series([text], dtype=pl.String)).item() == unicodedata.normalize("NFC", text)


def test_no_character_that_nfc_changes_slips_through():
    every = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
    changed = [char for char in every if unicodedata.normalize("NFC", char) != char]
    assert nfc(pl.Series(changed)).to_list() == [unicodedata.normalize("NFC", char) for char in changed]
