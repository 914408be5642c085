"""The kept mentions of a corpus: parts that a full build wrote, and what later builds changed of them.

A build that works on what changed writes a file more, with the mentions that came or have another person or confidence
now, and with those that went, which have no person (one file for some blocks at a time, where there are many). It takes
over all other files. The table `blocks` says which of these files say something of a block; of what they say of a
mention the last holds. Once there are many such files, what they hold goes into the parts.

    parts       000003.mentions  a1 a2 b1 b2 c1        000005.mentions  d1
    later       000001.later     b2 d2                 000002.later     b1 gone, b3
    `blocks`    b: 1, b: 2, d: 1                       so b holds b2 (as of the first) and b3, d holds d1 and d2
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from byline.files import fs
from byline.identity import LISTS
from byline.pipeline.incremental.kept import BLOCKS, MENTIONS, PARTS, Kept, TakesFullBuild, write_frame
from byline.pipeline.incremental.mentions import (
    Held,
    files_of,
    part_of,
    part_path,
    read_blocks,
    write_blocks,
    write_parts,
)

Place = Callable[[Path, int], Path]
LATER_AT_MOST = 16
"""Files beside the parts: each is read, and checked, where one of its blocks is asked for."""
KEY = ("block_key", "paper_id", "position")
"""A mention whose name was read otherwise is another one: it went from a block and came into another."""
_MISSING = "mentions that the last build kept are missing or damaged"
PARTS_AT_ONCE = 64
"""Parts whose blocks are held at a time, of some 4,000 mentions each."""


def later_path(folder: Path, number: int) -> Path:
    """Return where the mentions lie that one build changed."""
    return folder / f"{number:06d}.later"


class Store:
    """The mentions that the last build kept."""

    def __init__(self, kept: Kept) -> None:
        """Raises `TakesFullBuild`: a file is missing, also one of which no block will be asked for."""
        self._folder = kept.folder / MENTIONS
        self._buckets = kept.head.name_buckets
        self._there = kept.frame(PARTS)["part"]
        self._moved = kept.frame(BLOCKS)
        self._more = self._moved.clear()
        """The blocks of which this build's files say something."""
        wanted = {part_path(self._folder, number) for number in self._there}
        wanted |= {later_path(self._folder, number) for number in self._moved["later"].unique()}
        if not wanted <= set(self._folder.glob("*")):
            raise TakesFullBuild(_MISSING)

    def shares(self, blocks: pl.Series) -> list[pl.Series]:
        """Return some of the blocks at a time: those of `PARTS_AT_ONCE` parts. There is one share at least."""
        placed = pl.DataFrame(
            {"block": blocks, "part": self._parts_of(blocks)}, schema_overrides={"part": pl.Int64}
        )
        share = (pl.col("part").rank("dense") - 1) // PARTS_AT_ONCE
        placed = placed.sort("part", "block").with_columns(share=share)
        return [rows["block"] for rows in placed.partition_by("share", maintain_order=True)] or [blocks]

    def of_blocks(self, blocks: pl.Series) -> Held:
        """Return the mentions of some blocks, as they were resolved.

        Raises `TakesFullBuild`: a file is missing or damaged.
        """
        moved = self._moved.filter(pl.col("block").is_in(blocks.implode()))
        return self._read({*self._parts_of(blocks)}, blocks, moved, self._folder)

    def _parts_of(self, blocks: pl.Series) -> list[int]:
        return [int(part) for part in part_of(blocks.to_numpy(), self._buckets)]

    def _read(self, parts: set[int], blocks: pl.Series | None, moved: pl.DataFrame, target: Path) -> Held:
        """Return some blocks (null: all) of parts as they are after what later files say of the blocks `moved`.

        `target`: where the files lie that this build wrote.
        """
        paths = [part_path(self._folder, number) for number in files_of(parts, self._there, self._buckets)]
        beside = [
            later_path(self._folder if number < self._first else target, number)
            for number in moved["later"].unique().sort()
        ]
        held = read_blocks(paths, blocks, beside, moved["block"])
        if held is None:
            raise TakesFullBuild(_MISSING)
        return _as_said_last(held)

    def put(self, target: Path, gone: pl.DataFrame, fresh: pl.DataFrame) -> None:
        """Keep in `target` that some mentions went, and those that came; one that changed is among both.

        Of those that went `identity.LISTS` may be left out.
        """
        left = gone.join(fresh, on=KEY, how="anti")
        nothing = {name: pl.lit(None, fresh.schema[name]) for name in (*LISTS, "author_id")}
        rows = pl.concat([fresh, left.with_columns(**nothing).select(fresh.columns)])
        if rows.is_empty():
            return
        number = self._first + self._more["later"].n_unique()
        write_blocks(later_path(target, number), rows)
        said = rows.select(block=pl.col("block_key").unique()).with_columns(later=pl.lit(number, pl.UInt32))
        self._more = pl.concat([self._more, said])

    @property
    def _first(self) -> int:
        """The number of the first file that this build writes."""
        return int(self._moved["later"].max() or 0) + 1  # type: ignore[arg-type] # of whole numbers

    def close(self, target: Path) -> None:
        """Keep in `target` all that was kept before, and the table of blocks beside it."""
        fs.mkdir(target)
        later = pl.concat([self._moved, self._more])
        if later["later"].n_unique() > LATER_AT_MOST:
            self._into_parts(target, later)
            later = later.clear()
        else:
            self._take_over(part_path, self._there, target)
            self._take_over(later_path, self._moved["later"].unique().sort(), target)
        write_frame(target.parent, BLOCKS, later)

    def _into_parts(self, target: Path, later: pl.DataFrame) -> None:
        """Write the parts of all blocks of which later files say something, some at a time; take over the others."""
        placed = later.with_columns(part=pl.Series(self._parts_of(later["block"]), dtype=self._there.dtype))
        changed = placed["part"].unique().sort()
        for some in changed.to_frame().iter_slices(PARTS_AT_ONCE):
            here = placed.filter(pl.col("part").is_in(some["part"].implode()))
            held = self._read({*some["part"]}, None, here, target)
            write_parts(target, held.frame(), self._buckets)
        for number in self._more["later"].unique():
            fs.unlink(later_path(target, number))
        gone = files_of({*changed}, self._there, self._buckets)
        self._take_over(part_path, self._there.filter(~self._there.is_in(gone)), target)

    def _take_over(self, place: Place, numbers: pl.Series, target: Path) -> None:
        fs.link_all((place(target, number).name for number in numbers), self._folder, target)


def _as_said_last(held: Held) -> Held:
    """Return mentions as they are after what files beside say of them, in turn."""
    if not held.beside:
        return held
    keys = held.rows.select("paper_id", "position").with_row_index("row")
    keys = keys.with_columns(block_key=held.names["block_key"].gather(held.name))
    parts, beside = keys.head(-held.beside), keys.tail(held.beside)
    said = beside.unique(KEY, keep="last", maintain_order=True)
    stays = parts.join(said.select(KEY), on=KEY, how="anti", maintain_order="left")["row"]
    rows = said["row"]
    there = rows.filter(held.rows["author_id"].gather(rows).is_not_null())
    return held.of(pl.concat([stays, there]))
