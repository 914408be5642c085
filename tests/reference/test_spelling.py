"""Titles that are typed otherwise and stay the same, and those that are other titles."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from byline.reference.keys import fold_decoded
from byline.reference.spelling import near_titles, without_notes

NEAR = [
    ("Sparse gates in deep layers", "Sparse gate in deep layer"),
    ("Learning the colour of neighbouring fibres", "Learning the color of neighboring fibers"),
    ("The two-body problem of quiet lakes", "2-body problem of quiet lakes"),
    ("Herons of the north II", "Herons of the north 2"),
    ("Sums of pebbles in three dimensions", "Sums of pebbles in 3 dimensions"),
    ("Second-order pebbles over stones", "2nd-order pebbles over stones"),
    ("2D herons under rain", "Two-dimensional herons under rain"),
    ("Herons count fish before winter", "Herons count fish befroe winter"),
    ("Herons count fish before winter", "eHrons count fish before winter"),
    ("Rivers of pebbles over stones", "Rivers f pebbles over stones"),
    ("Rivers with pebbles over stones", "Rivers w pebbles over stones"),
    ("Optimization of harbours", "Optim of harbours"),
    ("Decays of \u03b1 herons", "Decays of alpha herons"),
    ("Herons and lakes, rivers and stones", "Herons, lakes, rivers and stones"),
    ("A careful study of waste", "The careful study of waste"),
]
"""Pairs of titles that are one title."""
OTHERS = [
    ("Causal rivers over stones", "Acausal rivers over stones"),
    ("Herons in 2 dimensions", "Herons in 3 dimensions"),
    ("Herons of the north I", "Herons of the north II"),
    ("Global gates in deep layers", "Local gates in deep layers"),
    ("Gates of size-dependent lakes", "Gates of size-independent lakes"),
    ("Herons count fish before winter", "Herons count fish"),
    ("Sparse gates in deep layers", "Deep layers in sparse gates"),
    ("Gates in SU2 layers", "Gates in SU3 layers"),
    ("Finite harbours along northern shores", "Infinite harbours along northern shores"),
    ("Sparse trees grow under rain", "Dense trees grow under rain"),
    ("Trees grow bark under rain slowly", "Tree grows barks under rains fast"),
]
"""Pairs of titles that are two."""
NOTES = [
    ("[v2] Sparse gates", "Sparse gates"),
    ("(preprint) Sparse gates", "Sparse gates"),
    ("Preprint: Sparse gates", "Sparse gates"),
    ("12) Sparse gates", "Sparse gates"),
    ("3. Sparse gates", "Sparse gates"),
    ("\u2022 Sparse gates", "Sparse gates"),
    ("[cs.LG] Sparse gates [PDF]", "Sparse gates"),
    ("Sparse gates (invited talk)", "Sparse gates"),
    ("Sparse gates - arXiv.org", "Sparse gates"),
    ("(2+1)-dimensional gates", "(2+1)-dimensional gates"),
    ("Sparse gates (erratum)", "Sparse gates (erratum)"),
    ("Sparse gates (part 2)", "Sparse gates (part 2)"),
    ("Sparse gates (extended abstract)", "Sparse gates (extended abstract)"),
    ("3D gates", "3D gates"),
    ("Comment: Sparse gates", "Comment: Sparse gates"),
    ("(12)", "(12)"),
]
"""Titles as listed, and without what the page put beside them."""


def near(one: str, other: str) -> bool:
    a, b = (fold_decoded(pl.Series([title])) for title in (one, other))
    return bool(near_titles(a, b, np.array([0.9], dtype=np.float32))[0])


@pytest.mark.parametrize(("one", "other"), NEAR)
def test_a_title_typed_otherwise_is_near(one, other):
    assert near(one, other)
    assert near(other, one)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_another_title_is_not_near(one, other):
    assert not near(one, other)
    assert not near(other, one)


def test_pairs_are_judged_each_by_itself():
    pairs = NEAR + OTHERS
    one, other = (fold_decoded(pl.Series([pair[at] for pair in pairs])) for at in (0, 1))
    found = near_titles(one, other, np.full(len(pairs), 0.9, dtype=np.float32))
    assert found.tolist() == [True] * len(NEAR) + [False] * len(OTHERS)
    assert not near_titles(one, other, np.zeros(len(pairs), dtype=np.float32)).any()


@pytest.mark.parametrize(("listed", "bare"), NOTES)
def test_notes_beside_a_title_go_where_they_say_nothing_of_the_paper(listed, bare):
    assert without_notes(pl.Series([listed])).item() == bare
