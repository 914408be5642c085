"""What `segment` promises beside reading well: shape, abstention, independence of batches, bounds."""

from hashlib import blake2b
from importlib.resources import files

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byline.boundary import doubtful, model_digest, segment
from byline.boundary.reading import SCHEMA

LINES = [
    "Counting lattice pointsHarold Bell, Ines Moreau et al. · openai",
    "Parsing notes with BERTJorun Halvorsen",
    "polymer membranesxiaoming yang, li wei",
    "J",
    "Ω·x, y",
    "Only a title and nobody who wrote it",
    "Zähler für den AusbauØyvind Ås, J",
]


def test_rows_stay_aligned_and_typed():
    frame = segment(pl.Series([None, *LINES, ""]))
    assert frame.height == len(LINES) + 2
    assert dict(frame.schema) == SCHEMA
    assert segment(pl.Series([], dtype=pl.String)).schema == frame.schema


def test_blank_bylines_are_missing_not_guessed():
    frame = segment(pl.Series([None, "", "  "], dtype=pl.String))
    assert frame["reason"].to_list() == ["missing_byline"] * 3
    assert "found nothing" in frame["detail"][0]
    assert frame["title"].null_count() == frame["boundary_confidence"].null_count() == 3


def test_a_line_without_names_is_not_read():
    lines = ["et al.", "Results of the second experiment", "2023", " · openai", "a", "—", "Load more"]
    frame = segment(pl.Series(lines))
    assert frame["reason"].to_list() == ["no_boundary"] * len(lines)
    assert frame["authors"].list.len().sum() == 0
    assert frame["detail"][1].endswith("found Results of the second experiment")


def test_a_byline_reads_the_same_in_any_batch():
    together = segment(pl.Series(LINES * 3))
    for i, line in enumerate(LINES * 3):
        assert segment(pl.Series([line])).equals(together[i])
    assert segment(pl.Series(LINES[::-1])).reverse().equals(together.head(len(LINES)))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60), min_size=1, max_size=6)
)
def test_any_text_is_read_or_refused_without_losing_a_character(lines):
    frame = segment(pl.Series(lines))
    assert segment(pl.Series(lines[-1:])).equals(frame.tail(1))
    for line, row in zip(lines, frame.iter_rows(named=True), strict=True):
        if row["reason"] is None:
            assert line.startswith(row["title"])
            rest = line[len(row["title"]) :]
            assert all(name for name in row["authors"] + row["labels"])
            pieces = [piece for name in row["authors"] for piece in name.split(", ")]
            assert all(piece in rest for piece in pieces + row["labels"])


@pytest.mark.timeout(300)  # seconds; a cost that grows with the square takes hours
def test_a_huge_line_takes_bounded_time():
    lines = [
        "Aa" * 300_000,
        "Growth of crystals" + ", ".join(["Ines Moreau"] * 80_000),
        "," * 10**6,
        ", " * 500_000,
    ]
    frame = segment(pl.Series(lines))
    assert frame["authors"][1].len() == 80_000


def test_doubtful_rows_are_the_unsure_and_the_unread_but_not_the_blank():
    frame = segment(pl.Series(LINES)).with_columns(
        boundary_confidence=pl.Series([1, 0.5, 0.995, None, 1, None, 0.2], dtype=pl.Float32)
    )
    frame = frame.with_columns(
        reason=pl.Series([None, None, None, "no_boundary", None, "missing_byline", None])
    )
    assert doubtful(frame).to_list() == [False, True, False, True, False, False, True]


def test_confidence_is_a_probability():
    confidence = segment(pl.Series(LINES))["boundary_confidence"].drop_nulls().to_numpy()
    assert np.all((confidence > 0) & (confidence <= 1))


def test_the_digest_names_the_model_file():
    shipped = files("byline.resources").joinpath("boundary.npz").read_bytes()
    assert model_digest() == blake2b(shipped, digest_size=16).hexdigest()
