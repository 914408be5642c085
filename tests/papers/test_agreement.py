"""Lists of authors, abstracts and dates of one paper agree, however its pages shorten them; those of two do not."""

from __future__ import annotations

import datetime
from zlib import crc32

import polars as pl
import pytest

from byline.papers.abstracts import BITS, Abstract, abstracts_agree
from byline.papers.authors import Names, lists_agree, read_lists
from byline.papers.dates import DAYS_APART, Span, interval
from byline.papers.spelling import spelled_alike
from byline_schemas import NAME_PARTS


def names(listed: str) -> Names:
    """Read a list; a name with a comma is one whose form gives its parts."""
    whole = listed.split("; ")
    parts: list[dict[str, str | None] | None] = []
    for name in whole:
        family, _, given_names = name.partition(", ")
        parts.append({"given": given_names, "family": family, "suffix": None} if given_names else None)
    return read_lists(pl.Series([whole]), pl.Series([parts], dtype=pl.List(NAME_PARTS)))[0]


AGREE = [
    ("Ada Lovelane; Alan Turinger", "Ada Lovelane; Alan Turinger"),
    ("Ada Lovelane; Alan Turinger", "A. Lovelane; A. Turinger"),
    ("Ada Lovelane; Alan Turinger", "Lovelane, A; Turinger, A. M."),
    ("Ada Lovelane", "Ada Lovelane; Alan Turinger; Grace Hoppers"),
    ("Ada B. Lovelane", "Ada Lovelane"),
    ("Ada B. C. Lovelane", "A. C. Lovelane"),
    ("Jean-Pierre Morvanec", "J.-P. Morvanec"),
    ("Jean-Pierre Morvanec", "J. P. Morvanec"),
    ("Jean-Pierre Morvanec", "Jeanpierre Morvanec"),
    ("Yuri Starikovan", "Yu. Starikovan"),
    ("Maarten van Oostveen", "van Oostveen, Maarten"),
    ("Maarten van Oostveen", "Oostveen, M. van"),
    ("Jürgen Müllenbach", "Juergen Muellenbach"),
    ("Sergey Petrowskin", "Sergei Petrowskin"),
    ("Alexander Fenwickan", "Alex Fenwickan"),
    ("Wei Zhangqu", "Zhangqu Wei"),
    ("Ana Ledesma Ruizal", "A. Ledesma Ruizal"),
    ("The Nightjar Collaboration", "Nightjar Collaboration"),
    ("Ana Ledesma-Ruiz", "A. Ruiz"),
]  # fmt: skip
DISAGREE = [
    ("Ada Lovelane", "Ida Lovelane"),
    ("Ada Lovelane", "B. Lovelane"),
    ("Ada Lovelane; Alan Turinger", "Ada Lovelane; Grace Hoppers"),
    ("Ada Lovelane; Alan Turinger", "Alan Turinger; Ada Lovelane"),
    ("Ada Elena Lovelane", "Ada Teresa Lovelane"),
    ("Ada B. Lovelane", "Ada C. Lovelane"),
    ("John Fenwickan", "James Fenwickan"),
    ("Yuri Starikovan", "Ya. Starikovan"),
    ("Bo Li", "Bo Lu"),
    ("Ana Ledesma-Paz", "A. Paz"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), AGREE)
def test_lists_of_one_paper_agree_either_way(one, other):
    assert lists_agree(names(one), names(other))
    assert lists_agree(names(other), names(one))


@pytest.mark.parametrize(("one", "other"), DISAGREE)
def test_lists_of_other_people_do_not(one, other):
    assert not lists_agree(names(one), names(other))
    assert not lists_agree(names(other), names(one))


LONG = (
    "We study how barn owls choose the places of their nests in the old farms of the northern coast. Over nine winters "
    "we mapped 412 farms and listened for calls at dusk, with recorders that we built from cheap parts. Nests are near "
    "water, far from roads, and hardly ever in stone barns; the model predicts new nests with an error of 3.1 percent. "
    "All maps and recordings are public."
)
REVISED = (
    LONG.replace("hardly ever in stone barns", "seldom in barns of stone").replace("3.1", "2.8")
    + " We thank all farmers."
)
SAME = {
    "equal": (LONG, LONG),
    "case and dashes": (LONG, LONG.replace("near water", "near – Water")),
    "a revision": (LONG, REVISED),
    "a beginning": (LONG, LONG[:120] + "…"),
    "a piece of the middle": (LONG, "… we mapped 412 farms and listened for calls at dusk, ..."),
    "pieces": (LONG, "barn owls choose the places of their nests … Nests are near water, far from roads ..."),
    "a snippet that begins in a formula": (
        "For every owl $x^{2}+1$ we show that nests are compact, that eggs are dense, and how to count both by night.",
        "… ^{2}+1$ we show that nests are compact, that eggs are dense, and how to count both …",
    ),
    "few words in two pieces": (LONG, "… old farms of the … recordings are public."),
    "short, spelled otherwise": ("We color the nests of owls.", "We colour the nests of owls."),
}  # fmt: skip
OTHER = {
    "other texts": (LONG, "We prove that every finite group of owls has one nest, unique up to twigs."),
    "years of a volume": ("Preface to the volume of 2010.", "Preface to the volume of 2012."),
    "numbers of a workshop": (
        "These are the papers of the first workshop on owls, held in the north.",
        "These are the papers of the third workshop on owls, held in the north.",
    ),
    "a word spelled otherwise and another one": ("We color the nests of owls.", "We colour the nests of jays."),
    "two words like one, and another one": ("We color owls by night", "We colour colors by night"),
    "pieces in another order": (LONG, "… recordings are public … old farms of …"),
    "a short remark": ("Withdrawn.", LONG),
    "a snippet of another text": ("… every finite group of owls has one nest, and the nests are all near …", LONG),
}  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME.keys())
def test_abstracts_of_one_paper_agree_either_way(one, other):
    assert abstracts_agree(Abstract(one), Abstract(other))
    assert abstracts_agree(Abstract(other), Abstract(one))


@pytest.mark.parametrize(("one", "other"), OTHER.values(), ids=OTHER.keys())
def test_abstracts_of_two_papers_differ(one, other):
    assert not abstracts_agree(Abstract(one), Abstract(other))
    assert not abstracts_agree(Abstract(other), Abstract(one))


WORDS = [f"owl{one}{other}" for one in "abcdefgh" for other in "abcdefgh"]
OTHERS = [f"{one}{other}hawk" for one in "abcdefgh" for other in "abcdefgh"]
AT_THE_EDGE = {
    "six in ten of thirty words": (30, 18, 30, False, True),
    "one word fewer": (30, 17, 30, False, False),
    "so few words that one tells apart": (29, 28, 29, False, False),
    "seven in ten words of a snippet": (8, 6, 40, True, True),
    "one word of a snippet fewer": (8, 5, 40, True, False),
    "too few words for a snippet": (7, 6, 40, True, False),
    "a short text that nothing cut": (8, 6, 40, False, False),
    "a snippet of 29 words": (29, 21, 60, True, True),
    "one word of that fewer": (29, 20, 60, True, False),
}
"""Words of one text, how many of them the other has, its own number, whether the first is cut: whether they agree."""


@pytest.mark.parametrize("case", AT_THE_EDGE.values(), ids=AT_THE_EDGE.keys())
def test_a_revision_keeps_so_many_words(case):
    count, kept, length, is_cut, expected = case
    one = Abstract(" ".join(WORDS[:count]) + (" …" if is_cut else ""))
    other = Abstract(" ".join([*reversed(WORDS[:kept]), *OTHERS[: length - kept]]))
    assert abstracts_agree(one, other) is abstracts_agree(other, one) is expected


def test_words_that_share_a_bit_are_not_counted_twice():
    """Two words of the first text have one bit, so that its bits alone would let it pass."""
    bits = [crc32(word.encode()) % BITS for word in WORDS[18:]]
    twin = next(one for one in (f"x{n}" for n in range(9_999)) if crc32(one.encode()) % BITS == bits[0])
    one = Abstract(" ".join([*WORDS[:17], twin, *WORDS[18:30]]))
    other = Abstract(" ".join([*WORDS[:17], *OTHERS[:13]]))
    assert one.hidden > 0
    assert not abstracts_agree(one, other)


@pytest.mark.parametrize(("snippet", "expected"), [("owls at dusk in", True), ("owls at dusk i", False)])
def test_twelve_letters_are_a_snippet_and_fewer_are_a_phrase(snippet, expected):
    whole = Abstract("We count the owls at dusk in old barns of the north, and their nests by day.")
    assert abstracts_agree(Abstract(snippet), whole) is expected
    assert abstracts_agree(whole, Abstract(snippet)) is expected


SPELLED = {
    ("colour", "color"): True,
    ("olive", "alive"): True,
    ("owl", "owl"): True,
    ("2012", "2012"): True,
    ("owls", "awls"): False,
    ("olive", "olives"): True,
    ("olive", "olivers"): False,
    ("sergey", "sergei"): True,
    ("brianed", "brained"): True,
    ("brained", "bruxned"): False,
    ("brianed", "brainex"): False,
    ("lovelane", "xlovelane"): True,
    ("owls", "owl"): False,
    ("gates", "grate"): False,
    ("2010a", "2012a"): False,
    ("lovelane", "lovel"): False,
}


@pytest.mark.parametrize(("words", "alike"), SPELLED.items())
def test_words_spelled_alike_differ_in_a_letter(words, alike):
    assert spelled_alike(*words) is spelled_alike(*reversed(words)) is alike


def near(one: tuple[str, str], other: tuple[str, str]) -> bool:
    spans = [interval(datetime.date.fromisoformat(day) if day else None, how) for day, how in (one, other)]
    span = Span()
    span.add(spans[0])
    return span.is_near(spans[1])


def test_days_two_years_apart_are_near_and_a_day_more_is_not():
    day = datetime.date(2019, 6, 1)
    for days, expected in ((DAYS_APART, True), (DAYS_APART + 1, False)):
        later = (day + datetime.timedelta(days=days)).isoformat()
        assert near((day.isoformat(), "day"), (later, "day")) is expected
        assert near((later, "day"), (day.isoformat(), "day")) is expected


def test_a_year_is_an_interval_and_a_missing_date_agrees_with_all():
    assert near(("2015-01-01", "year"), ("2017-12-31", "day"))
    assert not near(("2015-01-01", "year"), ("2018-06-01", "month"))
    assert near(("2015-02-01", "month"), ("2017-02-28", "day"))
    assert near(("", "none"), ("1971-01-01", "day"))


def test_each_date_must_lie_near_each():
    span = Span()
    for day in ("2010-01-01", "2011-06-01"):
        span.add(interval(datetime.date.fromisoformat(day), "day"))
    assert span.is_near(interval(datetime.date(2011, 12, 31), "day"))
    assert not span.is_near(interval(datetime.date(2012, 6, 1), "day"))
