"""Decisions that came, went or changed since the last build: what they speak of is looked at again.

A build keeps the files of decisions that it obeyed. The next one reads them beside those that are there now:

    authors.csv, identifiers.csv, names.jsonl   mentions: their papers, and the blocks of their names
    matches.jsonl                               papers
    boundaries.jsonl                            bylines: the records that have them
    affiliations.csv                            labels: the organisations that they stand for

A name that is withheld from now on is sought in what is published (`holding`). What any record may depend on
(categories, word lists), and a name that is shown again, takes a full build.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import polars as pl

from byline.core.errors import DataError
from byline.decisions import curated, organisations, people
from byline.files import fs
from byline.pipeline.incremental.holding import holding
from byline.pipeline.incremental.kept import Kept, TakesFullBuild
from byline.pipeline.stages.read import load_parsed
from byline.snapshots.scan import scan_table

if TYPE_CHECKING:
    from byline.pipeline.state import Build

FOLDER = "curated"
"""Where a state holds the decisions that were obeyed, file by file as they were."""
SETTING = "curated"
"""The setting that holds the digests of all files of decisions."""
FILES = (*people.FILES, curated.MATCHES, curated.BOUNDARIES, organisations.NAME)
"""Files of which it is known what a decision touches."""
UNREADABLE = (DataError, pl.exceptions.PolarsError, OSError, KeyError)
"""What comes of looking into a published table that is damaged."""
ROWS = {"digest": pl.String, "row": pl.UInt32}
_MENTIONS = {"paper_id": pl.String, "position": pl.UInt16}

Item = TypeVar("Item")
Digests = Mapping[str, str]


@dataclass(frozen=True)
class Revised:
    """What decisions speak of that the last build and this one don't share."""

    before: Path | None
    """The folder of the decisions that the last build obeyed."""
    now: Path | None
    files: tuple[str, ...]
    """Names of the files that differ."""
    mentions: pl.DataFrame
    """paper_id, position: of decisions on persons, names and identifiers."""
    papers: pl.Series
    """Those of these mentions, and of matches."""
    bylines: pl.Series
    labels: pl.Series
    """Folded, as `affiliations` publishes them."""

    withheld: tuple[people.WantedName, ...] = ()
    """Lines behind all others that withhold names."""
    records: pl.Series = field(default_factory=lambda: pl.Series("record_id", [], dtype=pl.String))
    """Quarantined records whose text may hold one of these names."""

    def with_holding(self, snapshot: Path) -> Revised:
        """Return this with what of the last snapshot holds a name that is withheld from now on.

        Raises `TakesFullBuild`: the snapshot can't be read.
        """
        if not self.withheld:
            return self
        try:
            found = holding(snapshot, self.withheld)
        except UNREADABLE as problem:
            raise TakesFullBuild(f"a table of {snapshot} can't be read") from problem
        return replace(
            self,
            mentions=pl.concat([self.mentions, found.mentions]).unique(),
            papers=pl.concat([self.papers, found.papers, found.mentions["paper_id"]]).unique(),
            records=found.records,
        )


def compared(kept: Kept, build: Build) -> Revised:
    """Return what changed in the decisions since the last build.

    Raises `TakesFullBuild` where anything may depend on what changed, or what was kept of the decisions is damaged.
    """
    was, there = kept.head.settings.get(SETTING, {}), build.settings()[SETTING]
    files = tuple(sorted(name for name in was.keys() | there.keys() if was.get(name) != there.get(name)))
    if not files:
        return between(build.curated, build.curated, ())
    for name in files:
        if name not in FILES:
            raise TakesFullBuild(f"reviewed decisions changed ({name})")
    before = _kept(kept.folder / FOLDER, was)
    withheld, now = (
        [line for line in people.wanted_names(folder) if line.withheld] for folder in (before, build.curated)
    )
    hidden = [(line.withheld, line.name) for line in withheld]
    if [(line.withheld, line.name) for line in now[: len(hidden)]] != hidden:
        raise TakesFullBuild(
            "a name that was withheld is so no longer, or otherwise: any text may have held it"
        )
    return replace(between(before, build.curated, files), withheld=tuple(now[len(hidden) :]))


def keep(folder: Path, decisions: Path | None, digests: Digests) -> None:
    """Keep the decisions that a build obeyed in the folder of its state."""
    for name in digests:
        if decisions is not None and name in FILES:
            fs.mkdir(folder / FOLDER)
            fs.write(folder / FOLDER / name, (decisions / name).read_bytes())


def _kept(folder: Path, digests: Digests) -> Path:
    """Return the folder of kept decisions. Raises `TakesFullBuild`: they are not those that were obeyed."""
    for name in sorted(digests.keys() & {*FILES}):
        try:
            content = (folder / name).read_bytes()
        except OSError:
            content = b""
        if sha256(content).hexdigest() != digests[name]:
            raise TakesFullBuild(f"what the last build kept of {name} is missing or damaged")
    return folder


def between(before: Path | None, now: Path | None, files: tuple[str, ...]) -> Revised:
    """Return what the decisions of two folders don't share; only files that differ are read."""

    def moved(names: Sequence[str], read: Callable[[Path | None], Sequence[Item]]) -> list[Item]:
        return differing(read(before), read(now)) if {*names} & {*files} else []

    pairs = moved(people.FILES, lambda folder: sorted(people.author_decisions(folder).rows()))
    said = moved([people.IDENTIFIERS], lambda folder: sorted(people.identifiers(folder).rows()))
    names = moved([people.NAMES], people.wanted_names)
    matched = moved([curated.MATCHES], lambda folder: _by_key(curated.match_decisions(folder)))
    read = moved([curated.BOUNDARIES], lambda folder: _by_key(curated.boundaries(folder)))
    meant = moved([organisations.NAME], lambda folder: _by_key(organisations.meanings(folder)))
    mentions = [
        *((paper, at) for _, *both in pairs for paper, at in (both[:2], both[2:])),
        *(one[:2] for one in said),
        *(mention for one in names for mention in one.mentions),
    ]
    spoken = pl.DataFrame(mentions, schema=_MENTIONS, orient="row").unique()
    return Revised(
        before,
        now,
        files,
        spoken,
        pl.concat([spoken["paper_id"], _firsts(matched, "paper_id")]).unique(),
        _firsts(read, "byline"),
        _firsts(meant, "label"),
    )


def _by_key(decisions: pl.DataFrame) -> list[tuple[Any, ...]]:
    """Return decisions of which the order says nothing, by what they speak of."""
    return sorted(decisions.rows(), key=repr)


def _firsts(rows: Sequence[tuple[Any, ...]], name: str) -> pl.Series:
    """Return what rows begin with, each once."""
    return pl.Series(name, sorted({row[0] for row in rows}), dtype=pl.String)


def differing(before: Sequence[Item], now: Sequence[Item]) -> list[Item]:
    """Return what only one of two lists has; all of both, where what they share is in another order.

    For example, of a, b, c and a, c, d: b and d; of a, b and b, a: all.
    """
    keys: tuple[list[Hashable], list[Hashable]] = ([repr(one) for one in before], [repr(one) for one in now])
    shared = {*keys[0]} & {*keys[1]}
    in_turn = [[key for key in side if key in shared] for side in keys]
    if in_turn[0] != in_turn[1]:
        return [*before, *now]
    both = zip([*keys[0], *keys[1]], [*before, *now], strict=True)
    return [one for key, one in both if key not in shared]


def rows(build: Build, kept: Kept, snapshot: Path, revised: Revised) -> pl.DataFrame:
    """Return the rows of kept slices (digest, row) that changed decisions speak of.

    `snapshot`: what the last build published. Raises `TakesFullBuild`: it can't be read, or the cache lost a slice.
    """
    found = [pl.DataFrame(schema=ROWS)]
    if revised.papers.len() or revised.records.len():
        try:
            found += _of_records(build, kept, snapshot, revised)
        except UNREADABLE as problem:
            raise TakesFullBuild(f"the records of {snapshot} can't be read") from problem
    if revised.bylines.len():
        found += _of_bylines(build, kept, revised.bylines)
    return pl.concat(found).unique()


def _of_records(build: Build, kept: Kept, snapshot: Path, revised: Revised) -> list[pl.DataFrame]:
    """Return the rows of slices that hold the records of papers, and records, that changed decisions speak of."""
    some = pl.col("paper_id").is_in(revised.papers.implode())
    if revised.records.len():
        some = some | pl.col("record_id").is_in(revised.records.implode())
    records = scan_table(snapshot, "records").filter(some)
    places: dict[str, list[int]] = {}
    for file, start in records.select("source_file", "byte_start").collect().iter_rows():
        for piece in kept.plans[file].slices:
            if piece.start <= start < piece.stop:
                places.setdefault(piece.digest, []).append(start - piece.start)
    return [
        _rows_where(build, digest, "byte_start", pl.Series(starts, dtype=pl.UInt64))
        for digest, starts in places.items()
    ]


def _of_bylines(build: Build, kept: Kept, bylines: pl.Series) -> list[pl.DataFrame]:
    """Return the rows of slices that have some bylines."""
    return [_rows_where(build, digest, "byline", bylines) for digest in kept.facts]


def _rows_where(build: Build, digest: str, column: str, values: pl.Series) -> pl.DataFrame:
    parsed = load_parsed(build.parsed_cache, digest, [column])
    if parsed is None:
        raise TakesFullBuild("the cache lost the rows of a slice")
    found = parsed[column].is_in(values.implode()).fill_null(value=False).arg_true()
    return pl.DataFrame({"digest": [digest] * found.len(), "row": found}, schema=ROWS)
