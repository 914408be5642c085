"""Which raw files came, changed or went since the last build, and which readings changed with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from byline import boundary
from byline.core.sorted_arrays import look_up
from byline.inputs import Plan
from byline.pipeline.incremental.kept import Kept, TakesFullBuild, known, looked_up
from byline.pipeline.stages import evidence
from byline.pipeline.stages.known import in_turn, with_known
from byline.pipeline.stages.read import SliceFacts
from byline.pipeline.stages.settle import Placed

if TYPE_CHECKING:
    from byline.pipeline.state import Build


SHARE = 0.2
"""Of the records; where more came and went, a full build takes hardly longer."""


@dataclass(frozen=True)
class Inputs:
    """The raw files of two builds: those that only one of them has, and those of both."""

    gone: list[Plan]
    fresh: list[Plan]
    same: list[Plan]

    @classmethod
    def compared(cls, before: Mapping[str, Plan], now: Iterable[Plan]) -> Inputs:
        """Compare files by name and content; one that changed is in `gone` as it was, in `fresh` as it is."""
        present = {plan.source.name: plan for plan in now}
        same = {
            name
            for name, plan in present.items()
            if name in before and known(before[name]) == known(plan) and before[name].bytes == plan.bytes
        }
        return cls(
            gone=[plan for name, plan in before.items() if name not in same],
            fresh=[plan for name, plan in present.items() if name not in same],
            same=[plan for name, plan in present.items() if name in same],
        )

    def rows(self, facts: Mapping[str, SliceFacts]) -> int:
        """Return how many records came and went."""
        return sum(facts[piece.digest].rows for plan in [*self.gone, *self.fresh] for piece in plan.slices)


def placed(plans: Iterable[Plan]) -> list[Placed]:
    """Return the slices of files with where they stand."""
    return [Placed(piece, plan.source.name, plan.sha256) for plan in plans for piece in plan.slices]


def times(plans: Iterable[Plan]) -> Counter[str]:
    """Return how often each slice occurs in some files."""
    return Counter(piece.digest for plan in plans for piece in plan.slices)


@dataclass(frozen=True)
class Readings:
    """Settled names and second looks after a change."""

    names: pl.DataFrame
    asked: pl.DataFrame
    amended: pl.DataFrame
    changed: pl.DataFrame
    """digest, row: bylines of slices that were there before and read otherwise now."""


def read_again(build: Build, kept: Kept, inputs: Inputs) -> Readings:
    """Count the settled names anew, and look again at the doubtful bylines where that can change anything."""
    differs = times(inputs.fresh)
    differs.subtract(times(inputs.gone))
    moved = sorted((digest, number) for digest, number in differs.items() if number)
    before = kept.frame("names")
    try:
        names = with_counts(before, evidence.total_names(moved, build.parsed_cache))
    except FileNotFoundError as missing:
        raise TakesFullBuild("the cache lost the rows of a slice") from missing
    doubtful = evidence.gather_doubtful(build.facts.values())
    was_there = pl.col("digest").is_in(list(kept.facts))
    new = doubtful.filter(~was_there)
    asked = np.union1d(kept.frame("asked")["key"].to_numpy(), boundary.evidence_keys(new["byline"]))
    counts = looked_up(names, asked)
    amended = kept.frame("amended").filter(pl.col("digest").is_in(list(build.facts)))
    facts = [fact for digest, fact in build.facts.items() if digest not in kept.facts]
    changed = amended.select("digest", "row").head(0)
    known_asked = kept.frame("asked")["key"].to_numpy()
    if boundary.says_the_same(looked_up(before, known_asked), looked_up(names, known_asked)).all():
        amended = pl.concat([amended, _looks(build, new, facts, asked, counts)])
    else:
        looked = _looks(build, doubtful, facts, asked, counts)
        looked = pl.concat([looked, amended.filter("supplied")])  # of an index that is the same
        changed = _differing(amended, looked.filter(was_there))
        amended = looked
    asked_frame = pl.DataFrame({"key": asked})
    return Readings(names, asked_frame, amended.sort("digest", "row"), changed)


def with_counts(before: pl.DataFrame, moved: pl.DataFrame) -> pl.DataFrame:
    """Return the table `names` with counts added, few beside it: sorted by key, none that is 0.

    For example, counts of 2, 1 for the keys 3, 8, with -1 for key 8 and 5 for key 4: 2, 5 for the keys 3, 4.
    """
    keys, counts = before["key"].to_numpy(), before["count"].to_numpy().copy()
    more, by = moved["key"].to_numpy(), moved["count"].to_numpy()
    at, there = look_up(keys, more)
    counts[at[there]] += by[there]
    place = np.searchsorted(keys, more[~there])
    keys, counts = np.insert(keys, place, more[~there]), np.insert(counts, place, by[~there])
    left = counts != 0
    if not left.all():
        keys, counts = keys[left], counts[left]
    return pl.DataFrame({"key": keys, "count": counts}, schema=evidence.NAMES)


def _looks(
    build: Build, doubtful: pl.DataFrame, facts: list[SliceFacts], asked: np.ndarray, counts: np.ndarray
) -> pl.DataFrame:
    """Look again at doubtful bylines; arXiv's metadata may know borders, and authors of records in `facts`."""
    looked = evidence.amend(doubtful, asked, counts.astype(np.uint32))
    return with_known(looked, doubtful, facts, build.index, in_turn)


def _differing(before: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """Return digest and row of the readings that only one of both has."""
    both = pl.concat([before, now]).with_columns(
        read=pl.struct(pl.exclude("digest", "row")).struct.json_encode()
    )
    times_read = both.group_by("digest", "row").agg(looks=pl.len(), readings=pl.col("read").n_unique())
    return times_read.filter((pl.col("looks") == 1) | (pl.col("readings") > 1)).select("digest", "row")
