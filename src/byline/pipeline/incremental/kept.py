"""What a build keeps of itself beside the cache, so that the next one need work on what changed alone.

    <out>/.cache/state/
      state.json              which snapshot, code and options it belongs to, the counts of the manifest
      files, slices           the raw files, and the slices that each was cut into
      facts, doubtful         what was found in each distinct slice; bylines that got a second look
      amended                 what came of the second looks, and what arXiv's metadata knows of records
      keys, ties              the paper key of every row of a slice; which keys an id ties together
      names, asked            how often each settled name occurs; the names that doubtful bylines ask for
      affiliations            how many labels stand for each organisation
      arxiv_ids               how many papers carry each arXiv id, where a metadata file is given
      curated/                the files of decisions that were obeyed, as they were
      decided, namesakes      what decisions speak of and is there; authors that show a name which others withhold
      published               what the system says of each file of the snapshot
      parts, blocks           which parts of the mentions there are; blocks that lie in a later file than their part
      mentions/               every mention as it was resolved, by name block (`store`)
      tallies                 what the report and the gates need of the published files (`tallied`)

All of it is derived. Each file holds its own SHA-256; the folder takes its place whole, after the snapshot that it
belongs to was published. A state that is missing, damaged, of other code or of another snapshot is not used; tallies
alone are reckoned anew.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.core.decoding import from_json
from byline.core.shapes import Count, Text, shaped
from byline.core.sorted_arrays import look_up
from byline.files import run_files
from byline.inputs import Plan, Slice, Source
from byline.pipeline.incremental import published
from byline.pipeline.stages.bucket import DECIDED
from byline.pipeline.stages.evidence import AMENDMENTS, DOUBTFUL, NAMES
from byline.pipeline.stages.matched import IDS
from byline.pipeline.stages.read import SliceFacts

FOLDER = "state"
HEAD = "state.json"
MENTIONS, PARTS, BLOCKS = "mentions", "parts", "blocks"
KEY_DIGITS = 16
"""Hexadecimal digits of a paper key by which it is known here: two keys that share them are looked at together."""

FRAMES: dict[str, dict[str, Any]] = {
    "files": {
        "name": pl.String, "sha256": pl.String, "declared": pl.String, "compression": pl.String, "bytes": pl.UInt64,
        "lines": pl.UInt64, "damage": pl.String, "records": pl.UInt64, "seen": pl.String,
    },
    "slices": {
        "file": pl.UInt32, "start": pl.UInt64, "stop": pl.UInt64, "first_line": pl.UInt64, "lines": pl.UInt64,
        "digest": pl.String, "reason": pl.String, "detail": pl.String, "headings": pl.String, "declared": pl.String,
        "ahead": pl.UInt64, "marked": pl.Boolean, "one_line": pl.Boolean,
    },
    "facts": {"digest": pl.String, "rows": pl.UInt32, "mentions": pl.UInt32},
    "doubtful": DOUBTFUL,
    "amended": AMENDMENTS,
    "keys": {"key": pl.UInt64, "slice": pl.UInt32, "row": pl.UInt32},
    "ties": {"tie": pl.UInt64, "key": pl.UInt64},
    "names": NAMES,
    "asked": {"key": pl.UInt64},
    PARTS: {"part": pl.UInt32},
    BLOCKS: {"block": pl.UInt64, "later": pl.UInt32},
    "affiliations": {"affiliation_id": pl.String, "labels": pl.Int64},
    "arxiv_ids": IDS,
    "decided": DECIDED,
    "namesakes": {"author_id": pl.String},
    "published": published.SCHEMA,
}  # fmt: skip
"""The tables of a state. `slice` is the place of a slice among `facts`, `file` that of a file among `files`."""
_OF_SLICE = [name for name in FRAMES["slices"] if name != "file"]
"""Columns of `slices` that are what `Slice` calls by the same names; all but the path, which each build finds."""


class TakesFullBuild(Exception):
    """Why a build can't go on from what the one before has kept."""


@dataclass(frozen=True)
class Head:
    """What a state belongs to, and the counts that the next build goes on from."""

    code: Text
    snapshot: Text
    settings: dict[str, Any]
    slice_bytes: Count
    name_buckets: Count
    papers: Count
    since_whole: Count
    """Builds in a row that worked on what changed alone."""
    statuses: dict[Text, Count]
    reasons: dict[Text, Count]
    matches: dict[Text, Count]
    """Papers that arXiv's metadata `filled`, those whose match is `doubtful`, and disagreements by column."""
    facts: dict[Text, Any]
    """What the gates found in the snapshot (`snapshots.gate_metrics.SnapshotFacts`)."""


@dataclass(frozen=True)
class Known:
    """A raw file by its content: what is planned for it follows from this alone."""

    sha256: str
    declared: str
    compression: str | None


@dataclass
class Kept:
    """A state that lies in a folder: its head, and its tables when they are asked for."""

    folder: Path
    head: Head
    _frames: dict[str, pl.DataFrame] = field(default_factory=dict)

    def frame(self, name: str) -> pl.DataFrame:
        """Return a table. Raises `TakesFullBuild`: it is missing or damaged."""
        if name not in self._frames:
            self._frames[name] = _read_frame(self.folder, name)
        return self._frames[name]

    @cached_property
    def plans(self) -> dict[str, Plan]:
        """The raw files by name as they were planned; their slices know no path."""
        pieces: dict[int, list[Slice]] = {}
        for file, *place in self.frame("slices").select("file", *_OF_SLICE).iter_rows():
            said = dict(zip(_OF_SLICE, place, strict=True))
            pieces.setdefault(file, []).append(Slice(path=Path(), **said))
        found = {}
        for number, row in enumerate(self.frame("files").iter_rows(named=True)):
            source = Source(row["name"], Path(), 0, row["compression"], row["declared"])
            found[row["name"]] = Plan(
                source, row["sha256"], row["bytes"], row["lines"], pieces.get(number, []), row["damage"]
            )
        return found

    @cached_property
    def contents(self) -> dict[Known, Plan]:
        """The plans by what they follow from."""
        return {known(plan): plan for plan in self.plans.values()}

    def unchanged(self, sources: Iterable[Source], seen: Mapping[str, str]) -> dict[str, Plan]:
        """Return the plans of raw files of which the system says what it said when they were digested, by name.

        `seen`: what it says now, see `stages.plan.seen`.
        """
        said = dict(self.frame("files").select("name", "seen").drop_nulls().iter_rows())
        return {
            source.name: plan
            for source in sources
            if source.name in said
            and seen.get(source.name) == said[source.name]
            and known(plan := self.plans[source.name])
            == Known(plan.sha256, source.declared, source.compression)
        }

    @cached_property
    def records(self) -> dict[str, int]:
        """Records by raw file."""
        return dict(self.frame("files").select("name", "records").iter_rows())

    @cached_property
    def facts(self) -> dict[str, SliceFacts]:
        """What was found in each distinct slice, by digest; records without authors are not among it."""
        doubtful: dict[str, list[tuple[int, str, str | None]]] = {}
        for digest, *doubt in self.frame("doubtful").iter_rows():
            doubtful.setdefault(digest, []).append((doubt[0], doubt[1], doubt[2]))
        return {
            digest: SliceFacts(digest, rows, tuple(doubtful.get(digest, ())), mentions, cached=True)
            for digest, rows, mentions in self.frame("facts").iter_rows()
        }

    def facts_of(self, plans: list[Plan]) -> dict[str, SliceFacts]:
        """Return what is known of the slices of some files."""
        wanted = {piece.digest for plan in plans for piece in plan.slices}
        return {digest: fact for digest, fact in self.facts.items() if digest in wanted}


def known(plan: Plan) -> Known:
    """Return what a plan follows from."""
    return Known(plan.sha256, plan.source.declared, plan.source.compression)


def frames_of_plans(
    plans: list[Plan], records: Mapping[str, int], seen: Mapping[str, str]
) -> dict[str, pl.DataFrame]:
    """Return the tables `files` and `slices`; `records` and `seen` (see `stages.plan.seen`) are by name."""
    files = [
        {
            **{name: getattr(plan.source, name) for name in ("name", "declared", "compression")},
            **{name: getattr(plan, name) for name in ("sha256", "bytes", "lines", "damage")},
            "records": records.get(plan.source.name, 0),
            "seen": seen.get(plan.source.name),
        }
        for plan in plans
    ]
    slices = [
        (number, *(getattr(piece, name) for name in _OF_SLICE))
        for number, plan in enumerate(plans)
        for piece in plan.slices
    ]
    return {"files": pl.DataFrame(files, schema=FRAMES["files"]), "slices": _frame("slices", slices)}


def frames_of_facts(facts: Mapping[str, SliceFacts]) -> dict[str, pl.DataFrame]:
    """Return the tables `facts` and `doubtful`, in the digests' order."""
    ordered = [facts[digest] for digest in sorted(facts)]
    doubtful = [(fact.digest, *doubt) for fact in ordered for doubt in fact.doubtful]
    rows = [(fact.digest, fact.rows, fact.mentions) for fact in ordered]
    return {"facts": _frame("facts", rows), "doubtful": _frame("doubtful", doubtful)}


def _frame(name: str, rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=FRAMES[name], orient="row")


def key_numbers(keys: pl.Series) -> pl.Series:
    """Return the first digits of paper keys as numbers."""
    return keys.str.slice(0, KEY_DIGITS).str.to_integer(base=16, dtype=pl.UInt64).rename("key")


def read_otherwise(rows: pl.DataFrame) -> pl.DataFrame:
    """Return ties between keys of records of the same bytes: what stands around them made them read otherwise.

    Equal records of a file are numbered, so they are looked at together. `rows`: key (a number) and record (a digest).
    """
    some = rows.filter(pl.col("record").is_duplicated())
    several = some.unique().filter(pl.len().over("record") > 1)
    return several.select(tie=key_numbers(several["record"]), key="key")


def write_frame(folder: Path, name: str, frame: pl.DataFrame) -> None:
    """Write a table of a state; its columns are brought to the declared types."""
    shaped_frame = frame.select(pl.col(column).cast(dtype) for column, dtype in FRAMES[name].items())
    run_files.write_checked(folder / f"{name}.arrow", run_files.small(run_files.to_arrow(shaped_frame)))


def _read_frame(folder: Path, name: str) -> pl.DataFrame:
    payload = run_files.read_checked(folder / f"{name}.arrow")
    if payload is None:
        raise TakesFullBuild(f"the table {name} of what the last build kept is missing or damaged")
    frame = pl.read_ipc(io.BytesIO(payload))
    if list(frame.columns) != list(FRAMES[name]):
        raise TakesFullBuild(f"the table {name} of what the last build kept has other columns")
    return frame


def write_head(folder: Path, head: Head) -> None:
    """Write the head of a state, the last thing of it."""
    run_files.write_checked(folder / HEAD, json.dumps(asdict(head), sort_keys=True).encode())


def read(folder: Path) -> Kept:
    """Return the state that lies in a folder. Raises `TakesFullBuild`: there is none that can be believed."""
    payload = run_files.read_checked(folder / HEAD)
    if payload is None:
        raise TakesFullBuild("the last build kept nothing to go on from")
    try:
        return Kept(folder, shaped(from_json(bytes(payload)), Head))
    except (ValueError, TypeError, KeyError) as problem:
        raise TakesFullBuild("what the last build kept is of another shape") from problem


def looked_up(table: pl.DataFrame, keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """Return the counts of keys in the table `names`, 0 for one that is not there."""
    at, there = look_up(table["key"].to_numpy(), keys)
    counts = table["count"].to_numpy()
    return np.where(there, counts[at] if len(counts) else 0, 0)
