"""The kept mentions of a corpus: parts that a full build wrote, and the blocks that later builds resolved again.

A build that works on what changed writes one file more, with the blocks that it resolved, and takes over all others.
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

    def _of_later(self, moved: pl.DataFrame) -> list[pl.DataFrame]:
        files = moved.sort("later").partition_by("later", as_dict=True)
        return [
            self._read(later_path(self._folder, number), rows["block"]) for (number,), rows in files.items()
        ]

    def _parts_of(self, blocks: pl.Series) -> list[int]:
        return [int(part) for part in part_of(blocks.to_numpy(), self._buckets)]

    def _read(self, path: Path, blocks: pl.Series | None) -> pl.DataFrame:
        found = read_blocks(path, blocks)
        if found is None:
            raise TakesFullBuild("mentions that the last build kept are missing or damaged")
        return found.select(self._none.columns)

    def write(self, target: Path, blocks: pl.Series, now: pl.DataFrame) -> None:
        """Keep in `target` all mentions, those of `blocks` as they are now, and the table of blocks beside it."""
        fs.mkdir(target)
        stays = self._moved.filter(~pl.col("block").is_in(blocks.implode()))
        if stays["later"].n_unique() >= LATER_AT_MOST:
            self._write_parts(target, stays, blocks, now)
            write_frame(target.parent, BLOCKS, stays.clear())
            return
        number = int(self._moved["later"].max() or 0) + 1  # type: ignore[arg-type] # of whole numbers
        if blocks.len():
            write_blocks(later_path(target, number), now)
        self._take_over(part_path, self._there, target)
        self._take_over(later_path, stays["later"].unique().sort(), target)
        more = pl.DataFrame({"block": blocks, "later": [number] * blocks.len()}, schema=self._moved.schema)
        write_frame(target.parent, BLOCKS, pl.concat([stays, more]))

    def _write_parts(self, target: Path, stays: pl.DataFrame, blocks: pl.Series, now: pl.DataFrame) -> None:
        """Write the parts of all blocks that lie elsewhere, and take over the other parts."""
        elsewhere = pl.concat([stays["block"], blocks])
        numbers = {*self._parts_of(elsewhere)}
        some = pl.Series([number for number in self._there if number in numbers], dtype=self._there.dtype)
        read = [self._read(part_path(self._folder, number), None) for number in some]
        rest = pl.concat([self._none, *read]).filter(~pl.col("block_key").is_in(elsewhere.implode()))
        rows = pl.concat([rest, *self._of_later(stays), now.select(self._none.columns)])
        write_parts(target, rows, self._buckets)
        self._take_over(part_path, self._there.filter(~self._there.is_in(some.implode())), target)

    def _take_over(self, place: Place, numbers: pl.Series, target: Path) -> None:
        for number in numbers:
            fs.link(place(self._folder, number), place(target, number))
