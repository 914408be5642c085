"""The rows that merged papers become, by themselves. All people are made up."""

from __future__ import annotations

import polars as pl
import pytest

from byline.pipeline.stages import paper_tables
from byline.pipeline.stages.bucket import Decided
from byline_schemas import AFFILIATIONS, PAPER_AFFILIATIONS

PAPERS = pl.DataFrame(
    {"paper_id": ["p", "q", "r"], "labels": [["anthropic", "Ashgrove Institute"], [], ["anthropic"]]},
    schema_overrides={"labels": pl.List(pl.String)},
)


def test_labels_are_counted_within_their_paper():
    found = paper_tables.listed_labels(PAPERS)
    assert found.rows() == [("p", "anthropic", 1), ("p", "Ashgrove Institute", 2), ("r", "anthropic", 1)]
    assert found["position"].dtype == pl.UInt16
    assert paper_tables.listed_labels(PAPERS.slice(1, 1)).height == 0


def test_each_label_is_tied_to_its_organisation_and_each_organisation_stands_once(tmp_path):
    labels = paper_tables.listed_labels(PAPERS)
    distinct = pl.Series(["anthropic", "Anthropic", "Ashgrove Institute"])
    known = paper_tables.known_labels(distinct, None, tmp_path, None)
    assert known["label_as_listed"].to_list() == distinct.to_list()
    organisations = paper_tables.affiliation_rows(known)
    assert organisations.columns == list(AFFILIATIONS.columns())
    assert (
        organisations["affiliation_id"].to_list()
        == known["affiliation_id"].unique(maintain_order=True).to_list()
    )
    rows = paper_tables.paper_affiliation_rows(labels, known)
    assert rows.columns == list(PAPER_AFFILIATIONS.columns())
    by_label = dict(known.select("label_as_listed", "affiliation_id").iter_rows())
    expected = [(paper, at, by_label[label], label) for paper, label, at in labels.iter_rows()]
    assert rows.select("paper_id", "position", "affiliation_id", "label_as_listed").rows() == expected


def test_nothing_is_decided_where_nobody_decides(tmp_path):
    mentions = pl.DataFrame({"paper_id": ["p"], "position": [1], "block_key": [3]})
    assert paper_tables.decided_of(mentions, None) == paper_tables.decided_of(mentions, tmp_path) == Decided()


HEAD = "verdict,paper_id_a,position_a,paper_id_b,position_b,note\n"


@pytest.mark.parametrize(("line", "papers", "decided"), [
    ("same,p,2,q,1,x\n", ("p", "q"), (("p", 2, 7), ("q", 1, 8))),
    ("same,elsewhere,1,q,1,x\n", ("q",), (("q", 1, 8),)),
    ("same,elsewhere,1,nowhere,1,x\n", (), ()),
])  # fmt: skip
def test_mentions_that_a_person_decided_upon_are_told_with_their_block(tmp_path, line, papers, decided):
    (tmp_path / "authors.csv").write_text(HEAD + line)
    rows = [("p", 1, 6), ("p", 2, 7), ("q", 1, 8)]
    schema = {"paper_id": pl.String, "position": pl.UInt16, "block_key": pl.UInt64}
    found = paper_tables.decided_of(pl.DataFrame(rows, schema=schema, orient="row"), tmp_path)
    assert found == Decided(decided, papers)
