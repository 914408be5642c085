"""The stages of a build and their order: the one description that the command line and the Prefect flow share."""

from __future__ import annotations

import logging
import math
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from byline import boundary, identity
from byline.core.errors import DataError
from byline.decisions import people
from byline.files.parquet import remove_torn
from byline.inputs import Plan
from byline.pipeline import finishing, stale
from byline.pipeline.arxiv import match_papers, prepare_index
from byline.pipeline.incremental import keeping
from byline.pipeline.incremental import update as updating
from byline.pipeline.incremental.kept import Known, TakesFullBuild
from byline.pipeline.stages import evidence, layout, merge, read, resolve, settle, unite, write
from byline.pipeline.stages import plan as planning
from byline.pipeline.stages.bucket import BucketTask, Decided, merged_folder
from byline.pipeline.stages.known import with_known
from byline.pipeline.stages.settle import Placed
from byline.pipeline.state import Build, Mapper
from byline.snapshots import publishing

log_to = logging.getLogger(__name__)

BUCKET_BYTES = 16 * 1024 * 1024
"""Text in a paper bucket: with its working copies it stays well below a worker's share of the memory."""
BUCKET_MENTIONS = 70_000
"""Mentions in a name bucket."""
COUNTERS = 16
"""Tasks among which the counting of sure names is shared: each gives back a number a key."""
SETTLED, TIES, EQUAL, MOVED, MERGED, RESOLVED = "settled", "ties", "equal", "moved", "merged", "resolved"
"""Folders of what stages exchange."""


@dataclass(frozen=True)
class Stage:
    """A step of the build: `run` reads and extends the build's facts, and gives its work to the mapper."""

    name: str
    doing: str
    run: Callable[[Build, Mapper], None]
    whole: bool = False
    """Whether it is left out where only what changed is worked on."""

    def is_needed(self, build: Build) -> bool:
        """Tell whether there is anything to do in this build."""
        return not self.whole or build.updated is None


def plan(build: Build, mapper: Mapper) -> None:
    """Find the raw files, digest them, and cut them into slices at record borders."""
    options = build.options
    prepare_index(build, mapper)
    found = planning.survey(options)
    build.declarations = found.declarations
    build.skipped = [f"{item.name}: {item.why}" for item in found.skipped]
    for item in found.skipped:  # a stray link may hide files that someone meant to be read
        log_to.log(logging.WARNING if item.warn else logging.INFO, "not read: %s: %s", item.name, item.why)
    if options.ror is not None:
        build.ror_sha256 = planning.file_digest(options.ror)
    _refuse_conflicts(build)
    _go_on(build)
    build.seen = planning.seen(found.sources)
    unchanged = {} if build.kept is None else build.kept.unchanged(found.sources, build.seen)
    contents = {} if build.kept is None else build.kept.contents
    others = [source for source in found.sources if source.name not in unchanged]
    tasks = planning.plan_tasks(others, build.work / "unpacked", options.slice_bytes, frozenset(contents))
    results = [one for result in mapper("plan", planning.plan_files, tasks) for one in result]
    looked = list(zip(others, results, strict=True))
    known = unchanged | {source.name: contents[one] for source, one in looked if isinstance(one, Known)}
    fresh = {source.name: one for source, one in looked if isinstance(one, Plan)}
    build.plans = [
        fresh.get(source.name) or planning.as_planned(known[source.name], source) for source in found.sources
    ]
    build.batches = list(planning.batches(build.plans, options.slice_bytes))


def _go_on(build: Build) -> None:
    """Find out whether this build can go on from the one before."""
    build.kept, build.revised = None, None
    if build.options.incremental and not build.whole:
        try:
            build.kept, build.revised = updating.usable(build)
            build.kept.plans  # noqa: B018 - that they can be read is part of it
        except TakesFullBuild as why:
            build.kept, build.revised, build.whole = None, None, str(why)


def _refuse_conflicts(build: Build) -> None:
    """A person's word is final, so two words that contradict each other stop the build."""
    conflicts = identity.conflicts(people.author_decisions(build.curated))
    if not conflicts.is_empty():
        rows = "\n".join(f"  {row}" for row in conflicts.head(10).iter_rows(named=True))
        raise DataError(
            f"{build.curated}/{people.AUTHORS}: reviewed decisions contradict each other\n{rows}",
            "Remove one decision of each chain: same as same must not be different. The mentions of one line of "
            f"{people.NAMES}, and those of one identifier in {people.IDENTIFIERS}, are the same.",
        )


def read_records(build: Build, mapper: Mapper) -> None:
    """Parse what the cache lacks; every distinct slice once."""
    build.facts = {} if build.kept is None else build.kept.facts_of(build.plans)
    seen: set[str] = set(build.facts)
    tasks = []
    for batch in build.batches:
        new = [placed.piece for placed in batch if placed.piece.digest not in seen]
        unique = {piece.digest: piece for piece in new}
        seen.update(unique)
        if unique:
            tasks.append(read.ReadTask(tuple(unique.values()), build.parsed_cache))
    for facts in mapper("read", read.read_slices, tasks):
        build.facts.update({fact.digest: fact for fact in facts})


def update(build: Build, mapper: Mapper) -> None:
    """Work on what changed since the current snapshot alone, where its build kept what that takes."""
    if build.kept is None or build.revised is None:
        return
    try:
        build.updated = updating.update(build, build.kept, build.revised)
    except TakesFullBuild as why:
        log_to.info("a full build: %s", why)
        _begin_anew(build, mapper, str(why))
    except (pl.exceptions.PolarsError, AssertionError) as problem:
        log_to.warning("a full build, for what was kept can't be worked with: %s", problem)
        _begin_anew(build, mapper, f"what was kept can't be worked with ({type(problem).__name__})")


def _begin_anew(build: Build, mapper: Mapper, why: str) -> None:
    """Leave what was kept aside and do the stages so far as a full build does them."""
    build.whole, build.updated = why, None
    shutil.rmtree(build.work / keeping.KEPT, ignore_errors=True)
    build.records.clear()
    plan(build, mapper)
    read_records(build, mapper)


def look_again(build: Build, mapper: Mapper) -> None:
    """Give doubtful bylines a second look with the names that the rest of the corpus has beyond doubt."""
    doubtful = evidence.gather_doubtful(build.facts.values())
    keys = boundary.evidence_keys(doubtful["byline"])
    key_file = build.work / "evidence.npy"
    np.save(key_file, keys, allow_pickle=False)
    # Equal slices count as often as they occur: which are equal depends on where slices end, records don't.
    digests = sorted(Counter(digest for batch in build.batches for digest in _digests(batch)).items())
    share = max(1, math.ceil(len(digests) / COUNTERS))
    keeps = build.keeps
    tasks = [
        evidence.CountTask(
            tuple(digests[at : at + share]),
            build.parsed_cache,
            key_file,
            keeping.names_path(build, at) if keeps else None,
        )
        for at in range(0, len(digests), share)
    ]
    counts = sum(mapper("evidence", evidence.count_names, tasks), np.zeros(len(keys), dtype=np.uint32))
    looked = evidence.amend(doubtful, keys, counts)
    amended = with_known(looked, doubtful, build.facts.values(), build.index, mapper)
    keeping.keep_second_looks(build, amended, keys)
    evidence.share(_amendments(build), amended, [_digests(batch) for batch in build.batches])


def _amendments(build: Build) -> Path:
    return build.work / "amendments.run"


def _digests(batch: Sequence[Placed]) -> list[str]:
    return [placed.piece.digest for placed in batch]


def settle_records(build: Build, mapper: Mapper) -> None:
    """Normalize all rows and scatter them into paper buckets."""
    size = sum(planning.held_bytes(placed.piece) for batch in build.batches for placed in batch)
    buckets = max(1, math.ceil(size / BUCKET_BYTES))
    keeps = build.keeps
    tasks = [
        settle.SettleTask(
            placed=batch,
            cache=build.parsed_cache,
            amendments=_amendments(build),
            batch=number,
            curated=build.curated,
            buckets=buckets,
            target=settle.settled_path(build.work / SETTLED, number),
            ties=settle.settled_path(build.work / TIES, number),
            equal=settle.settled_path(build.work / EQUAL, number),
            keys=keeping.keys_path(build, number) if keeps else None,
        )
        for number, batch in enumerate(build.batches)
    ]
    for facts in mapper("settle", settle.settle_slices, tasks):
        build.records.update(facts.records)
        build.ties += [] if facts.ties is None else [facts.ties]
        build.equal += [] if facts.equal is None else [facts.equal]
    build.paper_buckets = buckets


def unite_records(build: Build, mapper: Mapper) -> None:
    """Bring records of one id, or of the same bytes, that have different keys into one bucket."""
    ties = (*build.ties, *build.equal)
    if not ties or build.paper_buckets == 1:
        return
    groups = [unite.TieTask(group, ties) for group in range(build.paper_buckets)]
    pairs = [pair for found in mapper("unite", unite.find_ties, groups) for pair in found]
    leaving = unite.moves(pairs, build.paper_buckets)
    tasks = [
        unite.MoveTask(
            bucket=bucket,
            settled=build.work / SETTLED,
            slices=len(build.batches),
            homes=homes,
            buckets=build.paper_buckets,
            target=settle.settled_path(build.work / MOVED, bucket),
        )
        for bucket, homes in leaving.items()
    ]
    build.moved = tuple(mapper("unite", unite.move_rows, tasks))
    build.left = {bucket: tuple(key for key, _ in homes) for bucket, homes in leaving.items()}


def merge_records(build: Build, mapper: Mapper) -> None:
    """Tell the papers apart, bucket by bucket."""
    if not build.batches:
        raise DataError(f"{build.options.raw}: nothing to publish: no records in the raw folder", _NOTHING)
    build.name_buckets = max(1, math.ceil(build.mentions / BUCKET_MENTIONS))
    batch_rows = layout.batch_rows(build.paper_buckets)
    tasks = [
        BucketTask(
            bucket=bucket,
            settled=build.work / SETTLED,
            slices=len(build.batches),
            target=merged_folder(build.work / MERGED, bucket),
            batch_rows=batch_rows,
            name_buckets=build.name_buckets,
            ror=build.options.ror,
            cache=build.options.cache,
            curated=build.curated,
            left=build.left.get(bucket, ()),
            moved=build.moved,
            index=None if build.index is None else build.index.folder,
        )
        for bucket in range(build.paper_buckets)
    ]
    results = mapper("merge", merge.merge_bucket, tasks)
    build.merged = [(task.target, facts) for task, facts in zip(tasks, results, strict=True)]
    _drop(build, SETTLED)
    _drop(build, MOVED)
    match_papers(build, mapper, tasks)
    if not build.statuses()["published"]:
        raise DataError(f"{build.options.raw}: nothing to publish: no record could be read", _NOTHING)


_NOTHING = (
    "See what the listing should look like in the README; `byline explain FILE:1` shows how a line was read."
)


def resolve_authors(build: Build, mapper: Mapper) -> None:
    """Find out who is who, name bucket by name bucket."""
    build.decided = Decided.total([facts.decided for _, facts in build.merged])
    decisions = people.author_decisions(build.curated)
    groups = resolve.tie_buckets(build.decided.mentions, decisions, build.name_buckets)
    batch_rows = layout.batch_rows(len(groups))
    kept = keeping.mentions_folder(build) if build.keeps else None
    tasks = [
        resolve.ResolveTask(
            buckets=group,
            merged=build.work / MERGED,
            paper_buckets=build.paper_buckets,
            target=build.work / RESOLVED / f"{group[0]:06d}",
            batch_rows=batch_rows,
            curated=build.curated,
            papers=build.papers,
            name_buckets=build.name_buckets,
            kept=kept,
        )
        for group in groups
    ]
    results = mapper("resolve", resolve.resolve_buckets, tasks)
    build.resolved = layout.Produced([one for facts in results for one in facts.produced], len(tasks))
    build.namesakes = [author for facts in results for author in facts.namesakes]
    build.notes += stale.notes(build)


def write_tables(build: Build, mapper: Mapper) -> None:
    """Sort, validate and write the tables' partitions into the staging folder."""
    build.staged = publishing.stage(build.options.out, build.snapshot_id())
    folders = [(folder, facts.partitions) for folder, facts in build.merged]
    merged = layout.Produced(folders, len(folders))
    tasks = list(layout.write_tasks((merged, build.resolved), build.staged))
    build.written = [file for files in mapper("write", write.write_partition_files, tasks) for file in files]
    remove_torn(build.staged)
    _drop(build, MERGED)
    _drop(build, RESOLVED)


def check(build: Build, mapper: Mapper) -> None:
    """Seal the staged snapshot, check every rule between tables, and the gates."""
    try:
        finishing.check(build, mapper)
    except TakesFullBuild as why:
        log_to.warning("a full build: %s", why)
        _begin_anew(build, mapper, str(why))
        for stage in STAGES:
            if stage.whole:
                stage.run(build, mapper)
        finishing.check(build, mapper)


STAGES: tuple[Stage, ...] = (
    Stage("plan", "looking at the raw files", plan),
    Stage("read", "reading records", read_records),
    Stage("update", "working on what changed", update),
    Stage("evidence", "looking twice at doubtful bylines", look_again, whole=True),
    Stage("settle", "normalizing", settle_records, whole=True),
    Stage("unite", "bringing records of one id together", unite_records, whole=True),
    Stage("merge", "telling papers apart", merge_records, whole=True),
    Stage("resolve", "finding out who is who", resolve_authors, whole=True),
    Stage("write", "validating and writing tables", write_tables, whole=True),
    Stage("check", "checking the snapshot", check),
    Stage("publish", "publishing", finishing.publish),
)
"""What every build does, in this order, whoever starts it."""


def _drop(build: Build, folder: str) -> None:
    """Free the disk of what no later stage reads, beside the next stage: a million records take two seconds of it."""
    if not build.options.keep_work:
        threading.Thread(target=shutil.rmtree, args=(build.work / folder, True)).start()
