"""A withheld name leaves a text in whatever dress it stands there, and other names stay."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byline.names.withheld import Withheld, still_there, without

NAME = Withheld(("Adam Byronne", "A. G. Byrónne-Lee", "Cher"), "Ada Lovelane")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("We thank Adam Byronne.", "We thank Ada Lovelane."),
        ("by ADAM  BYRONNE and", "by Ada Lovelane and"),
        ("by Adam\nByronne and", "by Ada Lovelane and"),
        ("by Adam\u00a0Byronne's", "by Ada Lovelane's"),
        ("author = {Byronne, Adam and", "author = {Ada Lovelane and"),
        ("AU  - Byronne,Adam", "AU  - Ada Lovelane"),
        ("1. Byronne Adam", "1. Ada Lovelane"),
        ("On Sparse GatesAdam Byronne, Alan Turinger", "On Sparse GatesAda Lovelane, Alan Turinger"),
        ("A.G. Byronne-Lee", "Ada Lovelane"),
        ("A. G.~Byro\u0301nne‑Lee", "Ada Lovelane"),
        ("Byrónne-Lee, A. G. and", "Ada Lovelane and"),
        ("Adam Byronnes", "Ada Lovelanes"),
    ],
)
def test_a_name_leaves_a_text_in_any_dress(text, shown):
    assert without(pl.Series([text]), [NAME]).to_list() == [shown]


@pytest.mark.parametrize(
    "text", ["a madam byronnet", "Adam Byron", "A. Byronne", "Adam and Byronne", "Cher", None]
)
def test_other_texts_stay(text):
    assert without(pl.Series([text], dtype=pl.String), [NAME]).to_list() == [text]


@pytest.mark.parametrize("word", ["https://example.org/~adambyronne/", "adam_byronne", "Byronne/Adam"])
def test_a_word_that_spells_the_name_leaves_a_text(word):
    assert still_there(pl.Series([f"see {word} there"]), [NAME]).to_list() == [True]
    assert without(pl.Series([f"see {word} there"]), [NAME]).to_list() == ["see Ada Lovelane there"]


def test_what_spells_the_name_in_tex_over_several_words_is_found():
    texts = without(pl.Series([r"A.~G. Byr{\'o}nne-Lee", "Ada Lovelane", None]), [NAME])
    assert still_there(texts, [NAME]).to_list() == [True, False, False]


def test_what_a_pattern_means_elsewhere_is_meant_as_it_is_written():
    odd = Withheld(("Adam (A.) B$yron+",), r"Ada $1 \Lovelane")
    assert without(pl.Series(["x Adam (A.) B$yron+ y"]), [odd]).to_list() == [r"x Ada $1 \Lovelane y"]


def test_the_texts_that_were_given_stay_as_they_are():
    texts = pl.Series(["by Adam Byronne", "by nobody"])
    assert without(texts, [NAME])[0] == "by Ada Lovelane"
    assert texts[0] == "by Adam Byronne"


def test_nothing_withheld_changes_nothing():
    texts = pl.Series(["Adam Byronne"])
    assert without(texts, []).equals(texts)
    assert not still_there(texts, [Withheld((), "Ada")]).any()


FORMS = ["Adam Byronne", "A. G. Byrónne-Lee", "Zoë O'Byronne", "Adam van der Byronne"]
DRESSES: dict[str, Callable[[str], str]] = {
    "as listed": lambda name: name,
    "capitals": str.upper,
    "small": str.lower,
    "wide": lambda name: name.replace(" ", "\u00a0 "),
    "tied": lambda name: name.replace(" ", "~"),
    "plain": lambda name: "".join(
        c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c)
    ),
    "decomposed": lambda name: unicodedata.normalize("NFD", name),
    "typographic": lambda name: name.replace("-", "‐").replace("'", "’"),
}


@settings(max_examples=60)
@given(
    st.sampled_from(FORMS),
    st.sampled_from(sorted(DRESSES)),
    st.text("xyz .,;:(){}\n", max_size=8),
    st.text("xyz .,;:(){}\n", max_size=8),
)
def test_nothing_around_it_hides_a_name(form, dress, before, after):
    text = f"{before} {DRESSES[dress](form)} {after}"
    names = [Withheld((form,), "Ida Lovelane")]
    shown = without(pl.Series([text]), names)
    assert not still_there(shown, names).any()
    assert shown[0].startswith(f"{before} Ida Lovelane")
    assert shown[0].endswith(after)
