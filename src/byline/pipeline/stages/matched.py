"""What came of the matches of papers to arXiv's metadata, told apart from how they are made: that takes the index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from byline.pipeline.stages.evidence import summed

IDS = {"key": pl.UInt64, "count": pl.Int64}
"""An arXiv id (its hash), and how many papers carry it."""


@dataclass(frozen=True)
class Matched:
    """What came of the matches of some papers."""

    filled: int
    doubtful: int
    """Papers whose best entry is worth a person's look, and filled nothing."""
    disagreements: dict[str, int]
    """Entries that say otherwise than the page, by column."""
    ids: pl.DataFrame
    """The columns `IDS`, sorted by key."""

    def negative(self) -> Matched:
        """Return what is to be added where these papers go."""
        less = {name: -count for name, count in self.disagreements.items()}
        return Matched(-self.filled, -self.doubtful, less, self.ids.with_columns(-pl.col("count")))

    @classmethod
    def total(cls, parts: Sequence[Matched]) -> Matched:
        """Return the sums; what comes to nothing is left out."""
        counts = Counter[str]()
        for part in parts:
            counts.update(part.disagreements)
        return cls(
            sum(part.filled for part in parts),
            sum(part.doubtful for part in parts),
            {name: count for name, count in sorted(counts.items()) if count},
            summed([pl.DataFrame(schema=IDS), *(part.ids for part in parts)]),
        )
