"""Lists of names in the styles of pages: what stands behind a family name there."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from byline.forms.list_lines import _are_lists, are_lists, plain_prose
from byline.forms.name_lists import read_lists
from byline.forms.name_patterns import patterns


@pytest.mark.parametrize(
    ("order", "text", "names"),
    [
        ("initials_last", "Quill MD, Oakes MA, Vell BA", ["Quill MD", "Oakes MA", "Vell BA"]),
        ("initials_last", "Quill MD.", ["Quill MD"]),
        ("initials_first", "MD Quill, MA Oakes", ["MD Quill", "MA Oakes"]),
        ("initials_first", "MD Quill3, MA Oakes", ["MD Quill3", "MA Oakes"]),
        ("listed", "Ines Quill MD, Mira Oakes PhD", ["Ines Quill", "Mira Oakes"]),
        (
            "listed",
            "OWL Collaboration: Ines Quill, Mira Oakes",
            ["OWL Collaboration", "Ines Quill", "Mira Oakes"],
        ),
    ],
)
def test_initials_are_no_degrees_where_the_page_gives_initials(order, text, names):
    read = read_lists(pl.Series([text]), np.zeros(1, np.int64), order)
    assert read["authors"].to_list() == [names]


@pytest.mark.parametrize(
    ("line", "listed"),
    [
        ("Ines Quill, Mirja an Hoek, Tomas Vell", True),
        ("Joost in 't landhof, Mira Oakes", True),
        ("Ina in der Mauer, Mira Oakes", True),
        ("Ata ur Vellman, Najm ul Oakes", True),
        ("OWL-200 Collaboration, :, M. Oakes", True),
        ("W. ~Oakes, David Vellman", True),
        ("Ina d'Oakes, Tomas Vell", True),
        ("M. Oakes, the OWL Collaboration", True),
        ("Building an owl, Finding a Nest", False),
        ("Owls in Barns, Moss on Stones", False),
    ],
)
def test_small_words_within_names_are_no_prose(line: str, listed: bool):
    assert are_lists(pl.Series([line]))[0].to_list() == [listed]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("JR Vell, PGDS van Oakes", [("J R", "Vell"), ("P G D S", "van Oakes")]),
        ("J-R Vell", [("J-R", "Vell")]),
        ("M Oakes, OWL Collaboration", None),
        ("M Oakes, Ines Quill", None),
    ],
)
def test_initials_before_a_family_name_are_its_given_names(text: str, parts: list[tuple[str, str]] | None):
    (read,) = read_lists(pl.Series([text]), np.zeros(1, np.int64), "initials_first")["name_parts"].to_list()
    assert (read and [(part["given"], part["family"]) for part in read]) == parts


PLAIN = ["Mira Oakes, Tomas Vell, Ines Quill"] * 60


@pytest.mark.parametrize(
    ("text", "order", "others", "names"),
    [
        ("Mira Oakes1, Tomas Vell", "listed", [], ["Mira Oakes", "Tomas Vell"]),
        ("Tomas Vell MD", "listed", [], ["Tomas Vell"]),
        ("Mira Oakes, and and Tomas Vell", "listed", [], ["Mira Oakes", "Tomas Vell"]),
        ("M Oakes, ;, T Vell", "initials_first", [], ["M Oakes", "T Vell"]),
        (
            "Mira Oakes, Tomas Vell, and Ines Quill",
            "listed",
            PLAIN,
            ["Mira Oakes", "Tomas Vell", "Ines Quill"],
        ),
        ("Oakes, Mira Ada, Vell, Tomas", "listed", PLAIN, ["Oakes, Mira Ada", "Vell, Tomas"]),
    ],
)
def test_what_may_be_read_otherwise_is_doubted(text: str, order: str, others: list[str], names: list[str]):
    read = read_lists(pl.Series([text, *others]), np.zeros(1 + len(others), np.int64), order)
    assert (read["authors"][0].to_list(), read["odd"].to_list()) == (names, [True, *(False for _ in others)])


@pytest.mark.parametrize(
    ("text", "order", "names"),
    [
        ("Mira Oakes1, Tomas Vell2", "listed", ["Mira Oakes", "Tomas Vell"]),
        ("Mira Oakes, Tomas Vell, and Ines Quill", "listed", ["Mira Oakes", "Tomas Vell", "Ines Quill"]),
        ("Oakes, Mira Ada, Vell, Tomas", "listed", ["Oakes, Mira Ada", "Vell, Tomas"]),
        ("The Owl-Gen2 Collaboration", "listed", ["The Owl-Gen2 Collaboration"]),
        ("Mira Oakes, for the B0 Collaboration", "listed", ["Mira Oakes", "for the B0 Collaboration"]),
        ("By Oakes, T Vell", "initials_first", ["By Oakes", "T Vell"]),
        ("Mira Oakes PhD, Tomas Vell", "listed", ["Mira Oakes", "Tomas Vell"]),
    ],
)
def test_what_one_list_says_by_itself_is_sure(text: str, order: str, names: list[str]):
    read = read_lists(pl.Series([text]), np.zeros(1, np.int64), order)
    assert (read["authors"][0].to_list(), read["odd"][0]) == (names, False)


PIECES = [
    *[
        "Ada",
        "Pym",
        "PYM",
        "A.",
        "AB",
        "O'Neill",
        "d'Arc",
        "van",
        "an",
        "in",
        "de",
        "of",
        "the",
        "we",
        "By",
        "by",
        "et",
        "al.",
        "...",
        "~",
        ":",
        "?",
        "1",
        "*",
        "-",
        "&",
        "|",
        "·",
        ";",
        ",",
    ],
    *(
        "in 't",
        "and 3 others",
        "+3 authors",
        " and ",
        " ",
        ", ",
        "; ",
        "Authors:",
        "naïve",
        "Ωmega",
        "李",
        "owls",
    ),
    *("(MIT)", "(of Owls)", "( the )", "(12 of the authors)", "on behalf of the OWL Collaboration"),
    "for the OWL we are Collaboration",
]


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=12), st.sampled_from(["", " "]))
@example(["Ada", "Pym", "for the OWL we are Collaboration"], " ")
@example(["Ada", "of", "(MIT)", "(MIT)", "Pym"], "")
def test_what_is_told_before_a_pattern_is_asked_is_what_the_pattern_says(pieces: list[str], between: str):
    p, line = patterns(), pl.Series([between.join(pieces)])
    if plain_prose(line).item():
        assert not _are_lists(line).found.item()
        bare = line.str.replace(p.label, "").str.replace_all(r"\([^()]*\)", "")
        assert bare.str.contains(p.prose).item()
    for whole, first in [(p.initials_pairs, p.initials_first), (p.caps_pairs, p.caps_first)]:
        assert line.str.contains(first).item() or not line.str.contains(whole).item()


def test_every_word_that_tells_prose_is_one_of_its_pattern():
    words = pl.Series([word.strip() for word in patterns().prose_words])
    assert words.str.contains(patterns().prose).all()
