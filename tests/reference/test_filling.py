"""What a matched entry adds to a paper: only what the page left out, in the form of the dataset; the page stands."""

from __future__ import annotations

import datetime
from typing import Any

import polars as pl
import pytest

from byline.reference.authors import NAME
from byline.reference.filling import DISAGREEMENTS, filled
from byline.reference.records import ENTRIES
from byline_schemas import PAPERS, PARSED

COLUMNS: dict[str, Any] = {
    **PAPERS.columns(), "authors": pl.List(pl.String), "name_parts": PARSED.columns()["name_parts"],
    "supplied": pl.Boolean,
}  # fmt: skip
DAY = datetime.date(2023, 1, 2)
NAMES = [
    {"given": given, "family": family, "suffix": suffix}
    for given, family, suffix in (("Ada", "Pym", None), ("Bo", "Ohm", None), ("Carl", "Roe", "Jr."))
]
ENTRY: dict[str, Any] = {
    "arxiv_id": "2301.00007", "doi": "10.1234/herons.7", "title": "Herons of quiet lakes", "published": DAY,
    "updated": DAY, "categories": "cs.LG stat.ML", "journal_ref": "J. Herons 12 (2023) 1-9", "comments": "12 pages",
    "abstract": "We count herons.", "names": NAMES,
}  # fmt: skip
PAGE: dict[str, Any] = {
    "title": "Herons of quiet lakes", "authors": ["Ada Pym", "Bo Ohm"], "authors_truncated": True, "supplied": False,
    "published_precision": "none", "category_candidates": [],
}  # fmt: skip


def fill(
    page: dict[str, Any], entry: dict[str, Any], *, fills: bool = True, agrees: bool = True
) -> tuple[dict[str, Any], dict[str, int]]:
    """Return the paper that a page and an entry make, and how often they disagree."""
    papers = pl.DataFrame([dict.fromkeys(COLUMNS) | PAGE | page], schema=COLUMNS)
    said = pl.DataFrame([ENTRY | entry], schema=ENTRIES | {"names": pl.List(NAME)})
    found = said.with_columns(confidence=pl.lit(0.999), fills=pl.lit(fills), agrees=pl.lit(agrees))
    made, disagreements = filled(papers, found)
    return made.row(0, named=True), disagreements


STATED: list[tuple[str, Any]] = [
    ("arxiv_id", "2212.00001"), ("doi", "10.1234/other"), ("venue", "Journal of Lakes"), ("comments", "9 pages"),
    ("abstract", "We count fish."), ("published", datetime.date(2023, 3, 4)),
    ("category_code", "RO"), ("category", "cs.RO"),
]  # fmt: skip
"""Columns that a page may state, and other values than the entry's."""


@pytest.mark.parametrize(("column", "value"), STATED)
def test_what_the_page_says_is_never_overwritten(column, value):
    precise = {"published_precision": "day"} if column == "published" else {}
    made, _ = fill({column: value} | precise, {})
    assert made[column] == value
    assert column not in made["filled"]
    rest = {"arxiv_id", "doi", "venue", "comments", "abstract", "published", "category"} - {column}
    assert (rest - {"category"} if column == "category_code" else rest) <= set(made["filled"])


def test_what_the_page_left_out_comes_from_the_entry():
    made, disagreements = fill({}, {})
    assert (made["arxiv_id"], made["doi"], made["venue"]) == ("2301.00007", "10.1234/herons.7", "J. Herons")
    assert (made["published"], made["published_precision"], made["category"]) == (DAY, "day", "cs.LG")
    assert (made["category_candidates"], made["abstract"]) == (["cs.LG", "stat.ML"], "We count herons.")
    assert made["authors"] == ["Ada Pym", "Bo Ohm", "Carl Roe Jr."]
    assert made["sources"] == ["listed", "listed", "arxiv"]
    assert (made["authors_truncated"], made["authors_source"]) == (False, "arxiv")
    assert made["name_parts"][-1] == {"given": "Carl", "family": "Roe", "suffix": "Jr."}
    assert disagreements == dict.fromkeys(DISAGREEMENTS, 0)


def test_below_the_threshold_nothing_is_filled_and_the_confidence_stays():
    made, disagreements = fill({"doi": "10.1234/other"}, {}, fills=False)
    assert (made["filled"], made["arxiv_id"], made["authors"]) == ([], None, PAGE["authors"])
    assert made["match_confidence"] == pytest.approx(0.999)
    assert disagreements == dict.fromkeys(DISAGREEMENTS, 0)


LISTS = [
    ({"authors": ["Ada Pym"]}, 3, False), ({"authors": ["Ada Pym", "Bo Ohm", "Carl Roe"]}, 3, True),
    ({"authors_truncated": False}, 2, False), ({"authors": ["Lake Collaboration", ":", "Ada Pym"]}, 4, False),
]  # fmt: skip


@pytest.mark.parametrize(("page", "count", "stays"), LISTS)
def test_only_a_list_that_the_page_cut_grows(page, count, stays):
    names = {"names": [{"given": "Lake", "family": "Collaboration", "suffix": None}, *NAMES[:2]]}
    made, _ = fill(page, names if ":" in page.get("authors", []) else {})
    assert (len(made["authors"]), made["authors_truncated"]) == (count, stays)
    assert made["authors"][: len((PAGE | page)["authors"])] == (PAGE | page)["authors"]


def test_names_that_disagree_keep_the_list_as_the_page_cut_it():
    made, disagreements = fill({}, {}, agrees=False)
    assert (made["authors"], made["authors_truncated"]) == (PAGE["authors"], True)
    assert (made["authors_source"], made["arxiv_id"]) == ("listed", "2301.00007")
    assert disagreements["authors"] == 1


DISAGREE: list[tuple[dict[str, Any], dict[str, Any], str, int]] = [
    ({"arxiv_id": "2212.00001"}, {}, "arxiv_id", 1),
    ({"arxiv_id": "2301.00007"}, {}, "arxiv_id", 0),
    ({"doi": "10.1234/other"}, {}, "doi", 1),
    ({"doi": "10.1234/other"}, {"doi": None}, "doi", 0),
    ({"published": datetime.date(2023, 3, 4), "published_precision": "day"}, {}, "published", 1),
    ({"published": datetime.date(2023, 1, 1), "published_precision": "year"}, {}, "published", 0),
    ({"category": "cs.RO", "category_candidates": ["cs.RO"]}, {}, "category", 1),
    ({"category": "stat.ML", "category_candidates": ["stat.ML"]}, {}, "category", 0),
    ({"category": "math.AG", "category_candidates": ["math.AG"]}, {"categories": "alg-geom"}, "category", 0),
    (
        {"category": "eess.SY", "category_candidates": ["eess.SY"]},
        {"categories": "math.OC cs.SY"},
        "category",
        0,
    ),
    ({"authors": ["Ada Pym"], "authors_truncated": False}, {}, "authors", 1),
    ({"authors": ["Ada Pym", "Bo Ohm", "Carl Roe"], "authors_truncated": False}, {}, "authors", 0),
]


@pytest.mark.parametrize(("page", "entry", "column", "count"), DISAGREE)
def test_disagreements_are_counted_by_column_where_both_speak(page, entry, column, count):
    _, disagreements = fill(page, entry)
    assert disagreements == dict.fromkeys(DISAGREEMENTS, 0) | {column: count}


def test_categories_stand_under_their_names_of_today():
    made, _ = fill({}, {"categories": "alg-geom cs.NA hep-th"})
    assert (made["category"], made["category_candidates"]) == ("math.AG", ["math.AG", "math.NA", "hep-th"])


VENUES = [
    ("Phys. Rev. D 76, 013009 (2007)", "Phys. Rev. D"),
    ("Phys.Rev.D76:013009,2007", "Phys.Rev.D"),
    ("Phys. Lett. B650", "Phys. Lett. B"),
    ("Class.Quant.Grav.24:S1-S12,2007", "Class.Quant.Grav."),
    ("J. Stat. Mech. (2007) P05012", "J. Stat. Mech."),
    ("Eur. Phys. J. C (2019) 79:1", "Eur. Phys. J. C"),
    ("A&A 12, L3", "A&A"),
    ("IEEE Trans. Inf. Theory, vol. 53, no. 5, pp. 1-10, May 2007", "IEEE Trans. Inf. Theory"),
    ("Proceedings of the 24th ICML, Oslo, 2007, pp. 1-8", "Proceedings of the 24th ICML, Oslo"),
    (
        "2007 IEEE International Conference on Robotics, pages 1-6",
        "IEEE International Conference on Robotics",
    ),
    ("Proc. of the 2nd Workshop on Gates (WG'07), Oslo", "Proc. of the 2nd Workshop on Gates (WG), Oslo"),
    ("Lecture Notes in Computer Science Volume 4596, 2007, pp 1-12", "Lecture Notes in Computer Science"),
    ("CVPR2019", "CVPR"),
    ("3D Vision 2019", "3D Vision"),
    ("Ann. Inst. H. Poincar\\'e 43 (2007) 1", "Ann. Inst. H. Poincar\u00e9"),
    ("to appear in Journal of Algebra", "Journal of Algebra"),
    ("Accepted for publication in Physical Review A", "Physical Review A"),
    ("Proc. of Gates, Oslo, May 2007", "Proc. of Gates, Oslo"),
    ("submitted to Nature", None),
    ("10.1103/PhysRevD.76.013009", None),
    ("76, 013009 (2007)", None),
]
"""Journals' references as authors type them, and the venue of each."""


@pytest.mark.parametrize(("reference", "venue"), VENUES)
def test_the_venue_is_the_journal_without_volume_pages_and_year(reference, venue):
    assert fill({}, {"journal_ref": reference})[0]["venue"] == venue
