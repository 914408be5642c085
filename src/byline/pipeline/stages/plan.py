"""Stage `plan`: raw files → digests, slices cut at record borders; what is known of a content is not found again."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from byline import inputs
from byline.core.errors import UsageError
from byline.core.options import Options
from byline.inputs import Plan, Slice, Source, Survey
from byline.pipeline.incremental.kept import Known
from byline.pipeline.stages.settle import Placed
from byline.snapshots.manifest import sha256

FILES = 64
"""Files that one planning task looks at."""
SETTLED_NS = 2_000_000_000
"""Nanoseconds since a file's last change after which another one is told by its time; the coarsest clocks tick so."""


@dataclass(frozen=True)
class PlanTask:
    """Raw files to look at, where archives are unpacked, and which contents are known already."""

    sources: tuple[Source, ...]
    work: Path
    slice_bytes: int
    known: frozenset[Known] = frozenset()


def survey(options: Options) -> Survey:
    """Return the raw files of a build: those that were named, else those of the raw folder. Raises as `inputs` does."""
    if options.files:
        return inputs.survey_files(options.files, dict(options.declared))
    return inputs.survey(options.raw)


def seen(sources: Sequence[Source]) -> dict[str, str]:
    """Return what the system says of raw files, by name: device, inode, size, times of the contents and of the inode.

    Nobody sets the last of these, so a file of which all of it is as it was holds what it held. Files that were changed
    a moment ago are left out: the clock may not tell what follows in the same moment; so are all where the last time is
    another one (Windows).
    """
    found, now = {}, time.time_ns()
    for source in sources if os.name == "posix" else ():
        with suppress(OSError):  # planning says what is wrong
            said = source.path.stat()
            if max(said.st_ctime_ns, said.st_mtime_ns) < now - SETTLED_NS:
                parts = (said.st_dev, said.st_ino, said.st_size, said.st_mtime_ns, said.st_ctime_ns)
                found[source.name] = ":".join(map(str, parts))
    return found


def plan_tasks(
    sources: Sequence[Source], work: Path, slice_bytes: int, known: frozenset[Known]
) -> list[PlanTask]:
    """Return the tasks that plan all files."""
    starts = range(0, len(sources), FILES)
    return [PlanTask(tuple(sources[at : at + FILES]), work, slice_bytes, known) for at in starts]


def plan_files(task: PlanTask) -> list[Plan | Known]:
    """Return the plan of each file, or the content by which its plan is known."""
    return [_plan(source, task) for source in task.sources]


def _plan(source: Source, task: PlanTask) -> Plan | Known:
    if task.known:
        try:
            content = Known(sha256(source.path), source.declared, source.compression)
        except OSError:  # planning says what is wrong
            content = None
        if content in task.known:
            return content
    return inputs.plan(source, task.work, task.slice_bytes)


def as_planned(plan: Plan, source: Source) -> Plan:
    """Return the plan of a known content for the file that holds it now.

    The slices of an archive name no file: it was not unpacked, and its rows lie in the cache.
    """
    path = source.path if source.compression is None else Path()
    return replace(plan, source=source, slices=[replace(piece, path=path) for piece in plan.slices])


def file_digest(path: Path) -> str:
    """Return the SHA-256 of the registry's dump. Raises `UsageError`: it can't be read."""
    try:
        return sha256(path)
    except OSError as problem:
        raise UsageError(f"{path}: {problem.strerror}", "Give the registry's dump with --ror PATH.") from None


def batches(plans: Sequence[Plan], slice_bytes: int) -> Iterator[tuple[Placed, ...]]:
    """Yield slices in the files' order, about `slice_bytes` of text at a time."""
    batch: list[Placed] = []
    size = 0
    for planned in plans:
        for piece in planned.slices:
            if batch and size + held_bytes(piece) > slice_bytes:
                yield tuple(batch)
                batch, size = [], 0
            batch.append(Placed(piece, planned.source.name, planned.sha256))
            size += held_bytes(piece)
    if batch:
        yield tuple(batch)


def held_bytes(piece: Slice) -> int:
    """Return how much text of a slice is held in memory: none of an unreadable stretch."""
    return piece.stop - piece.start if piece.reason is None else 0
