"""Decisions on persons while files change: which names they tie together, and what they make of the rows.

Where decisions are the same as in the build before, what they say of a mention changes only where that one does.
Mentions that a decision names matter to each other wherever their names lie, so the blocks of these, and the parts of
their blocks, are touched together. Where decisions changed, too, all that the old ones or the new ones tie is looked at
together, and mentions that changed ones speak of touch their parts and their persons as mentions that came do.

    before      A same B            blocks a-b, c    A and B are looked at together ...
    now         B same C            blocks a, b-c    ... and with C: a-b-c
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
from byline.pipeline.incremental.revised import Revised
from byline.pipeline.stages.bucket import DECIDED, Decided
from byline.pipeline.stages.resolve import identifiers_of

BLOCKS_AT_ONCE = 64
"""Blocks that are looked at together, where decisions don't tie more."""


@dataclass(frozen=True)
class Said:
    """The decisions on persons of one build."""

    folder: Path | None
    wanted: Sequence[people.WantedName]

    @classmethod
    def read(cls, folder: Path | None) -> Said:
        """Read what a folder of decisions says of persons."""
        return cls(folder, people.wanted_names(folder))

    @cached_property
    def is_nothing(self) -> bool:
        """Whether nobody decided upon a person."""
        return people.decided_mentions(self.folder).is_empty()

    def shown(self, mentions: pl.DataFrame) -> pl.DataFrame:
        """Return all mentions of some persons under the names that these want."""
        return identity.as_wanted(mentions, self.wanted)

    def namesakes(self, shown: pl.DataFrame) -> pl.Series:
        """Return the authors among these mentions that show a name which another one's decision withholds."""
        return pl.Series("author_id", identity.namesakes(shown, self.wanted), dtype=pl.String)

    def identifiers(self, mentions: pl.DataFrame) -> pl.DataFrame:
        """Return the identifiers of the authors of these mentions, rows of `author_identifiers`."""
        return identifiers_of(mentions, self.folder)


@dataclass(frozen=True)
class Standing:
    """The decisions on persons as they were and are, and the blocks that they tie."""

    before: Said
    now: Said
    pairs: pl.DataFrame
    """Those that hold now: `people.DECISION_COLUMNS`."""
    ties: pl.DataFrame
    """Those that held before, too."""
    named: pl.DataFrame
    """paper_id, position: mentions that changed decisions speak of, each once."""
    blocks: pl.Series
    """The blocks of these, as they were and as they are."""
    homes: dict[int, int]
    """The blocks of decided mentions with one that stands for all that are tied to it."""

    @classmethod
    def read(cls, revised: Revised, there: Iterable[pl.DataFrame], named: pl.DataFrame) -> Standing:
        """Read the decisions, given mentions as they were and as they are.

        `there`: those that decisions speak of (`DECIDED`); `named`: those that changed ones do.
        """
        pairs, now = people.author_decisions(revised.now), Said.read(revised.now)
        before, ties = now, pairs
        if revised.files:
            before = Said.read(revised.before)
            ties = pl.concat([people.author_decisions(revised.before), pairs]).unique()
        mentions = pl.concat(there).drop_nulls("position").unique()
        homes = components(_both(ties, mentions, "block"))
        blocks = named["block"].unique()
        return cls(before, now, pairs, ties, named.select(identity.MENTION).unique(), blocks, homes)

    @cached_property
    def says_nothing(self) -> bool:
        """Whether nobody decided upon a person, then and now."""
        return self.before.is_nothing and self.now.is_nothing

    def tied(self, blocks: pl.Series) -> list[pl.Series]:
        """Return the blocks that decisions tie to some of these, those themselves among them: some at a time.

        What is tied comes together, with other blocks up to `BLOCKS_AT_ONCE`.
        """
        touched = {self.homes[block] for block in blocks if block in self.homes}
        groups: dict[int, list[int]] = {home: [] for home in sorted(touched)}
        for block, home in sorted(self.homes.items()):
            if home in touched:
                groups[home].append(block)
        shares: list[list[int]] = []
        for group in groups.values():
            if shares and len(shares[-1]) + len(group) <= BLOCKS_AT_ONCE:
                shares[-1] += group
            else:
                shares.append(group)
        return [pl.Series(blocks.name, sorted(share), dtype=blocks.dtype) for share in shares]

    def tied_parts(self, part: np.ndarray, mentions: pl.DataFrame) -> np.ndarray:
        """Return the part of each mention, where those of which decisions speak together lie in one."""
        if not self.homes:
            return part
        placed = mentions.select(identity.MENTION).with_columns(part=pl.Series(part))
        homes = components(_both(self.ties, placed, "part"))
        changed = np.array(sorted(homes), dtype=part.dtype)
        at = np.searchsorted(changed, part)
        known = at < len(changed)
        known[known] = changed[at[known]] == part[known]
        found = part.copy()
        found[known] = np.array([homes[one] for one in changed.tolist()], dtype=part.dtype)[at[known]]
        return found


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
