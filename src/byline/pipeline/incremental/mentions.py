"""The mentions of a corpus as they were resolved, in parts by their name block, so that few blocks are found again.

Each name is kept once, with how many mentions follow that bear it; how they lie in a file say `chunks`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from byline import identity, names
from byline.core.sorted_arrays import firsts
from byline.files import run_files
from byline.files.stretches import Columns, Stretches
from byline.pipeline.incremental import chunks
from byline.pipeline.incremental.chunks import Ints, Keys, Section
from byline.pipeline.incremental.kept import TakesFullBuild

PER_BUCKET = 16
"""Parts of a name bucket: some 4,000 mentions each."""
_SEEN = "_seen"
OF_A_NAME: dict[str, Any] = {
    "name_as_listed": pl.String, **names.SCHEMA, "rarity": pl.Float32, "own_key": pl.UInt64,
}  # fmt: skip
"""What mentions of one name, listed in one way, have in common: kept once, with how many they are.

Not kept is what follows from it, `form_key` and `block_key`: hashes, which no packing makes smaller.
"""
OF_A_MENTION: dict[str, Any] = {
    "position": pl.UInt16, "published": pl.Date, "source": pl.String, "is_last": pl.Boolean, "category": pl.String,
    "identity_confidence": pl.Float32, "author_id": pl.Binary, "coauthors": pl.List(pl.UInt64),
    "organisations": pl.List(pl.UInt32),
}  # fmt: skip
UNPACKED: dict[str, Any] = {"paper_id": pl.Binary, "terms": pl.List(pl.UInt32)}
"""What else is of a mention: hashes most of which stand once, so that packing takes time for nothing."""
IDS = ("paper_id", "author_id")
_USUAL = {
    "name": pl.col("name_as_listed"),
    "name_key": pl.concat_str("given_key", "family_key", separator=" "),
}
"""What these columns are of nearly all names: null stands for it."""
_LEFT_OUT = [pl.when(pl.col(name).ne_missing(usual)).then(name).alias(name) for name, usual in _USUAL.items()]
MENTIONS_AT_MOST = 500_000
"""Mentions of some parts that are held at once: twice what many parts of the usual size have together."""
_SECTIONS = ({**OF_A_NAME, _SEEN: pl.UInt32}, OF_A_MENTION, UNPACKED)
"""What a chunk holds, one after the other."""


def part_of(blocks: Keys, name_buckets: int) -> Ints:
    """Return the part that each block (hash) lies in: by its bucket, then by what else its hash says.

    For example, with 4 buckets: block 4 * 35 + 2 lies in bucket 2, and there in part 35 % 16 = 3: part 2 * 16 + 3 = 35.
    """
    buckets = np.uint64(name_buckets)
    inside = (blocks // buckets) % np.uint64(PER_BUCKET)
    return ((blocks % buckets) * np.uint64(PER_BUCKET) + inside).astype(np.int64)


def part_path(folder: Path, file: int) -> Path:
    """Return where a part lies, by the number of its file; one without mentions has none."""
    return folder / f"{file:06d}.mentions"


def files_of(parts: Collection[int], there: Iterable[int], name_buckets: int) -> list[int]:
    """Return which of the files that are there hold some parts.

    What was resolved in several shares lies in a file for each: with 4 buckets, thus 64 parts, the files 3, 67 and 131
    hold the shares 0, 1 and 2 of part 3.
    """
    return [file for file in there if file % (name_buckets * PER_BUCKET) in parts]


def write_parts(folder: Path, mentions: pl.DataFrame, name_buckets: int, share: int = 0) -> None:
    """Write resolved mentions (rows of `identity.describe`, author_id, identity_confidence) of whole parts.

    `share`: which of the shares of these parts they are, see `files_of`.
    """
    part = part_of(mentions["block_key"].to_numpy(), name_buckets) + share * name_buckets * PER_BUCKET
    for number, payload in _packed(mentions, part):
        run_files.write_checked(part_path(folder, number), payload)


def write_blocks(path: Path, mentions: pl.DataFrame) -> None:
    """Write resolved mentions of whole blocks into a file."""
    for _, payload in _packed(mentions, np.zeros(mentions.height, dtype=np.int64)):
        run_files.write_checked(path, payload)


@dataclass(frozen=True)
class Held:
    """Mentions that were read: each name once, and their evidence in lists as it lies there, most of what they take."""

    names: pl.DataFrame
    """`OF_A_NAME`, `form_key` and `block_key`."""
    name: pl.Series
    """The row of each mention's name."""
    rows: pl.DataFrame
    """What else the mentions have, but lists; ids are bytes."""
    evidence: pl.DataFrame
    """`identity.LISTS`."""
    at: pl.Series
    """The row of each mention's evidence."""
    beside: int
    """How many mentions, the last ones, lay in the files beside."""

    def of(self, some: pl.Series) -> Held:
        """Return some of the mentions, by their rows."""
        return Held(
            self.names, self.name.gather(some), self.rows[some], self.evidence, self.at.gather(some), 0
        )

    def places(self) -> pl.DataFrame:
        """Return paper_id and position of the mentions."""
        return self.rows.select(pl.col("paper_id").bin.encode("hex"), "position")

    def without_lists(self) -> pl.DataFrame:
        """Return the mentions with what belongs to their names."""
        return self.rows.with_columns(pl.col(*IDS).bin.encode("hex")).hstack(self.names[self.name])

    def lists(self, some: pl.Series) -> pl.DataFrame:
        """Return the evidence of some of the mentions, by their rows."""
        return self.evidence[self.at.gather(some)]

    def frame(self) -> pl.DataFrame:
        """Return all that is known of the mentions."""
        return self.without_lists().hstack(self.evidence[self.at])


def read_blocks(
    paths: Sequence[Path],
    blocks: pl.Series | None,
    beside: Sequence[Path] = (),
    said: pl.Series | None = None,
) -> Held | None:
    """Return the mentions of some blocks (null: of all) in files, in the files' order.

    `beside`: files of which the blocks `said` come after these. Null when a file can't be believed (or is not there).
    Raises `TakesFullBuild`: they are too many to be held.
    """
    sections = [Stretches(schema) for schema in _SECTIONS]
    if not _add(paths, blocks, sections):
        return None
    before = sections[-1].height
    if not _add(beside, said, sections):
        return None
    of_names, *of_rows = (section.frame() for section in sections)
    filled = {name: pl.col(name).fill_null(usual) for name, usual in _USUAL.items()}
    known = identity.with_form_keys(of_names.drop(_SEEN).with_columns(**filled))
    name = pl.Series(np.repeat(np.arange(known.height, dtype=np.uint32), of_names[_SEEN].to_numpy()))
    rows = pl.concat(of_rows, how="horizontal")
    at = pl.int_range(rows.height, dtype=pl.UInt32, eager=True)
    light = rows.drop(identity.LISTS)
    return Held(known, name, light, rows.select(identity.LISTS), at, rows.height - before)


def _add(paths: Sequence[Path], blocks: pl.Series | None, sections: Sequence[Stretches]) -> bool:
    """Add the mentions of some blocks in files; tell whether all of these can be believed."""
    wanted = None if blocks is None else blocks.unique().sort().to_numpy()
    before = sections[-1].height
    for path in paths:
        payload = run_files.read_checked(path)
        if payload is None:
            return False
        chunks.add(payload, wanted, sections)
        if sections[-1].height - before > MENTIONS_AT_MOST:
            raise TakesFullBuild("names that very many bear are resolved in shares, by full builds alone")
    return True


def _packed(mentions: pl.DataFrame, part: Ints) -> Iterator[tuple[int, bytes]]:
    """Yield each part and the content of its file.

    What is done to columns is done to all parts at once: there are many, of a few thousand mentions each.

        part  name    of the part: names, and how many bear each
        0     Ada                  Ada 2, Bo 1
        0     Ada
        0     Bo
        1     Cy                   Cy 1
    """
    if mentions.is_empty():
        return
    order = _order(part, mentions["block_key"].to_numpy(), mentions["form_key"].to_numpy())
    rows, part = mentions[order], part[order]
    keys = rows["block_key"].to_numpy()
    name = np.flatnonzero(firsts(rows.select(pl.struct(*OF_A_NAME).rle_id()).to_series().to_numpy()))
    block = np.flatnonzero(firsts(keys) | firsts(part))
    seen = pl.Series(_SEEN, np.diff(name, append=len(part)).astype(np.uint32))
    said = rows.select(*OF_A_NAME)[name].with_columns(*_LEFT_OUT, seen)
    ids = rows.with_columns(pl.col(*IDS).str.decode("hex"))
    edges = np.append(block, len(part))
    sections = [
        Section(Columns(said), np.searchsorted(name, edges)),
        Section(Columns(ids.select(*OF_A_MENTION)), edges),
        Section(Columns(ids.select(*UNPACKED)), edges, is_packed=False),
    ]
    yield from chunks.packed(keys[block], part[block], sections)


def _order(part: Ints, block: Keys, form: Keys) -> Ints:
    """Return the rows by part, then by block, then by form.

    By the first bits of all three in one number: NumPy sorts one of them in an eighth of the time. Where two blocks
    share theirs, their rows may lie among each other: each stretch of a block counts as one.
    """
    bits = int(part.max(initial=0)).bit_length()
    of_block = (64 - bits) * 3 // 5
    key = part.astype(np.uint64) << np.uint64(64 - bits) if bits else np.zeros(len(part), np.uint64)
    key |= block >> np.uint64(64 - of_block) << np.uint64(64 - bits - of_block)
    found: Ints = np.argsort(key | form >> np.uint64(bits + of_block))
    return found
