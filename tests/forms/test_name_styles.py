"""Lists of names in every style are divided as written, or doubted: none is wrong and sure. All people are made up."""

import itertools
import re

import pytest

from byline.forms import declared
from byline.reading.slices import parse_text

TITLE = "Slow fires burn in cold furnaces of the north"
PEOPLE = (("Ada Maria", "Pym"), ("Bo", "Lindqvist"), ("Carla", "van der Dee"))
ORDERS = ("given first", "initials first", "family, given", "family, initials", "family initials")
SEPARATORS = {
    "comma": (", ", ", "), "and": (", ", " and "), "oxford": (", ", ", and "), "ampersand": (", ", ", & "),
    "semicolon": ("; ", "; "), "bar": (" | ", " | "), "dot": (" · ", " · "), "all and": (" and ", " and "),
    "slash": (" / ", " / "), "tight bar": ("|", "|"), "tight semicolon": (";", ";"), "ideographic": ("、", "、"),
    "bullet": (" • ", " • "),
}  # fmt: skip
CUTS = ("", " et al.", "…", ", ...", " +2 authors", " (4 additional authors not shown)", " and 3 others")
MARKS = {"none": "", "footnotes": "*", "numbers": "1", "degrees": ", PhD"}
USUAL, RARE = list(SEPARATORS)[:8], list(SEPARATORS)[8:]
STYLES = [
    *itertools.product(ORDERS, USUAL, CUTS, MARKS),
    *itertools.product(ORDERS, RARE, CUTS[:2], ["none"]),
    *itertools.product(["FAMILY, given"], SEPARATORS, CUTS[:2], ["none"]),
]


def written(order: str) -> list[str]:
    """Return the people as a style writes each."""
    initials = [". ".join(part[0] for part in given.split()) + "." for given, _ in PEOPLE]
    return {
        "given first": [f"{given} {family}" for given, family in PEOPLE],
        "initials first": [f"{i} {family}" for i, (_, family) in zip(initials, PEOPLE, strict=True)],
        "family, given": [f"{family}, {given}" for given, family in PEOPLE],
        "FAMILY, given": [f"{family.upper()}, {given}" for given, family in PEOPLE],
        "family, initials": [f"{family}, {i}" for i, (_, family) in zip(initials, PEOPLE, strict=True)],
        "family initials": [
            f"{family} {re.sub(r'[. ]', '', i)}" for i, (_, family) in zip(initials, PEOPLE, strict=True)
        ],
    }[order]


def shown(order: str, separator: str, cut: str, mark: str) -> str:
    """Return the list as a page of this style shows it; the second name has the mark."""
    first, second, third = written(order)
    between, last = SEPARATORS[separator]
    return f"{first}{between}{second}{MARKS[mark]}{last}{third}{cut}"


def words(name: str) -> list[str]:
    return sorted(re.findall(r"[^\W\d_]+", name.replace(", PhD", "")))


def wrong(row: dict[str, object], order: str, cut: str) -> bool:
    names = [words(name) for name in row["authors"]]  # type: ignore[attr-defined]
    whole = names == [words(name) for name in written(order)] and row["authors_truncated"] == bool(cut)
    return not whole or row["title"] != TITLE


@pytest.mark.parametrize("between", ["", "\n", "\t"], ids=["touching", "line break", "tab"])
def test_on_a_card_no_style_is_wrong_and_sure(between: str):
    cards = [f"LGSep 25, 2023\n{TITLE}{between}{shown(*style)}\nWe look at fires.\n" for style in STYLES]
    rows = [row for row in parse_text("".join(cards).encode()).iter_rows(named=True) if row["title"]]
    assert len(rows) == len(STYLES)
    sure = [(row, style) for row, style in zip(rows, STYLES, strict=True) if row["boundary_confidence"] > 0.5]
    assert [shown(*style) for row, style in sure if wrong(row, style[0], style[2])] == []
    assert len(sure) > len(STYLES) // 2


def test_a_list_that_nobody_can_divide_is_decided_by_the_others_of_its_stretch():
    pairs = "A study of {0}\nPym, Ada Maria, Lindqvist, Bo, Dee, Cy\n\n"
    plain = "A study of {0}\nAda Maria Pym, Bo Lindqvist, Cy Dee\n\n"
    said = declared.to_text({"form": "lines"})
    for others, names in ((pairs, ["Pym, Ada"]), (plain, ["Pym", "Ada"])):
        text = "".join(others.format(number) for number in range(4)) + "A study of owls\nPym, Ada\n"
        assert parse_text(text.encode(), said)["authors"].to_list()[-1] == names
