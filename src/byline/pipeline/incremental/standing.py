"""Decisions that stand while files change: which names they tie together, and what they make of the rows.

Decisions are the same as in the build before, so what they say of a mention, a paper or a label changes only where that
one does. Mentions that a decision names matter to each other wherever their names lie, so the blocks of these, and the
parts of their blocks, are touched together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl

from byline import identity
from byline.core.union import components
from byline.decisions import people
from byline.pipeline.stages.bucket import DECIDED, Decided
from byline.pipeline.stages.resolve import identifiers_of

MENTION = ("paper_id", "position")


@dataclass(frozen=True)
class Standing:
    """The decisions on persons, and the blocks that they tie."""

    folder: Path | None
    pairs: pl.DataFrame
    """`people.DECISION_COLUMNS`."""
    wanted: Sequence[people.WantedName]
    homes: dict[int, int]
    """The blocks of decided mentions with one that stands for all that are tied to it."""

    @classmethod
    def read(cls, folder: Path | None, there: Iterable[pl.DataFrame]) -> Standing:
        """Read the decisions; `there`: the mentions that they speak of (`DECIDED`), as they were and as they are."""
        pairs = people.author_decisions(folder)
        mentions = pl.concat(there).drop_nulls("position").unique()
        blocks = _both(pairs, mentions, "block")
        return cls(folder, pairs, people.wanted_names(folder), components(blocks))

    @cached_property
    def says_nothing(self) -> bool:
        """Whether nobody decided upon a person."""
        return self.pairs.is_empty() and not self.wanted and people.decided_mentions(self.folder).is_empty()

    def tied(self, blocks: pl.Series) -> pl.Series:
        """Return the blocks that decisions tie to some of these, those themselves among them."""
        touched = {self.homes[block] for block in blocks if block in self.homes}
        found = [block for block, home in self.homes.items() if home in touched]
        return pl.Series(blocks.name, sorted(found), dtype=blocks.dtype)

    def tied_parts(self, part: np.ndarray, mentions: pl.DataFrame) -> np.ndarray:
        """Return the part of each mention, where those of which decisions speak together lie in one."""
        if not self.homes:
            return part
        placed = mentions.select(MENTION).with_columns(part=pl.Series(part))
        homes = components(_both(self.pairs, placed, "part"))
        changed = np.array(sorted(homes), dtype=part.dtype)
        at = np.searchsorted(changed, part)
        known = at < len(changed)
        known[known] = changed[at[known]] == part[known]
        found = part.copy()
        found[known] = np.array([homes[one] for one in changed.tolist()], dtype=part.dtype)[at[known]]
        return found

    def shown(self, mentions: pl.DataFrame) -> pl.DataFrame:
        """Return all mentions of some persons under the names that these want."""
        return identity.as_wanted(mentions, self.wanted)

    def namesakes(self, shown: pl.DataFrame) -> pl.Series:
        """Return the authors among these mentions that show a name which another one's decision withholds."""
        return pl.Series("author_id", identity.namesakes(shown, self.wanted), dtype=pl.String)

    def identifiers(self, mentions: pl.DataFrame) -> pl.DataFrame:
        """Return the identifiers of the authors of these mentions, rows of `author_identifiers`."""
        return identifiers_of(mentions, self.folder)


def _both(pairs: pl.DataFrame, mentions: pl.DataFrame, column: str) -> Iterator[tuple[int, int]]:
    """Yield a column of both mentions of each pair, where both are among some mentions."""
    both: Iterator[tuple[int, int]] = identity.with_both(pairs, mentions, column)[
        f"{column}_a", f"{column}_b"
    ].iter_rows()
    return both


def frame_of(decided: Decided) -> pl.DataFrame:
    """Return what decisions speak of and is there, as a state keeps it."""
    rows = [(paper, None, None) for paper in decided.papers] + list(decided.mentions)
    return pl.DataFrame(rows, schema=DECIDED, orient="row")


def decided_of(frame: pl.DataFrame) -> Decided:
    """Return what `frame_of` was made of."""
    mentions = frame.drop_nulls("position")
    return Decided(tuple(mentions.iter_rows()), tuple(frame.filter(pl.col("position").is_null())["paper_id"]))
