"""Long sequences of edits of corpora that are large enough to be gone on from, and builds that are killed on the way.

    BYLINE_EDITED_RAW=DIR BYLINE_EDITED_RECORDS=20000 BYLINE_SEQUENCES=20 \\
        python -m pytest -m slow -s tests/pipeline/test_long_edits.py

Without a folder of cards the corpus is a made one. `BYLINE_FIRST_SEED` begins with another sequence, `BYLINE_STEPS`
makes each longer; every step says what it did.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from benchmarks.common.listings import listing_of
from byline.pipeline import state
from byline.pipeline.incremental import store, update
from byline.pipeline.stages import sharing
from byline.snapshots import publishing
from tests.affiliations.dumps import write_dump
from tests.pipeline.edited import ANY_LOSS, Corpus
from tests.pipeline.edits import OFTEN, SELDOM, Edit, cards_of, declare, some_file
from tests.publish.faults import stopped_at
from tests.reference.papers import lines, metadata

RAW = os.environ.get("BYLINE_EDITED_RAW")
RECORDS = int(os.environ.get("BYLINE_EDITED_RECORDS", "5600"))
SEQUENCES = int(os.environ.get("BYLINE_SEQUENCES", "1"))
FIRST_SEED = int(os.environ.get("BYLINE_FIRST_SEED", "0"))
STEPS = int(os.environ.get("BYLINE_STEPS", "6"))
FILES = 14
HELD_BACK = 10
"""Of so many records one is held back, to come later."""
OPERATIONS = 320
"""About how many a build takes, and some more."""


class Large(Corpus):
    """A corpus of many cards in some files; what is added to it are cards that were held back, or others' titles."""

    def __init__(self, home: Path, cards: list[str], rnd: random.Random) -> None:
        super().__init__(home)
        self._later, stay = cards[::HELD_BACK], [card for at, card in enumerate(cards) if at % HELD_BACK]
        borders = sorted(rnd.sample(range(1, len(stay)), FILES - 1))
        for number, (start, stop) in enumerate(zip([0, *borders], [*borders, len(stay)], strict=True)):
            self.write(f"part-{number:03d}.txt" + ".gz" * (number % 5 == 4), "".join(stay[start:stop]))
        self.took = 2.0
        """Seconds that the last build took."""

    def more(self, rnd: random.Random, records: int) -> str:
        """Return cards of people who are known."""
        some = [rnd.choice(self._later) for _ in range(records * rnd.choice([1, 1, 1, 20]))]
        day, rest = "ABCDEFG"[rnd.randrange(7)], rnd.random() < 0.5
        return "".join(card.replace("\n", f"\nOn case {day}: ", 1) if rest else card for card in some)

    def family(self, rnd: random.Random) -> str:
        """Return a word of a byline that looks like a name."""
        byline = rnd.choice(self._later).split("\n")[1]
        return rnd.choice([word.strip(",.") for word in byline.split() if word[:1].isupper()] or ["Brenn"])

    def build(self, out: str = "grown", **options: Any) -> Any:
        begun = time.perf_counter()
        try:
            return super().build(out, **{"keep": 2, **options})
        finally:
            self.took = time.perf_counter() - begun

    def current(self, out: str) -> Path | None:
        """Return the current snapshot of a folder that is built into."""
        return publishing.current(self.home / out)

    def killed(self, seconds: float) -> None:
        """Begin a build in a process of its own and kill it, and what it started, after some seconds."""
        accepted = [word for gate in sorted(ANY_LOSS) for word in ("--accept", gate)]
        options = [f"--{name}={value}" for name, value in self.standing.items()]
        folders = ["--raw", str(self.raw), "--out", str(self.home / "grown")]
        command = [sys.executable, "-m", "byline", "build", *folders, "--incremental", *accepted, *options]
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        ) as process:
            with suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, 9)


def toggle(corpus: Corpus, option: str, path: Path, content: bytes | None) -> None:
    """Give builds a file, or take it away again."""
    if corpus.standing.pop(option, None) is None:
        if content is not None:
            path.write_bytes(content)
        corpus.standing[option] = path


def ror(corpus: Corpus, rnd: random.Random) -> None:
    path = corpus.home / "v9-ror-data.zip"
    write_dump(path)
    toggle(corpus, "ror", path, None)


def arxiv(corpus: Corpus, rnd: random.Random) -> None:
    toggle(corpus, "arxiv", corpus.home / "arxiv.json", lines([metadata(number) for number in range(50)]))


def decide_on_persons(corpus: Corpus, rnd: random.Random) -> None:
    """Say of two mentions of one name that they are of one person or of two; or say nothing any more."""
    path = corpus.home / "curated" / "authors.csv"
    if path.exists():
        path.unlink()
        return
    path.parent.mkdir(exist_ok=True)
    current = corpus.home / "grown" / "current"
    who = pl.read_parquet(
        f"{current}/authorships/**/*.parquet", columns=["paper_id", "position", "author_id"]
    )
    several = who.filter(pl.len().over("author_id") > 1).sort("author_id", "paper_id", "position")
    at = rnd.randrange(several.height - 1)
    (one, place, author), (other, other_place, same) = several.rows()[at : at + 2]
    verdict = "different" if author == same else "same"
    path.write_text(
        "verdict,paper_id_a,position_a,paper_id_b,position_b,note\n"
        f"{verdict},{one},{place},{other},{other_place},\n"
    )


def change_a_few_records(corpus: Corpus, rnd: random.Random) -> None:
    """Change a name, and put some records elsewhere, in one file."""
    name = some_file(corpus, rnd)
    cards = cards_of(corpus, name)
    cut = rnd.randint(0, len(cards))
    corpus.write(
        name, "".join([*cards[cut:], *cards[:cut]]).replace(corpus.family(rnd), corpus.family(rnd), 2)
    )


def declare_of_one_file(corpus: Corpus, rnd: random.Random) -> None:
    """Say something of one file beside it, or nothing any more."""
    path = corpus.raw / f"{some_file(corpus, rnd).split('.')[0]}.listing.toml"
    if path.exists():
        path.unlink()
    else:
        path.write_text(f'venue = "Proceedings of Gates {rnd.randint(1, 3)}"\n')


MOSTLY: list[Edit] = [
    *(edit for edit in OFTEN if edit is not declare),
    change_a_few_records,
    declare_of_one_file,
    decide_on_persons,
    decide_on_persons,
]
FULL_BUILDS: list[Edit] = [*SELDOM, declare, ror, arxiv]


def cards_to_begin_with(work: Path) -> list[str]:
    """Return the cards of the folder that was named, or made ones."""
    paths = sorted(Path(RAW).rglob("*.txt")) if RAW else [listing_of(None, RECORDS, work)]
    rows = [row for path in paths for row in path.read_text("utf-8").splitlines(keepends=True)]
    return ["".join(rows[at : at + 3]) for at in range(0, len(rows) - 2, 3)][:RECORDS]


def interrupted(corpus: Large, rnd: random.Random) -> str:
    """Begin the build and end it before its end, sometimes; return how."""
    how = rnd.random()
    if how < 0.25:
        number = rnd.randrange(OPERATIONS)
        stopped_at(number, corpus.build)
        return f"stopped at operation {number}"
    if how < 0.4:
        seconds = rnd.uniform(0.5, 2.0 + 1.5 * corpus.took)
        corpus.killed(seconds)
        return f"killed after {seconds:.1f} s"
    return ""


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + SEQUENCES))
def test_long_sequences_end_where_full_builds_end(tmp_path: Path, monkeypatch, seed):
    monkeypatch.setattr(store, "PARTS_AT_ONCE", (64, 4)[seed % 2])
    monkeypatch.setattr(store, "LATER_AT_MOST", (16, 3)[seed % 2])
    monkeypatch.setattr(update, "SHARE", 0.8)
    # a file that is taken away may leave fewer records than are gone on from, and all builds behind it were full ones
    monkeypatch.setattr(state, "LEAST_KEPT", 1_000)
    monkeypatch.setattr(sharing, "MENTIONS_AT_ONCE", (sharing.MENTIONS_AT_ONCE, 400)[seed % 2])
    rnd = random.Random(seed)
    corpus = Large(tmp_path / "corpus", cards_to_begin_with(tmp_path), rnd)
    corpus.follows()
    for step in range(STEPS):
        edits = rnd.choices(MOSTLY, k=rnd.randint(1, 3))
        if rnd.random() < 0.15:
            edits.append(rnd.choice(FULL_BUILDS))
        for edit in edits:
            edit(corpus, rnd)
        before = corpus.current("grown")
        how = interrupted(corpus, rnd)
        if corpus.current("grown") != before:  # it came to its end; gates compare with the snapshot before
            corpus.build("full", incremental=False)
        if rnd.random() < 0.3:  # else slices that were read before are not read again
            shutil.rmtree(corpus.home / "full" / ".cache", ignore_errors=True)
        did = corpus.follows(workers=rnd.choice([0, 2]))
        names = ", ".join(edit.__name__ for edit in edits)
        print(f"sequence {seed}, step {step}: {names}; {how}: {did}", flush=True)
