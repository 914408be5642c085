"""With the same metadata file as before a build goes on from what was kept; another one takes a full build."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from byline.pipeline.incremental import matching
from tests.conftest import for_comparison
from tests.pipeline import edited, edited_decisions
from tests.pipeline.edited import Corpus
from tests.pipeline.edited_metadata import EDITS, FILE, TWIN, give, page, started, take_away, without_authors
from tests.pipeline.fabricated import listing


@pytest.fixture(autouse=True)
def small_corpora_too(monkeypatch):
    edited.small_corpora_too(monkeypatch)
    with for_comparison():
        yield


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """Build a corpus with pages of which the file knows some."""

    def start(made: Corpus) -> None:
        made.write("kept.txt", listing(1, 20))
        started(made)

    return edited.built(tmp_path_factory.mktemp("corpus"), start)


@pytest.fixture
def corpus(built, tmp_path) -> Corpus:
    found = edited.copied(built, tmp_path / "corpus")
    give(found)
    return found


@pytest.fixture
def followed(corpus: Corpus) -> Corpus:
    """Return the corpus with a full build beside it, from which the next one sees the same differences."""
    corpus.build("full", incremental=False)
    return corpus


def test_what_the_file_knows_of_new_records_is_found(corpus):
    corpus.write("new.txt", page(50) + page(51, abstract=False))
    without_authors(corpus)
    assert corpus.agrees().startswith("2 new file(s)")


@pytest.mark.slow
@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_edits_beside_a_metadata_file_end_where_a_full_build_ends(followed, edit):
    edit(followed)
    assert not followed.follows().startswith("built anew")
    followed.write("late.txt", listing(7, 2))  # what was kept of the edit is sound
    assert not followed.follows().startswith("built anew")


@pytest.mark.slow
@pytest.mark.parametrize("at_once", [2, matching.AT_ONCE])
def test_all_edits_after_each_other_and_back(followed, monkeypatch, at_once):
    monkeypatch.setattr(matching, "AT_ONCE", at_once)
    for edit in EDITS.values():
        edit(followed)
        followed.follows()
    for name in ("more.txt", "bare.txt", "other.txt", "less.txt", "list.md", "lower.txt", "ids.bib"):
        (followed.raw / name).unlink(missing_ok=True)
        assert not followed.follows().startswith("built anew"), name


@pytest.mark.slow
def test_another_word_on_a_match_is_obeyed(followed):
    papers = sorted({row[0] for row in edited_decisions.mentions(followed)})
    said = ([None, "2301.00003"], ["2301.00030", "2301.00003"], ["2301.00003", None])
    for ids in said:
        some = zip((papers[0], papers[-1]), ids, strict=True)
        lines = [json.dumps({"paper_id": paper, "arxiv_id": entry}) for paper, entry in some]
        edited_decisions.write(followed, "matches.jsonl", *lines)
        assert "decisions changed (matches.jsonl)" in followed.follows()
        assert not followed.follows().startswith("built anew")
    edited_decisions.withdraw(followed)
    followed.write("new.txt", page(50))
    assert followed.follows().startswith("1 new file(s)")


@pytest.mark.slow
def test_another_file_or_none_takes_a_full_build_and_is_gone_on_from(followed):
    give(followed, [*FILE, TWIN])
    followed.write("new.txt", page(50))
    assert followed.follows() == "built anew: arXiv's metadata changed"
    followed.write("new.txt", page(51))
    assert followed.follows().startswith("1 changed file(s)")
    take_away(followed)
    followed.write("new.txt", page(52))
    assert followed.follows() == "built anew: arXiv's metadata changed"
    followed.write("new.txt", page(53))
    assert followed.follows().startswith("1 changed file(s)")
    give(followed)
    followed.write("new.txt", page(54))
    assert followed.follows() == "built anew: arXiv's metadata changed"
