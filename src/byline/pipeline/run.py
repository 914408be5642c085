"""The main job: one build from the raw folder to the published snapshot, on whatever engine."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from byline.core import resources
from byline.core.errors import BylineError, OutputError, UsageError
from byline.core.options import Options
from byline.core.progress import Progress, Silence
from byline.core.resources import Additions
from byline.core.result import Result
from byline.files import beneath, fs
from byline.pipeline import incremental
from byline.pipeline.engines.local import local_engine, workers_for
from byline.pipeline.incremental import keeping
from byline.pipeline.order import STAGES, Stage
from byline.pipeline.recording import Recorder
from byline.pipeline.stages.plan import survey
from byline.pipeline.state import Build, Mapper
from byline.snapshots import gates, history, publishing, unread
from byline.snapshots.lock import build_lock
from byline.snapshots.prune import prune
from byline.snapshots.seal import damage

log_to = logging.getLogger(__name__)
logging.getLogger("byline").addHandler(logging.NullHandler())  # who wants to hear of it says so (BYLINE_LOG)

A = TypeVar("A")
R = TypeVar("R")
EngineFactory = Callable[[Options, Progress], AbstractContextManager[Mapper]]
RunStage = Callable[[Stage, Build, Mapper], None]


@contextmanager
def default_engine(options: Options, progress: Progress) -> Iterator[Mapper]:
    """Yield the engine that the options ask for."""
    if options.engine == "dask":
        from byline.pipeline.engines.dask import dask_engine  # noqa: PLC0415 - a second of imports that others need not pay

        with dask_engine(options.address, progress, options.seen_by_all()) as mapper:
            yield mapper
        return
    raw_bytes = sum(source.size for source in survey(options).sources)
    at_once = not (options.incremental and incremental.may_go_on(options))
    with local_engine(workers_for(raw_bytes, options.workers), progress, at_once=at_once) as local:
        yield local


def run_stage(stage: Stage, build: Build, mapper: Mapper) -> None:
    """Run one stage as it is; the Prefect flow has its own way."""
    stage.run(build, mapper)


def run_build(
    options: Options,
    progress: Progress | None = None,
    engine: EngineFactory = default_engine,
    run: RunStage = run_stage,
    record: Recorder | None = None,
) -> Result:
    """Build and publish one snapshot from and into folders of this machine.

    `storage.dispatch.build_anywhere` is what people call: it takes addresses, too, and keeps the `record` of the run.

    Raises `BylineError` with the exit code of the contract when nothing was published; `current` is then as it was.
    """
    progress = progress or Silence()
    options = options.absolute() if options.engine == "dask" else options  # workers start elsewhere
    _refuse_overlap(options)
    gates.known_names(options.accept)
    record = record or Recorder(options)
    with build_lock(options.out, options.wait), _work_folder(options) as work:
        build = Build(options=options, work=work)
        record.attach(build)
        try:
            unread.forget(options.out)
            _believe_cache(build)
            with engine(options, progress) as plain, resources.added(build.lists):
                mapper = _with_lists(plain, build.lists)
                for stage in STAGES:
                    if not stage.is_needed(build):
                        continue
                    record.stage(stage.name)
                    progress.stage(stage.name, stage.doing)
                    log_to.info("stage %s: %s", stage.name, stage.doing, extra={"stage": stage.name})
                    run(stage, build, mapper)
                    if stage.name == "plan" and (done := _up_to_date(build)) is not None:
                        history.recover(options.out)
                        record.stage("")
                        return _unchanged(build, done)
        except OSError as problem:
            if _concerns_output(options, problem):
                raise _no_output(options, problem) from problem
            raise
        finally:
            progress.close()
            publishing.discard(options.out)
        keeping.keep(build)
        _forget_unused(build)
        removed = _pruned(build)
        record.stage("")
        return _logged(_result(build, record.seconds, removed))


def _with_lists(mapper: Mapper, lists: Additions) -> Mapper:
    """Return the mapper with what people added to word lists in force for every task, wherever it runs."""
    if not lists.key:
        return mapper

    def extended(stage: str, work: Callable[[A], R], tasks: Sequence[A]) -> list[R]:
        return mapper(stage, partial(_do, lists, work), tasks)

    return extended


def _do(lists: Additions, work: Callable[[A], R], task: A) -> R:
    with resources.added(lists):
        return work(task)


def _pruned(build: Build) -> tuple[str, ...]:
    """Remove old snapshots where the options ask for it; that this fails is a note, what was published stays so."""
    if build.options.keep is None or build.options.check_only:
        return ()
    try:
        removed = tuple(prune(build.options.out, keep=build.options.keep))
    except BylineError as problem:
        build.notes.append(f"old snapshots were not removed: {problem.what}")
        return ()
    for snapshot_id in removed:
        log_to.info("removed snapshot %s", snapshot_id)
    return removed


def _unchanged(build: Build, folder: Path) -> Result:
    removed = _pruned(build)
    return Result(
        build.snapshot_id(),
        folder,
        up_to_date=True,
        skipped=tuple(build.skipped),
        warnings=tuple(build.notes),
        removed=removed,
    )


def _logged(result: Result) -> Result:
    """Return the result; what an operator wants to find later goes to the log."""
    for warning in result.warnings:
        log_to.warning("%s: %s", result.snapshot_id, warning)
    what = "checked" if result.path is None else f"published as {result.path}"
    total = sum(result.seconds.values())
    log_to.info(
        "snapshot %s: %s, %.1f s", result.snapshot_id, what, total, extra={"snapshot": result.snapshot_id}
    )
    return result


def overlapping(options: Options) -> bool:
    """Tell whether the raw folder and the output folder lie in each other; named files may lie anywhere."""
    raw, out = options.raw.resolve(), options.out.resolve()
    return not options.files and (raw == out or raw in out.parents or out in raw.parents)


def _refuse_overlap(options: Options) -> None:
    if overlapping(options):
        raise UsageError(
            f"the raw folder {options.raw} and the output folder {options.out} lie in each other",
            "Choose two folders apart: a build reads all of the one and cleans up in the other.",
        )


@contextmanager
def _work_folder(options: Options) -> Iterator[Path]:
    """Yield a fresh folder for what stages exchange; what dead builds left goes first (we hold the lock)."""
    home = options.out / ".work"
    fs.rmtree(home)
    work = home / str(os.getpid())
    fs.mkdir(work)
    try:
        yield work
    finally:
        if not options.keep_work:
            with suppress(OutputError):  # what is left, the next build removes
                fs.rmtree(home)


def _believe_cache(build: Build) -> None:
    """Make the cache anew when others may write there: its digests have no key, so its rows would be theirs."""
    cache = build.options.cache
    folders = [cache, *cache.glob("parsed-*"), *cache.glob("parsed-*/*/")]
    doubtful = [
        folder for folder in folders if os.path.lexists(folder) and not beneath.is_ours(folder.lstat())
    ]
    if doubtful:
        fs.rmtree(cache)
        build.notes.append(
            f"{doubtful[0]} could be written by others than its owner: the cache was not used, and is made anew"
        )


ANYWHERE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE}
"""Errors that concern the output or the process, whatever path they name."""


def _concerns_output(options: Options, problem: OSError) -> bool:
    """Tell whether a failure is the output's: the disk is full or read-only, or the path lies there."""
    if problem.errno in ANYWHERE:
        return True
    named = problem.filename if isinstance(problem.filename, str | os.PathLike) else None
    return named is not None and options.out.resolve() in Path(named).resolve().parents


def _no_output(options: Options, problem: OSError) -> OutputError:
    return OutputError(
        f"{problem.filename or options.out}: {problem.strerror or problem}",
        fs.WAYS_OUT.get(
            problem.errno or 0, f"See to the space and rights below {options.out}, and run again."
        )
        + " Nothing was published.",
    )


def _up_to_date(build: Build) -> Path | None:
    """Return the current snapshot's folder when it is what this build would make, and whole."""
    if build.options.check_only:
        return None
    current = publishing.current(build.options.out)
    if current is None or current.name != build.snapshot_id():
        return None
    return None if damage(current) else current


def _forget_unused(build: Build) -> None:
    """Remove cache entries of other code versions, and of slices that are gone."""
    used = {f"{digest}.parsed" for digest in build.facts}
    with suppress(OutputError):  # the next build tries again
        for folder in build.options.cache.glob("parsed-*"):
            if folder != build.parsed_cache:
                fs.rmtree(folder)
        for path in build.parsed_cache.glob("*/*"):
            if path.name not in used:
                fs.unlink(path)


def _did(build: Build) -> str:
    if build.updated is not None:
        return build.updated.said
    return f"built anew: {build.whole}" if build.whole and build.keeps else ""


def _result(build: Build, seconds: dict[str, float], removed: tuple[str, ...]) -> Result:
    assert build.sealed is not None
    assert build.gates is not None
    return Result(
        snapshot_id=build.snapshot_id(),
        path=build.published,
        up_to_date=False,
        did=_did(build),
        statuses=build.statuses(),
        reasons=build.reasons(),
        tables={name: table.rows for name, table in build.sealed.tables.items()},
        files=len(build.plans),
        cached_slices=sum(fact.cached for fact in build.facts.values()),
        slices=len(build.facts),
        skipped=tuple(build.skipped),
        warnings=build.warnings,
        unread=build.unread,
        rest=build.rest,
        cut=build.cut,
        matched=None if build.matched is None else (build.matched.filled, build.matched.doubtful),
        seconds=seconds,
        removed=removed,
    )
