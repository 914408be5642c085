"""Made-up listings of any size: chunks of records from material and a seed, each chunk by itself."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from benchmarks.common import community
from benchmarks.common.draws import Counts, Floats, below, mixed, uniform
from benchmarks.common.material import Material

CHUNK_RECORDS = 32_768
"""Records made at a time: about 33 MB of text."""
ORGANISATIONS = [
    "anthropic",
    "deepmind",
    "google",
    "openai",
    "meta",
    "microsoft",
    "nvidia",
    "apple",
    "amazon",
    "ibm",
    "baidu",
    "tencent",
    "alibaba",
    "huawei",
    "stanford",
    "mit",
    "berkeley",
    "cmu",
]
FIRST_DAY, LAST_DAY = 8_401, 20_453  # 1993-01-01 and 2025-12-31
CAREER_DAYS = 1_500
"""About how far the papers of one group lie from its middle."""
NEIGHBOURS = 400
"""Rows of the material, sorted by category, over which the subjects of one group wander."""
NEW_NAMES = 0.8
"""Share of people whose given and family name were not met together in the material."""
NEW_FAMILIES, NEW_FAMILIES_FALL = 0.13, 0.24
"""Share of people with a family name of their own, and the exponent with which it falls in a literature wider than
`community.LITERATURE` (family names grow in arXiv as the number of names to the power 0.76)."""

_COUNT, _ROW, _NEAR, _RIGHT, _DAY, _BADGE, _ORGS, _ORG, _SHORT, _TITLE = range(30, 40)
_NAME, _FRESH, _FAMILY, _TAIL, _MIDDLE = range(50, 55)


@dataclass(frozen=True)
class Shape:
    """What decides a corpus besides its material and its length."""

    seed: int = 1
    shown: int = 3
    """Authors that the page shows before `et al.`"""
    badge_share: float = 0.1
    label_share: float = 0.3
    """Records with organisation labels, one to three."""
    initials_share: float = 0.08
    """Mentions with given names cut to initials."""


@dataclass(frozen=True)
class Chunk:
    """Records `start` to `start + len(ends)` as bytes; `ends` are the offsets behind each, truth beside."""

    start: int
    content: memoryview
    ends: Counts
    truth: pl.DataFrame
    """title, authors as shown, persons (64 bits each, as shown), truncated, day."""


@dataclass
class Corpus:
    """An endless corpus, of which the first `n` records are taken."""

    material: Material
    shape: Shape = field(default_factory=Shape)

    def chunks(self, records: int, *, truth: bool = False) -> Iterator[Chunk]:
        """Yield the first records, in order; memory is bounded by a chunk."""
        if records > self.material.titles:
            raise ValueError(
                f"{records} records asked, and only {self.material.titles} different titles to make"
            )
        for start in range(0, records, CHUNK_RECORDS):
            yield self.chunk(start, min(CHUNK_RECORDS, records - start), truth=truth)

    def chunk(self, start: int, length: int, *, truth: bool = False) -> Chunk:
        """Make some records."""
        papers = np.arange(start, start + length, dtype=np.int64)
        places = community.places_in_literature(papers, self.shape.seed)
        founders = community.groups(places, self.shape.seed)
        frame = pl.DataFrame({"title": self.titles(papers)})
        people = self._people(papers, places, founders)
        frame = frame.with_columns(people["byline"], cut=people["cut"])
        frame = frame.with_columns(self._subjects(papers, founders), labels=self._labels(papers))
        lines = frame.select(
            pl.concat_str(
                "code", "date", "badge", pl.lit("\n"), "title", "byline",
                pl.when("cut").then(pl.lit(" et al.")).otherwise(pl.lit("")),
                "labels", pl.lit("\n"), "left", "right", pl.lit("\n"),
            )
        ).to_series()  # fmt: skip
        content, ends = _bytes_of(lines)
        known = pl.concat([frame.select("title", "cut"), people.drop("byline", "cut")], how="horizontal")
        return Chunk(start, content, ends, known if truth else pl.DataFrame())

    def titles(self, papers: Counts) -> pl.Series:
        """Return the papers' titles; no two papers of a corpus share one, folded or not.

        Paper `n` takes first half `i` and, in round `r = n // firsts`, the second half `r` places behind the one of
        round 0: a pair comes once in `firsts * seconds` papers, and pairs read differently (see `Material`).
        """
        first, second = self.material.first, self.material.second
        start = int(mixed(self.shape.seed, _TITLE)[0] % np.uint64(len(first)))
        rounds = papers // len(first)
        at = (papers % len(first) * _stride(len(first)) + start) % len(first)
        then = (at * _stride(len(second)) + rounds * _stride(len(second) // 3)) % len(second)
        return (first.gather(at) + " " + second.gather(then)).rename("title")

    def _people(self, papers: Counts, places: Counts, founders: Counts) -> pl.DataFrame:
        """Return the authors as shown: `byline`, whether more were `cut`, and each one's name and identity."""
        counts = self.material.counts
        total = counts[below(len(counts), self.shape.seed, _COUNT, papers)]
        columns: dict[str, pl.Series | Counts | NDArray[np.bool_]] = {"cut": total > self.shape.shown}
        byline = pl.Series("byline", np.zeros(len(papers), dtype=np.int8)).replace_strict(
            {0: ""}, return_dtype=pl.String
        )
        for place in range(self.shape.shown):
            there = np.flatnonzero(total > place)
            person = community.authors(places[there], founders[there], place, self.shape.seed)
            short = (
                uniform(self.shape.seed, _SHORT, papers[there], person.identity) < self.shape.initials_share
            )
            names = self.names(person, short)
            columns[f"name_{place}"] = _spread(names, there, len(papers))
            columns[f"person_{place}"] = _spread(pl.Series(person.identity), there, len(papers))
            shown = _spread((", " + names) if place else names, there, len(papers)).fill_null("")
            byline = byline + shown
        return pl.DataFrame({"byline": byline, **columns})

    def names(self, people: community.Person, short: NDArray[np.bool_]) -> pl.Series:
        """Return each person's name, its given names cut to initials where `short`."""
        parts, seed, who = self.material, self.shape.seed, people.identity
        row = below(len(parts.given), seed, _NAME, who)
        mixed_up = uniform(seed, _FRESH, who) < NEW_NAMES
        other = np.where(mixed_up, parts.partner[row], row)
        family = parts.family.gather(other)
        fresh = np.flatnonzero(uniform(seed, _FAMILY, who) < _new_families(people.founded))
        made = parts.head.gather(other[fresh] % len(parts.head)) + parts.tail.gather(
            below(len(parts.tail), seed, _TAIL, who[fresh])
        )
        family = family.scatter(fresh, made)
        given = parts.given.gather(row)
        cut = np.flatnonzero(short)
        return given.scatter(cut, parts.initials.gather(row[cut])) + family

    def _subjects(self, papers: Counts, founders: Counts) -> list[pl.Series]:
        """Return code, date, badge and the abstract's halves: a group keeps near its subject and its years."""
        parts, seed = self.material, self.shape.seed
        rows = len(parts.left)
        middle = below(rows, seed, _ROW, founders)
        near = (middle + below(NEIGHBOURS, seed, _NEAR, papers)) % rows
        right = (middle + below(NEIGHBOURS, seed, _RIGHT, papers)) % rows
        spread = uniform(seed, _DAY, papers) + uniform(seed, _DAY + 100, papers) - 1.0
        day = parts.day[below(rows, seed, _MIDDLE, founders)] + (spread * CAREER_DAYS).astype(np.int64)
        day = np.clip(day, FIRST_DAY, LAST_DAY) - FIRST_DAY
        badge = (uniform(seed, _BADGE, papers) < self.shape.badge_share).astype(np.int64)
        return [
            parts.code.gather(near).alias("code"),
            _dates().gather(day).alias("date"),
            pl.Series(["", "Code"]).gather(badge).alias("badge"),
            parts.left.gather(near).alias("left"),
            parts.right.gather(right).alias("right"),
        ]

    def _labels(self, papers: Counts) -> pl.Series:
        seed = self.shape.seed
        tuples = _label_lists()
        drawn = below(len(tuples) - 1, seed, _ORG, papers) + 1
        return tuples.gather(np.where(uniform(seed, _ORGS, papers) < self.shape.label_share, drawn, 0))


def _new_families(founded: Counts) -> Floats:
    grown = np.maximum(founded / community.LITERATURE, 1.0)
    return np.asarray(NEW_FAMILIES * grown**-NEW_FAMILIES_FALL, dtype=np.float64)


def _stride(size: int) -> int:
    """Return a step near the golden section of the size that shares no factor with it, so that it meets every place."""
    step = max(1, int(size * 0.618))
    while math.gcd(step, size) != 1:
        step += 1
    return step


def _spread(values: pl.Series, at: Counts, length: int) -> pl.Series:
    """Return a series of this length with the values at these places and nulls elsewhere."""
    where = np.full(length, len(values), dtype=np.int64)
    where[at] = np.arange(len(at))
    return pl.concat([values, pl.Series([None], dtype=values.dtype)]).gather(where)


@cache
def _dates() -> pl.Series:
    days = pl.Series(np.arange(FIRST_DAY, LAST_DAY + 1, dtype=np.int32)).cast(pl.Date)
    return days.dt.strftime("%b %-d, %Y")


@cache
def _label_lists() -> pl.Series:
    """Return the label parts of a byline: none, then lists of one to three organisations."""
    one = [" · " + name for name in ORGANISATIONS]
    two = [f"{a}, {b}" for k, a in enumerate(one) for b in ORGANISATIONS[k + 1 : k + 8]]
    three = [f"{pair}, {c}" for k, pair in enumerate(two) if (c := ORGANISATIONS[k % 18]) not in pair]
    return pl.Series("labels", ["", *one * 5, *two, *three])


def _bytes_of(lines: pl.Series) -> tuple[memoryview, Counts]:
    """Return the lines' bytes end to end and the offset behind each, without copying them once more."""
    array = lines.to_frame("l").to_arrow(compat_level=pl.CompatLevel.oldest())["l"].combine_chunks()
    array = array.cast(pa.large_string())
    offsets = np.frombuffer(array.buffers()[1], dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    return memoryview(array.buffers()[2])[offsets[0] : offsets[-1]], offsets[1:] - offsets[0]
