"""The kept mentions of a corpus: parts that a full build wrote, and the blocks that later builds resolved again.

A build that works on what changed writes a file more, with the blocks that it resolved (one for some blocks at a time,
where there are many), and takes over all others.
The table `blocks` says in which file a block is to be found. Once there are many such files, what they hold goes into
the parts.

    parts       000003.mentions  blocks a, b, c        000005.mentions  block d
    later       000001.later     blocks b, d           000002.later     block b
    `blocks`    b: 2, d: 1                             so a and c lie in the parts, d in the first, b in the second
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from byline.files import fs
from byline.pipeline.incremental.kept import BLOCKS, MENTIONS, PARTS, Kept, TakesFullBuild, write_frame
from byline.pipeline.incremental.mentions import (
    part_of,
    part_path,
    read_blocks,
    write_blocks,
    write_parts,
)

Place = Callable[[Path, int], Path]
LATER_AT_MOST = 16
"""Files of blocks beside the parts: each is read whole where one of its blocks is asked for."""
PARTS_AT_ONCE = 64
"""Parts whose blocks are held at a time, of some 4,000 mentions each."""


def later_path(folder: Path, number: int) -> Path:
    """Return where the blocks lie that one build resolved again."""
    return folder / f"{number:06d}.later"


class Store:
    """The mentions that the last build kept."""

    def __init__(self, kept: Kept, described: pl.DataFrame) -> None:
        """`described`: rows of `identity.describe`, whose columns the mentions have, too."""
        self._folder = kept.folder / MENTIONS
        self._buckets = kept.head.name_buckets
        self._there = kept.frame(PARTS)["part"]
        self._moved = kept.frame(BLOCKS)
        self._none = described.head(0).with_columns(
            author_id=pl.lit(None, pl.String), identity_confidence=pl.lit(None, pl.Float32)
        )
        self._more = self._moved.clear()
        """The blocks that were written, and the number of their file."""

    def shares(self, blocks: pl.Series) -> list[pl.Series]:
        """Return some of the blocks at a time: those of `PARTS_AT_ONCE` parts. There is one share at least."""
        placed = pl.DataFrame(
            {"block": blocks, "part": self._parts_of(blocks)}, schema_overrides={"part": pl.Int64}
        )
        share = (pl.col("part").rank("dense") - 1) // PARTS_AT_ONCE
        placed = placed.sort("part", "block").with_columns(share=share)
        return [rows["block"] for rows in placed.partition_by("share", maintain_order=True)] or [blocks]

    def of_blocks(self, blocks: pl.Series) -> pl.DataFrame:
        """Return the mentions of some blocks, as they were resolved.

        Raises `TakesFullBuild`: a file is missing or damaged.
        """
        moved = self._moved.filter(pl.col("block").is_in(blocks.implode()))
        parts = self._of_parts(blocks.filter(~blocks.is_in(moved["block"].implode())))
        return pl.concat([self._none, *parts, *self._of_later(moved)])

    def _of_parts(self, blocks: pl.Series) -> list[pl.DataFrame]:
        numbers = sorted({*self._parts_of(blocks)} & {*self._there})
        return [self._read(part_path(self._folder, number), blocks) for number in numbers]

    def _of_later(self, moved: pl.DataFrame, target: Path | None = None) -> list[pl.DataFrame]:
        """Return the mentions of blocks that lie in later files; those that this build wrote lie in `target`."""
        return [
            self._read(
                later_path(self._folder if number < self._first else target or self._folder, number),
                rows["block"],
            )
            for (number,), rows in moved.sort("later").partition_by("later", as_dict=True).items()
        ]

    def _parts_of(self, blocks: pl.Series) -> list[int]:
        return [int(part) for part in part_of(blocks.to_numpy(), self._buckets)]

    def _read(self, path: Path, blocks: pl.Series | None) -> pl.DataFrame:
        found = read_blocks(path, blocks)
        if found is None:
            raise TakesFullBuild("mentions that the last build kept are missing or damaged")
        return found.select(self._none.columns)

    def put(self, target: Path, blocks: pl.Series, now: pl.DataFrame) -> None:
        """Keep in `target` the mentions of some blocks as they are now."""
        if blocks.is_empty():
            return
        number = self._first + self._more["later"].n_unique()
        write_blocks(later_path(target, number), now)
        more = pl.DataFrame({"block": blocks, "later": [number] * blocks.len()}, schema=self._moved.schema)
        self._more = pl.concat([self._more, more])

    @property
    def _first(self) -> int:
        """The number of the first file that this build writes."""
        return int(self._moved["later"].max() or 0) + 1  # type: ignore[arg-type] # of whole numbers

    def close(self, target: Path) -> None:
        """Keep in `target` all mentions but those of blocks that were put there, and the table of blocks beside it."""
        fs.mkdir(target)
        stays = self._moved.filter(~pl.col("block").is_in(self._more["block"].implode()))
        later = pl.concat([stays, self._more])
        if later["later"].n_unique() > LATER_AT_MOST:
            self._into_parts(target, later)
            later = later.clear()
        else:
            self._take_over(part_path, self._there, target)
            self._take_over(later_path, stays["later"].unique().sort(), target)
        write_frame(target.parent, BLOCKS, later)

    def _into_parts(self, target: Path, later: pl.DataFrame) -> None:
        """Write the parts of all blocks that lie in later files, some at a time, and take over the other parts."""
        placed = later.with_columns(part=pl.Series(self._parts_of(later["block"]), dtype=self._there.dtype))
        changed = placed["part"].unique().sort()
        for some in changed.to_frame().iter_slices(PARTS_AT_ONCE):
            here = placed.filter(pl.col("part").is_in(some["part"].implode()))
            parts = self._there.filter(self._there.is_in(some["part"].implode()))
            read = [self._read(part_path(self._folder, number), None) for number in parts]
            rest = pl.concat([self._none, *read])
            rest = rest.filter(~pl.col("block_key").is_in(here["block"].implode()))
            write_parts(target, pl.concat([rest, *self._of_later(here, target)]), self._buckets)
        for number in self._more["later"].unique():
            fs.unlink(later_path(target, number))
        self._take_over(part_path, self._there.filter(~self._there.is_in(changed.implode())), target)

    def _take_over(self, place: Place, numbers: pl.Series, target: Path) -> None:
        for number in numbers:
            fs.link(place(self._folder, number), place(target, number))
