"""The mentions of a corpus as they were resolved, in parts by their name block, so that few blocks are found again."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from byline import names
from byline.files import run_files

PER_BUCKET = 16
"""Parts of a name bucket: some 4,000 mentions each."""
OF_A_NAME = ("name_as_listed", *names.SCHEMA, "rarity", "own_key", "form_key", "block_key")
"""What mentions of one name, listed in one way, have in common: kept once."""
IDS = ("paper_id", "author_id")
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
    marked = mentions.with_columns(_part=pl.Series(part))
    for (number,), rows in marked.partition_by("_part", as_dict=True).items():
        write_blocks(part_path(folder, int(number)), rows.drop("_part"))


def write_blocks(path: Path, mentions: pl.DataFrame) -> None:
    """Write resolved mentions of whole blocks into a file."""
    run_files.write_checked(path, _packed(mentions))


def read_blocks(path: Path, blocks: pl.Series | None) -> pl.DataFrame | None:
    """Return the mentions of some blocks (null: of all) in a file, null when it can't be believed (or is not there)."""
    payload = run_files.read_checked(path)
    if payload is None:
        return None
    size = int.from_bytes(payload[:_LENGTH_BYTES], "little")
    known = pl.read_ipc(io.BytesIO(payload[_LENGTH_BYTES : _LENGTH_BYTES + size]))
    rows = pl.read_ipc(io.BytesIO(payload[_LENGTH_BYTES + size :]))
    if blocks is not None:
        wanted = known["block_key"].is_in(blocks.implode())
        rows = rows.filter(wanted.gather(rows[_NAME]))
    found = pl.concat([rows.drop(_NAME), known[rows[_NAME]]], how="horizontal")
    return found.with_columns(pl.col(*IDS).bin.encode("hex"))


def _packed(mentions: pl.DataFrame) -> bytes:
    """Return two Arrow files behind the length of the first: the names, and the mentions with the number of theirs."""
    rows = mentions.sort("block_key", "form_key", "name_as_listed", "own_key", "paper_id", "position")
    new = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift(1)) for name in OF_A_NAME)
    first = rows.select(new | (pl.int_range(pl.len()) == 0)).to_series()
    number = (first.cast(pl.UInt32).cum_sum() - 1).cast(pl.UInt32).rename(_NAME)
    slim = rows.drop(OF_A_NAME).with_columns(number, pl.col(*IDS).str.decode("hex"))
    head = _arrow(rows.filter(first).select(OF_A_NAME))
    return len(head).to_bytes(_LENGTH_BYTES, "little") + head + _arrow(slim)


def _arrow(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_ipc(buffer, compression="zstd", compat_level=pl.CompatLevel.oldest())
    return buffer.getvalue()
