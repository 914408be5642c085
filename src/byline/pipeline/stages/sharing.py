"""The mentions of name buckets, all at once or, where a common name has too many, in shares resolved by themselves.

What decides is known of the forms of names alone (`identity.share_of`), so the mentions are gone through twice, some at
a time: once to learn their forms, once to put them into a file for each share.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa

from byline import identity
from byline.files import fs, run_files

MENTIONS_AT_ONCE = 150_000
"""Mentions of name buckets that are held at once; more than a bucket has whose blocks are not too large for one."""
SPREAD_AT_ONCE = 1 << 15
"""Mentions that are put into the files of shares at a time."""


@dataclass(frozen=True)
class InFiles:
    """Mentions of one share that are too many to be held at once."""

    paths: Sequence[Path]
    """Run files, of each of which one group is theirs."""
    group: int

    def read(self) -> Iterator[pl.DataFrame]:
        """Yield them, some at a time."""
        for path in self.paths:
            yield run_files.read_group([path], self.group)


_FORM = ("form_key", *identity.FORM, "rarity")


def in_shares(
    described: Sequence[Path], buckets: Sequence[int], decisions: pl.DataFrame, scratch: Path
) -> Iterator[pl.DataFrame | InFiles]:
    """Yield the mentions of some name buckets, whatever matters to each other together; once at least.

    What matters to each other comes in files where it is more than is held at once: one form that very many bear.

    `described`: run files of mentions (rows of `identity.describe`) with a group for each bucket; `decisions`: those of
    `people.author_decisions`; `scratch`: a folder for what does not fit, which is gone at the end.
    """
    held: list[pa.RecordBatch] = []
    rows = 0
    for batch in _batches(described, buckets):
        held.append(batch)
        rows += batch.num_rows
        if rows > MENTIONS_AT_ONCE:
            break
    del batch
    if rows <= MENTIONS_AT_ONCE:
        yield _taken(held)
        return
    held.clear()
    paths, sizes = _spread(described, buckets, decisions, scratch)
    for share, size in enumerate(sizes):
        yield InFiles(paths, share) if size > MENTIONS_AT_ONCE else run_files.read_group(paths, share)
    fs.rmtree(scratch)


def by_author(mentions: InFiles, who: pl.DataFrame, scratch: Path) -> Iterator[pl.DataFrame]:
    """Yield the mentions with their person, all of a person together, about as many at a time as are held at once.

    `who`: author_id and identity_confidence of each, in the order in which they are read.
    """
    count = -(-who.height // MENTIONS_AT_ONCE)
    paths: list[Path] = []
    start = 0
    for some in mentions.read():
        found = pl.concat([some, who.slice(start, some.height)], how="horizontal")
        start += some.height
        number = found["author_id"].str.slice(0, 8).str.to_integer(base=16).to_numpy()
        paths.append(scratch / f"{len(paths):06d}.run")
        run_files.write_groups(paths[-1], found, number % count, count)
    for part in range(count):
        rows = [run_files.read_group(paths, part)]
        if rows[0].height:  # few persons may bear very many mentions
            yield rows.pop()
    fs.rmtree(scratch)


def _batches(described: Sequence[Path], buckets: Sequence[int]) -> Iterator[pa.RecordBatch]:
    for bucket in buckets:
        for path in described:
            yield run_files.read_batch(path, bucket)


def _taken(held: list[pa.RecordBatch]) -> pl.DataFrame:
    """Return the rows of all batches, which are held no more."""
    rows = run_files.combined(held)
    held.clear()
    return rows


def _some_at_a_time(described: Sequence[Path], buckets: Sequence[int]) -> Iterator[pl.DataFrame]:
    """Yield all mentions, a few batches together."""
    held: list[pa.RecordBatch] = []
    for batch in _batches(described, buckets):
        held.append(batch)
        if sum(one.num_rows for one in held) >= SPREAD_AT_ONCE:
            yield _taken(held)
    if held:
        yield _taken(held)


def _spread(
    described: Sequence[Path], buckets: Sequence[int], decisions: pl.DataFrame, scratch: Path
) -> tuple[list[Path], list[int]]:
    """Write the mentions into run files with a group for each share; return these files and how many each share has."""
    forms, decided = _forms(described, buckets, decisions)
    share = identity.share_of(forms, _tied(forms, decided, decisions), MENTIONS_AT_ONCE)
    placed = forms.select("form_key", share=pl.Series(share))
    sizes = np.bincount(share, weights=forms["mentions"].to_numpy()).astype(int).tolist()
    paths = []
    for number, mentions in enumerate(_some_at_a_time(described, buckets)):
        where = mentions.select("form_key").join(placed, on="form_key", how="left", maintain_order="left")
        paths.append(scratch / f"{number:06d}.run")
        run_files.write_groups(paths[-1], mentions, where["share"].to_numpy(), len(sizes))
    return paths, sizes


def _forms(
    described: Sequence[Path], buckets: Sequence[int], decisions: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the distinct forms, sorted, with how many mentions carry each; and the forms of mentions decided upon."""
    named = pl.concat(
        [decisions.select(paper_id=f"paper_id_{side}", position=f"position_{side}") for side in "ab"]
    ).unique()
    forms: list[pl.DataFrame] = []
    decided: list[pl.DataFrame] = []
    for mentions in _some_at_a_time(described, buckets):
        counted = mentions.group_by("form_key").agg(pl.col(_FORM[1:]).first(), mentions=pl.len())
        forms = [_together([*forms, counted])]
        decided.append(
            mentions.select("paper_id", "position", "form_key").join(named, on=["paper_id", "position"])
        )
    return forms[0].sort("form_key"), pl.concat(decided)


def _together(counted: list[pl.DataFrame]) -> pl.DataFrame:
    grouped = pl.concat(counted).group_by("form_key")
    return grouped.agg(pl.col(_FORM[1:]).first(), pl.col("mentions").sum())


def _tied(forms: pl.DataFrame, decided: pl.DataFrame, decisions: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of `forms` (a, b) that decisions tie, both of whose mentions are there."""
    place = decided.join(forms.select("form_key").with_row_index("form"), on="form_key").drop("form_key")
    return identity.with_both(decisions, place, "form").select(a="form_a", b="form_b")
