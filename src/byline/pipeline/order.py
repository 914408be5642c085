"""The stages of a build and their order: the one description that the command line and the Prefect flow share."""

from __future__ import annotations

import logging
import math
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from byline import boundary, identity, inputs, validation
from byline.core import memory
from byline.core.errors import DataError, UsageError
from byline.decisions import people
from byline.files.parquet import remove_torn
from byline.inputs import Slice, Source
from byline.pipeline import stale
from byline.pipeline.arxiv import match_papers, prepare_index, with_completed
from byline.pipeline.stages import evidence, layout, merge, read, resolve, settle, unite, write
from byline.pipeline.stages.bucket import BucketTask, merged_folder
from byline.pipeline.stages.settle import Placed
from byline.pipeline.state import Build, Mapper
from byline.snapshots import gate_metrics, gates, publishing, unread
from byline.snapshots.manifest import Facts, Manifest, sha256

log_to = logging.getLogger(__name__)

BUCKET_BYTES = 16 * 1024 * 1024
"""Text in a paper bucket: with its working copies it stays well below a worker's share of the memory."""
BUCKET_MENTIONS = 70_000
"""Mentions in a name bucket."""
COUNTERS = 16
"""Tasks among which the counting of settled names is shared: each gives back a number a key."""
SETTLED, MOVED, MERGED, RESOLVED = "settled", "moved", "merged", "resolved"
"""Folders of what stages exchange."""
UNREAD_SHOWN = 5
"""Records that could not be read and are named."""
PLAN_FILES = 64
"""Files that one planning task looks at."""


@dataclass(frozen=True)
class Stage:
    """A step of the build: `run` reads and extends the build's facts, and gives its work to the mapper."""

    name: str
    doing: str
    run: Callable[[Build, Mapper], None]


def plan(build: Build, mapper: Mapper) -> None:
    """Find the raw files, digest them, and cut them into slices at record borders."""
    options = build.options
    prepare_index(build, mapper)
    found = (
        inputs.survey_files(options.files, dict(options.declared))
        if options.files
        else inputs.survey(options.raw)
    )
    build.declarations = found.declarations
    build.skipped = [f"{item.name}: {item.why}" for item in found.skipped]
    for item in found.skipped:  # a stray link may hide files that someone meant to be read
        log_to.log(logging.WARNING if item.warn else logging.INFO, "not read: %s: %s", item.name, item.why)
    if options.ror is not None:
        build.ror_sha256 = _file_digest(options.ror)
    _refuse_conflicts(build)
    tasks = [
        _PlanTask(tuple(group), build.work / "unpacked", options.slice_bytes)
        for group in _chunks(found.sources)
    ]
    build.plans = [planned for result in mapper("plan", _plan_files, tasks) for planned in result]
    build.batches = list(_batches(build))


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


@dataclass(frozen=True)
class _PlanTask:
    sources: tuple[Source, ...]
    work: Path
    slice_bytes: int


def _plan_files(task: _PlanTask) -> list[inputs.Plan]:
    return [inputs.plan(source, task.work, task.slice_bytes) for source in task.sources]


def _chunks(sources: Sequence[Source]) -> Iterator[Sequence[Source]]:
    for start in range(0, len(sources), PLAN_FILES):
        yield sources[start : start + PLAN_FILES]


def _file_digest(path: Path) -> str:
    try:
        return sha256(path)
    except OSError as problem:
        raise UsageError(f"{path}: {problem.strerror}", "Give the registry's dump with --ror PATH.") from None


def _batches(build: Build) -> Iterator[tuple[Placed, ...]]:
    """Yield slices in the files' order, about `slice_bytes` of text at a time."""
    batch: list[Placed] = []
    size = 0
    for planned in build.plans:
        for piece in planned.slices:
            if batch and size + _held_bytes(piece) > build.options.slice_bytes:
                yield tuple(batch)
                batch, size = [], 0
            batch.append(Placed(piece, planned.source.name, planned.sha256))
            size += _held_bytes(piece)
    if batch:
        yield tuple(batch)


def _held_bytes(piece: Slice) -> int:
    return piece.stop - piece.start if piece.reason is None else 0


def read_records(build: Build, mapper: Mapper) -> None:
    """Parse what the cache lacks; every distinct slice once."""
    seen: set[str] = set()
    tasks = []
    for batch in build.batches:
        new = [placed.piece for placed in batch if placed.piece.digest not in seen]
        unique = {piece.digest: piece for piece in new}
        seen.update(unique)
        if unique:
            tasks.append(read.ReadTask(tuple(unique.values()), build.parsed_cache))
    for facts in mapper("read", read.read_slices, tasks):
        build.facts.update({fact.digest: fact for fact in facts})


def look_again(build: Build, mapper: Mapper) -> None:
    """Give doubtful bylines a second look with the names that the rest of the corpus has settled."""
    doubtful = evidence.gather_doubtful(build.facts.values())
    keys = boundary.evidence_keys(doubtful["byline"])
    key_file = build.work / "evidence.npy"
    np.save(key_file, keys, allow_pickle=False)
    counts = np.zeros(len(keys), dtype=np.uint32)
    if len(keys):
        # Equal slices count as often as they occur: which are equal depends on where slices end, records don't.
        digests = sorted(Counter(digest for batch in build.batches for digest in _digests(batch)).items())
        share = math.ceil(len(digests) / COUNTERS)
        tasks = [
            evidence.CountTask(tuple(digests[at : at + share]), build.parsed_cache, key_file)
            for at in range(0, len(digests), share)
        ]
        counts = sum(mapper("evidence", evidence.count_names, tasks), counts)
    amended = evidence.amend(doubtful, keys, counts)
    evidence.share(
        _amendments(build),
        with_completed(amended, build, mapper),
        [_digests(batch) for batch in build.batches],
    )


def _amendments(build: Build) -> Path:
    return build.work / "amendments.run"


def _digests(batch: Sequence[Placed]) -> list[str]:
    return [placed.piece.digest for placed in batch]


def settle_records(build: Build, mapper: Mapper) -> None:
    """Normalize all rows and scatter them into paper buckets."""
    size = sum(_held_bytes(placed.piece) for batch in build.batches for placed in batch)
    buckets = max(1, math.ceil(size / BUCKET_BYTES))
    tasks = [
        settle.SettleTask(
            placed=batch,
            cache=build.parsed_cache,
            amendments=_amendments(build),
            batch=number,
            curated=build.curated,
            buckets=buckets,
            target=settle.settled_path(build.work / SETTLED, number),
        )
        for number, batch in enumerate(build.batches)
    ]
    for facts in mapper("settle", settle.settle_slices, tasks):
        build.records.update(facts.records)
        build.ties += [] if facts.ties is None else [facts.ties]
    build.paper_buckets = buckets


def unite_records(build: Build, mapper: Mapper) -> None:
    """Bring records of one id that have different keys into one bucket."""
    if not build.ties:
        return
    groups = [unite.TieTask(group, tuple(build.ties)) for group in range(build.paper_buckets)]
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
    decided = [mention for _, facts in build.merged for mention in facts.decided.mentions]
    decisions = people.author_decisions(build.curated)
    papers = sum(sum(facts.partitions["papers"].values()) for _, facts in build.merged)
    groups = resolve.tie_buckets(decided, decisions, build.name_buckets)
    batch_rows = layout.batch_rows(len(groups))
    tasks = [
        resolve.ResolveTask(
            buckets=group,
            merged=build.work / MERGED,
            paper_buckets=build.paper_buckets,
            target=build.work / RESOLVED / f"{group[0]:06d}",
            batch_rows=batch_rows,
            curated=build.curated,
            papers=papers,
        )
        for group in groups
    ]
    results = mapper("resolve", resolve.resolve_buckets, tasks)
    build.resolved = [(task.target, facts.partitions) for task, facts in zip(tasks, results, strict=True)]
    build.notes += stale.notes(build, [author for facts in results for author in facts.namesakes])


def write_tables(build: Build, mapper: Mapper) -> None:
    """Sort, validate and write the tables' partitions into the staging folder."""
    build.staged = publishing.stage(build.options.out, build.snapshot_id())
    merged = [(folder, facts.partitions) for folder, facts in build.merged]
    tasks = list(layout.write_tasks((merged, build.resolved), build.staged))
    build.written = [file for files in mapper("write", write.write_partition_files, tasks) for file in files]
    remove_torn(build.staged)
    _drop(build, MERGED)
    _drop(build, RESOLVED)


def check(build: Build, mapper: Mapper) -> None:
    """Seal the staged snapshot, check every rule between tables, and the gates."""
    assert build.staged is not None
    (build.sealed,) = mapper("check", _seal, [(build.staged, build.manifest_facts())])
    tasks = [(build.staged, part, build.work / "check") for part in validation.parts()]
    findings = [finding for found in mapper("check", _check_part, tasks) for finding in found]
    if findings:
        report = validation.Report(str(build.staged), tuple(findings), ())
        raise DataError(
            report.text(limit=20), "This is a defect of byline: nothing was published. Please report it."
        )
    build.gates = gates.check_gates(build.staged, publishing.current(build.options.out), build.options.accept)
    build.cut = gate_metrics.lists_cut(build.staged)
    build.unread = unread.first(build.staged, UNREAD_SHOWN)
    if build.gates.failed or build.options.check_only:
        build.rest = str(unread.keep(build.staged, build.options.out))
    build.gates.raise_for_failures(build.unread, build.rest)


def _seal(task: tuple[Path, Facts]) -> Manifest:
    return publishing.seal(*task)


def _check_part(task: tuple[Path, str, Path]) -> list[validation.Finding]:
    staged, part, work = task
    memory.give_back()  # parts are as different as stages
    return validation.check_part(staged, part, deep=False, work=work)


def publish(build: Build, mapper: Mapper) -> None:
    """Switch `current` to the new snapshot, and write the history."""
    if build.options.check_only:
        return
    assert build.staged is not None
    report = build.gates
    assert report is not None
    task = _PublishTask(
        build.options.out, build.staged, build.snapshot_id(), tuple(report.accepted), tuple(report.warnings)
    )
    (build.published,) = mapper("publish", _publish, [task])


@dataclass(frozen=True)
class _PublishTask:
    out: Path
    staged: Path
    snapshot_id: str
    accepted: tuple[str, ...]
    warnings: tuple[str, ...]


def _publish(task: _PublishTask) -> Path:
    return publishing.publish(
        task.out, task.staged, task.snapshot_id, accepted=task.accepted, warnings=task.warnings
    )


STAGES: tuple[Stage, ...] = (
    Stage("plan", "looking at the raw files", plan),
    Stage("read", "reading records", read_records),
    Stage("evidence", "looking twice at doubtful bylines", look_again),
    Stage("settle", "normalizing", settle_records),
    Stage("unite", "bringing records of one id together", unite_records),
    Stage("merge", "telling papers apart", merge_records),
    Stage("resolve", "finding out who is who", resolve_authors),
    Stage("write", "validating and writing tables", write_tables),
    Stage("check", "checking the snapshot", check),
    Stage("publish", "publishing", publish),
)
"""What every build does, in this order, whoever starts it."""


def _drop(build: Build, folder: str) -> None:
    """Free the disk of what no later stage reads, beside the next stage: a million records take two seconds of it."""
    if not build.options.keep_work:
        threading.Thread(target=shutil.rmtree, args=(build.work / folder, True)).start()
