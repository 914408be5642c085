"""Which entries of arXiv's metadata are taken for a listed paper, kind by kind, and what becomes of its list."""

from __future__ import annotations

import datetime
import random
from itertools import chain
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from byline.pipeline.stages import fill, match, rescue
from byline.reference.building import build_index
from byline.reference.filling import filled
from byline_schemas import PAPERS, PARSED
from tests.reference.match_cases import APART, LISTS_THAT_STAY, ONE, Case
from tests.reference.papers import WORDS, here, lines, metadata, sentence

FAMILIES = [a + b for a in ("Abel", "Brun", "Carl", "Dorn", "Epp", "Fark", "Gund", "Hov", "Ivar", "Jok", "Kost", "Lund",
                            "Mirz", "Nyst", "Orl", "Petr") for b in ("sen", "now", "iak", "lev", "heim", "strand",
                            "dal", "vik", "berg", "gard")]  # fmt: skip
"""First authors' family names, one a case."""
LAST = ["Brandt", "Olaf", ""]
DAY = datetime.date(2023, 1, 2)
KINDS = [*APART, *ONE, "lists that stay"]
COLUMNS: dict[str, Any] = {
    **PAPERS.columns(), "authors": pl.List(pl.String), "name_parts": PARSED.columns()["name_parts"],
    "supplied": pl.Boolean,
}  # fmt: skip


def subject(seed: int) -> str:
    """Return words that are some case's own."""
    return " ".join(random.Random(seed).sample(WORDS, 5))


def page_of(number: int, said: dict[str, Any]) -> dict[str, Any]:
    """Return a case's page in the columns of merged papers."""
    family = FAMILIES[number]
    names = said.get("names", "Ada {family}, Boris Ohm, Cleo Varga et al.")
    names = names.format(family=family, FAMILY=family.upper())
    day = said.get("day", str(DAY))
    text = {None: None, "same": sentence(f"of {number}"), "other": sentence(f"no {number}") * 2}
    return dict.fromkeys(COLUMNS) | {
        "paper_id": f"p{number}", "title": said.get("title", "{}").format(subject(number)),
        "abstract": text[said.get("abstract")], "published": day and datetime.date.fromisoformat(day),
        "published_precision": "day" if day else "none", "category_code": "LG", "category": "cs.LG",
        "category_candidates": ["cs.LG"], "authors": listed(names.removesuffix(" et al.")),
        "authors_truncated": names.endswith(" et al."), "supplied": False,
    }  # fmt: skip


def listed(names: str) -> list[str]:
    """Return a list of names cut at its commas: degrees and initials stay with their names."""
    parts: list[str] = []
    for part in names.split(", "):
        if part in ("PhD", "MD") or (len(part) == 2 and part.endswith(".")):
            parts[-1] += f", {part}"
        else:
            parts.append(part)
    return parts


def entry_of(number: int, said: dict[str, Any]) -> dict[str, Any]:
    """Return a case's entry of the metadata file."""
    people = [[FAMILIES[number], "Ada", said.get("suffix", "")], ["Ohm", "Boris", ""], ["Varga", "Cleo", ""]]
    people.append(said.get("last", LAST))
    if "team" in said:
        *before, last = said["team"].split(" ")
        people = [[last, " ".join(before), ""], [":", "", ""], *people]
    return metadata(
        number, title=said.get("title", "{}").format(subject(number)), abstract=sentence(f"of {number}"),
        authors_parsed=people[: said.get("only")],
    )  # fmt: skip


def numbered() -> list[tuple[str, Case]]:
    """Return all cases with their kinds."""
    kinds = {**APART, **ONE, "lists that stay": LISTS_THAT_STAY}
    return list(chain.from_iterable(((kind, case) for case in cases) for kind, cases in kinds.items()))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Look every case's page up in the index of all entries; return kinds, pages, and what became of them."""
    home: Path = tmp_path_factory.mktemp("kinds")
    cases = numbered()
    entries = [entry_of(number, entry) for number, (_, (_, entry)) in enumerate(cases)]
    (home / "arxiv.json").write_bytes(lines(entries))
    index = build_index(home / "arxiv.json", home / "index", home / "work", here)
    pages = [page_of(number, page) for number, (_, (page, _)) in enumerate(cases)]
    papers = pl.DataFrame(pages, schema=COLUMNS)
    best = fill.matches(papers, rescue.entries_for(index, match.asked_keys(papers, None)), None)
    made, _ = filled(papers, best)
    return [(kind, page, row) for (kind, _), page, row in zip(cases, pages, made.to_dicts(), strict=True)]


def test_every_kind_has_its_cases():
    kinds = [kind for kind, _ in numbered()]
    assert {kind: kinds.count(kind) for kind in KINDS} == dict.fromkeys(KINDS, 10)
    assert len(kinds) <= len(FAMILIES)


def of(found: list[tuple[str, dict[str, Any], dict[str, Any]]], kind: str) -> list[tuple[Any, Any]]:
    return [(page, row) for one, page, row in found if one == kind]


@pytest.mark.parametrize("kind", APART)
def test_another_paper_fills_nothing(found, kind):
    wrong = [(page["title"], row["match_confidence"]) for page, row in of(found, kind) if row["filled"]]
    assert wrong == []
    for page, row in of(found, kind):
        assert (row["authors"], row["authors_source"]) == (page["authors"], "listed")


@pytest.mark.parametrize("kind", ONE)
def test_the_paper_is_found_and_its_list_is_whole(found, kind):
    missed = [
        (page["title"], page["authors"], row["authors"], row["match_confidence"])
        for page, row in of(found, kind)
        if row["arxiv_id"] != f"2301.{int(page['paper_id'][1:]):05d}" or row["authors_truncated"]
    ]
    assert missed == []


def test_a_list_whose_names_are_not_the_beginning_of_the_entry_s_stays(found):
    for page, row in of(found, "lists that stay"):
        assert row["arxiv_id"] is not None, (page["authors"], row["match_confidence"])
        assert (row["authors"], row["authors_truncated"]) == (page["authors"], page["authors_truncated"])
        assert row["authors_source"] == "listed"


def test_what_the_page_listed_stands_and_the_rest_is_decoded(found):
    tails = {row["authors"][-1] for page, row in of(found, "TeX in the entry's names")}
    assert tails == {
        "Jos\u00e9 \u00c1lvarez", "J\u00e9r\u00f4me \u00d8stby", "J\u00f6rg M\u00fcller", "Ji\u0159\u00ed Ko\u010di",
        "Pawe\u0142 \u0141ucki", "\u00c6sa \u00c5kerlund", "Bego\u00f1a Ni\u00f1o", "Jo\u00e3o Gon\u00e7alves",
        "Mih\u0103i S\u0103lcianu", "Ren\u00e9e Wei\u00df",
    }  # fmt: skip
    for kind in ONE:
        for page, row in of(found, kind):
            count = len(page["authors"])
            assert row["authors"][:count] == page["authors"]
            assert row["sources"] is None or row["sources"][:count] == ["listed"] * count


def test_suffixes_stand_in_the_parts_and_behind_the_name(found):
    rows = [row for _, row in of(found, "suffixes and odd entries")]
    assert [row["authors"][-1] for row in rows] == [
        "Olaf Brandt Jr.", "Olaf Brandt III", "Olaf Brandt Jr.", "Olaf Brandt", "Olaf Brandt", "Brandt", "Olaf",
        "Olaf van der Brandt", "and Olaf Brandt", "Olaf Karl Brandt",
    ]  # fmt: skip
    assert [row["name_parts"][-1]["suffix"] for row in rows[:4]] == ["Jr.", "III", "Jr.", None]
