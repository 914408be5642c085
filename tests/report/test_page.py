"""`report.html`: whole, offline, the same bytes, and harmless whatever the listings say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from itertools import pairwise

import polars as pl
import pytest

from byline.cli import run
from byline.report import reductions, tallies
from byline.report.charts import _nice, _told, network, rows, shares, stacked_years
from byline.report.circle import Circle, Spot, circle
from byline.report.figures import Listing, _binned
from byline.report.page import About, _productivity, page
from byline.report.pieces import Frames
from byline.report.reductions import STEPS
from byline.report.tables import ROOM, Column, table
from byline.report.tallies import Tally
from tests.conftest import LISTING, files_of
from tests.pipeline.fabricated import listing
from tests.validation import dataset

ABOUT = About("0f1e2d3c4b5a69788796", "0.1.0+x", "2.0")
VOID = {"meta", "input", "br"}


def tally_of(frames: Mapping[str, pl.DataFrame]) -> Tally:
    """Return the tallies of tables that lie in no files."""
    return Tally(Frames(lambda name: frames[name].lazy()))


class Reader(HTMLParser):
    """Checks that tags are paired, and keeps what a test asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not self.open or self.open[-1] not in ("style", "script"):
            self.words.append(data)


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    assert reader.open == []
    return reader


@pytest.fixture(scope="module")
def real(real_build):
    return (real_build / "report.html").read_text("utf-8")


def test_the_page_is_whole_and_asks_the_network_for_nothing(real):
    reader = read(real)
    for tag, attributes in reader.tags:
        assert tag not in {"link", "img", "iframe", "object", "embed"}
        assert not {"src", "srcset", "style"} & attributes.keys()
        assert not [name for name in attributes if name.startswith("on")]
    assert not re.search(r"url\(|@import|fetch|XMLHttp", real)
    assert "default-src 'none'" in real


def test_the_page_has_what_a_screen_reader_needs(real):
    tags = read(real).tags
    assert ("html", {"lang": "en"}) in tags
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    identifiers = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    pictures = [
        attributes for tag, attributes in tags if tag == "svg" and attributes.get("aria-hidden") != "true"
    ]
    assert len(pictures) == 2  # what others show stands beside them as text
    assert all(attributes["role"] == "img" and attributes["aria-label"] for attributes in pictures)
    assert sum(tag == "caption" for tag, _ in tags) == sum(tag == "table" for tag, _ in tags) > 3


def test_the_page_says_what_the_real_listing_holds(real):
    words = " ".join(" ".join(read(real).words).split())
    assert "21 papers by 37 authors, read from 21 records." in words
    assert "cut the list of authors of 14 (66.7%)" in words
    assert "Nothing: every record was read." in words


def test_hostile_titles_stay_text(build, tmp_path):
    title = "<script>alert(1)</script><!--style--> & \"q\" 'q' \u202ekcab"
    bad = f"LGSep 25, 2023\n{title}Ada Lovelace, Bo Diddley\nWe show <b>it</b>.\n"
    bad += "LGSep 99, 2023\n<img src=x onerror=1>\n"
    build({"<b>.txt": bad + listing(1, 3)})
    text = next((tmp_path / "out" / "snapshots").glob("*/report.html")).read_text("utf-8")
    reader = read(text)
    assert sum(tag == "script" for tag, _ in reader.tags) == 1
    assert not [tag for tag, _ in reader.tags if tag in {"b", "img"}]
    assert "\u202e" not in text
    assert "&lt;img src=x onerror=1&gt;" in text


def test_the_page_shows_why_a_record_was_quarantined(build, tmp_path):
    build({"a.txt": "LGFeb 30, 2023\nA TitleAda Lovelace\nText.\n" + listing(1, 3)})
    text = next((tmp_path / "out" / "snapshots").glob("*/report.html")).read_text("utf-8")
    assert "bad_date" in text
    assert "LGFeb 30, 2023" in text


def test_the_page_stays_small_whatever_the_dataset_s_size():
    many = 20_000
    frames = {
        "papers": pl.DataFrame({
            "paper_id": [f"{n:020x}" for n in range(many)], "title": ["A long title " * 8] * many,
            "category": [f"c{n % 40}.X" for n in range(many)], "year": [1950 + n % 70 for n in range(many)],
            "authors_truncated": [False] * many, "has_code": [False] * many, "filled": [[]] * many,
            "boundary_confidence": [0.5] * many,
        }, schema_overrides={"filled": pl.List(pl.String)}),
        "authors": pl.DataFrame({
            "author_id": [f"{n:020x}" for n in range(many)], "name": ["Ada B. Lovelace"] * many,
            "paper_count": [1 + n % 900 for n in range(many)], "first_published": [None] * many,
            "last_published": [None] * many, "kind": ["person"] * many,
        }),
        "authorships": pl.DataFrame({
            "paper_id": [f"{n // 2:020x}" for n in range(many)], "position": [1 + n % 2 for n in range(many)],
            "author_id": [f"{n * 7 % many:020x}" for n in range(many)], "name_as_listed": ["A. Lovelace"] * many,
            "identity_confidence": [0.5] * many,
        }),
        "author_identifiers": pl.DataFrame(schema={"author_id": pl.String}),
        "affiliations": pl.DataFrame(
            schema=dict.fromkeys(("affiliation_id", "name", "label", "country", "ror_id"), pl.String)
        ),
        "paper_affiliations": pl.DataFrame(schema={"affiliation_id": pl.String, "paper_id": pl.String}),
        "records": pl.DataFrame({
            "record_id": [f"{n:020x}" for n in range(many)], "source_file": [f"{n}.txt" for n in range(many)],
            "first_line": [1] * many, "status": ["published"] * many, "form": ["card"] * many,
            "paper_id": [f"{n:020x}" for n in range(many)], "boundary_confidence": [0.5] * many,
        }),
        "quarantine": pl.DataFrame({
            "record_id": [f"{n:020x}" for n in range(many)], "reason": ["no_header"] * many,
            "detail": ["expected something"] * many, "raw_text": ["x" * 5000] * many,
        }),
    }  # fmt: skip
    text = page(tally_of(frames), ABOUT)
    read(text)
    assert len(text) < 1_000_000


def test_nothing_at_all_is_a_page_too():
    assert "Nothing to show" in stacked_years(
        pl.DataFrame(schema={"year": pl.Int32, "category": pl.String, "papers": pl.UInt32})
    )
    assert "No two authors" in network(Circle([], []))
    assert "Nothing to show" in rows(["a"], [0])
    assert "Nothing to show" in shares([("published", 0, "c0")])


def test_authors_of_fewer_papers_than_the_leading_ones_are_left_out(monkeypatch):
    frames = dataset.frames(12)
    counts = frames["authors"].filter(pl.col("kind") == "person")["paper_count"].sort(descending=True)
    monkeypatch.setattr(tallies, "LEADING", 3)
    monkeypatch.setattr(tallies, "COVERED", 3)
    leading = tally_of(frames).leading
    assert leading["paper_count"].min() == counts[2]
    assert leading.height == (frames["authors"]["paper_count"] >= counts[2]).sum()


def test_texts_made_to_fill_the_page_do_not_and_the_number_of_rows_says_so():
    hostile = pl.DataFrame({"title": ['"' * 50_000] * 200, "file": ["\u202e" * 50_000] * 200})
    text = table("t", "Titles", [Column("title"), Column("file")], Listing(hostile, 5_000), "in table t")
    read(text)
    shown = text.count("<tr>") - 1
    assert 0 < shown < 200
    assert f"first {shown} of 5,000 rows" in text
    assert len(text) < ROOM + 1_000
    spots = [Spot("<" * 50_000, 1, 1.0, 0.0), Spot(">" * 50_000, 1, -1.0, 0.0)]
    assert len(network(Circle(spots, [(0, 1, 1)] * 60))) < 100_000


def test_one_row_is_shown_however_long_it_is():
    one = Listing(pl.DataFrame({"a": ["x"]}), 1)
    object.__setattr__(one, "rows", pl.DataFrame({"a": ["x" * (ROOM + 1)]}))
    assert table("t", "One", [Column("a")], one, "").count("<td>") == 1


def test_values_are_counted_in_classes_that_begin_at_their_step():
    values = [None, 0.0, 0.49, 0.5, 0.9, 0.95, 0.98, 0.99, 0.999, 1.0]
    frame = pl.DataFrame({"p": pl.Series(values, dtype=pl.Float32)})
    assert len(STEPS) == 6
    counted = frame.group_by(step=reductions.step("p")).agg(n=pl.len())
    assert _binned(counted) == [2, 1, 0, 1, 2, 1, 2]


def test_authors_are_counted_in_classes_as_far_as_there_are_any():
    assert _productivity({1: 5, 7: 2}) == (
        ["1 paper", "2 papers", "3 papers", "4 papers", "5 papers", "6 to 10 papers"],
        [5, 0, 0, 0, 0, 2],
    )
    labels, values = _productivity({1: 5, 100: 1, 101: 2, 900: 1})
    assert labels[-1] == "101 or more papers"
    assert values[-2:] == [1, 3]
    assert _productivity({}) == (["1 paper"], [0])


@pytest.mark.parametrize(
    ("first", "count", "step", "told"),
    [
        (2019, 6, 115, ["2019", "2020", "2021", "2022", "2023", "2024"]),
        (1990, 30, 23, ["1990", "1995", "2000", "2005", "2010", "2015"]),
        (1998, 12, 40, ["1998", "2000", "2002", "2004", "2006", "2008"]),
    ],
)
def test_years_are_told_where_there_is_room_at_round_numbers(first, count, step, told):
    labels = [str(first + number) for number in range(count)]
    assert [labels[place] for place in _told(labels, step)] == told


@pytest.mark.parametrize(
    ("value", "top"), [(1, 1), (7, 8), (10, 10), (11, 12), (13, 16), (99, 100), (2491, 2600), (9001, 10000)]
)
def test_an_axis_ends_in_a_round_number(value, top):
    assert _nice(value) == top


def test_the_circle_keeps_who_belongs_together_side_by_side():
    papers = {"p1": "ab", "p2": "ab", "p3": "bc", "p4": "de", "p5": "f"}
    mentions = [
        (paper, place, author, author.upper(), 1.0)
        for paper, authors in papers.items()
        for place, author in enumerate(authors)
    ]
    frames = {
        "authorships": pl.DataFrame(
            mentions,
            schema=["paper_id", "position", "author_id", "name_as_listed", "identity_confidence"],
            orient="row",
        ),
        "authors": pl.DataFrame(
            {
                "author_id": list("abcdef"),
                "name": list("ABCDEF"),
                "paper_count": [3, 3, 1, 1, 1, 1],
                "kind": ["person"] * 6,
            }
        ),
    }
    picture = circle(tally_of(frames))
    assert [spot.name for spot in picture.spots] == ["A", "B", "C", "D", "E"]
    assert picture.arcs == [(0, 1, 2), (1, 2, 1), (3, 4, 1)]


def test_report_compares_with_the_snapshot_before(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_bytes(LISTING.read_bytes())
    assert run(["build", "--raw", "raw", "--out", "out"]) == 0
    assert run(["report", "--out", "out", "--to", "first.html"]) == 0
    (tmp_path / "raw" / "b.txt").write_text(listing(1, 3))
    assert run(["build", "--raw", "raw", "--out", "out"]) == 0
    before = files_of(tmp_path / "out")
    assert run(["report", "--out", "out"]) == 0
    text = (tmp_path / "report.html").read_text("utf-8")
    read(text)
    assert "papers: 3 added" in text
    assert "Since the snapshot before" not in (tmp_path / "first.html").read_text("utf-8")
    assert run(["report", "--out", "out", "--against", "nowhere"]) == 2
    assert files_of(tmp_path / "out") == before
