"""The evidence that the shipped weights were fitted for stays what it is."""

import json
from pathlib import Path

import pytest

from byline import identity
from tests.identity import evidence

HELD = json.loads(Path(__file__).with_name("evidence.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def found() -> dict[str, str]:
    return evidence.digests()


@pytest.mark.parametrize("column", HELD)
def test_evidence_of_a_made_up_corpus_is_what_the_weights_were_fitted_for(column, found):
    assert found[column] == HELD[column], (
        "evidence has changed: fit anew, then see tests/identity/evidence.py"
    )


def test_all_evidence_is_held(found):
    assert found.keys() == HELD.keys()


def test_a_paper_says_the_same_of_its_authors_whatever_stands_around_it():
    papers = evidence.papers(40)
    alone = identity.describe(papers.slice(17, 3))
    assert identity.describe(papers).join(alone, on=["paper_id", "position"], how="semi").equals(alone)
