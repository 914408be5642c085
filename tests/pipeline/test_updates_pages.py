"""Beside cards lie pages of all forms, which show the same papers: a build that goes on gives the bytes of a full one.

`test_random_edits.py` and `test_long_edits.py` draw such pages, too.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from byline.forms.model import forms
from byline.reading.slices import parse_text
from tests.conftest import for_comparison
from tests.pipeline import edited
from tests.pipeline.edited import Corpus
from tests.pipeline.edited_metadata import give
from tests.pipeline.edited_pages import PAGES
from tests.pipeline.told import OFTEN, TEMPLATES, paper, shown
from tests.publish.faults import stopped_at

UNREAD = {"csv", "markdown_table", "markup", "reading_list"}
"""Pages that can't be read, or not without arXiv's metadata."""


@pytest.fixture(autouse=True)
def small_corpora_too(monkeypatch):
    edited.small_corpora_too(monkeypatch)
    with for_comparison():
        yield


def some(form: str) -> str:
    return "".join(shown(form, paper(number)) for number in OFTEN)


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """Build cards, and pages of a few forms that show the same papers, in slices of a few records."""

    def start(made: Corpus) -> None:
        give(made)
        made.standing["slice_bytes"] = 2_000
        made.write("cards.txt", some("card"))
        for form in ("bibtex", "dblp", "scholar_results", "reading_list", "pubmed", "arxiv_list"):
            made.write(f"page-0-{form}.txt", some(form))

    return edited.built(tmp_path_factory.mktemp("corpus"), start)


@pytest.fixture
def corpus(built, tmp_path) -> Corpus:
    found = edited.copied(built, tmp_path / "corpus")
    give(found)
    found.standing["slice_bytes"] = 2_000
    return found


def test_every_form_shows_papers():
    assert {form for form in forms() if form != "markdown_table"} <= TEMPLATES.keys()


@pytest.mark.parametrize("form", sorted(TEMPLATES.keys() - UNREAD - {"lines"}))
def test_papers_are_read_from_every_form(form):
    read = parse_text(some(form).encode())
    assert read.filter(read["reason"].is_null()).height >= len(OFTEN) / 2


def edit_all(
    corpus: Corpus, rnd: random.Random, edits: list[Callable[[Corpus, random.Random], None]]
) -> None:
    for edit in edits:
        edit(corpus, rnd)


@pytest.mark.parametrize("part", range(2))
def test_edits_of_pages_end_where_a_full_build_ends(corpus, part):
    """Each kind of edit once."""
    rnd = random.Random(part)
    edits = list(dict.fromkeys(PAGES))
    edit_all(corpus, rnd, edits[part::2])
    assert not corpus.agrees().startswith("built anew")


@pytest.mark.slow
@pytest.mark.parametrize("operation", range(0, 280, 20))
def test_a_build_of_pages_that_is_killed_leaves_what_the_next_one_needs(corpus, operation):
    rnd = random.Random(operation)
    edit_all(corpus, rnd, rnd.choices(PAGES, k=4))
    stopped_at(operation, corpus.build)
    edit_all(corpus, rnd, rnd.choices(PAGES, k=2))
    corpus.agrees()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["keys.arrow", "ties.arrow", "amended.arrow", "slices.arrow", "mentions"])
def test_what_was_kept_of_pages_and_is_damaged_is_made_anew(corpus, name):
    path = corpus.state / name
    shutil.rmtree(path) if path.is_dir() else path.write_bytes(b"torn")
    rnd = random.Random(name)
    edit_all(corpus, rnd, rnd.choices(PAGES, k=4))
    assert corpus.agrees().startswith("built anew: ")
    edit_all(corpus, rnd, rnd.choices(PAGES, k=4))
    assert not corpus.agrees().startswith("built anew")
