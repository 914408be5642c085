"""A corpus whose raw files are edited, built incrementally and in full, and edits that people make."""

from __future__ import annotations

import gzip
import random
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from byline.core.options import Options
from byline.core.result import Result
from byline.pipeline import state
from byline.pipeline.incremental import update
from byline.pipeline.run import run_build
from tests.conftest import files_of, for_comparison
from tests.pipeline.fabricated import FAMILY, listing

ANY_LOSS = frozenset({"papers_lost", "authors_lost", "authorships_lost", "records_lost", "quarantine"})

REDIRECTS = ("author_redirects", "paper_redirects", "lost_authors", "lost_papers")


def small_corpora_too(patch: pytest.MonkeyPatch) -> None:
    """Keep what the next build goes on from of small corpora, too, and go on however much changed."""
    patch.setattr(state, "LEAST_KEPT", 0)
    patch.setattr(update, "SHARE", 100.0)


class Corpus:
    """A raw folder, and an output that is built into again and again."""

    def __init__(self, home: Path) -> None:
        self.home, self.raw, self._grown = home, home / "raw", home / "grown"
        self.raw.mkdir(parents=True, exist_ok=True)
        self.standing: dict[str, Any] = {}
        """Of every build from now on."""
        self._builds = 0

    def more(self, rnd: random.Random, records: int) -> str:
        """Return the text of so many records that may be new."""
        return listing(rnd.randrange(1_000_000), records)

    def family(self, rnd: random.Random) -> str:
        """Return a family name."""
        return rnd.choice(FAMILY)

    def build(self, out: str = "grown", **options: Any) -> Result:
        settings = {"workers": 0, "accept": ANY_LOSS, "incremental": True, **self.standing, **options}
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

    def follows(self, **options: Any) -> str:
        """Build, and in full beside it, into the same folders each time; compare snapshots, gates, history of ids."""
        result = self.build(**options)
        with for_comparison():
            whole = self.build("full", **{**options, "incremental": False})
        assert files_of(Path(str(result.path))) == files_of(Path(str(whole.path)))
        assert result.warnings == whole.warnings  # of the gates, which compare with the snapshot before
        assert result.matched == whole.matched
        for name in REDIRECTS:
            grown, full = (files_of(self.home / out / "history" / name) for out in ("grown", "full"))
            assert grown == full, name
        return result.did

    def write(self, name: str, text: str) -> None:
        data = text.encode()
        (self.raw / name).write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") else data)

    def read(self, name: str) -> str:
        """Return the text of a raw file, of a broken archive what can be read."""
        data = (self.raw / name).read_bytes()
        if name.endswith(".gz"):
            data = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(data)
        return data.decode(errors="ignore")


def built(home: Path, start: Callable[[Corpus], object]) -> Path:
    """Build a corpus that is started so, once for several tests; return where it lies."""
    made = Corpus(home)
    start(made)
    with pytest.MonkeyPatch.context() as patch:
        small_corpora_too(patch)
        made.build()
    return made.home


def copied(home: Path, to: Path) -> Corpus:
    """Return a copy of a corpus and of what it was built into."""
    shutil.copytree(home, to, symlinks=True)
    return Corpus(to)


def card(title: str, names: str, day: str = "Jan 2, 2023", abstract: str = "") -> str:
    return (
        f"LG{day}\n{title}{names}\n{abstract or f'We say of {title.lower()} what nobody said before us.'}\n"
    )


def append(corpus: Corpus) -> None:
    corpus.write("more.txt", corpus.read("more.txt") + listing(4, 3))


def rename(corpus: Corpus) -> None:
    (corpus.raw / "more.txt").rename(corpus.raw / "other.txt")


def pack(corpus: Corpus) -> None:
    corpus.write("more.txt.gz", corpus.read("more.txt"))
    (corpus.raw / "more.txt").unlink()


def copy(corpus: Corpus) -> None:
    corpus.write("again.txt", corpus.read("more.txt"))


def older_namesake(corpus: Corpus) -> None:
    first = corpus.read("more.txt").split("\n")[1]
    names = first[max(first.rfind(word) for word in ("Sorting", "Parsing", "Routing")) :]
    corpus.write("old.txt", card("On early gates", f"Ada {names.split()[-1]}", day="Mar 1, 2001"))


def declare(corpus: Corpus) -> None:
    corpus.write("more.listing.toml", 'venue = "Proceedings of Gates"\n')


def split(corpus: Corpus) -> None:
    lines = corpus.read("more.txt").splitlines(keepends=True)
    corpus.write("more.txt", "".join(lines[:12]))
    corpus.write("rest.txt", "".join(lines[12:]))


def junk(corpus: Corpus) -> None:
    corpus.write("junk.txt", "Home\nAbout\n\n" + listing(5, 2) + "what is this\n\x07\n")


def tie(corpus: Corpus) -> None:
    names = "author={{Lindqvist, Ada and Ohm, Boris}}, doi={{10.1234/gates.3}}, year={{2020}}"
    entry = f"@article{{{{k{{0}}, title={{{{{{1}}}}}}, {names}}}}}\n"
    corpus.write("a.bib", entry.format(1, "A first name of gates"))
    corpus.write("b.bib", entry.format(2, "Another name of these gates"))


EDITS: dict[str, Callable[[Corpus], object]] = {
    "records behind others": append,
    "a file under another name": rename,
    "a file packed": pack,
    "a file twice": copy,
    "a file gone": lambda corpus: (corpus.raw / "more.txt").unlink(),
    "a file in two": split,
    "an earlier paper of somebody": older_namesake,
    "something declared of a file": declare,
    "what can't be read": junk,
    "two titles of one DOI": tie,
}
