"""The mentions of a corpus as they were resolved, in parts by their name block, so that few blocks are found again."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from byline import identity, names
from byline.core.sorted_arrays import firsts
from byline.files import run_files
from byline.pipeline.incremental.kept import TakesFullBuild

PER_BUCKET = 16
"""Parts of a name bucket: some 4,000 mentions each."""
OF_A_NAME = ("name_as_listed", *names.SCHEMA, "rarity", "own_key")
"""What mentions of one name, listed in one way, have in common: kept once."""
FOLLOWS = ("form_key", "block_key")
"""What follows from that: hashes, which no packing makes smaller."""
_USUAL = {
    "name": pl.col("name_as_listed"),
    "name_key": pl.concat_str("given_key", "family_key", separator=" "),
}
"""What these columns are of nearly all names: null stands for it."""
_LEFT_OUT = {  # gathered: where a mask makes text null, its bytes are still written
    name: pl.col(name).gather(pl.when(pl.col(name).ne_missing(usual)).then(pl.int_range(pl.len())))
    for name, usual in _USUAL.items()
}
IDS = ("paper_id", "author_id")
MENTIONS_AT_MOST = 500_000
"""Mentions of some parts that are held at once: twice what many parts of the usual size have together."""
_NAME = "_name"
_LENGTH_BYTES = 8


def part_of(blocks: npt.NDArray[np.uint64], name_buckets: int) -> npt.NDArray[np.int64]:
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


def read_blocks(paths: Sequence[Path], blocks: pl.Series | None) -> pl.DataFrame | None:
    """Return the mentions of some blocks (null: of all) in files, one at least, in the files' order.

    Null when one of them can't be believed (or is not there). Raises `TakesFullBuild`: they are too many to be held.
    """
    named, bearing, count = [], [], 0
    for path in paths:
        payload = run_files.read_checked(path)
        if payload is None:
            return None
        names_here, rows = _unpacked(payload, blocks)
        named.append(names_here)
        bearing.append(rows.with_columns(pl.col(_NAME) + count))
        count += names_here.height
        if sum(some.height for some in bearing) > MENTIONS_AT_MOST:
            raise TakesFullBuild("names that very many bear are resolved in shares, by full builds alone")
    filled = {name: pl.col(name).fill_null(usual) for name, usual in _USUAL.items()}
    known = identity.with_form_keys(pl.concat(named).with_columns(**filled))
    rows = pl.concat(bearing).with_columns(pl.col(*IDS).bin.encode("hex"))
    return pl.concat([rows.drop(_NAME), known[rows[_NAME]]], how="horizontal")


def _unpacked(payload: memoryview, blocks: pl.Series | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the names of some blocks (null: of all) in a file, and the mentions with the number of their name."""
    size = int.from_bytes(payload[:_LENGTH_BYTES], "little")
    known = pl.read_ipc(io.BytesIO(payload[_LENGTH_BYTES : _LENGTH_BYTES + size]))
    rows = pl.read_ipc(io.BytesIO(payload[_LENGTH_BYTES + size :]))
    if blocks is None:
        return known, rows
    wanted = _of_blocks(known["block"], blocks)
    number = (wanted.cast(pl.UInt32).cum_sum() - 1).cast(pl.UInt32)
    rows = rows.filter(wanted.gather(rows[_NAME]))
    return known.filter(wanted), rows.with_columns(number.gather(rows[_NAME]).alias(_NAME))


def _of_blocks(block: pl.Series, blocks: pl.Series) -> pl.Series:
    """Tell which names lie in some blocks (hashes), given the block of each; those of one block follow each other."""
    runs = block.rle().struct.unnest()
    wanted = identity.block_keys(runs.select(block="value")).is_in(blocks.implode())
    return pl.Series(np.repeat(wanted.to_numpy(), runs["len"].to_numpy()))


def _packed(mentions: pl.DataFrame, part: npt.NDArray[np.int64]) -> Iterator[tuple[int, bytes]]:
    """Yield each part and its mentions: two Arrow files behind the length of the first, the names and who bears them.

    What is done to columns is done to all parts at once: there are many, of a few thousand mentions each.

        part  name    of the part: names  mentions with the number of their name
        0     Ada                  Ada, Bo        0, 0, 1
        0     Ada
        0     Bo
        1     Cy                   Cy             0
    """
    order = np.lexsort((mentions["form_key"].to_numpy(), mentions["block_key"].to_numpy(), part))
    rows, part = mentions[order], part[order]
    first = firsts(rows.select(pl.struct(OF_A_NAME).rle_id()).to_series().to_numpy())
    begin = np.flatnonzero(firsts(part))
    end = np.append(begin, len(part))[1:]
    number = np.cumsum(first) - 1
    within = number - np.repeat(number[begin], end - begin)
    bearers = run_files.to_arrow(
        rows.drop(OF_A_NAME, *FOLLOWS).with_columns(
            pl.Series(_NAME, within.astype(np.uint32)), pl.col(*IDS).str.decode("hex")
        )
    )
    said = run_files.to_arrow(rows.select(OF_A_NAME).filter(pl.Series(first)).with_columns(**_LEFT_OUT))
    for start, stop in zip(begin, end, strict=True):
        names_here = said.slice(number[start], number[stop - 1] - number[start] + 1)
        head, body = (run_files.small(table) for table in (names_here, bearers.slice(start, stop - start)))
        yield int(part[start]), b"".join([len(head).to_bytes(_LENGTH_BYTES, "little"), head, body])
