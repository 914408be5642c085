"""The same paper in several places becomes one row, and different papers of one title stay apart."""

from __future__ import annotations

import datetime
import re

import polars as pl
import pytest

from byline.reading import slices as read
from tests.conftest import files_of, table


def record(
    date: str = "Sep 25, 2023",
    names: str = "Ada Lovelace, Alan Turing, Grace Hopper",
    badges: str = "",
    abstract: str = "We close gates.",
    labels: str = "",
) -> str:
    return f"LG{date}{badges}\nGates That Learn to Close Slowly{names}{labels}\n{abstract}\n"


def test_the_same_record_in_two_files_is_one_paper(build):
    result = build({"a.txt": record(), "b.txt": record()})
    papers, records = table(result.path, "papers"), table(result.path, "records")
    assert papers["record_count"].to_list() == [2]
    assert sorted(records["status"]) == ["duplicate", "published"]
    assert records["paper_id"].n_unique() == 1


def test_the_complete_list_gives_the_names_and_the_earliest_date_the_day(build):
    cut = record(
        date="Jan 2, 2023", names="Ada Lovelace, Alan Turing et al.", badges="Code", labels=" · deepmind"
    )
    result = build({"a.txt": cut, "b.txt": record()})
    paper = table(result.path, "papers").row(0, named=True)
    assert paper["author_count"] == 3
    assert paper["authors_truncated"] is False
    assert paper["published"] == datetime.date(2023, 1, 2)
    assert paper["badges"] == ["Code"]
    assert paper["has_code"] is True
    assert table(result.path, "paper_affiliations")["label_as_listed"].to_list() == ["deepmind"]


def test_other_authors_under_one_title_and_first_surname_are_another_paper(build):
    other = record(names="Zoe Lovelace, Barbara Liskov")
    result = build({"a.txt": record(), "b.txt": other})
    assert table(result.path, "papers").height == 2
    assert table(result.path, "papers")["paper_id"].n_unique() == 2


def test_one_title_years_apart_with_other_abstracts_is_another_paper(build):
    later = record(date="Sep 25, 2029", abstract="Something else entirely.")
    assert table(build({"a.txt": record(), "b.txt": later}).path, "papers").height == 2


def test_one_title_years_apart_with_the_same_abstract_is_one_paper(build):
    later = record(date="Sep 25, 2029")
    assert table(build({"a.txt": record(), "b.txt": later}).path, "papers").height == 1


def test_copies_within_one_file_are_told_apart_in_the_account(build):
    result = build({"a.txt": record() * 3})
    records = table(result.path, "records")
    assert records["record_id"].n_unique() == 3
    assert records.filter(pl.col("status") == "published").height == 1


PAIRS_APART = {
    "Greek letters": (r"The $\alpha$ Conjecture", r"The $\beta$ Conjecture"),
    "plus and minus": ("Primes of the Form $x^2+y$", "Primes of the Form $x^2-y$"),
    "a sign in the name": ("C++ Widgets", "C Widgets"),
    "greater and less": ("Ramsey Numbers $R(3,k) > 5$", "Ramsey Numbers $R(3,k) < 5$"),
}
PAIRS_TOGETHER = {
    "accents": (r"Poincar\'e Inequalities", "Poincaré Inequalities"),
    "entities": ("Search & Rescue of Owls", "Search &amp; Rescue of Owls"),
    "two media": (r"\texorpdfstring{$k$}{k}-Means for Owls", "$k$-Means for Owls"),
}


def titled(title: str, names: str = "Ada Lovelane, Alan Turinger", **said: str) -> str:
    day, abstract = said.get("day", "Sep 25, 2023"), said.get("abstract", "We count owls.")
    return f"LG{day}\n{title}{names}\n{abstract}\n"


def test_titles_that_differ_in_a_sign_are_two_papers_and_typesetting_makes_none(build):
    pairs = [*PAIRS_APART.values(), *PAIRS_TOGETHER.values()]
    papers = table(
        build({"a.txt": "".join(titled(title) for pair in pairs for title in pair)}).path, "papers"
    )
    assert papers["record_count"].sort().to_list() == [1] * 8 + [2] * 3


def test_a_family_name_first_and_a_particle_change_no_key(build):
    listed = (
        "Maarten van Oostveen, Ada Lovelane",
        "Maarten Van Oostveen, Ada Lovelane",
        "M. van Oostveen et al.",
    )
    papers = table(
        build({"a.txt": "".join(titled("Owls of the Marsh", one) for one in listed)}).path, "papers"
    )
    assert papers["record_count"].to_list() == [3]


def test_prefaces_of_two_volumes_are_two_papers(build):
    years = {"2010": "Papers of the meeting on owls.", "2012": "Papers of the meeting on hawks."}
    text = "".join(titled("Preface", day=f"Jan 4, {year}", abstract=said) for year, said in years.items())
    papers = table(build({"a.txt": text}).path, "papers")
    assert papers.height == 2
    assert papers["paper_id"].n_unique() == 2


WITH_ID = re.compile(r"arXiv:(\S+)")


@pytest.fixture
def stated_ids(monkeypatch):
    """Let cards state an arXiv id at the head of their abstract, as other forms do on a line of their own."""
    original = read._card

    def with_ids(rows: pl.DataFrame) -> pl.DataFrame:
        return original(rows).with_columns(arxiv_id=pl.col("abstract").str.extract(WITH_ID.pattern, 1))

    monkeypatch.setattr(read, "_card", with_ids)


def test_records_of_one_id_are_one_paper_in_whatever_buckets_they_lie(
    build, tmp_path, monkeypatch, stated_ids
):
    """Titles change between versions, some of them twice, and records without an id follow their key."""
    text = "".join(
        titled(
            f"{word} Nests of Owl {number}",
            day=f"Jan {day}, 2020",
            abstract=f"arXiv:2001.{number:05d} We count.",
        )
        for day, word in enumerate(("Wet", "Dry", "Warm"), 1)
        for number in range(40)
        if number % 3 or day < 3
    )
    text += "".join(
        titled(f"Dry Nests of Owl {number}", day="Jan 9, 2020", abstract="") for number in range(0, 40, 4)
    )
    text += titled("Other Nests", names="Grace Hoppers", abstract="arXiv:2001.00001 We err.")
    whole = build({"a.txt": text})
    papers = table(whole.path, "papers")
    assert papers.height == 41
    assert papers.filter(pl.col("arxiv_id") == "2001.00001").height == 2  # other authors: another paper
    reference = files_of(whole.path)
    assert table(whole.path, "records")["status"].value_counts().height == 2
    monkeypatch.setattr("byline.pipeline.order.BUCKET_BYTES", 1_000)
    many = build({"a.txt": text}, out=tmp_path / "many", slice_bytes=1_500)
    assert files_of(many.path) == reference


CUT, LONG = "Ida Lundgren, Per Holmqvist et al.", "Ida Lundgren, Per Holmqvist, Eva Strandberg"
OTHER = "Ida Lundgren, Per Holmqvist, Nils Bergdahl"


@pytest.mark.parametrize("lists", [(CUT, LONG, OTHER), (LONG, CUT, OTHER), (LONG, OTHER, CUT)])
def test_a_list_must_agree_with_the_longest_one_of_its_paper_not_with_the_cut_one(build, lists):
    days = ("Sep 1, 2023", "Sep 2, 2023", "Sep 3, 2023")
    text = "".join(record(date=day, names=names) for day, names in zip(days, lists, strict=True))
    papers = table(build({"a.txt": text}).path, "papers")
    assert sorted(papers["record_count"]) == [1, 2]
    assert papers["author_count"].to_list() == [3, 3]
