"""Titles that pages typeset in different ways fold to one key, and titles that say different things do not."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byline import latex
from byline.papers.titles import fold_titles


def fold(*titles: str) -> list[str]:
    listed = pl.Series(titles, dtype=pl.String)
    return fold_titles(listed, latex.decode(listed)).to_list()


ONE = {
    "acute": (r"Poincar\'e Inequalities", r"Poincar{\'e} inequalities",
              "Poincaré Inequalities", "POINCARÉ inequalities"),
    "accent left out": ("Bézout Domains", "Bezout Domains", r"B\'{e}zout domains"),
    "stroke": (r"\O{}re's Problem", "Øre's Problem", "Ore's problem"),
    "composed": ("Tau\u0308ber Sums", "Taüber Sums"),
    "entity": ("Search & Rescue", "Search &amp; Rescue", r"Search \& Rescue", "Search &#38; Rescue"),
    "entity escaped twice": ("Sets with x < 5", "Sets with x &amp;lt; 5", "Sets with $x<5$"),
    "entity escaped four times": ("Sets with x < 5", "Sets with x &amp;amp;amp;lt; 5"),
    "tag": ("<i>P. owlensis</i> Nests", "P. owlensis Nests", r"\textit{P. owlensis} nests"),
    "index": ("H<sub>2</sub>O on Feathers", "H$_2$O on Feathers", "H₂O on Feathers", "H2O on Feathers"),
    "two media": (r"\texorpdfstring{$k$}{k}-Means", "$k$-Means", "k-means", "k Means"),
    "two media, nested": (r"On \texorpdfstring{$\mathbb{Z}_{2}$}{Z2} Owls", r"On $\mathbb{Z}_2$ Owls", "On ℤ₂ Owls"),
    "Greek": (r"The $\alpha$ Conjecture", "The α Conjecture", "The 𝛼 conjecture"),
    "negated relation": (r"Sets with $x \neq y$", r"Sets with $x \not= y$", "Sets with x≠y", "Sets with x ≠ y"),
    "relation": (r"Primes with $p \leq q$", "Primes with p ≤ q", "Primes with p≤q"),
    "hyphens and dashes": ("Owl-Nests – A Survey", "Owl Nests -- a survey", "Owl-nests — a survey"),
    "hyphen behind a formula": ("The $L^2$-norm of Owls", "The $L^2-$norm of Owls", "The L²-norm of Owls"),
    "minus behind a sign": (r"Owls at $\beta=-(r-1)/2$", "Owls at β=-(r-1)/2", "OWLS AT Β=-(R-1)/2"),
    "minus": ("Primes of the Form $x^2-y$", "Primes of the Form x²-y", "Primes of the form x²−y"),
    "quotes": ("“Owls” and ‘Nests’", "``Owls'' and `Nests'", '"Owls" and \'Nests\''),
    "case beyond a letter": ("Die Straße der Eulen", "DIE STRASSE DER EULEN"),
    "ligature": ("Efﬁcient Owls", "Efficient owls"),
    "spaces": ("Owls\u00a0at  Night", "Owls at Night"),
    "stop at the end": ("Owls at Night.", "Owls at Night"),
}  # fmt: skip
OTHER = {
    "letters in formulas": (r"The $\alpha$ Conjecture", r"The $\beta$ Conjecture"),
    "plus and minus": ("Primes of the Form $x^2+y$", "Primes of the Form $x^2-y$"),
    "plus and minus as text": ("Primes of the Form x²+y", "Primes of the Form x²-y"),
    "plus": ("C++ Widgets", "C Widgets", "C+ Widgets", "C# Widgets 2"),
    "greater and less": ("Ramsey Numbers $R(3,k) > 5$", "Ramsey Numbers $R(3,k) < 5$", "Ramsey Numbers $R(3,k) = 5$"),
    "greater and less escaped": ("Owls with x &gt; 5", "Owls with x &lt; 5"),
    "sums and integrals": (r"Bounds for $\sum f$", r"Bounds for $\int f$", r"Bounds for $\prod f$"),
    "sets": (r"When $A \subset B$", r"When $A \cup B$", r"When $A \in B$"),
    "negated": (r"Sets with $x = y$", r"Sets with $x \neq y$", r"Sets with $x \in y$", r"Sets with $x \notin y$"),
    "numbers": ("Owls in 2 Forests", "Owls in 3 Forests"),
    "sign of an exponent": ("Owls of $x^{-1}$", "Owls of $x^{1}$"),
    "voiced kana": ("かき", "がき"),
    "macros": (r"On $\Owl$ Groups", r"On $\Hawk$ Groups"),
}  # fmt: skip
NOTHING_LEFT = ("???", "…", "!")


@pytest.mark.parametrize("titles", ONE.values(), ids=ONE.keys())
def test_titles_that_pages_typeset_in_different_ways_are_one(titles):
    assert len(set(fold(*titles))) == 1, fold(*titles)


@pytest.mark.parametrize("titles", OTHER.values(), ids=OTHER.keys())
def test_titles_that_say_different_things_stay_apart(titles):
    assert len(set(fold(*titles))) == len(titles), fold(*titles)


def test_a_title_that_folds_to_nothing_stands_as_listed():
    assert fold(*NOTHING_LEFT) == list(NOTHING_LEFT)


def test_a_missing_title_has_no_fold():
    assert fold_titles(pl.Series([None], dtype=pl.String), pl.Series([None], dtype=pl.String)).to_list() == [
        None
    ]


@settings(deadline=None, max_examples=25)
@given(st.lists(st.text(min_size=1, max_size=30), min_size=2, max_size=6))
def test_the_fold_of_a_title_depends_on_no_other_title(titles):
    assert fold(*titles) == [fold(title)[0] for title in titles]


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet="abcdeéü $\\_^-+<>&;xyz²αβ{}", min_size=1, max_size=40))
def test_folding_never_loses_a_title_and_ignores_case(title):
    assert fold(title)[0]
    assert fold(title.replace("\\", "").replace("&", "").upper()) == fold(
        title.replace("\\", "").replace("&", "").upper().lower()
    )
