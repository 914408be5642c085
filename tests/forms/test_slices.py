"""What is read does not depend on where slices end. All people and papers are made up."""

import random

import polars as pl
import pytest

from byline.forms import stretches
from byline.forms.model import forms
from byline.forms.reading import outline
from byline.inputs import Limits, find_sources, plan
from byline.pipeline.stages.read import parse_slices
from byline_schemas import PARSED

CARD = "LGSep 25, 2023\nOn Owls and their NestsAda Pym, Bo Li et al.\nWe look at owls and count them.\n"


def pasted(rnd: random.Random, stretches_of: int) -> bytes:
    """Return stretches of all forms, in random order, each some records long."""
    parts = []
    for _ in range(stretches_of):
        name = rnd.choice(["card", *forms()])
        parts.append((CARD if name == "card" else forms()[name].example.lstrip("\n")) * rnd.randint(1, 4))
    return "".join(parts).encode()


@pytest.fixture
def read(tmp_path):
    (tmp_path / "raw").mkdir()

    def make(data: bytes, slice_bytes: int, block: int = 16 << 20) -> pl.DataFrame:
        (tmp_path / "raw/a.txt").write_bytes(data)
        (source,) = find_sources(tmp_path / "raw")
        slices = plan(source, tmp_path, slice_bytes, Limits(block=block)).slices
        frames = [
            frame.with_columns(
                pl.col("byte_start", "byte_end") + piece.start,
                pl.col("first_line", "last_line") + piece.first_line - 1,
            )
            for piece, frame in zip(slices, parse_slices(slices), strict=True)
        ]
        return pl.concat(frames).select(PARSED.columns().keys())

    return make


SIZES = [(1, 16 << 20), (900, 16 << 20), (500, 5_000)]
"""Bytes of a slice and of a block."""


@pytest.mark.parametrize(
    ("seed", "stretches_of", "sizes"),
    [
        (0, 7, SIZES[:1]),
        (1, 7, SIZES[1:]),
        *(pytest.param(n, 20, SIZES, marks=pytest.mark.slow) for n in range(2, 6)),
    ],
)
def test_the_same_rows_at_every_slice_size(read, monkeypatch, seed, stretches_of, sizes):
    """Stretches are cut after 600 bytes here, so that headings must be carried over cuts."""
    monkeypatch.setattr(stretches, "STRETCH_BYTES", 600)
    data = pasted(random.Random(seed), stretches_of)
    whole = read(data, 1 << 30)
    assert whole["byte_end"].to_list()[-1] == len(data)
    for size, block in sizes:
        assert read(data, size, block=block).equals(whole)


def test_what_stands_below_short_abstracts_does_not_depend_on_cuts(read):
    """The file's habit, abstracts on one line, is known to slices that hold no long abstract."""
    long = CARD.replace("We look", "We look at barns. " * 20 + "We look")
    short = f"{CARD}Cordless drill 18V\n"
    data = (16 * long + 15 * short).encode()
    whole = read(data, 1 << 30)
    assert whole["reason"].to_list().count("other_form") == 15
    for size, block in SIZES:
        assert read(data, size, block=block).equals(whole)


def test_a_heading_holds_behind_a_cut(read, monkeypatch):
    monkeypatch.setattr(stretches, "STRETCH_BYTES", 300)
    head = "Showing new listings for Monday, 2 October 2023\n"
    record = (
        "[{0}] arXiv:2310.{0:05} [pdf]\nTitle: Owls of kind {0}\nAda Pym, Bo Li\nSubjects: Birds (cs.LG)\n\n"
    )
    data = (head + "".join(record.format(number) for number in range(1, 20))).encode()
    frame = read(data, 1).filter(pl.col("reason").is_null())
    assert frame.height == 19
    assert frame["published"].unique().to_list() == [pl.Series(["2023-10-02"]).str.to_date()[0]]


LISTED = "[{0}] arXiv:2310.{0:05} [pdf]\nTitle: Owls of kind {0}\nAda Pym, Bo Li\nSubjects: Birds (cs.LG)\n\n"
MONDAY, TUESDAY = (f"Showing new listings for {day} October 2023\n" for day in ("Monday, 2", "Tuesday, 3"))
UNDATED = "New submissions (showing 2 of 2 entries)\n"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        pytest.param(
            f"{MONDAY}{LISTED.format(1)}{CARD}{LISTED.format(2)}", [2, None], id="not behind a card"
        ),
        pytest.param(
            f"{MONDAY}{''.join(map(LISTED.format, range(1, 9)))}{TUESDAY}{LISTED.format(9)}",
            [*8 * [2], 3],
            id="through several stretches",
        ),
        pytest.param(
            f"{MONDAY}{3 * UNDATED}{LISTED.format(1)}",
            [2],
            id="above others that say no day",
        ),
    ],
)
def test_a_heading_holds_for_its_own_stretches(read, monkeypatch, text, days):
    monkeypatch.setattr(stretches, "STRETCH_BYTES", 200)
    whole = read(text.encode(), 1 << 30)
    listed = whole.filter(pl.col("form") == "arxiv_list", pl.col("reason").is_null())
    assert listed["published"].dt.day().to_list() == days
    for size in (1, 300):
        assert read(text.encode(), size).equals(whole)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(40 * "Owls and moss\n\nAda Pym, Bo Li\n\n", id="blank lines between all lines"),
        pytest.param(40 * "Session 2\n\nOwls and moss\nAda Pym, Bo Li\n\n", id="headings between records"),
    ],
)
def test_declared_pairs_do_not_depend_on_cuts(read, monkeypatch, tmp_path, text):
    """A stretch of pairs ends below names, so that no title is parted from them."""
    monkeypatch.setattr(stretches, "STRETCH_BYTES", 300)
    (tmp_path / "raw/a.listing.toml").write_text('form = "lines"')
    whole = read(text.encode(), 1 << 30)
    assert whole["title"].drop_nulls().to_list() == 40 * ["Owls and moss"]
    for size, block in [(1, 16 << 20), (1_000, 500)]:
        assert read(text.encode(), size, block=block).equals(whole)


def test_a_declared_form_is_read_from_the_first_block_on(read, tmp_path):
    """Cards before the first record of the declared form are no cards, whether or not they fill a block."""
    (tmp_path / "raw/a.listing.toml").write_text('form = "bibtex"')
    data = (200 * CARD + "@misc{owls, title = {On Owls}, author = {Ada Pym}}\n").encode()
    whole = read(data, 1 << 30)
    assert whole["form"].to_list() == [None, "bibtex"]
    assert read(data, 1, block=1_000).equals(whole)


def test_cards_declared_as_another_form_are_cards_however_many_they_are(tmp_path):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/a.txt").write_bytes(200 * CARD.encode())
    (tmp_path / "raw/a.listing.toml").write_text('form = "bibtex"')
    (source,) = find_sources(tmp_path / "raw")
    for record in (1_000, 4 << 20):
        slices = plan(source, tmp_path, 2_000, Limits(block=3_000, record=record)).slices
        frame = pl.concat(parse_slices(slices))
        assert frame.select("form", "reason").unique().rows() == [("card", None)]
        assert frame.height == 200


def test_lines_of_several_records_are_not_cut_where_another_form_is_declared(tmp_path):
    """What stands behind a record of Scholar's, on its line, is no record of the declared form."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/a.txt").write_text(20 * f"{2 * GLUED}@misc{{owls, title = {{On Owls}}}}\n", "utf-8")
    (tmp_path / "raw/a.listing.toml").write_text('form = "bibtex"')
    (source,) = find_sources(tmp_path / "raw")
    for size in (1, 1 << 30):
        for piece in plan(source, tmp_path, size).slices:
            assert not piece.marked
            assert not outline(*piece.read_ahead()[:1], only="bibtex").marks.line.size


def test_the_head_of_a_page_is_met_whole_wherever_a_block_ends(tmp_path):
    """A menu of many lines above a record with blank lines in it: the cut stands above the menu."""
    menu = 45 * "Cited by\n"
    first, rest = forms()["scholar_profile"].example.strip("\n").split("\n", 1)[1].split("\n", 1)
    data = f"{40 * CARD}{menu}{first}\n{30 * chr(10)}{rest}\n{30 * CARD}".encode()
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/a.txt").write_bytes(data)
    (source,) = find_sources(tmp_path / "raw")
    cuts = {
        block: [piece.start for piece in plan(source, tmp_path, 1, Limits(block=block)).slices]
        for block in (16 << 20, 5_350, 5_650, 5_950)
    }
    assert 40 * len(CARD) in cuts[16 << 20]
    assert all(places == cuts[16 << 20] for places in cuts.values())


GLUED = forms()["scholar_glued"].example.strip()
PUBMED = forms()["pubmed_results"].example.lstrip("\n")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"{GLUED}2 results\n{PUBMED}", id="a count of the next page glued to a record"),
        pytest.param(4 * f"{3 * GLUED}\n", id="several records on each line, stretches of some records"),
        pytest.param(
            3 * f"{GLUED}LGSep 25, 2023\nOn OwlsAda Pym\nWe look.\n{PUBMED}", id="a header glued to it"
        ),
        pytest.param(3 * f"{2 * GLUED}{PUBMED}{CARD}", id="the next record glued to it"),
    ],
)
def test_what_is_glued_to_a_record_makes_no_cut_within_a_line(read, monkeypatch, text):
    monkeypatch.setattr(stretches, "STRETCH_BYTES", 300)
    data = text.encode()
    whole = read(data, 1 << 30)
    assert whole["byte_end"].to_list()[-1] == len(data)
    for size, block in [(1, 16 << 20), (400, 16 << 20), (1, 700)]:
        assert read(data, size, block=block).equals(whole)


def test_a_long_line_of_results_is_read(read):
    """A page of many results, glued into one line."""
    frame = read((400 * GLUED + "\n").encode(), 1 << 30)
    assert frame["title"].to_list() == ["Pebbles and their order"] * 400


@pytest.mark.parametrize("block", [16 << 20, 1_500])
@pytest.mark.parametrize("before", [0, 20])
def test_records_behind_a_line_that_is_too_long_are_read(tmp_path, before, block):
    """Only the record that holds it is lost: all stand in one stretch."""
    entry = "@misc{{owls{0}, title = {{On Owls {0}}}, author = {{Ada Pym}}}}\n"
    broken = "@misc{x, title = {On Moss},\n" + 3_000 * "x" + "\n, author = {Bo Li}}\n"
    entries = [entry.format(number) for number in range(40)]
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/a.bib").write_text("".join([*entries[:before], broken, *entries[before:]]))
    (source,) = find_sources(tmp_path / "raw")
    slices = plan(source, tmp_path, 16 << 20, Limits(line=1_000, block=block)).slices
    frame = pl.concat(parse_slices(slices)).filter(pl.col("reason").is_null())
    assert frame["title"].to_list() == [f"On Owls {number}" for number in range(40)]


@pytest.mark.slow
def test_marks_on_long_lines_are_not_lost_between_blocks(read):
    """No more than 256 KiB is held back for the lines that a mark looks ahead at."""
    lines = [f"{150 * GLUED}\n" for _ in range(12)]
    data = "".join(lines).encode()
    whole = read(data, 1 << 30)
    assert whole["title"].drop_nulls().len() == 12 * 150
    assert read(data, 1, block=100_000).equals(whole)
