"""Which forms of a name one person may carry, and how they relate, by kind. All names are made up."""

from __future__ import annotations

import polars as pl
import pytest

from byline import identity
from byline.identity.forms import First, Middle, forms, related
from byline.identity.groups import canonical

F, M = First, Middle
RELATED: list[tuple[str, str, First, Middle]] = [
    ("Ottla Quixworth", "Ottla M. Quixworth", F.SAME, M.MISSING),
    ("Otto Quixworth Jr.", "Otto Quixworth", F.SAME, M.NONE),
    ("Bodan Feng", "Bo-Dan Feng", F.SAME, M.MISSING),
    ("Xi Mei Zhang", "Ximei Zhang", F.JOINED, M.MISSING),
    ("Xi-Mei Zhang", "Xi Mei Zhang", F.JOINED, M.LETTERS),
    ("Bob Quixworth", "Robert Quixworth", F.SHORT, M.NONE),
    ("Bob Quixworth", "Rob Quixworth", F.SHORT, M.NONE),
    ("Alessandr Quixworth", "Alessandro Quixworth", F.BEGINS, M.NONE),
    ("Xin Zhang", "Xinyu Zhang", F.BEGINS, M.NONE),
    ("Alm Quixworth", "Alma Quixworth", F.BEGINS, M.NONE),
    ("Jean-Pierre Quixworth", "Jean Quixworth", F.BEGINS, M.MISSING),
    ("Jean-Pierre Quixworth", "Jean P. Quixworth", F.BEGINS, M.LETTERS),
    ("O. Quixworth", "Ottla Quixworth", F.INITIAL, M.NONE),
    ("R. Quixworth", "Bob Quixworth", F.INITIAL, M.NONE),
    ("J.-P. Quixworth", "Jean-Pierre Quixworth", F.INITIAL, M.LETTERS),
    ("O. Quixworth", "O. M. Quixworth", F.INITIALS, M.MISSING),
    ("J.-P. Quixworth", "J. Quixworth", F.INITIALS, M.MISSING),
    ("Quixworth", "Quixworth Jr.", F.BARE, M.NONE),
    ("Philippe Quixworth", "Phillippe Quixworth", F.SPELLED, M.NONE),
    ("Dimitrios Quixworth", "Dimitris Quixworth", F.SPELLED, M.NONE),
    ("Mathieu Quixworth", "Matthieu Quixworth", F.SPELLED, M.NONE),
    ("Erick Quixworth", "Erik Quixworth", F.SPELLED, M.NONE),
    ("Kathrin Quixworth", "Katrin Quixworth", F.SPELLED, M.NONE),
    ("Elizabeth Quixworth", "Elisabeth Quixworth", F.SPELLED, M.NONE),
    ("W. John Quixworth", "John Quixworth", F.DROPPED, M.MISSING),
    ("Oswin-Karl Quixworth", "Karl Quixworth", F.DROPPED, M.MISSING),
    ("Oswin Tian-Mei Quixworth", "Tian-Mei Quixworth", F.DROPPED, M.LETTERS),
    ("Oswin Tian-Mei Quixworth", "Tian Mei Quixworth", F.DROPPED, M.LETTERS),
    # initials of several letters, and those that a name written together holds
    ("Yu. Quixworth", "Yuri Quixworth", F.INITIAL, M.NONE),
    ("Yu. Quixworth", "Y. Quixworth", F.INITIALS, M.NONE),
    ("Wm. Quixworth", "William Quixworth", F.INITIAL, M.NONE),
    ("B. D. Feng", "Bodan Feng", F.INITIAL, M.LETTERS),
    ("B. M. Feng", "Bodan Feng", F.INITIAL, M.MISSING),
    ("B. Feng", "Bodan Feng", F.INITIAL, M.NONE),
    ("B. D. Quixworth", "Bodan Quixworth", F.INITIAL, M.MISSING),
    # what follows the first given name
    ("Ottla M. Quixworth", "Ottla M. S. Quixworth", F.SAME, M.LETTERS),
    ("Ottla M. S. Quixworth", "Ottla S. Quixworth", F.SAME, M.LETTERS),
    ("Ottla M. Quixworth", "Ottla S. Quixworth", F.SAME, M.CONFLICT),
    ("Ottla Maren Quixworth", "Ottla M. Quixworth", F.SAME, M.LETTERS),
    ("Ottla Maren Quixworth", "Ottla S. Quixworth", F.SAME, M.CONFLICT),
    ("Ottla Maren Quixworth", "Ottla Maren Quixworth Jr.", F.SAME, M.FULL),
    ("Ottla Maren Quixworth", "O. Maren Quixworth", F.INITIAL, M.FULL),
    ("Ottla Maren Quixworth", "Ottla Signe Quixworth", F.SAME, M.OTHER),
    ("Ottla Maren Quixworth", "Ottla Marena Quixworth", F.SAME, M.LETTERS),
    ("Ottla Vand Quixworth", "Ottla Vanda Quixworth", F.SAME, M.LETTERS),
    ("Ottla Mar Quixworth", "Ottla Mara Quixworth", F.SAME, M.OTHER),
    ("Ottla Luis Quixworth", "Ottla Luiz Quixworth", F.SAME, M.LETTERS),
    ("Ottla Sofia Quixworth", "Ottla Sophia Quixworth", F.SAME, M.LETTERS),
    ("Ottla Maria Luisa Quixworth", "Ottla Luisa Quixworth", F.SAME, M.LETTERS),
    ("Ottla Maria Luisa Quixworth", "Ottla Maria Quixworth", F.SAME, M.FULL),
    ("Ottla-Marie Quixworth", "Ottla Signe Quixworth", F.BEGINS, M.CONFLICT),
]  # fmt: skip
UNRELATED = [
    ("Xi Zhang", "Xinyu Zhang"),
    ("Al Quixworth", "Alma Quixworth"),
    ("Ottla Quixworth", "Odile Quixworth"),
    ("Anna Quixworth", "Ana Quixworth"),
    ("B. Quixworth", "Robert Quixworth"),
    ("W. J. Quixworth", "John Quixworth"),
    ("Yu. Quixworth", "Ya. Quixworth"),
    ("Yu. Quixworth", "Yan Quixworth"),
    ("Wu. Quixworth", "Waldu Quixworth"),
    ("Zoltan Quixworth", "Soltan Quixworth"),
    ("Kathrin Quixworth", "Catrin Quixworth"),
    ("Ottla Quixworth", "Ottla Quimble"),
    ("Otto Quixworth Jr.", "Otto Quixworth III"),
    ("Otto P. Quixworth Jr.", "Otto Quixworth III"),
]


Relations = tuple[dict[str, int], dict[tuple[int, int], tuple[First, Middle, bool]]]


@pytest.fixture(scope="module")
def relations() -> Relations:
    """Return the form of each name of the tables above, and how any two of them relate; all are looked at together."""
    listed = sorted({name for one, other, *_ in [*RELATED, *UNRELATED, *FAMILIES] for name in (one, other)})
    papers = pl.DataFrame(
        {"paper_id": [f"p{n}" for n in range(len(listed))], "authors": [[name] for name in listed]}
    ).with_columns(
        title=pl.lit("Otters"),
        labels=pl.lit([], dtype=pl.List(pl.String)),
        abstract=pl.lit(None, dtype=pl.String),
        category=pl.lit("cs.CL"),
        published=pl.lit(None, dtype=pl.Date),
    )
    mentions = canonical(identity.describe(papers))
    found = related(forms(mentions))
    form = dict(mentions.select("name_as_listed", "form").iter_rows())
    return form, {(a, b): (First(first), Middle(mid), same) for a, b, first, mid, same in found.iter_rows()}


def relation(relations: Relations, one: str, other: str) -> tuple[First, Middle, bool] | None:
    form, known = relations
    a, b = sorted((form[one], form[other]))
    assert a != b
    return known.get((a, b))


FAMILIES = [
    ("Otto Quixworth", "Otto P. Quixworth", True),
    ("Jürgen Müllenbach", "Juergen Muellenbach", False),
]


@pytest.mark.parametrize(("one", "other", "first", "middle"), RELATED)
def test_forms_that_one_person_may_carry(relations, one, other, first, middle):
    assert relation(relations, one, other) == (first, middle, True)


@pytest.mark.parametrize(("one", "other"), UNRELATED)
def test_forms_that_no_person_carries_both(relations, one, other):
    assert relation(relations, one, other) is None


@pytest.mark.parametrize(("one", "other", "same"), FAMILIES)
def test_family_names_of_one_block_may_be_spelled_otherwise(relations, one, other, same):
    found = relation(relations, one, other)
    assert found is not None
    assert found[2] is same
