"""A build goes on from what was kept under decisions that stand, and under those that came, went or changed."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from byline.core.errors import DataError
from byline.decisions import organisations, people
from byline.pipeline.incremental import standing as standing_module
from byline.pipeline.incremental import update
from byline.pipeline.incremental.revised import between, differing
from byline.pipeline.incremental.standing import Standing, decided_of, frame_of
from byline.pipeline.stages.bucket import DECIDED, Decided
from tests.conftest import for_comparison, table
from tests.pipeline import edited, edited_decisions
from tests.pipeline.edited import Corpus, card
from tests.pipeline.fabricated import listing

HEADER = ",".join([*people.DECISION_COLUMNS, "note"])


NOBODY = pl.DataFrame(schema=DECIDED)


@pytest.fixture
def standing(tmp_path) -> Standing:
    """Return decisions on three pairs of mentions, one of which is nowhere."""
    lines = ["same,p,1,q,1,", "different,r,2,q,1,", "same,p,1,nowhere,1,", "same,s,1,t,1,"]
    (tmp_path / people.AUTHORS).write_text("\n".join([HEADER, *lines]) + "\n")
    there = [("p", 1, 7), ("q", 1, 3), ("r", 2, 9), ("s", 1, 5), ("t", 1, 5), ("p", None, None)]
    revised = between(tmp_path, tmp_path, ())
    return Standing.read(revised, [pl.DataFrame(there, schema=DECIDED, orient="row")], NOBODY)


def blocks(*numbers: int) -> pl.Series:
    return pl.Series(numbers, dtype=pl.UInt64)


def test_blocks_that_decisions_tie_are_touched_together(standing):
    for touched, tied in (([7], [[3, 7, 9]]), ([9, 1], [[3, 7, 9]]), ([5], [[5]]), ([1, 2], [])):
        assert [one.to_list() for one in standing.tied(blocks(*touched))] == tied


@pytest.mark.parametrize(("at_once", "shares"), [(64, [[3, 5, 7, 9]]), (3, [[3, 7, 9], [5]])])
def test_blocks_that_nothing_ties_come_in_shares(standing, monkeypatch, at_once, shares):
    monkeypatch.setattr(standing_module, "BLOCKS_AT_ONCE", at_once)
    assert [one.to_list() for one in standing.tied(blocks(7, 5))] == shares


def test_what_old_and_new_decisions_tie_is_touched_together(tmp_path):
    for folder, line in (("before", "same,p,1,q,1,"), ("now", "same,q,1,r,1,")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / people.AUTHORS).write_text(f"{HEADER}\n{line}\n")
    rows = [("p", 1, 1), ("q", 1, 2), ("r", 1, 3)]
    there = pl.DataFrame(rows, schema=DECIDED, orient="row")
    revised = between(tmp_path / "before", tmp_path / "now", (people.AUTHORS,))
    assert sorted(revised.mentions.rows()) == [("p", 1), ("q", 1), ("r", 1)]
    changed = Standing.read(revised, [there], there)
    assert [one.to_list() for one in changed.tied(blocks(1))] == [[1, 2, 3]]
    assert changed.pairs["paper_id_a"].to_list() == ["q"]


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [("abc", "acd", "bd"), ("ab", "ba", "abba"), ("aab", "ab", "aabab"), ("", "a", "a"), ("ab", "ab", "")],
)
def test_what_only_one_of_two_lists_has_is_found(before, now, found):
    assert "".join(differing(before, now)) == found


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


WITHHELD = "built anew: a name that was withheld is so no longer, or otherwise: any text may have held it"


def gone_on(corpus: Corpus, *, or_withheld: bool = False) -> str:
    """Build, see that the snapshot is a full build's, and that none was needed; return what the build did."""
    did = corpus.follows()
    assert not did.startswith("built anew") or (or_withheld and did == WITHHELD), did
    return did


@pytest.mark.slow
@pytest.mark.parametrize("decide", edited_decisions.DECISIONS, ids=lambda decide: decide.__name__)
@pytest.mark.parametrize("seed", range(3))
def test_edits_under_standing_decisions_end_where_a_full_build_ends(corpus, decide, seed):
    rnd = random.Random(seed)
    decide(corpus, rnd)
    try:
        gone_on(corpus, or_withheld=True)
    except DataError:
        pytest.fail("the decisions contradict each other")
    for name, edit in rnd.sample(sorted(EDITS.items()), 5):
        if not (corpus.raw / "more.txt").exists():
            corpus.write("more.txt", listing(len(name), 10))
        edit(corpus)
        assert not corpus.follows().startswith("built anew"), name


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_decisions_that_come_and_go_end_where_a_full_build_ends(corpus, seed):
    rnd = random.Random(seed)
    for number in range(8):
        edited_decisions.decide_a_little(corpus, rnd)
        if rnd.random() < 0.3:
            corpus.write(f"new-{number}.txt", listing(rnd.randrange(1000), 3))
        gone_on(corpus)
    edited_decisions.withdraw(corpus)
    gone_on(corpus)


def decide(corpus: Corpus, *lines: str) -> None:
    """Say of pairs of mentions whether they are one person."""
    edited_decisions.write(corpus, people.AUTHORS, HEADER, *lines)


def pair(verdict: str, one: tuple[str, int], other: tuple[str, int]) -> str:
    return f"{verdict},{one[0]},{one[1]},{other[0]},{other[1]},"


@pytest.mark.slow
def test_ties_that_come_and_go_between_names_are_looked_at_again(corpus):
    """A tie that goes splits names that were resolved together, another one joins them with others."""
    by_family: dict[str, tuple[str, int]] = {}
    for paper, at, name, _ in edited_decisions.mentions(corpus):
        by_family.setdefault(name.split()[-1], (paper, at))
    a, b, c, d = list(by_family.values())[:4]
    chains = [
        [pair("same", a, b)],
        [pair("same", a, b), pair("same", b, c)],
        [pair("same", b, c), pair("different", a, b)],
        [pair("same", c, d), pair("same", a, d)],
        [pair("different", c, d)],
    ]
    for lines in [*chains, *reversed(chains[:-1])]:
        decide(corpus, *lines)
        assert "decisions changed (authors.csv)" in gone_on(corpus)


@pytest.mark.slow
def test_decisions_on_papers_that_come_or_leave_in_the_same_build(corpus):
    known = {row[:2] for row in edited_decisions.mentions(corpus)}
    corpus.write("new.txt", listing(5, 6))
    gone_on(corpus)
    came = [row[:2] for row in edited_decisions.mentions(corpus) if row[:2] not in known]
    (corpus.raw / "new.txt").unlink()
    gone_on(corpus)
    lines = [pair("same", came[0], sorted(known)[0]), pair("different", came[1], sorted(known)[1])]
    for there in (True, False):
        if there:
            corpus.write("new.txt", listing(5, 6))
            decide(corpus, *lines)
        else:
            (corpus.raw / "new.txt").unlink()
            decide(corpus, lines[0])  # the paper leaves, and one of two decisions on it stays
        assert "decisions changed" in gone_on(corpus)
    decide(corpus)
    gone_on(corpus)


@pytest.mark.slow
def test_of_two_names_that_one_person_wants_the_later_line_counts(corpus):
    (paper, at, *_), *_ = edited_decisions.mentions(corpus)
    said = [f'{{"mentions": [["{paper}", {at}]], "name": "{name}"}}' for name in ("Zora Alm", "Zora Birk")]
    for lines, shown in ((said, "Zora Birk"), (said[::-1], "Zora Alm"), (said[1:], "Zora Birk")):
        edited_decisions.write(corpus, people.NAMES, *lines)
        gone_on(corpus)
        authors = table((corpus.home / "grown" / "current").resolve(), "authors")
        assert shown in authors["name"].to_list()


@pytest.mark.slow
def test_an_organisation_that_means_something_else_is_shown_so_wherever_it_stands(corpus):
    header, label = "label,verdict,name,ror_id,country,kind", "example labs"
    edited_decisions.write(corpus, organisations.NAME, header, f"{label},is,House of Gates,,CH,company")
    corpus.write("lab.txt", card("On gates of slate", "Ida Brenn · example labs, example yard"))
    gone_on(corpus)
    edited_decisions.write(corpus, organisations.NAME, header, "example yard,is,Yard of Gates,,CH,company")
    gone_on(corpus)
    (corpus.raw / "lab.txt").unlink()
    edited_decisions.write(corpus, organisations.NAME, header, "example yard,not,,,,", f"{label},not,,,,")
    gone_on(corpus)


@pytest.mark.slow
def test_a_record_that_could_not_be_read_is_read_as_a_person_says(corpus):
    byline = "counting pebbles in rivers wu li et al"
    corpus.write("unread.txt", f"LGSep 25, 2023\n{byline}\nWe count.\n")
    gone_on(corpus)
    reading = {"byline": byline, "title": "counting pebbles", "authors": ["wu li"]}
    edited_decisions.write(corpus, "boundaries.jsonl", json.dumps(reading))
    assert "decisions changed (boundaries.jsonl)" in gone_on(corpus)
    assert ("wu li", 1) in {(row[2], row[1]) for row in edited_decisions.mentions(corpus)}
    edited_decisions.withdraw(corpus)
    gone_on(corpus)


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_text("otherwise")])
def test_decisions_that_were_not_kept_as_they_were_take_a_full_build(corpus, damage):
    one, other, third, *_ = (row[:2] for row in edited_decisions.mentions(corpus))
    decide(corpus, pair("different", one, other))
    assert gone_on(corpus).startswith("decisions changed (authors.csv): ")
    damage(corpus.state / "curated" / people.AUTHORS)
    decide(corpus, pair("different", one, third))
    assert corpus.follows() == "built anew: what the last build kept of authors.csv is missing or damaged"
    decide(corpus)
    gone_on(corpus)


@pytest.mark.parametrize("name", ["manifest.json", "records/*.parquet"])
def test_a_snapshot_in_which_nothing_can_be_looked_up_takes_a_full_build(corpus, name):
    one, other, *_ = (row[:2] for row in edited_decisions.mentions(corpus))
    for path in (corpus.home / "grown" / "current").resolve().glob(name):
        path.write_bytes(b"{")
    decide(corpus, pair("different", one, other))
    assert corpus.build().did.startswith("built anew: ")


def test_decisions_that_speak_of_much_take_a_full_build(corpus, monkeypatch):
    monkeypatch.setattr(update, "SHARE", 0.05)
    everybody = [row[:2] for row in edited_decisions.mentions(corpus)]
    decide(corpus, *(pair("different", *both) for both in pairwise(everybody[:20])))
    assert "changed decisions speak of" in corpus.follows()


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
def test_names_that_are_withheld_one_after_the_other_are_found_in_every_text(corpus):
    thanks = "We thank Vilma Quorrit Brenn of https://example.org/vilma-quorrit."
    cards = [
        card("On gates of slate by Vilma Quorrit", "Vilma Quorrit, Ida Brenn · vilma quorrit lab, mit"),
        card("On gates of ash", "V. Quorrit, Vilma Quorrit Brenn", abstract=thanks),
        card(r"On gates of \'oak by Ida Br\'enn", "Cleo Varga, Ida Brenn", abstract="Ida Brenn is quoted."),
        "LGMay 42, 2023\nVilma Quorrit\n",
        "LGMay 43, 2023\nIda Brenn, ida brenn, v i l m a quorrit\n",
    ]
    corpus.write("who.txt", "".join(cards))
    gone_on(corpus)
    by_name = {row[2]: list(row[:2]) for row in edited_decisions.mentions(corpus)}
    said = [
        ("Vilma Quorrit", "Wilma Quorrit", ["Vilma Quorrit"]),
        ("Vilma Quorrit Brenn", "Zelma Brenn", ["Wilma Quorrit Brenn"]),  # as it stands after the first
        ("Ida Brenn", "Ada Brenn", ["Ida Brenn", "Brenn", "Mit"]),
    ]
    lines = [
        json.dumps({"mentions": [by_name[name]], "name": wanted, "withheld": forms})
        for name, wanted, forms in said
    ]
    other = json.dumps({"mentions": [by_name["Cleo Varga"]], "name": "Clea Varga"})
    for some in (lines[:1], lines[:2], [*lines[:1], other, lines[1]], lines):
        edited_decisions.write(corpus, people.NAMES, *some)
        assert "decisions changed (names.jsonl)" in gone_on(corpus)
    corpus.write("late.txt", card("On late gates by Ida Brenn", "Vilma Quorrit"))
    gone_on(corpus)
    edited_decisions.write(corpus, people.NAMES, *lines[::-1])
    assert corpus.follows() == WITHHELD


@pytest.mark.slow
def test_decisions_on_which_anything_may_depend_take_a_full_build(corpus):
    paper, at, name, _ = edited_decisions.mentions(corpus)[0]
    said = {"mentions": [[paper, at]], "name": "Zora Alm", "withheld": [name]}
    edited_decisions.write(corpus, people.NAMES, json.dumps(said))
    gone_on(corpus)
    edited_decisions.write(corpus, people.NAMES, json.dumps(said | {"name": "Zora Birk"}))
    assert corpus.follows() == WITHHELD
    edited_decisions.wanted_beside(corpus, random.Random(3))
    assert "decisions changed (names.jsonl)" in gone_on(corpus)
    edited_decisions.write(corpus, "lists/badges.txt", "Gate")
    assert corpus.follows() == "built anew: reviewed decisions changed (lists/badges.txt)"
    shutil.rmtree(corpus.home / "curated")
    assert corpus.follows().startswith("built anew: reviewed decisions changed (")
