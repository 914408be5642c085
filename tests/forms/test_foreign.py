"""Text of another page behind an abstract ends it, told by its words; the author's own paragraphs don't."""

import textwrap
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from benchmarks import forms_foreign
from byline.forms import behind
from byline.forms.habits import HEAD_BYTES, one_line_each

TITLE = "On Owls and their NestsLena Brandt, Jonas Ekdahl et al."
LONG = (
    "We count owls in old barns and compare their nests with those of larks. The nests of owls are larger in every "
    "county that we visited, and the difference grows with the age of the barn. Our findings hold for three years of "
    "counting, and for all kinds of barns that were open to us. Farmers had told us where feathers lay, and the "
    "weight of eggs was taken before and after the harvest."
)
FOREIGN = {
    "source in small letters": ["int total = 0;", "while (*p) total += *p++;"],
    "more source": ["def area(radius):", "    return 3.14159 * radius ** 2"],
    "a command": ["$ cd /srv/data && ls -la"],
    "a table of two lines": ["Year Sales Profit", "2019 120 12"],
    "numbers": ["2019 120 12"],
    "one line": ["Sign in to continue reading this article"],
    "two lines": ["Home | About | Contact", "Skip to main content"],
    "a sentence": ["The town council voted on Tuesday to build a second bridge."],
    "sentences": [
        "It was late when the train stopped. He took his bag.",
        "Nobody was waiting. The rain had come in.",
    ],
    "sentences with a link": ["Trains run again, with delays. Read more: https://news.example/trains"],
    "a small citation": ["Vell, T. (2015). Larks in winter. Annals of Birds, 1(2), 20–29."],
    "another language": ["Der Gemeinderat hat am Dienstag beschlossen, eine Brücke zu bauen."],
    "another script": ["Городской совет во вторник решил построить второй мост через реку."],
    "a script without spaces": [
        "市议会周二投票决定在河上建造第二座桥。",
        "工程将于五月开始,预计三年后完工。",
    ],
    "a script from the right": ["صوت مجلس المدينة يوم الثلاثاء على بناء جسر ثان فوق النهر."],
}
OWN = {
    "a second paragraph": [
        "In the second part we look at the eggs of larks.",
        "They are smaller than those of owls.",
    ],
    "a paragraph that has little in common": [
        "Poison, traffic and frost kill many owls before they breed for the first time."
    ],
    "keywords": ["Keywords: poison, traffic, frost"],
    "a label": ["Conclusion: frost kills."],
    "a link to code": ["Code is available at https://code.example/frost"],
    "a link": ["https://code.example/frost"],
}


def found(lines: list[str], above: list[str], gap: bool) -> list[int]:
    """Return behind how many lines of an abstract and what follows it the text ends."""
    every = [*above, *lines]
    gaps = np.zeros(len(every), bool)
    gaps[len(above)] = gap
    titles = pl.Series([TITLE] * len(every))
    begin = behind.begins(pl.Series(every), np.zeros(len(every), np.int64), gaps, titles)
    return [int(line) for line in begin]


@pytest.mark.parametrize("gap", [False, True])
@pytest.mark.parametrize("kind", FOREIGN)
def test_what_speaks_of_something_else_is_no_part_of_an_abstract(kind: str, gap: bool):
    assert found(FOREIGN[kind], [LONG], gap) == [1]
    wrapped = textwrap.wrap(LONG, 76)
    assert found(FOREIGN[kind], wrapped, gap) == [len(wrapped)]


@pytest.mark.parametrize("gap", [False, True])
@pytest.mark.parametrize("kind", OWN)
def test_what_takes_up_the_words_above_stays_in_an_abstract(kind: str, gap: bool):
    for above in ([LONG], textwrap.wrap(LONG, 76)):
        assert found(OWN[kind], above, gap) == []


def test_a_sentence_on_each_line_tells_nothing_by_its_words():
    lines = LONG.replace(". ", ".\n").split("\n")
    assert found(["Frost killed many.", "It was cold."], lines, gap=False) == []


def test_a_text_that_was_broken_within_its_sentences_tells_nothing_by_its_words():
    above = [
        "We count owls in old barns and compare their",
        "nests with those",
        "of larks. The nests of owls are larger.",
    ]
    assert (
        found(
            ["Trains run again, with delays of up to", "twenty minutes. Bridges are shut."], above, gap=False
        )
        == []
    )


SHORT = "We count owls in barns."
HEADER = "LGSep 25, 2023\n"
PLAIN = f"{HEADER}{TITLE}\n{LONG}\n"


def test_the_habit_of_a_file_is_what_most_of_its_abstracts_show():
    wrapped = f"{HEADER}{TITLE}\n" + "\n".join(textwrap.wrap(LONG, 76)) + "\n"
    short = f"{HEADER}{TITLE}\n{SHORT}\nHome\n"
    assert one_line_each((3 * PLAIN + 3 * short).encode())
    assert one_line_each((3 * f"{PLAIN}\nHome\nAbout\n").encode())
    assert not one_line_each((2 * PLAIN).encode())
    assert not one_line_each((3 * PLAIN + 4 * wrapped).encode())
    assert not one_line_each((9 * f"{HEADER}{TITLE}\n{SHORT}\n").encode())


def test_the_habit_is_what_a_file_begins_with():
    wrapped = f"{HEADER}{TITLE}\n" + "\n".join(textwrap.wrap(LONG, 76)) + "\n"
    many = (HEAD_BYTES // len(PLAIN) + 2) * PLAIN
    assert one_line_each((many + 9 * many.replace(PLAIN, wrapped)).encode())


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_short_abstract_ends_with_its_line_where_all_others_do(kind: str):
    lines = [SHORT, *FOREIGN[kind]]
    gap = np.zeros(len(lines), bool)
    ends = behind.begins(
        pl.Series(lines), np.zeros(len(lines), np.int64), gap, pl.Series([TITLE] * len(lines)), one_line=True
    )
    assert ends.tolist() == [1]


@pytest.mark.parametrize("width", [60, 76, 100])
def test_a_wrapped_abstract_stays_whole_where_all_others_have_one_line(width: int):
    lines = textwrap.wrap(LONG, width)
    group = np.zeros(len(lines), np.int64)
    assert not len(behind.begins(pl.Series(lines), group, np.zeros(len(lines), bool), one_line=True))


@pytest.mark.slow
@pytest.mark.parametrize(("layout", "share"), [("whole", 0.005), ("wrapped", 0.03), ("short", 0.01)])
def test_hardly_a_byte_of_a_foreign_page_is_swallowed(layout: str, share: float):
    known = forms_foreign.pages(Path(__file__).with_name("foreign_pages.txt"))
    assert len(known) >= 60
    some = list(forms_foreign.cases(known, layout))
    size = sum(len(case.page.encode()) for case in some)
    assert sum(forms_foreign.swallowed(some)) <= share * size
