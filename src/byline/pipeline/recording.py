"""Keeping what a run did while it runs, for its report (`byline.snapshots.runs`)."""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from byline.core.code_digest import code_version
from byline.core.errors import BylineError, DataError, LockHeldError, Terminated
from byline.core.options import Options
from byline.core.progress import Stopwatch
from byline.core.result import Result
from byline.pipeline.state import Build
from byline.snapshots import history, runs
from byline.snapshots.runs import Failure, GateRun, Outcome, Run, StageRun
from byline_schemas import CONTRACT_VERSION

log_to = logging.getLogger(__name__)

REFUSING = (DataError, LockHeldError)
"""What byline says no with; everything else that goes wrong is a failure."""
SIGNALS = {KeyboardInterrupt: 130, Terminated: 143}


def _rows(partitions: Mapping[str, Mapping[str | int, int]], table: str) -> int:
    return sum(partitions.get(table, {}).values())


def _sealed(build: Build) -> int:
    return 0 if build.sealed is None else sum(table.rows for table in build.sealed.tables.values())


ROWS: dict[str, tuple[str, Callable[[Build], int]]] = {
    "plan": ("slices", lambda build: sum(len(plan.slices) for plan in build.plans)),
    "read": ("records of distinct slices", lambda build: sum(fact.rows for fact in build.facts.values())),
    "update": ("name blocks", lambda build: 0 if build.updated is None else build.updated.blocks),
    "evidence": ("doubtful bylines", lambda build: sum(len(fact.doubtful) for fact in build.facts.values())),
    "settle": ("records", lambda build: sum(build.records.values())),
    "unite": ("paper keys moved", lambda build: sum(len(keys) for keys in build.left.values())),
    "merge": ("papers", lambda build: sum(_rows(facts.partitions, "papers") for _, facts in build.merged)),
    "resolve": (
        "authors",
        lambda build: sum(_rows(counts, "authors") for _, counts in build.resolved.folders),
    ),
    "write": ("rows of all tables", lambda build: sum(file.rows for file in build.written)),
    "check": ("rows of all tables", _sealed),
    "publish": ("rows of all tables", lambda build: 0 if build.published is None else _sealed(build)),
}
"""What each stage deals with, and how many of it, once it has ended."""


class Recorder:
    """What is known of a run so far. `run` is its report; `stage` and `attach` are called while it works."""

    def __init__(self, options: Options) -> None:
        """Begin now."""
        self.options = options
        now = datetime.now(UTC)
        self._clock, self._cpu = time.perf_counter(), _cpu_seconds()
        self._watch = Stopwatch()
        self._build: Build | None = None
        self._rows: dict[str, int] = {}
        self._stage: str | None = None
        self.run = Run(
            run=runs.run_id(now, os.getpid()),
            started=history.timestamp(now),
            outcome="running",
            options=_told(options),
            code_version=code_version(),
            contract_version=CONTRACT_VERSION,
            host=socket.gethostname(),
            pid=os.getpid(),
        )

    @property
    def seconds(self) -> dict[str, float]:
        """Seconds by stage."""
        return {name: seconds for name, seconds in self._watch.seconds.items() if name}

    def attach(self, build: Build) -> None:
        """Work begins, and the caller holds the lock: say so, where that can be written; bury who died before."""
        self._build = build
        self.run = replace(self.run, previous=history.pointed(build.options.out))
        if self.options.out_url is None:
            try:
                runs.bury(self.options.out)
                runs.write(self.options.out, self.run)
            except (BylineError, OSError) as problem:
                log_to.warning("the run's report can't be written: %s", problem)

    def stage(self, name: str) -> None:
        """The stage `name` begins, the one before has ended; an empty name: all have."""
        if self._stage and self._build is not None:
            self._rows[self._stage] = ROWS[self._stage][1](self._build)
        self._stage = name or None
        self._watch.begin(name)

    def done(self, result: Result) -> None:
        """The run came to a good end."""
        outcome: Outcome = (
            "unchanged" if result.up_to_date else "checked" if result.path is None else "published"
        )
        self._end(outcome, 0, None)
        self.run = replace(
            self.run,
            snapshot=result.snapshot_id,
            tables=dict(result.tables),
            warnings=list(result.warnings),
            skipped=list(result.skipped),
            removed=list(result.removed),
        )

    def failed(self, problem: BaseException) -> None:
        """The run ended with this."""
        expected = isinstance(problem, BylineError)
        outcome: Outcome = "refused" if isinstance(problem, REFUSING) else "failed"
        code = SIGNALS.get(type(problem), problem.exit_code if isinstance(problem, BylineError) else 1)
        what = problem.what if isinstance(problem, BylineError) else f"{type(problem).__name__}: {problem}"
        failure = Failure(
            kind=type(problem).__name__ if expected or code > 1 else "defect",
            what=what,
            way_out=problem.way_out if isinstance(problem, BylineError) else "",
            stage=self._stage,
        )
        self._end("interrupted" if code in SIGNALS.values() else outcome, code, failure)

    def _end(self, outcome: Outcome, code: int, failure: Failure | None) -> None:
        self._watch.begin("")
        import resource  # noqa: PLC0415 - not on Windows, where `snapshots.lock` says so

        usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        self.run = replace(
            self.run,
            outcome=outcome,
            ended=history.timestamp(),
            seconds=round(time.perf_counter() - self._clock, 3),
            exit_code=code,
            error=failure,
            stages=[
                StageRun(name, round(seconds, 3), self._rows.get(name), ROWS[name][0])
                for name, seconds in self.seconds.items()
            ],
            cpu_seconds=round(_cpu_seconds() - self._cpu, 3),
            peak_memory_bytes=max(one.ru_maxrss for one in usage) * 1024,  # Linux gives KiB
            **(_found(self._build) if self._build is not None else {}),
        )


def _cpu_seconds() -> float:
    """Return the CPU seconds of this process and of its children that have ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _told(options: Options) -> dict[str, Any]:
    """Return the options as JSON: what was asked for, nothing that was not."""
    told: dict[str, Any] = {
        "raw": options.raw_url or str(options.raw),
        "out": options.out_url or str(options.out),
        "engine": options.engine,
        "files": len(options.files),
        "accept": sorted(options.accept),
        "check": options.check_only,
        **{
            name: str(getattr(options, name))
            for name in ("curated", "ror", "arxiv")
            if getattr(options, name)
        },
        "workers": options.workers,
        "keep": options.keep,
    }
    return {name: value for name, value in told.items() if value not in (None, [], 0, False)}


def _found(build: Build) -> dict[str, Any]:
    """Return what a build knew when it ended, however it ended."""
    tripped = build.gates.tripped if build.gates is not None else ()
    return {
        "files": len(build.plans),
        "bytes": sum(plan.bytes for plan in build.plans),
        "slices": len(build.facts),
        "cached_slices": sum(fact.cached for fact in build.facts.values()),
        "records": dict(build.statuses()),
        "reasons": dict(build.reasons()),
        "gates": [GateRun(gate.name, gate.level, gate.message, gate.accepted) for gate in tripped],
        "skipped": list(build.skipped),
    }


@contextmanager
def recorded(options: Options, *keepers: Callable[[Run], None]) -> Iterator[Recorder]:
    """Yield the recorder of a run; when the run has ended, in whatever way, each of the `keepers` gets its report.

    A report that can't be kept stops nothing: the log says so.
    """
    record = Recorder(options)
    try:
        yield record
    except BaseException as problem:
        record.failed(problem)
        raise
    finally:
        for keep in keepers:
            try:
                keep(record.run)
            except (BylineError, OSError) as problem:
                log_to.warning("the run's report can't be written: %s", problem)
