"""The papers of the keys that a change touches: as they were, and as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from byline import papers
from byline.files import run_files
from byline.pipeline.incremental.inputs import Inputs, Readings, placed
from byline.pipeline.incremental.kept import FRAMES, Kept, TakesFullBuild, key_numbers, read_otherwise
from byline.pipeline.incremental.revised import Revised
from byline.pipeline.stages import merge, settle
from byline.pipeline.stages.evidence import AMENDMENTS, apply_amendments
from byline.pipeline.stages.paper_tables import unfilled
from byline.pipeline.stages.read import load_parsed
from byline.pipeline.stages.settle import Placed, says_code

if TYPE_CHECKING:
    from byline.pipeline.state import Build


@dataclass(frozen=True)
class Side:
    """Records and papers of the touched keys, before or after the change."""

    records: pl.DataFrame
    papers: pl.DataFrame
    """With authors, labels and what forms know of names."""


@dataclass(frozen=True)
class Touched:
    """What a change touches of records and papers, and the keys as the next build finds them."""

    before: Side
    now: Side
    keys: pl.DataFrame
    ties: pl.DataFrame
    settled: pl.DataFrame
    """The rows of the files that came."""


class _Parsed:
    """Parsed rows of slices. Few are asked for, and some of them several times: what was read of a slice is held."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._held: dict[str, tuple[pl.Series, pl.DataFrame]] = {}

    def rows(self, digest: str, wanted: pl.Series) -> pl.DataFrame:
        """Return rows of a slice by their numbers, each once and in order. Raises `TakesFullBuild`: it is lost."""
        held = self._held.get(digest)
        if held is None or not wanted.is_in(held[0].implode()).all():
            frame = load_parsed(self._cache, digest)
            if frame is None:
                raise TakesFullBuild("the cache lost the rows of a slice")
            asked = wanted if held is None else pl.concat([held[0], wanted]).unique().sort()
            # by way of Arrow: rows that are taken from a frame keep all texts of it
            held = asked, run_files.to_polars(run_files.to_arrow(frame[asked]))
            self._held[digest] = held
        return held[1][held[0].search_sorted(wanted)]


class _Rows:
    """Settles rows of slices, all that are asked for in one go."""

    def __init__(self, build: Build, parsed: _Parsed, amended: pl.DataFrame, decisions: Path | None) -> None:
        self._build = build
        self._parsed = parsed
        self._amended = amended
        self._decisions = decisions

    def settled(self, places: Sequence[Placed], wanted: pl.DataFrame | None = None) -> pl.DataFrame:
        """Return the rows of slices as `settle` gives them, with `_slice` and `_row`; `wanted` (slice, row): these."""
        rows = None if wanted is None else wanted.partition_by("slice", as_dict=True)
        found = []
        for one in places:
            digest = one.piece.digest
            if rows is None:
                found.append(self._of_slice(one, None))
            elif (digest,) in rows:
                found.append(self._of_slice(one, rows[digest,]["row"].unique().sort()))
        if not found:
            return pl.DataFrame(schema={**settle.SETTLED, "_slice": pl.String, "_row": pl.UInt32})
        together = pl.concat(found)
        settled = settle.normalize(together.drop("_slice", "_row"), self._decisions)
        return settled.with_columns(together["_slice"], together["_row"])

    def _of_slice(self, one: Placed, rows: pl.Series | None) -> pl.DataFrame:
        """Return rows of a slice (null: all of them) as they were read, with `_slice` and `_row`."""
        digest = one.piece.digest
        if rows is not None:
            number = rows.to_frame().with_row_index("at")
            amended = self._amended.filter(pl.col("digest") == digest).join(number, on="row")
            amended = amended.with_columns(row="at").select(AMENDMENTS.keys())
            frame = settle.in_file(one, apply_amendments(self._parsed.rows(digest, rows), amended))
            return frame.with_columns(_slice=pl.lit(digest), _row=rows)
        try:
            frame = settle.place(one, self._build.parsed_cache, self._amended)
        except FileNotFoundError as missing:
            raise TakesFullBuild("the cache lost the rows of a slice") from missing
        return frame.with_columns(
            _slice=pl.lit(digest), _row=pl.Series(np.arange(frame.height, dtype=np.uint32))
        )


def touch(build: Build, kept: Kept, inputs: Inputs, readings: Readings, revised: Revised) -> Touched:
    """Find the keys that a change touches, and merge their records as they were and as they are.

    Records of which changed decisions speak are touched as those are that read otherwise.
    """
    known, numbers = kept.frame("keys"), _Numbers(kept.frame("facts")["digest"])
    parsed = _Parsed(build.parsed_cache)
    before = _Rows(build, parsed, kept.frame("amended"), revised.before)
    now = _Rows(build, parsed, readings.amended, revised.now)
    changed = numbers.of_rows(readings.changed)
    settled = now.settled(placed(inputs.fresh))
    reread = now.settled(placed(inputs.same), numbers.named(changed))
    left = numbers.of(
        pl.Series([piece.digest for plan in inputs.gone for piece in plan.slices], dtype=pl.String)
    )
    leaving = known.filter(pl.col("slice").is_in(left.unique().implode()))
    was_read = known.join(changed, on=["slice", "row"], how="semi")
    came = pl.concat([settled, reread])
    ties = pl.concat([kept.frame("ties"), _ties(came), _moved(reread, was_read, numbers)])
    ties = ties.unique().sort("tie", "key")
    seeds = pl.concat([leaving["key"], was_read["key"], key_numbers(came["paper_key"])])
    wanted = numbers.named(known.filter(pl.col("key").is_in(_closure(seeds, ties).implode())))
    old = merged(before.settled(placed([*inputs.gone, *inputs.same]), wanted))
    new = merged(pl.concat([settled, now.settled(placed(inputs.same), wanted)]))
    keys = _next_keys(build, known.join(changed, on=["slice", "row"], how="anti"), numbers, came)
    return Touched(old, new, keys, ties, settled)


class _Numbers:
    """The numbers by which the table `keys` names slices."""

    def __init__(self, digests: pl.Series) -> None:
        self.digests = digests
        self._table = pl.DataFrame({"digest": digests}).with_row_index("slice")

    def of(self, digests: pl.Series) -> pl.Series:
        """Return the numbers of slices; those that the last build did not have are left out."""
        return digests.to_frame("digest").join(self._table, on="digest", how="inner")["slice"]

    def of_rows(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return rows of slices (digest, row) as slice and row."""
        return rows.join(self._table, on="digest", how="inner").select("slice", "row")

    def named(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return rows of slices (slice, row) with the digests of the slices in the place of their numbers."""
        return rows.select(slice=self.digests.gather(rows["slice"]), row="row")


def _ties(settled: pl.DataFrame) -> pl.DataFrame:
    """Return what ties keys together: ids that records state, and equal records that read otherwise."""
    ties = papers.id_ties(settled)
    keyed = settled.select(key_numbers(settled["paper_key"]), record="digest")
    return pl.concat([ties.select("tie", key=key_numbers(ties["paper_key"])), read_otherwise(keyed)])


def _moved(reread: pl.DataFrame, was_read: pl.DataFrame, numbers: _Numbers) -> pl.DataFrame:
    """Return what ties the keys of records that read otherwise from now on to those that they had.

    An equal record of their file may have the old key still (see `kept.read_otherwise`).
    """
    now = reread.select(slice="_slice", row="_row", record="digest", now=key_numbers(reread["paper_key"]))
    old = numbers.named(was_read).with_columns(was_read["key"])
    both = old.join(now, on=["slice", "row"]).filter(pl.col("key") != pl.col("now"))
    tie = key_numbers(both["record"])
    return pl.concat([both.select(tie=tie, key=name) for name in ("key", "now")])


def _closure(seeds: pl.Series, ties: pl.DataFrame) -> pl.Series:
    """Return these keys and all that ids tie to them, directly or through others."""
    found = seeds.unique()
    while ties.height:
        reached = ties.filter(pl.col("key").is_in(found.implode()))["tie"].unique()
        more = ties.filter(pl.col("tie").is_in(reached.implode()))["key"].unique()
        together = pl.concat([found, more]).unique()
        if together.len() == found.len():
            break
        found = together
    return found


def merged(settled: pl.DataFrame) -> Side:
    """Return the records and papers of settled rows, which hold whole keys."""
    rows = settled.drop("_slice", "_row")
    found = papers.merge_records(merge.with_record_ids(rows), says_code)
    return Side(found.records, unfilled(found.papers))


def _next_keys(build: Build, stays: pl.DataFrame, numbers: _Numbers, came: pl.DataFrame) -> pl.DataFrame:
    """Return the table `keys` of the next build, whose slices have other numbers."""
    there = pl.DataFrame({"digest": sorted(build.facts)}).with_row_index("slice")
    old = numbers.digests.to_frame("digest").join(there, on="digest", how="left", maintain_order="left")[
        "slice"
    ]
    number = old.gather(stays["slice"])
    kept = (
        stays.with_columns(slice=number)
        if not number.null_count()
        else stays.with_columns(slice=number).drop_nulls()
    )
    more = came.select(key_numbers(came["paper_key"]), digest="_slice", row="_row").join(there, on="digest")
    rows = more.select("key", "slice", "row").cast(pl.Schema(FRAMES["keys"])).unique()
    return inserted(kept.select("key", "slice", "row").cast(pl.Schema(FRAMES["keys"])), rows)


def inserted(keys: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    """Return rows of the table `keys`, which is sorted by key, with a few more; those that are there stay once."""
    there = keys.filter(pl.col("key").is_in(more["key"].implode()))
    new = more.join(there, on=more.columns, how="anti").sort("key", "slice", "row")
    place = np.searchsorted(keys["key"].to_numpy(), new["key"].to_numpy())
    columns = {name: np.insert(keys[name].to_numpy(), place, new[name].to_numpy()) for name in keys.columns}
    return pl.DataFrame(columns, schema=keys.schema)
