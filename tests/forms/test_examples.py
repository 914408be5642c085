"""Every form's example reads as the form's own file says. All people and papers are made up."""

from functools import cache
from itertools import pairwise
from math import gcd

import polars as pl
import pytest

from byline.forms import declared
from byline.forms.marks import candidates
from byline.forms.model import forms
from byline.listing.lines import read_page
from byline.reading.slices import parse_text
from tests.pipeline.fabricated import listing

CARDS_AROUND = "LGSep 25, 2023\nMy FirstAda Pym, Bo Li\nWe look at owls.\n"


def example(name: str) -> str:
    return forms()[name].example.lstrip("\n")


@cache
def rows(text: str, name: str | None = None) -> pl.DataFrame:
    said = {"form": name} if name in {"lines"} else {}
    return parse_text(text.encode(), declared.to_text(said))


def test_there_are_forms():
    assert len(forms()) >= 10


@pytest.mark.parametrize("name", forms())
def test_the_example_reads_as_its_file_says(name: str):
    good = rows(example(name), name).filter(pl.col("reason").is_null())
    assert good["form"].to_list() == [forms()[name].form] * len(forms()[name].reads)
    for row, wanted in zip(good.iter_rows(named=True), forms()[name].reads, strict=True):
        assert {key: row[key] for key in wanted} == wanted


@pytest.mark.parametrize("name", [name for name in forms() if name != "lines"])
def test_behind_a_card_the_example_is_no_part_of_its_abstract(name: str):
    good = rows(CARDS_AROUND + example(name) + CARDS_AROUND).filter(pl.col("reason").is_null())
    assert good["abstract"].to_list()[:: good.height - 1] == ["We look at owls.", "We look at owls."]
    assert good.height == 2 + len(forms()[name].reads)


@pytest.mark.parametrize(
    ("name", "end"),
    [
        pytest.param(name, end, marks=[] if (place + other) % 2 else [pytest.mark.slow])
        for place, name in enumerate(forms())
        for other, end in enumerate(("\r\n", "\r"))
    ],
)
def test_the_example_reads_alike_whatever_ends_its_lines(name: str, end: str):
    plain, other = rows(example(name), name), rows(example(name).replace("\n", end), name)
    fields = [
        "title",
        "authors",
        "published",
        "doi",
        "arxiv_id",
        "abstract",
        "first_line",
        "last_line",
        "form",
    ]
    assert other.select(fields).equals(plain.select(fields))


@pytest.mark.parametrize("name", forms())
def test_every_byte_of_the_example_is_in_one_row(name: str):
    text = "\n\n" + example(name) + "\n\n"
    frame = rows(text, name)
    assert frame["byte_start"].to_list() == [0, *frame["byte_end"].to_list()[:-1]]
    assert frame["byte_end"].to_list()[-1] == len(text.encode())


RECIPE = (
    "Add the flour slowly and stir.\nLet the dough rest in a warm place.\nBake it until the crust is brown.\n"
)
ABSTRACT_FOLLOWS = {"arxiv_list", "pubmed_results", "card_apart"}
"""Forms whose records may have an abstract below: the recipe could be one."""


@pytest.mark.parametrize(
    "name", [name for name in forms() if name not in {"card", "lines", *ABSTRACT_FOLLOWS}]
)
def test_text_of_no_form_below_a_record_and_a_blank_line_is_no_part_of_it(name: str):
    frame = rows(example(name) + "\n" + RECIPE)
    for row in frame.filter(pl.col("reason").is_null()).iter_rows(named=True):
        assert "flour" not in repr(row), row["title"]
    assert "other_form" in frame["reason"].to_list() or forms()[name].unread


MARKED = [name for name in forms() if name != "lines"]


FAST_STEPS = 3


def in_steps(step: int) -> list[str]:
    """Return the forms in such an order that each is followed by the one so many places on in the list."""
    rounds = gcd(step, len(MARKED))
    turns = range(len(MARKED) // rounds + 1)
    return [MARKED[(start + step * turn) % len(MARKED)] for start in range(rounds) for turn in turns]


def test_in_all_steps_together_every_form_is_followed_by_every_other():
    met = {pair for step in range(1, len(MARKED)) for pair in pairwise(in_steps(step))}
    assert met >= {(one, other) for one in MARKED for other in MARKED if one != other}


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(step, marks=[pytest.mark.slow] if step > FAST_STEPS else [])
        for step in range(1, len(MARKED))
    ],
)
def test_before_and_behind_every_other_form_the_example_says_the_same(step: int):
    """Two forms meet in either order; the fast tests let each stand before and behind six others."""
    order = in_steps(step)
    text = "".join(example(form) for form in order)
    frame = rows(text)
    assert [0, *frame["byte_end"]] == [*frame["byte_start"], len(text.encode())]
    good = frame.filter(pl.col("reason").is_null())
    wanted = [said for form in order for said in forms()[form].reads]
    assert good.height == len(wanted)
    for row, said in zip(good.iter_rows(named=True), wanted, strict=True):
        assert {key: row[key] for key in said} == said


def test_several_results_on_a_line_that_is_no_text_are_one_unreadable_record():
    line = example("scholar_glued").rstrip("\n").encode()
    frame = parse_text(line + line[:20] + b"\xff" + line[20:] + b"\n")
    assert frame["reason"].to_list() == ["not_utf8"]


def test_no_line_of_cards_is_looked_at_as_a_mark():
    """Else every line of a large listing would be put to every mark."""
    assert len(candidates(read_page(listing(1, 300).encode()))) == 0
