"""Files of reviewed decisions: which are there, what they say, and what is refused with its line."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest

from byline.core.errors import UsageError
from byline.decisions import curated, people

HEAD = "verdict,paper_id_a,position_a,paper_id_b,position_b,note\n"


def test_only_files_that_are_there_have_a_digest(tmp_path):
    assert curated.digests(None) == {}
    assert curated.digests(tmp_path) == {}
    (tmp_path / "authors.csv").write_text(HEAD)
    assert curated.digests(tmp_path) == {"authors.csv": sha256(HEAD.encode()).hexdigest()}


@pytest.mark.parametrize("row", ["perhaps,p,1,q,2,", "same,p,1,,2,", "same,p,1,q,,", ",p,1,q,2,"])
def test_a_decision_that_is_none_is_refused_with_its_line(tmp_path, row):
    (tmp_path / "authors.csv").write_text(f"{HEAD}different,p,1,q,2,sure\n{row}\n")
    with pytest.raises(UsageError, match=r"authors\.csv:3: not a decision"):
        people.author_decisions(tmp_path)


def test_a_table_without_its_columns_is_refused(tmp_path):
    (tmp_path / "authors.csv").write_text("verdict\nsame\n")
    with pytest.raises(UsageError, match=r"authors\.csv:2: not a decision") as said:
        people.author_decisions(tmp_path)
    assert "paper_id_a" in said.value.way_out


def test_mentions_that_decisions_speak_of_come_once_each(tmp_path):
    (tmp_path / "authors.csv").write_text(f"{HEAD}same,p,1,q,2,\ndifferent,p,1,a,3,\n")
    assert people.decided_mentions(tmp_path).rows() == [
        ("p", 1, ["authors.csv:2", "authors.csv:3"]),
        ("q", 2, ["authors.csv:2"]),
        ("a", 3, ["authors.csv:3"]),
    ]


@pytest.mark.parametrize(
    ("settings", "wrong"),
    [
        ("colour = 1", "unknown setting 'colour'"),
        ("order = 'cs'", "`order` is a list"),
        ("order = [1]", "1 is not a text"),
        ("[codes]\nCO = 5", "5 is not a text"),
        ("order = ['maths']", "no archive 'maths'"),
        ("order = [", "categories.toml: "),
    ],
)
def test_settings_of_categories_that_are_none_are_refused(tmp_path, settings, wrong):
    (tmp_path / "categories.toml").write_text(settings)
    with pytest.raises(UsageError, match=wrong):
        curated.category_settings(tmp_path)


def test_something_else_of_the_name_is_refused(tmp_path):
    (tmp_path / "boundaries.jsonl").mkdir()
    with pytest.raises(UsageError, match="is not a file"):
        curated.boundaries(tmp_path)


@pytest.mark.parametrize(
    "line",
    ["[]", '{"paper_id": "p"}', '{"paper_id": 1, "arxiv_id": null}', '{"paper_id": "p", "arxiv_id": " "}'],
)
def test_a_match_that_is_none_is_refused_with_its_line(tmp_path, line):
    (tmp_path / "matches.jsonl").write_text('{"paper_id": "p", "arxiv_id": null}\n' + line + "\n")
    with pytest.raises(UsageError, match=r"matches\.jsonl:2: not a reviewed match"):
        curated.match_decisions(tmp_path)


def test_of_several_words_on_one_byline_or_paper_the_last_one_counts(tmp_path):
    said = [{"byline": "ab", "title": title, "authors": ["Ada Pym"]} for title in ("First", "Second")]
    said.insert(1, {"byline": "cd", "title": "Another", "authors": ["Bo Li"]})
    (tmp_path / "boundaries.jsonl").write_text("\n".join(json.dumps(one) for one in said))
    assert curated.boundaries(tmp_path).select("byline", "title").rows() == [
        ("cd", "Another"),
        ("ab", "Second"),
    ]
    chosen = [("p", "2301.00001"), ("q", None), ("p", None), ("q", "2301.00002")]
    lines = [json.dumps({"paper_id": paper, "arxiv_id": entry}) for paper, entry in chosen]
    (tmp_path / "matches.jsonl").write_text("\n".join(lines))
    assert curated.match_decisions(tmp_path).sort("paper_id").rows() == [("p", None), ("q", "2301.00002")]
