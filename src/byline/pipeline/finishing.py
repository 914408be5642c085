"""The end of a build: the staged snapshot is sealed, checked, and published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from byline import validation
from byline.core import memory
from byline.core.errors import DataError
from byline.pipeline.incremental import published, tallied
from byline.pipeline.incremental.kept import TakesFullBuild
from byline.pipeline.state import Build, Mapper
from byline.report.tallies import Tally
from byline.snapshots import doubts, gate_metrics, gates, history, publishing, unread
from byline.snapshots.manifest import DataFile, Facts, Manifest
from byline.snapshots.scan import Parts
from byline.validation.touched import touched_agree

UNREAD_SHOWN = 5
"""Records that could not be read and are named."""


def check(build: Build, mapper: Mapper) -> None:
    """Seal the staged snapshot, check every rule between tables, and the gates.

    Where only what changed was worked on, the rules are put to the ids whose rows changed; every so many times to all.

    Raises `DataError`: a rule is broken, or a gate tripped. Raises `TakesFullBuild`: a rule is broken where only what
    changed was worked on.
    """
    assert build.staged is not None
    build.staged_as = published.seen(build.staged) if build.keeps else {}
    ((build.sealed, build.tally),) = mapper("check", _seal, [_seal_task(build, build.staged)])
    if build.updated is not None and not published.looks_at_all(build.updated.since_whole):
        findings = touched_agree(build.staged, build.updated.ids, build.updated.sources)
    else:
        tasks = [(build.staged, part, build.work / "check") for part in validation.parts()]
        findings = [finding for found in mapper("check", _check_part, tasks) for finding in found]
    if findings and build.updated is not None:
        raise TakesFullBuild(f"working on what changed broke a rule ({findings[0].rule})")
    if findings:
        report = validation.Report(str(build.staged), tuple(findings), ())
        raise DataError(
            report.text(limit=20), "This is a defect of byline: nothing was published. Please report it."
        )
    build.gates = gates.check_gates(
        build.staged,
        publishing.current(build.options.out),
        build.options.accept,
        _parts(build),
        _facts_before(build),
        build.tally,
    )
    build.cut = 0 if build.gates.facts is None else build.gates.facts.cut
    build.unread = unread.first(build.staged, UNREAD_SHOWN)
    if build.gates.failed or build.options.check_only:
        build.rest = str(unread.keep(build.staged, build.options.out))
    build.gates.raise_for_failures(build.unread, build.rest)


def _facts_before(build: Build) -> gate_metrics.SnapshotFacts | None:
    """Return what the gates found in the snapshot that this build went on from; null for a full build."""
    if build.updated is None or build.kept is None:
        return None
    try:
        return gate_metrics.SnapshotFacts(**build.kept.head.facts)
    except TypeError as problem:
        raise TakesFullBuild("what the last build kept is of another shape") from problem


def _parts(build: Build) -> Parts | None:
    if build.updated is None or build.kept is None:
        return None
    return Parts(build.kept.head.snapshot, *build.updated.differs)


@dataclass(frozen=True)
class _SealTask:
    staged: Path
    facts: Facts
    taken: Mapping[Path, DataFile] | None
    keeps: bool
    kept: Path | None
    """Folder of what the build before kept, where this one goes on from it."""


def _seal_task(build: Build, staged: Path) -> _SealTask:
    updated = build.updated
    return _SealTask(
        staged,
        build.manifest_facts(),
        None if updated is None else updated.taken,
        build.keeps,
        None if updated is None or build.kept is None else build.kept.folder,
    )


def _seal(task: _SealTask) -> tuple[Manifest, Tally]:
    kept = {} if task.kept is None else tallied.read(task.kept)
    return publishing.sealed(task.staged, task.facts, task.taken, kept if task.keeps else None)


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
        build.options.out,
        build.staged,
        build.snapshot_id(),
        tuple(report.accepted),
        tuple(report.warnings),
        _parts(build),
    )
    strange, known = doubts.doubts(build.options.out), len(history.entries(build.options.out))
    (build.published,) = mapper("publish", _publish, [task])
    build.notes += [*strange, *doubts.unlike(build.options.out, known, task.warnings)]


@dataclass(frozen=True)
class _PublishTask:
    out: Path
    staged: Path
    snapshot_id: str
    accepted: tuple[str, ...]
    warnings: tuple[str, ...]
    parts: Parts | None


def _publish(task: _PublishTask) -> Path:
    return publishing.publish(
        task.out,
        task.staged,
        task.snapshot_id,
        accepted=task.accepted,
        warnings=task.warnings,
        parts=task.parts,
    )
