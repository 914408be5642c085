"""With the same decisions as before a build goes on from what was kept; other ones take a full build."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from byline.core.errors import DataError
from byline.decisions import people
from byline.pipeline.incremental.standing import Standing, decided_of, frame_of
from byline.pipeline.stages.bucket import DECIDED, Decided
from tests.conftest import for_comparison
from tests.pipeline import edited, edited_decisions
from tests.pipeline.edited import Corpus, card
from tests.pipeline.fabricated import listing

HEADER = ",".join([*people.DECISION_COLUMNS, "note"])


@pytest.fixture
def standing(tmp_path) -> Standing:
    """Return decisions on three pairs of mentions, one of which is nowhere."""
    lines = ["same,p,1,q,1,", "different,r,2,q,1,", "same,p,1,nowhere,1,", "same,s,1,t,1,"]
    (tmp_path / people.AUTHORS).write_text("\n".join([HEADER, *lines]) + "\n")
    there = [("p", 1, 7), ("q", 1, 3), ("r", 2, 9), ("s", 1, 5), ("t", 1, 5), ("p", None, None)]
    return Standing.read(tmp_path, [pl.DataFrame(there, schema=DECIDED, orient="row")])


def test_blocks_that_decisions_tie_are_touched_together(standing):
    for touched, tied in (([7], [3, 7, 9]), ([9, 1], [3, 7, 9]), ([5], [5]), ([1, 2], [])):
        assert standing.tied(pl.Series(touched, dtype=pl.UInt64)).to_list() == tied


def test_parts_that_decisions_tie_are_one(standing):
    rows = [("p", 1), ("q", 1), ("r", 2), ("s", 1), ("p", 2), ("x", 1)]
    mentions = pl.DataFrame(rows, schema={"paper_id": pl.String, "position": pl.UInt16}, orient="row")
    part = standing.tied_parts(np.array([4, 2, 6, 1, 4, 0]), mentions)
    assert part.tolist() == [2, 2, 2, 1, 2, 0]


def test_what_is_decided_upon_is_kept_and_found_again():
    decided = Decided((("p", 1, 7), ("q", 2, 2**64 - 1)), ("p", "q", "r"))
    assert decided_of(frame_of(decided)) == decided
    assert decided_of(frame_of(Decided())) == Decided()


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    """Return a corpus that was built."""
    edited.small_corpora_too(monkeypatch)
    made = Corpus(tmp_path / "corpus")
    made.write("kept.txt", listing(1, 30))
    made.write("more.txt", listing(2, 10))
    with for_comparison():
        made.follows()
        yield made


Edit = Callable[[Corpus], object]


def gone_and_back(corpus: Corpus) -> None:
    """Take away papers that decisions speak of, and bring them back."""
    text = corpus.read("kept.txt")
    lines = text.splitlines(keepends=True)
    corpus.write("kept.txt", "".join(lines[:45]))
    assert not corpus.follows().startswith("built anew")
    corpus.write("kept.txt", text)


EDITS: dict[str, Edit] = {
    **edited.EDITS,
    "many of the same names": lambda corpus: corpus.write("new.txt", listing(3, 30)),
    "who was decided upon gone and back": gone_and_back,
    "names read otherwise": lambda corpus: corpus.write(
        "kept.txt", corpus.read("kept.txt").replace("Ada ", "A. ")
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("decide", edited_decisions.DECISIONS, ids=lambda decide: decide.__name__)
@pytest.mark.parametrize("seed", range(3))
def test_edits_under_standing_decisions_end_where_a_full_build_ends(corpus, decide, seed):
    rnd = random.Random(seed)
    decide(corpus, rnd)
    try:
        assert corpus.follows() == "built anew: reviewed decisions changed"
    except DataError:
        pytest.fail("the decisions contradict each other")
    for name, edit in rnd.sample(sorted(EDITS.items()), 5):
        if not (corpus.raw / "more.txt").exists():
            corpus.write("more.txt", listing(len(name), 10))
        edit(corpus)
        assert not corpus.follows().startswith("built anew"), name


@pytest.mark.slow
def test_a_name_that_is_wanted_goes_with_the_mention_that_said_so(corpus):
    """The decided mention's paper leaves: the others of the person, which stay, are shown as they are listed again."""
    corpus.write("who.txt", card("On gates of slate", "Vilma Quorrit, Ida Brenn"))
    others = (
        card("On gates of ash", "V. Quorrit", abstract="We follow Vilma Quorrit."),
        "LGMay 42, 2023\nVilma Quorrit\n",
    )
    corpus.write("too.txt", card("On gates of oak", "Vilma Quorrit, Ida Brenn") + "".join(others))
    corpus.follows()
    (mention,) = [row[:2] for row in edited_decisions.mentions(corpus) if row[2] == "Vilma Quorrit"][:1]
    said = f'{{"mentions": [["{mention[0]}", {mention[1]}]], "name": "Wilma Quorrit", "withheld": ["Vilma Quorrit"]}}'
    edited_decisions.write(corpus, people.NAMES, said)
    corpus.follows()
    names = {row[2] for row in edited_decisions.mentions(corpus)}
    assert "Wilma Quorrit" in names
    assert "Vilma Quorrit" not in names
    texts = {name: corpus.read(name) for name in ("who.txt", "too.txt")}
    for name, text in texts.items():
        (corpus.raw / name).unlink()
        assert corpus.follows().startswith("1 gone file(s)")
        corpus.write(name, text)
        assert corpus.follows().startswith("1 new file(s)")


@pytest.mark.slow
def test_other_decisions_take_a_full_build(corpus):
    edited_decisions.persons(corpus, random.Random(1))
    assert corpus.follows() == "built anew: reviewed decisions changed"
    corpus.write("new.txt", listing(5, 3))
    assert corpus.follows().startswith("1 new file(s)")
    shutil.rmtree(corpus.home / "curated")
    corpus.write("newer.txt", listing(6, 3))
    assert corpus.follows() == "built anew: reviewed decisions changed"
