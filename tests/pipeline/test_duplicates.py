"""The same paper in several places becomes one row, and different papers of one title stay apart."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import polars as pl
import pytest

from byline.core.options import Options
from byline.pipeline.run import run_build
from byline.reading import slices as read
from tests.conftest import files_of, table, write_listings

GATES = "Gates That Learn to Close Slowly"


def record(
    date: str = "Sep 25, 2023",
    names: str = "Ada Lovelace, Alan Turing, Grace Hopper",
    badges: str = "",
    abstract: str = "We close gates.",
    labels: str = "",
    title: str = GATES,
) -> str:
    return f"LG{date}{badges}\n{title}{names}{labels}\n{abstract}\n"


CUT, LONG = "Ida Lundgren, Per Holmqvist et al.", "Ida Lundgren, Per Holmqvist, Eva Strandberg"
OTHER = "Ida Lundgren, Per Holmqvist, Nils Bergdahl"
ORDERS = ((CUT, LONG, OTHER), (LONG, CUT, OTHER), (LONG, OTHER, CUT))
DAYS = ("Sep 1, 2023", "Sep 2, 2023", "Sep 3, 2023")

CASES: dict[str, list[dict[str, str]]] = {
    "in two files": [{}, {}],
    "a cut list, and the complete one later": [
        {
            "date": "Jan 2, 2023",
            "names": "Ada Lovelace, Alan Turing et al.",
            "badges": "Code",
            "labels": " · deepmind",
        },
        {},
    ],
    "other authors": [{}, {"names": "Zoe Lovelace, Barbara Liskov"}],
    "years apart, another abstract": [{}, {"date": "Sep 25, 2029", "abstract": "Something else entirely."}],
    "years apart, the same abstract": [{}, {"date": "Sep 25, 2029"}],
    "thrice": [{}, {}, {}],
    **{
        f"lists {number}": [{"date": day, "names": one} for day, one in zip(DAYS, lists, strict=True)]
        for number, lists in enumerate(ORDERS)
    },
    "a family name first, and a particle": [
        {"names": "Maarten van Oostveen, Ada Lovelane"},
        {"names": "Maarten Van Oostveen, Ada Lovelane"},
        {"names": "M. van Oostveen et al."},
    ],
}
"""Cases, each with the records of one title; "thrice" in one file, others one record a file."""


def titled(title: str, names: str = "Ada Lovelane, Alan Turinger", **said: str) -> str:
    return record(
        said.get("day", "Sep 25, 2023"), names, "", said.get("abstract", "We count owls."), "", title
    )


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
PREFACES = {"2010": "Papers of the meeting on owls.", "2012": "Papers of the meeting on hawks."}


def subject(case: str) -> str:
    """Return the title of a case: no title of another begins like it."""
    return f"{'Abcdefghijklmnop'[list(CASES).index(case)].upper()}{GATES[1:]} {case}".title()


@pytest.fixture(scope="module")
def united(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build all cases at once: no title of one is a title of another."""
    home = tmp_path_factory.mktemp("united")
    files = {"one.txt": "", "two.txt": "", "three.txt": ""}
    for case, records in CASES.items():
        for name, said in zip(files, records, strict=False):
            files["one.txt" if case == "thrice" else name] += record(**{"title": subject(case), **said})
    pairs = [*PAIRS_APART.values(), *PAIRS_TOGETHER.values()]
    files["pairs.txt"] = "".join(titled(title) for pair in pairs for title in pair)
    files["prefaces.txt"] = "".join(
        titled("Preface", day=f"Jan 4, {year}", abstract=said) for year, said in PREFACES.items()
    )
    write_listings(home / "raw", files)
    path = run_build(Options(raw=home / "raw", out=home / "out", workers=0)).path
    assert isinstance(path, Path)
    return path


def papers_of(united: Path, *titles: str) -> pl.DataFrame:
    return table(united, "papers").filter(pl.col("title").is_in(titles))


def records_of(united: Path, case: str) -> pl.DataFrame:
    ids = papers_of(united, subject(case))["paper_id"]
    return table(united, "records").filter(pl.col("paper_id").is_in(ids.implode()))


def test_the_same_record_in_two_files_is_one_paper(united):
    records = records_of(united, "in two files")
    assert papers_of(united, subject("in two files"))["record_count"].to_list() == [2]
    assert sorted(records["status"]) == ["duplicate", "published"]
    assert records["paper_id"].n_unique() == 1


def test_the_complete_list_gives_the_names_and_the_earliest_date_the_day(united):
    paper = papers_of(united, subject("a cut list, and the complete one later")).row(0, named=True)
    assert paper["author_count"] == 3
    assert paper["authors_truncated"] is False
    assert paper["published"] == datetime.date(2023, 1, 2)
    assert paper["badges"] == ["Code"]
    assert paper["has_code"] is True
    labels = table(united, "paper_affiliations").filter(paper_id=paper["paper_id"])
    assert labels["label_as_listed"].to_list() == ["deepmind"]


@pytest.mark.parametrize(
    ("case", "papers"),
    [
        ("other authors", 2),
        ("years apart, another abstract", 2),
        ("years apart, the same abstract", 1),
        ("a family name first, and a particle", 1),
    ],
)
def test_one_title_is_as_many_papers_as_its_authors_years_and_abstracts_say(united, case, papers):
    found = papers_of(united, subject(case))
    assert found.height == found["paper_id"].n_unique() == papers
    assert found["record_count"].sum() == len(CASES[case])


def test_copies_within_one_file_are_told_apart_in_the_account(united):
    records = records_of(united, "thrice")
    assert records["record_id"].n_unique() == 3
    assert records.filter(pl.col("status") == "published").height == 1


def test_titles_that_differ_in_a_sign_are_two_papers_and_typesetting_makes_none(united):
    papers = table(united, "papers").join(
        table(united, "records").filter(source_file="pairs.txt").select("paper_id").unique(), on="paper_id"
    )
    assert papers["record_count"].sort().to_list() == [1] * 8 + [2] * 3


def test_prefaces_of_two_volumes_are_two_papers(united):
    papers = papers_of(united, "Preface")
    assert papers.height == 2
    assert papers["paper_id"].n_unique() == 2


@pytest.mark.parametrize("number", range(len(ORDERS)))
def test_a_list_must_agree_with_the_longest_one_of_its_paper_not_with_the_cut_one(united, number):
    papers = papers_of(united, subject(f"lists {number}"))
    assert sorted(papers["record_count"]) == [1, 2]
    assert papers["author_count"].to_list() == [3, 3]


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
