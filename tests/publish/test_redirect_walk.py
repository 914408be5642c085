"""Redirects lead to who holds the mentions now, whatever happened on the way: walks over growth, removal, rollback."""

from __future__ import annotations

import os
import random
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from byline.core.options import Options
from byline.pipeline.run import run_build
from byline.snapshots import history, prune, publishing, redirects
from byline.snapshots.lock import build_lock
from byline.validation.past import history_agrees
from tests.conftest import for_comparison, table
from tests.pipeline import fabricated

ANY_LOSS = frozenset({"papers_lost", "authors_lost", "authorships_lost", "records_lost"})
Mention = tuple[str, int]
"""A paper and a position in its list."""


def listing(rng: random.Random, records: int) -> str:
    """Return a listing by few people, under full names and initials, with few titles: papers and persons meet."""
    lines = []
    for _ in range(records):
        people = rng.sample(
            [(given, name) for given in fabricated.GIVEN[:6] for name in fabricated.FAMILY[:8]], 2
        )
        names = [f"{given if rng.random() < 0.7 else f'{given[0]}.'} {name}" for given, name in people]
        day = f"{rng.choice(fabricated.MONTHS)} {rng.randint(1, 28)}, {rng.randint(2015, 2024)}"
        title = f"{rng.choice(fabricated.ADJECTIVES)} {rng.choice(fabricated.NOUNS)}"
        lines.append(f"LG{day}\n{title}{', '.join(names)}\nWe study {title.lower()}.\n")
    return "".join(lines)


class Seen:
    """One snapshot in plain Python: who holds which mention, which records a paper has, where each record lies."""

    def __init__(self, folder: Path) -> None:
        self.holder: dict[Mention, str] = {
            (paper, position): author
            for paper, position, author in table(folder, "authorships")
            .select("paper_id", "position", "author_id")
            .iter_rows()
        }
        self.records: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
        self.by_id: dict[str, str] = {}
        self.by_place: dict[tuple[str, int], set[str]] = defaultdict(set)
        rows = table(folder, "records").filter(pl.col("paper_id").is_not_null())
        for record, sha, start, paper in rows.select(
            "record_id", "source_sha256", "byte_start", "paper_id"
        ).iter_rows():
            self.records[paper].append((record, sha, start))
            self.by_id[record] = paper
            self.by_place[sha, start].add(paper)

    def holdings(self) -> tuple[dict[str, list[Mention]], dict[str, list[tuple[str, str, int]]]]:
        """Return the mentions of every author, and the records of every paper."""
        mentions: dict[str, list[Mention]] = defaultdict(list)
        for mention, author in self.holder.items():
            mentions[author].append(mention)
        return mentions, self.records

    def papers_of(self, records: list[tuple[str, str, int]]) -> set[str]:
        """Return the papers that have these records of another snapshot."""
        return {
            paper
            for record, sha, start in records
            for paper in ({self.by_id[record]} if record in self.by_id else self.by_place[sha, start])
        }


class Walk:
    """An output folder, a raw folder, and what every id that ever was published held when it last lived."""

    def __init__(self, home: Path, seed: int) -> None:
        self.rng = random.Random(seed)
        self.raw, self.out, self.away = home / "raw", home / "out", home / "away"
        for folder in (self.raw, self.away):
            folder.mkdir()
        (self.raw / "kept.txt").write_text(listing(self.rng, 12))
        self.authors: dict[str, list[tuple[Mention, list[tuple[str, str, int]]]]] = {}
        self.papers: dict[str, list[tuple[str, str, int]]] = {}
        self.compared = self.wrong = 0
        self.number = 0
        self.build()
        self.compare()

    def build(self) -> None:
        with for_comparison():  # with the truth
            run_build(Options(raw=self.raw, out=self.out, workers=0, accept=ANY_LOSS))

    def step(self) -> None:
        """Do something, and compare every redirect with the truth."""
        acts: list[Callable[[], None]] = [self.grow, self.grow, self.remove, self.restore, self.rename]
        acts += [self.rollback, self.prune]
        self.rng.choice(acts)()
        self.compare()

    def grow(self) -> None:
        self.number += 1
        earlier = self.rng.choice("az")  # files come in any order
        (self.raw / f"{earlier}{self.number}.txt").write_text(listing(self.rng, self.rng.randint(4, 16)))
        self.build()

    def remove(self) -> None:
        there = sorted(self.raw.glob("[a-j]*.txt"))
        if there:
            path = self.rng.choice(there)
            path.rename(self.away / path.name)
        self.build()

    def restore(self) -> None:
        for path in self.away.iterdir():
            path.rename(self.raw / path.name)
        self.build()

    def rename(self) -> None:
        self.number += 1
        path = self.rng.choice(sorted(self.raw.glob("*.txt")))
        first = (
            "k" if path.name.startswith("k") else self.rng.choice("bk")
        )  # something stays, whatever is removed
        path.rename(self.raw / f"{first}{self.number}.txt")
        self.build()

    def rollback(self) -> None:
        others = [one for one in publishing.snapshots(self.out) if one != history.pointed(self.out)]
        if others:
            with build_lock(self.out):
                publishing.rollback(self.out, self.rng.choice(others))

    def prune(self) -> None:
        with build_lock(self.out):
            prune.prune(self.out, keep=self.rng.randint(1, 4), grace=timedelta(0))

    def compare(self) -> None:
        folder = publishing.current(self.out)
        assert folder is not None
        now = Seen(folder)
        mentions, papers = now.holdings()
        wanted = {
            "authors": {one: self.authors_now(one, now) for one in self.authors if one not in mentions},
            "papers": {
                one: now.papers_of(records) for one, records in self.papers.items() if one not in papers
            },
        }
        for name, expected in wanted.items():
            found = self.redirected(name)
            self.compared += len(expected)
            assert found == expected
        assert list(history_agrees(self.out, folder)) == []
        self.authors |= {
            author: [(mention, papers[mention[0]]) for mention in held] for author, held in mentions.items()
        }
        self.papers |= papers

    def authors_now(self, author: str, now: Seen) -> set[str]:
        found = set()
        for (paper, position), records in self.authors[author]:
            for there in now.papers_of(records) or {paper}:
                found.add(now.holder.get((there, position)))
        return {one for one in found if one is not None}

    def redirected(self, name: str) -> dict[str, set[str]]:
        kind = redirects.TABLES[name]
        rows = redirects.read_redirects(self.out / history.FOLDER / redirects.place(kind), kind)
        found: dict[str, set[str]] = defaultdict(set)
        for old, new in rows.select(kind.key[:2]).iter_rows():
            found[old] |= {new} - {None}
        return dict(found)


def test_a_walk_finds_every_redirect_true(tmp_path: Path):
    walk = Walk(tmp_path, 13)
    for _ in range(8):
        walk.step()
    assert walk.compared > 25
    place = walk.out / history.FOLDER / redirects.place(redirects.TABLES["authors"])
    told = pl.read_parquet(place, hive_partitioning=False)
    for damaged in (
        told.tail(-1),
        told.with_columns(new_author_id=pl.lit(told["new_author_id"].drop_nulls()[0])),
    ):
        damaged.write_parquet(place)
        folder = publishing.current(walk.out)
        assert folder is not None
        assert "redirects_follow_mentions" in {found.rule for found in history_agrees(walk.out, folder)}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_long_walks_find_every_redirect_true(seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    walk = Walk(tmp_path, seed)
    for _ in range(int(os.environ.get("WALK_STEPS", "60"))):
        walk.step()
    assert walk.compared > 0
    with capsys.disabled():
        print(f"\nseed {seed}: {walk.compared} redirects compared with the truth")
