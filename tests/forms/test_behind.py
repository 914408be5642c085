"""Lists of papers that no line marks end the abstract above them; text that was only wrapped does not."""

import textwrap

import numpy as np
import polars as pl
import pytest

from byline.forms import behind
from byline.reading.slices import parse_text

HEADER = "LGSep 25, 2023\nOn Owls and their NestsLena Brandt, Jonas Ekdahl et al.\n"
NEXT = "CLSep 24, 2023\nOf LarksAda Pym, Bo Li\nWe look at larks.\n"
LONG = (
    "We count owls in old barns and compare their nests with those of larks. The nests of owls are larger in every "
    "county that we visited, and the difference grows with the age of the barn. Our findings hold for three years of "
    "counting, and for all kinds of barns that were open to us."
)
ABSTRACTS = [
    LONG,
    "We count owls.",
    "A short study of moss in wet fields, with remarks on drainage and the price of peat.",
]
TITLES = ["Pebbles and Their Order", "Slow Fires in Cold Furnaces: A Survey", "A Study of Moss"]
NAMES = ["Mira Oakes, Tomas Vell", "Ines Quill, Mira Oakes and Ada Pym", "Tomas Vell"]


def listed(pattern: str, names: str = ", ") -> str:
    rows = zip(TITLES, NAMES, strict=True)
    return "\n".join(
        pattern.format(n=n, title=t, names=a.replace(" and ", ", ").replace(", ", names), year=2010 + n)
        for n, (t, a) in enumerate(rows, 1)
    )


LISTS = {
    "titles and names": listed("{title}\n{names}"),
    "titles and names, blank lines between": listed("{title}\n{names}\n"),
    "a title and names": "\n".join([TITLES[0], NAMES[0]]),
    "titles and names under headings": "Accepted Papers\nSession 1\n" + listed("{title}\n{names}"),
    "names between semicolons": listed("{title}\n{names}", "; "),
    "titles and names that end in stops": listed("{title}.\n{names}."),
    "numbered titles and names": listed("{n}. {title}\n{names}"),
    "labelled titles and names": listed("Title: {title}\nAuthors: {names}"),
    "ACL Anthology": listed("pdf bib abs\n{title}\n{names}", " | "),
    "numbered titles": listed("{n}. {title}"),
    "bullets": listed("- {title}, {names} ({year})"),
    "stars": listed("* {names}: {title}, Owls {year}"),
    "references by number": listed("[{n}] {names}. {title}. In Annals of Birds, {year}."),
    "references, titles first": listed("{title}. {names}. Annals of Birds, {year}."),
    "references of APA": listed("Oakes, M., & Vell, T. ({year}). {title}. Annals of Birds, {n}(2), 1–9."),
    "references of MLA": listed('Oakes, Mira, and Tomas Vell. "{title}." Annals of Birds 3.{n} ({year}): 1-9.'),
    "references of Vancouver": listed("Oakes M, Vell T. {title}. Ann Birds. {year};3:1-9."),
    "Semantic Scholar": listed("{title}\n{names}\nComputer Science\nBird Annals\n{n} May {year}\nTLDR\nSave\nAlert"),
}  # fmt: skip


def body(abstract: str, width: int | None) -> str:
    return abstract if width is None else "\n".join(textwrap.wrap(abstract, width))


@pytest.mark.parametrize("width", [None, 60])
def test_a_list_behind_an_abstract_ends_it(width: int | None):
    cases = [(kind, abstract) for kind in LISTS for abstract in ABSTRACTS]
    text = "".join(f"{HEADER}{body(abstract, width)}\n{LISTS[kind]}\n{NEXT}" for kind, abstract in cases)
    frame = parse_text(text.encode())
    assert [0, *frame["byte_end"]] == [*frame["byte_start"], len(text.encode())]
    cards = frame.filter(pl.col("form") == "card")
    wanted = [text for _, abstract in cases for text in (abstract, "We look at larks.")]
    wrong = {
        (kind, abstract): found
        for (kind, abstract), found in zip(cases, cards["abstract"][::2], strict=True)
        if found != abstract
    }
    assert not wrong
    assert cards["abstract"].to_list() == wanted


PAGES = {
    "shop": "Cart (2 items)\nCordless drill 18V\n$89.00  4.5 stars (1,204)\nAdd to cart\nFree returns. See our terms.",
    "article": "Council votes on bridge\nBy our reporter\nThe council voted to build it.\nWork begins in May.",
    "mail": "From: office@example.org\nTo: all\nSubject: Lunch\n\nDear all,\nlunch is at noon.\nBest wishes\nMoss",
    "recipe": "Pancakes\nIngredients\n2 eggs\n300 ml milk\nMethod\n1. Beat the eggs.\n2. Fry.",
    "encyclopedia": "Owl\nFrom an encyclopedia\nOwls are birds that hunt at night.\nContents\n1 Anatomy\n2 See also",
}
"""Pages of no form, of which something must not be taken for the end of an abstract (more in `foreign_pages.txt`)."""


@pytest.mark.parametrize("width", [None, 79])
@pytest.mark.parametrize("gap", ["", "\n"])
def test_a_page_of_no_form_behind_an_abstract_ends_it(width: int | None, gap: str):
    text = "".join(f"{HEADER}{body(LONG, width)}\n{gap}{page}\n{gap}{NEXT}" for page in PAGES.values())
    frame = parse_text(text.encode())
    assert [0, *frame["byte_end"]] == [*frame["byte_start"], len(text.encode())]
    cards = frame.filter(pl.col("form") == "card")
    assert cards["abstract"].to_list() == [LONG, "We look at larks."] * len(PAGES)
    rest = frame.filter(pl.col("form").is_null())
    assert rest["reason"].to_list() == ["other_form"] * len(PAGES)


def test_titles_and_names_beyond_doubt_are_read_and_the_rest_says_what_to_do():
    frame = parse_text(
        f"{HEADER}{LONG}\n{LISTS['titles and names']}\n{NEXT}{LISTS['references of MLA']}\n".encode()
    )
    read = frame.filter(pl.col("form") == "lines")
    assert read["title"].to_list() == TITLES
    assert read["authors"].to_list()[0] == ["Mira Oakes", "Tomas Vell"]
    rest = frame.row(-1, named=True)
    assert (rest["form"], rest["reason"]) == (None, "other_form")
    assert "AnyStyle" in rest["detail"]


def test_a_list_behind_an_abstract_of_another_page_ends_it():
    page = (
        "[1] arXiv:2310.00001 [pdf, html, other]\nTitle: Of Moss\nCy Dee\nSubjects: Machine Learning (cs.LG)\n"
        f"{body(LONG, 79)}\n"
    )
    for kind in ("titles and names", "references of APA"):
        frame = parse_text(f"{page}{LISTS[kind]}\n{page}".encode())
        assert frame.filter(pl.col("form") == "arxiv_list")["abstract"].to_list() == [LONG, LONG]


@pytest.mark.parametrize("width", [40, 60, 79, 100])
def test_text_that_was_only_wrapped_holds_no_list(width: int):
    lines = pl.Series(textwrap.wrap(f"{LONG} Ada Pym, Bo Li. On Owls. {LONG} 1. Moss 2. Ferns", width))
    assert len(behind.begins(lines, np.zeros(len(lines), np.int64), np.zeros(len(lines), bool))) == 0


@pytest.mark.parametrize(
    "more",
    [
        "In the second part we look at larks, as Ada Pym did in 2019.",
        "We contribute:\n- a count of owls;\n- a count of larks.",
        "Keywords: owls, larks, barns",
        "Our code is at https://owls.example/code",
        "Owls nest in barns.\nThe nest is large.\nFour of them held eggs.\nNone was empty.",
        "Of all barns\nthat we saw, ten\nhad nests, which\nNorth Dale\nhad not.",
        "Background: owls nest in barns.\nMethods: we counted them.\nResults: there are many.",
    ],
)
def test_what_an_abstract_goes_on_with_stays_in_it(more: str):
    frame = parse_text(f"{HEADER}{LONG}\n\n{more}\n{NEXT}".encode())
    assert frame["abstract"].to_list() == [f"{LONG} {' '.join(more.split())}", "We look at larks."]


@pytest.mark.parametrize("one_line", [False, True])
def test_a_line_by_itself_holds_no_list(one_line: bool):
    """So `ends` need not look at texts of one line."""
    lines = pl.Series([LONG, *TITLES, *NAMES, *"\n".join(LISTS.values()).split("\n")])
    group, gap = np.arange(len(lines)), np.zeros(len(lines), bool)
    assert not len(behind.begins(lines, group, gap, lines, one_line=one_line))


@pytest.mark.parametrize("behind_count", ["\u200b96 Related articles", "\xa0• Seite 2", "\tweiter"])
def test_a_list_behind_a_glued_result_that_ends_within_its_line_takes_what_is_left_of_that_line(behind_count):
    result = "[PDF] example.orgPebbles and their orderM Oakes, T Vell… - Journal of Made-up Results, 2008 - example.org"
    lists = (
        "Pebbles and their shape\nMira Oakes, Tomas Vell and Ines Quill\n\n"
        "Slow fires in cold furnaces\nInes Quill | Mira Oakes\n\nA study of moss\nTomas Vell\n"
    )
    data = f"{result}We count pebbles and …Save Cite Cited by 3{behind_count}\n\nAccepted papers\n\n{lists}".encode()
    rows = parse_text(data)
    assert [0, *rows["byte_end"]] == [*rows["byte_start"], len(data)]
    assert rows["title"].drop_nulls().to_list()[0] == "Pebbles and their order"
    assert "A study of moss" in rows["title"].to_list()
