"""The same paper in several places becomes one row, and different papers of one title stay apart."""

from __future__ import annotations

import datetime

import polars as pl

from tests.conftest import table


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
