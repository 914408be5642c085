"""Which records are one paper follows from the records alone, whatever their order."""

from __future__ import annotations

import datetime
from functools import cache

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byline.core.ids import SEPARATOR, digest
from byline.core.union import components
from byline.papers import id_ties, merge_records, tied_keys
from byline.papers.abstracts import Abstract
from byline.papers.authors import Names, read_lists
from byline.papers.grouping import Record, papers_of
from byline.papers.keys import with_ids
from byline.pipeline.stages.settle import SETTLED, says_code
from byline_schemas import NAME_PARTS

OWLS = "We count owls in nine winters on the farms of the coast and say where they nest, and why, with maps."
HAWKS = (
    "An algorithm for routing hawks over graphs of bounded width is given; it runs in the square of the wind."
)


@cache
def read_list(names: str) -> Names:
    """Return a list of authors as it is compared."""
    return read_lists(pl.Series([names.split("; ")]), pl.Series([None], dtype=pl.List(NAME_PARTS)))[0]


def record(
    number: int,
    *,
    key: str = "k",
    names: str = "Ada Lovelane; Alan Turinger",
    arxiv: str | None = None,
    doi: str | None = None,
    abstract: str | None = None,
    day: str | None = "2020-01-01",
    precision: str = "day",
) -> Record:
    when = None if day is None else datetime.date.fromisoformat(day)
    text = None if abstract is None else Abstract(abstract)
    return Record(
        number, f"{number:020x}", key, f"{number:020x}", arxiv, doi, read_list(names), text, when, precision
    )


def groups(*records: Record) -> list[list[int]]:
    return [[one.row for one in paper.records] for paper in papers_of(records)]


TOGETHER = {
    "the same key, near dates": (record(0), record(1, day="2021-12-31")),
    "the same key, one without a date": (record(0), record(1, day=None)),
    "the same abstract, years apart": (record(0, abstract=OWLS), record(1, abstract=OWLS, day="2031-01-01")),
    "a snippet": (record(0, abstract=OWLS), record(1, abstract=OWLS[:40] + "…", day="2031-01-01")),
    "a year and a day in it": (record(0, day="2020-01-01", precision="year"), record(1, day="2022-11-30")),
    "another title, one arXiv id": (record(0, key="k", arxiv="2001.00001"), record(1, key="l", arxiv="2001.00001")),
    "another title, one DOI": (record(0, key="k", doi="10.1000/x"), record(1, key="l", doi="10.1000/x")),
    "one id, abstracts that differ": (
        record(0, arxiv="2001.00001", abstract=OWLS),
        record(1, key="l", arxiv="2001.00001", abstract=HAWKS, day="2030-01-01"),
    ),
    "an id and none": (record(0, arxiv="2001.00001"), record(1)),
    "ids of two kinds": (record(0, arxiv="2001.00001"), record(1, doi="10.1000/x")),
    "initials": (record(0), record(1, names="A. Lovelane; A. Turinger; G. Hoppers")),
    "through a record of another key": (
        record(0, key="k", arxiv="2001.00001"), record(1, key="l", day="2020-01-02"),
        record(2, key="l", arxiv="2001.00001", day="2020-01-03"),
    ),
    "two ids brought together by a third record": (
        record(0, key="k", arxiv="2001.00001"), record(1, key="l", doi="10.1000/x"),
        record(2, key="m", arxiv="2001.00001", doi="10.1000/x"),
    ),
}  # fmt: skip
APART = {
    "dates far apart": (record(0), record(1, day="2022-06-01")),
    "abstracts that differ on one day": (record(0, abstract=OWLS), record(1, abstract=HAWKS)),
    "arXiv ids that contradict": (record(0, arxiv="2001.00001"), record(1, arxiv="2001.00002")),
    "DOIs that contradict": (record(0, doi="10.1000/x"), record(1, doi="10.1000/y")),
    "other authors": (record(0), record(1, names="Ada Lovelane; Grace Hoppers")),
    "one DOI, other authors": (
        record(0, key="k", doi="10.1000/volume"), record(1, key="l", doi="10.1000/volume", names="Grace Hoppers"),
    ),
    "other titles": (record(0, key="k"), record(1, key="l")),
}  # fmt: skip


@pytest.mark.parametrize("records", TOGETHER.values(), ids=TOGETHER.keys())
def test_records_of_one_paper_come_together_in_any_order(records):
    assert groups(*records) == groups(*reversed(records)) == [list(range(len(records)))]


@pytest.mark.parametrize("records", APART.values(), ids=APART.keys())
def test_records_of_two_papers_stay_apart_in_any_order(records):
    assert groups(*records) == groups(*reversed(records)) == [[number] for number in range(len(records))]


def test_an_initial_that_fits_two_names_joins_only_one_of_them():
    given_names = ("Ada Lovelane", "Alma Lovelane", "A. Lovelane")
    found = groups(*(record(number, names=name) for number, name in enumerate(given_names)))
    assert found == [[0, 2], [1]]


def test_every_record_must_agree_with_each_of_its_paper():
    days = ("2010-01-01", "2011-06-01", "2012-06-01")
    assert groups(*(record(number, day=day) for number, day in enumerate(days))) == [[0, 1], [2]]


RECORDS = st.builds(
    record,
    st.integers(0, 40),
    key=st.sampled_from("kl"),
    names=st.sampled_from(
        ["Ada Lovelane", "A. Lovelane", "Alma Lovelane; Bo Fenwickan", "Ada Lovelane; B. Fenwickan"]
    ),
    arxiv=st.sampled_from([None, None, "2001.00001", "2001.00002"]),
    doi=st.sampled_from([None, None, "10.1000/x", "10.1000/y"]),
    abstract=st.sampled_from([None, OWLS, OWLS[:50] + "…", HAWKS]),
    day=st.sampled_from([None, "2010-01-01", "2011-06-01", "2012-06-01", "2019-01-01"]),
    precision=st.sampled_from(["day", "month", "year"]),
)
"""Records of few kinds, so that they meet."""


@settings(deadline=None, max_examples=60)
@given(st.lists(RECORDS, max_size=9, unique_by=lambda one: one.row), st.randoms(use_true_random=False))
def test_papers_follow_from_the_records_and_not_from_their_order(records, random):
    shuffled = random.sample(records, len(records))
    assert groups(*records) == groups(*shuffled)


def settled(rows: list[dict[str, object]]) -> pl.DataFrame:
    """Return rows as `settle` leaves them: readable records unless told otherwise."""
    usual = {
        "form": "card", "published_precision": "day", "badges": [], "has_code": False, "links": [], "labels": [],
        "category_candidates": [], "authors_truncated": False, "boundary_confidence": 1.0, "title": "Owls",
    }  # fmt: skip
    whole = [{**dict.fromkeys(SETTLED), **usual, **row} for row in rows]
    frame = pl.DataFrame(whole, schema_overrides=dict(SETTLED), infer_schema_length=None)
    return frame.select(pl.col(name).cast(dtype) for name, dtype in SETTLED.items()).with_columns(
        record_id=pl.Series([f"{number:020x}" for number in range(len(rows))], dtype=pl.String)
    )


KEYS = [f"{number:020x}" for number in range(5)]
ROWS = st.fixed_dictionaries(
    {
        "paper_key": st.sampled_from(KEYS),
        "authors": st.sampled_from([["Ada Lovelane"], ["A. Lovelane", "Bo Fenwickan"], ["Alma Lovelane"]]),
        "arxiv_id": st.sampled_from([None, None, "2001.00001", "2001.00002"]),
        "doi": st.sampled_from([None, None, "10.1000/x", "10.48550/arxiv.2001.00001"]),
        "abstract": st.sampled_from([None, OWLS, HAWKS]),
        "published": st.sampled_from([datetime.date(2010, 1, 1), datetime.date(2019, 1, 1)]),
        "venue": st.sampled_from([None, "Journal of Owls"]),
        "digest": st.sampled_from([f"{number:020x}" for number in range(3)]),
        "badges": st.sampled_from([[], ["Code"], ["Data"]]),
        "reason": st.sampled_from([None, None, None, "bad_date"]),
    }
)


@settings(deadline=None, max_examples=40)
@given(st.lists(ROWS, min_size=1, max_size=10), st.randoms(use_true_random=False))
def test_merged_rows_depend_neither_on_order_nor_on_which_other_keys_are_there(rows, random):
    frame = settled(rows)
    whole = merge_records(frame, says_code)
    shuffled = merge_records(frame.sample(fraction=1, shuffle=True, seed=random.randint(0, 99)), says_code)
    assert shuffled.papers.sort("paper_id").equals(whole.papers.sort("paper_id"))
    homes = components(tied_keys(id_ties(frame)))
    component = frame["paper_key"].replace(homes)
    parts = [merge_records(frame.filter(component == one), says_code) for one in component.unique()]
    assert pl.concat([part.papers for part in parts]).sort("paper_id").equals(whole.papers.sort("paper_id"))
    statuses = ["record_id", "status", "paper_id"]
    apart = pl.concat([part.records.select(statuses) for part in parts]).sort("record_id")
    assert apart.equals(whole.records.select(statuses).sort("record_id"))


@settings(deadline=None, max_examples=40)
@given(st.lists(ROWS, min_size=1, max_size=10))
def test_every_readable_record_has_one_paper_and_every_paper_its_own_id(rows):
    frame = settled(rows)
    merged = merge_records(frame, says_code)
    readable = frame.filter(pl.col("reason").is_null()).height
    assert merged.papers["paper_id"].is_unique().all()
    assert merged.papers["record_count"].sum() == readable
    assert (merged.records["paper_id"].is_null() == merged.records["reason"].is_not_null()).all()
    assert (merged.records["status"] == "published").sum() == merged.papers.height


def test_fields_come_from_the_first_record_that_has_them_and_the_date_from_the_most_precise():
    authors = ["Ada Lovelane", "Alan Turinger"]
    day, year = datetime.date(2020, 3, 4), datetime.date(2019, 1, 1)
    rows = [
        {"authors": authors, "published": year, "published_precision": "year", "venue": "Journal of Owls",
         "title": "Owls", "links": ["https://a.example"]},
        {"authors": authors[:1], "authors_truncated": True, "published": day, "venue": "arXiv", "abstract": OWLS,
         "title": "OWLS", "category_code": "cs.LG", "badges": ["Code"], "links": ["https://b.example"]},
    ]  # fmt: skip
    frame = settled([{"paper_key": KEYS[0], "digest": KEYS[n], **row} for n, row in enumerate(rows)])
    paper = merge_records(frame, says_code).papers.row(0, named=True)
    assert paper["title"] == "Owls"
    assert (paper["published"], paper["published_precision"]) == (day, "day")
    assert (paper["venue"], paper["abstract"], paper["category_code"]) == ("Journal of Owls", OWLS, "cs.LG")
    assert paper["links"] == ["https://a.example", "https://b.example"]
    assert paper["has_code"] is True
    assert paper["record_count"] == 2


PREFERRED: dict[str, tuple[dict[str, object], dict[str, object]]] = {
    "a page before the registry": ({"authors": ["Ada Lovelane"]}, {"supplied": True}),
    "complete before cut": ({"authors": ["Ada Lovelane"]}, {"authors_truncated": True}),
    "long before short": (
        {"authors": ["Ada Lovelane", "Alan Turinger", "Bo Fenwickan"], "authors_truncated": True},
        {"authors_truncated": True},
    ),
    "sure before unsure": ({"boundary_confidence": 0.9}, {"boundary_confidence": 0.2}),
}
"""What one record of a paper says and another does not, by the rule that lets the first one win."""


@pytest.mark.parametrize("swapped", [False, True], ids=["in order", "swapped"])
@pytest.mark.parametrize("rule", PREFERRED)
def test_the_record_that_a_paper_is_published_from(rule, swapped):
    usual = {"authors": ["Ada Lovelane", "Alan Turinger"], "paper_key": KEYS[0], "supplied": False}
    better, worse = (
        {**usual, "venue": name, **said} for name, said in zip("bw", PREFERRED[rule], strict=True)
    )
    rows = [worse, better] if swapped else [better, worse]
    frame = settled([{"digest": KEYS[n], **row} for n, row in enumerate(rows)])
    paper = merge_records(frame, says_code).papers.row(0, named=True)
    assert paper["record_count"] == 2
    assert (paper["venue"], paper["authors"]) == ("b", better["authors"])


def test_of_records_that_say_alike_the_smallest_id_is_published():
    usual = {"authors": ["Ada Lovelane"], "paper_key": KEYS[0]}
    frame = settled([{"digest": KEYS[n], "venue": name, **usual} for n, name in enumerate("ba")])
    assert merge_records(frame, says_code).papers["venue"].to_list() == ["b"]


def test_an_arxiv_doi_is_the_arxiv_id():
    rows = [{"authors": ["Ada Lovelane"], "arxiv_id": "2001.00001"},
            {"authors": ["A. Lovelane"], "arxiv_id": "2001.00001", "doi": "10.48550/arxiv.2001.00001"}]  # fmt: skip
    frame = settled([{"paper_key": KEYS[n], "digest": KEYS[n], **row} for n, row in enumerate(rows)])
    assert merge_records(frame, says_code).papers.height == 1


IDS = [
    ("2001.00001", None, "2001.00001"),
    (None, "10.48550/arxiv.2001.00001", "2001.00001"),
    (None, "10.48550/arxiv.2001.00001v12", "2001.00001"),
    (None, "10.48550/arxiv.hep-th/9901001", "hep-th/9901001"),
    ("2001.00002", "10.48550/arxiv.2001.00001", "2001.00002"),
    (None, "10.1000/x", None),
    (None, "10.1000/10.48550/arxiv.2001.00001", None),
    (None, None, None),
]  # fmt: skip


@pytest.mark.parametrize(("arxiv", "doi", "expected"), IDS)
def test_arxiv_ids_are_taken_from_what_arxiv_registers(arxiv, doi, expected):
    frame = pl.DataFrame(
        {"arxiv_id": [arxiv], "doi": [doi]}, schema=dict.fromkeys(("arxiv_id", "doi"), pl.String)
    )
    found = with_ids(frame)
    assert found.rows() == [(expected, doi)]


def ties(*rows: tuple[str, str, str | None, str]) -> list[tuple[str, str]]:
    """Return which keys are tied; rows are key, first author, reason, DOI."""
    columns = ("paper_key", "first", "reason", "doi")
    frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    listed = frame.with_columns(authors=pl.concat_list("first"), arxiv_id=pl.lit(None, dtype=pl.String))
    return tied_keys(id_ties(listed))


TIED = {
    "initial and name": (("k", "Ada Pym", None, "10.1000/x"), ("l", "A. Pym", None, "10.1000/x"), True),
    "the other order": (("k", "Bo Li", None, "10.1000/x"), ("l", "Li, Bo", None, "10.1000/x"), True),
    "words of two letters": (("k", "Bo Li", None, "10.1000/x"), ("l", "Bo Xu", None, "10.1000/x"), True),
    "a word of two letters": (("k", "Bo Pym", None, "10.1000/x"), ("l", "Bo Fox", None, "10.1000/x"), True),
    "one letter in common": (("k", "A. Pym", None, "10.1000/x"), ("l", "A. Fox", None, "10.1000/x"), False),
    "initials alone": (("k", "A. B.", None, "10.1000/x"), ("l", "C. D.", None, "10.1000/x"), True),
    "another id": (("k", "Ada Pym", None, "10.1000/x"), ("l", "Ada Pym", None, "10.1000/y"), False),
    "an unreadable one": (("k", "Ada Pym", None, "10.1000/x"), ("l", "Ada Pym", "bad_date", "10.1000/x"), False),
}  # fmt: skip


@pytest.mark.parametrize(("one", "other", "tied"), TIED.values(), ids=TIED.keys())
def test_keys_are_tied_by_an_id_and_a_word_of_the_first_name(one, other, tied):
    assert ties(one, other) == ties(other, one) == ([("k", "l")] if tied else [])


def test_a_tie_of_many_keys_is_told_by_the_first():
    rows = [(key, "Ada Pym", None, "10.1000/x") for key in "mkl"]
    assert ties(*rows) == [("k", "l"), ("k", "m")]


def test_the_earliest_paper_of_a_key_bears_it_and_later_ones_a_hash_of_their_own():
    days = (datetime.date(2010, 1, 1), datetime.date(2014, 1, 1), datetime.date(2018, 1, 1))
    usual = {"authors": ["Ada Lovelane"], "paper_key": KEYS[0]}
    rows = [{**usual, "published": day, "digest": KEYS[1]} for day in days]
    merged = merge_records(settled(rows), says_code)
    expected = [
        KEYS[0],
        *(digest(SEPARATOR.join((KEYS[0], f"{day}{SEPARATOR}{KEYS[1]}")), "paper") for day in days[1:]),
    ]
    assert merged.records.sort("record_id")["paper_id"].to_list() == expected


def test_two_papers_that_begin_with_the_same_bytes_are_told_by_their_records():
    usual = {"paper_key": KEYS[0], "published": datetime.date(2010, 1, 1), "digest": KEYS[1]}
    rows = [{**usual, "authors": ["Ada Lovelane"], "arxiv_id": f"2001.0000{n}"} for n in range(3)]
    merged = merge_records(settled(rows), says_code)
    more = [f"2010-01-01{SEPARATOR}{KEYS[1]}", f"{2:020x}"]
    expected = [KEYS[0], *(digest(SEPARATOR.join((KEYS[0], one)), "paper") for one in more)]
    assert merged.records.sort("record_id")["paper_id"].to_list() == expected


def test_of_copies_one_is_compared_and_all_are_counted():
    usual = {"paper_key": KEYS[0], "authors": ["Ada Lovelane"], "venue": "Journal of Owls"}
    rows: list[dict[str, object]] = [{**usual, "digest": KEYS[n]} for n in range(4)]
    rows[1]["venue"] = "Annals of Owls"
    merged = merge_records(settled(rows), says_code)
    assert merged.papers["record_count"].to_list() == [4]
    assert merged.papers["venue"].to_list() == ["Journal of Owls"]
    assert merged.records.sort("record_id")["status"].to_list() == ["published", *["duplicate"] * 3]
    assert merged.records["paper_id"].unique().to_list() == [KEYS[0]]
