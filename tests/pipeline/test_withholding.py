"""Names that people do not want to be published are taken out of every text. All people are made up."""

from __future__ import annotations

import polars as pl
import pytest

from byline.names.withheld import Withheld
from byline.pipeline.stages import withholding

FORMER, WANTED = "Adam Fernwick", "Ada Fernwick"


@pytest.fixture
def withheld(monkeypatch):
    """Withhold one name, as a decision would."""
    monkeypatch.setattr(withholding, "names_withheld", lambda _: [Withheld((FORMER,), WANTED)])


def papers(**said: object) -> pl.DataFrame:
    """Return a paper that says nothing but this, and another one."""
    empty: dict[str, object] = dict.fromkeys(withholding.TEXTS) | {"labels": [], "badges": [], "links": []}
    lists = dict.fromkeys(("labels", "badges", "links"), pl.List(pl.String))
    types = dict.fromkeys(withholding.TEXTS, pl.String) | lists
    return pl.DataFrame([empty | said, empty | {"title": "Owls", "labels": ["mit"]}], schema=types)


@pytest.mark.parametrize("column", ["title", "abstract", "comments", "venue"])
def test_texts_say_the_wanted_name(withheld, column):
    found = withholding.papers(papers(**{column: f"In honour of {FORMER}"}), None)
    assert found[column][0] == f"In honour of {WANTED}"
    assert found.row(1, named=True) == papers().row(1, named=True)


@pytest.mark.parametrize("column", ["labels", "badges"])
def test_lists_of_texts_say_it_too(withheld, column):
    found = withholding.papers(papers(**{column: ["mit", f"{FORMER} Institute"]}), None)
    assert found[column].to_list()[0] == ["mit", f"{WANTED} Institute"]


def test_links_that_spell_it_go(withheld):
    links = ["https://a.example/adam-fernwick", "https://a.example/owls"]
    assert withholding.papers(papers(links=links), None)["links"].to_list() == [links[1:], []]
    assert withholding.papers(papers(links=links[1:]), None)["links"].to_list() == [links[1:], []]


@pytest.mark.parametrize(("typed", "readable"), withholding.AS_TYPED.items())
def test_a_text_as_typed_stays_only_where_it_says_more(withheld, typed, readable):
    same = withholding.papers(papers(**{typed: rf"{FORMER}", readable: WANTED}), None)
    assert same[typed].to_list() == [None, None]
    more = withholding.papers(papers(**{typed: r"$\alpha$ owls", readable: "α owls"}), None)
    assert more[typed].to_list() == [r"$\alpha$ owls", None]


def test_without_decisions_nothing_is_changed():
    frame = papers(title=FORMER)
    assert withholding.papers(frame, None).equals(frame)
    rows = pl.DataFrame({"detail": [FORMER], "raw_text": [FORMER]})
    assert withholding.quarantine(rows, None).equals(rows)


def test_quarantined_text_is_replaced_or_not_shown(withheld):
    texts = [f"by {FORMER}", "A d a m Fernwick", "owls", None]
    rows = pl.DataFrame({"detail": texts, "raw_text": texts[::-1]})
    found = withholding.quarantine(rows, None)
    expected = [f"by {WANTED}", withholding.UNSHOWN, "owls", None]
    assert found["detail"].to_list() == expected
    assert found["raw_text"].to_list() == expected[::-1]
