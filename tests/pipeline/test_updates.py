"""A build that works on what changed alone gives the bytes of a full one, or is one and says why."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest

from byline.files import fs
from byline.pipeline.incremental import kept, tallied, update
from tests.conftest import files_of, for_comparison
from tests.pipeline import edited
from tests.pipeline.edited import EDITS, Corpus, card, copy, tie
from tests.pipeline.fabricated import listing


@pytest.fixture(autouse=True)
def small_corpora_too(monkeypatch):
    """What is built is compared with a full build: nothing of it need be put to every rule."""
    edited.small_corpora_too(monkeypatch)
    with for_comparison():
        yield


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """Build a corpus of two files once."""

    def start(made: Corpus) -> None:
        made.write("kept.txt", listing(1, 40))
        made.write("more.txt", listing(2, 10))

    return edited.built(tmp_path_factory.mktemp("corpus"), start)


@pytest.fixture
def corpus(built, tmp_path) -> Corpus:
    """Return a copy of that corpus and of what it was built into."""
    return edited.copied(built, tmp_path / "corpus")


def test_the_build_says_what_it_did(corpus):
    corpus.write("new.txt", listing(3, 5))
    did = corpus.agrees()
    assert did.startswith("1 new file(s), 5 records came or went: ")
    assert "kept" in did


CHAINS = (
    ("records behind others", "a file packed"),
    ("an earlier paper of somebody", "what can't be read", "a file under another name"),
    ("two titles of one DOI", "something declared of a file", "a file in two"),
    ("a file twice", "a file gone"),
)
"""Each edit once; those of a chain follow each other. The slow test takes each by itself."""


@pytest.mark.parametrize("chain", CHAINS, ids=", ".join)
def test_edits_end_where_a_full_build_ends(corpus, chain):
    *before, last = chain
    for edit in before:
        EDITS[edit](corpus)
        assert not corpus.build().did.startswith("built anew"), edit
    EDITS[last](corpus)
    assert not corpus.agrees().startswith("built anew")


def test_the_chains_hold_every_edit():
    assert sorted(edit for chain in CHAINS for edit in chain) == sorted(EDITS)


def test_what_was_added_and_taken_away_leaves_no_trace(corpus):
    whole = files_of(Path(str(corpus.build().path)))
    copy(corpus)
    tie(corpus)
    corpus.build()
    for name in ("again.txt", "a.bib", "b.bib"):
        (corpus.raw / name).unlink()
    result = corpus.build()
    assert result.did.startswith("3 gone file(s)")
    assert files_of(Path(str(result.path))) == whole


def test_evidence_that_grows_turns_a_doubtful_reading_elsewhere(corpus):
    doubtful = "LGJan 2, 2023\nA Study Of Quorvath ZelmaQuorvath Zelma, Ida Brenn\nWe study it.\n"
    corpus.write("doubt.txt", doubtful)
    corpus.build()
    corpus.write(
        "sure.txt", "".join(card(f"On gates of kind {n}", "Quorvath Zelma, Ida Brenn") for n in range(6))
    )
    corpus.agrees()
    (corpus.raw / "sure.txt").unlink()
    corpus.agrees()


DAMAGE: dict[str, Callable[[Path], object]] = {
    "gone": lambda state: state.rename(state.with_name("elsewhere")),
    "a table torn": lambda state: (state / "keys.arrow").write_bytes(b"torn"),
    "a table gone": lambda state: (state / "names.arrow").unlink(),
    "the head of nothing": lambda state: (state / "state.json").write_bytes(b""),
    "mentions gone": lambda state: shutil.rmtree(state / "mentions"),
    "mentions torn": lambda state: [path.write_bytes(b"torn") for path in (state / "mentions").iterdir()],
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_state_is_noticed_and_made_anew(corpus, damage):
    damage(corpus.state)
    corpus.write("new.txt", listing(3, 5))
    assert corpus.build().did.startswith("built anew: ")


@pytest.mark.parametrize("gone", [slice(None), slice(1)], ids=["all", "one"])
def test_mentions_that_are_missing_are_noticed_where_none_is_asked_for(corpus, gone):
    for path in sorted((corpus.state / "mentions").iterdir())[gone]:
        path.unlink()
    corpus.write("new.txt", "LGMay 42, 2023\nOn gatesIda Brenn\n")
    assert corpus.build().did == "built anew: mentions that the last build kept are missing or damaged"


def test_a_state_that_was_made_anew_is_gone_on_from(corpus):
    DAMAGE["a table gone"](corpus.state)
    corpus.write("new.txt", listing(3, 5))
    assert corpus.build().did.startswith("built anew: ")
    corpus.write("newer.txt", listing(6, 5))
    assert corpus.build().did.startswith("1 new file(s)")


@pytest.mark.parametrize("content", [None, b"", b"torn"])
def test_damaged_tallies_are_reckoned_anew(corpus, content):
    path = corpus.state / tallied.NAME
    whole = tallied.read(corpus.state)
    assert whole
    path.unlink() if content is None else path.write_bytes(content)
    corpus.write("new.txt", listing(3, 5))
    assert corpus.agrees().startswith("1 new file(s)")
    assert tallied.read(corpus.state).keys() == whole.keys()


def test_a_damaged_file_of_the_current_snapshot_is_not_taken_over(corpus):
    current = corpus.build().path
    assert isinstance(current, Path)
    damaged = sorted(current.glob("papers/*/*.parquet"))[0]
    content = damaged.read_bytes()
    damaged.write_bytes(content[:20] + bytes([content[20] ^ 1]) + content[21:])
    corpus.write("new.txt", listing(3, 5))
    assert corpus.build().did.startswith("built anew: ")


@pytest.mark.parametrize("name", ["papers/*/*.parquet", "manifest.json"])
def test_what_is_missing_or_unreadable_in_the_current_snapshot_takes_a_full_build(corpus, name):
    current = corpus.build().path
    assert isinstance(current, Path)
    damaged = sorted(current.glob(name))[0]
    damaged.unlink()
    if name == "manifest.json":
        damaged.write_bytes(b"{")
    corpus.write("new.txt", listing(3, 5))
    assert corpus.build().did.startswith("built anew: ")


def test_a_lost_cache_takes_a_full_build(corpus):
    for path in corpus.state.parent.glob("parsed-*/*/*"):
        path.unlink()
    corpus.write("more.txt", listing(3, 5))
    assert corpus.build().did.startswith("built anew: ")


def test_decisions_on_which_all_records_depend_take_a_full_build(corpus):
    (corpus.home / "curated").mkdir()
    (corpus.home / "curated" / "categories.toml").write_text('order = ["math", "cs"]\n')
    corpus.write("new.txt", listing(3, 5))
    assert corpus.build().did == "built anew: reviewed decisions changed (categories.toml)"


def test_a_full_build_makes_anew_what_was_kept(corpus):
    corpus.write("new.txt", listing(3, 5))
    assert corpus.build(incremental=False).did == ""
    corpus.write("newer.txt", listing(6, 5))
    assert corpus.agrees().startswith("1 new file(s), 5 records came or went")


def test_a_full_build_keeps_nothing_where_nothing_was_kept(corpus):
    shutil.rmtree(corpus.state)
    corpus.write("new.txt", listing(3, 5))
    assert corpus.build(incremental=False).did == ""
    assert not corpus.state.exists()


def test_a_check_leaves_what_the_last_build_kept(corpus):
    corpus.write("new.txt", listing(3, 5))
    before = files_of(corpus.state)
    assert corpus.build(check_only=True).path is None
    assert files_of(corpus.state) == before


def test_of_a_large_change_all_is_built_anew(corpus, monkeypatch):
    monkeypatch.setattr(update, "SHARE", 0.1)
    corpus.write("new.txt", listing(3, 30))
    assert corpus.build().did == "built anew: 30 records came or went"


def test_files_that_stay_are_not_written_again(corpus):
    before = {path.stat().st_ino for path in Path(str(corpus.build().path)).rglob("*.parquet")}
    corpus.write("new.txt", card("A late word on gates", "Ida Brenn", day="Jan 2, 2031"))
    after = {path.stat().st_ino for path in Path(str(corpus.build().path)).rglob("*.parquet")}
    assert len(before & after) > len(before) / 2


def test_equal_records_that_read_otherwise_are_looked_at_together():
    digest = [letter * 20 for letter in "aab"]
    rows = pl.DataFrame({"key": [1, 2, 3], "record": digest}, schema={"key": pl.UInt64, "record": pl.String})
    tied = kept.read_otherwise(rows)
    assert sorted(tied["key"]) == [1, 2]
    assert tied["tie"].n_unique() == 1


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.slow
@pytest.mark.parametrize("operation", range(0, 240, 12))
def test_a_build_that_is_killed_leaves_what_the_next_one_needs(corpus, monkeypatch, operation):
    corpus.write("new.txt", listing(3, 5))
    left = [operation]

    def hook(what: str, path: Path) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Killed

    monkeypatch.setattr(fs, "hook", hook)
    with suppress(Killed):
        corpus.build()
    monkeypatch.setattr(fs, "hook", None)
    corpus.agrees()
    corpus.write("newer.txt", listing(6, 5))
    corpus.agrees()


@pytest.mark.slow
@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_two_processes_give_the_same_bytes(corpus, edit):
    edit(corpus)
    assert not corpus.agrees(workers=2).startswith("built anew")
