"""A build that works on what changed alone gives the bytes of a full one, or is one and says why."""

from __future__ import annotations

import gzip
import random
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from byline.core.options import Options
from byline.core.result import Result
from byline.files import fs
from byline.pipeline import state
from byline.pipeline.incremental import kept, update
from byline.pipeline.run import run_build
from tests.conftest import files_of, for_comparison
from tests.pipeline.fabricated import listing

ANY_LOSS = frozenset({"papers_lost", "authors_lost", "authorships_lost", "records_lost", "quarantine"})


@pytest.fixture(autouse=True)
def small_corpora_too(monkeypatch):
    """Keep what the next build goes on from of small corpora, too, and go on however much changed."""
    monkeypatch.setattr(state, "LEAST_KEPT", 0)
    monkeypatch.setattr(update, "SHARE", 100.0)


class Corpus:
    """A raw folder, and an output that is built into again and again."""

    def __init__(self, home: Path) -> None:
        self.home, self.raw, self._grown = home, home / "raw", home / "grown"
        self.raw.mkdir(parents=True, exist_ok=True)
        self._builds = 0

    def build(self, out: str = "grown", **options: Any) -> Result:
        settings = {"workers": 0, "accept": ANY_LOSS, "incremental": True, **options}
        return run_build(Options(raw=self.raw, out=self.home / out, **settings))

    @property
    def state(self) -> Path:
        return self._grown / ".cache" / "state"

    def in_full(self, **options: Any) -> dict[str, bytes]:
        self._builds += 1
        with for_comparison():
            fresh = self.build(f"fresh/{self._builds}", **{"incremental": False, **options})
        return files_of(Path(str(fresh.path)))

    def agrees(self, **options: Any) -> str:
        """Build, compare with a full build, and return what the build says that it did."""
        result = self.build(**options)
        assert files_of(Path(str(result.path))) == self.in_full(**options)
        return result.did

    def write(self, name: str, text: str) -> None:
        data = text.encode()
        (self.raw / name).write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") else data)

    def read(self, name: str) -> str:
        data = (self.raw / name).read_bytes()
        return (gzip.decompress(data) if name.endswith(".gz") else data).decode()


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """Build a corpus of two files once."""
    made = Corpus(tmp_path_factory.mktemp("corpus"))
    made.write("kept.txt", listing(1, 40))
    made.write("more.txt", listing(2, 10))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(state, "LEAST_KEPT", 0)
        made.build()
    return made.home


@pytest.fixture
def corpus(built, tmp_path) -> Corpus:
    """Return a copy of that corpus and of what it was built into."""
    home = tmp_path / "corpus"
    shutil.copytree(built, home, symlinks=True)
    return Corpus(home)


def card(title: str, names: str, day: str = "Jan 2, 2023", abstract: str = "") -> str:
    return (
        f"LG{day}\n{title}{names}\n{abstract or f'We say of {title.lower()} what nobody said before us.'}\n"
    )


def test_the_build_says_what_it_did(corpus):
    corpus.write("new.txt", listing(3, 5))
    did = corpus.agrees()
    assert did.startswith("1 new file(s), 5 records came or went: ")
    assert "kept" in did


def _append(corpus: Corpus) -> None:
    corpus.write("more.txt", corpus.read("more.txt") + listing(4, 3))


def _rename(corpus: Corpus) -> None:
    (corpus.raw / "more.txt").rename(corpus.raw / "other.txt")


def _pack(corpus: Corpus) -> None:
    corpus.write("more.txt.gz", corpus.read("more.txt"))
    (corpus.raw / "more.txt").unlink()


def _copy(corpus: Corpus) -> None:
    corpus.write("again.txt", corpus.read("more.txt"))


def _older_namesake(corpus: Corpus) -> None:
    first = corpus.read("more.txt").split("\n")[1]
    names = first[max(first.rfind(word) for word in ("Sorting", "Parsing", "Routing")) :]
    corpus.write("old.txt", card("On early gates", f"Ada {names.split()[-1]}", day="Mar 1, 2001"))


def _declare(corpus: Corpus) -> None:
    corpus.write("more.listing.toml", 'venue = "Proceedings of Gates"\n')


def _split(corpus: Corpus) -> None:
    lines = corpus.read("more.txt").splitlines(keepends=True)
    corpus.write("more.txt", "".join(lines[:12]))
    corpus.write("rest.txt", "".join(lines[12:]))


def _junk(corpus: Corpus) -> None:
    corpus.write("junk.txt", "Home\nAbout\n\n" + listing(5, 2) + "what is this\n\x07\n")


def _tie(corpus: Corpus) -> None:
    names = "author={{Lindqvist, Ada and Ohm, Boris}}, doi={{10.1234/gates.3}}, year={{2020}}"
    entry = f"@article{{{{k{{0}}, title={{{{{{1}}}}}}, {names}}}}}\n"
    corpus.write("a.bib", entry.format(1, "A first name of gates"))
    corpus.write("b.bib", entry.format(2, "Another name of these gates"))


EDITS: dict[str, Callable[[Corpus], object]] = {
    "records behind others": _append,
    "a file under another name": _rename,
    "a file packed": _pack,
    "a file twice": _copy,
    "a file gone": lambda corpus: (corpus.raw / "more.txt").unlink(),
    "a file in two": _split,
    "an earlier paper of somebody": _older_namesake,
    "something declared of a file": _declare,
    "what can't be read": _junk,
    "two titles of one DOI": _tie,
}


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
    _copy(corpus)
    _tie(corpus)
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
    with for_comparison():
        assert corpus.build().did.startswith("built anew: ")


def test_a_state_that_was_made_anew_is_gone_on_from(corpus):
    DAMAGE["a table gone"](corpus.state)
    corpus.write("new.txt", listing(3, 5))
    assert corpus.build().did.startswith("built anew: ")
    corpus.write("newer.txt", listing(6, 5))
    assert corpus.build().did.startswith("1 new file(s)")


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


def test_decisions_that_changed_take_a_full_build(corpus):
    (corpus.home / "curated").mkdir()
    (corpus.home / "curated" / "categories.toml").write_text('order = ["math", "cs"]\n')
    corpus.write("new.txt", listing(3, 5))
    assert corpus.build().did == "built anew: reviewed decisions changed"


def test_a_full_build_leaves_nothing_to_go_on_from(corpus):
    corpus.write("new.txt", listing(3, 5))
    assert corpus.build(incremental=False).did == ""
    assert not corpus.state.exists()
    corpus.write("newer.txt", listing(6, 5))
    assert corpus.build().did.startswith("built anew: ")


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


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(30))
def test_random_edits_end_where_full_builds_end(corpus, seed):
    rnd = random.Random(seed)
    for step in range(6):
        corpus.write(f"{seed}-{step}.txt", listing(1000 * seed + step, rnd.randint(1, 8)))
        edits = [edit for edit in EDITS.values() if (corpus.raw / "more.txt").exists()]
        if edits and rnd.random() < 0.7:
            rnd.choice(edits)(corpus)
        assert not corpus.agrees().startswith("built anew")
