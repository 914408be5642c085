"""Where a build takes place: on this machine, or between two transfers from and to an object store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

from byline.core.errors import BylineError
from byline.core.options import Options
from byline.core.progress import Progress
from byline.core.result import Result
from byline.files import beneath
from byline.pipeline.recording import recorded
from byline.pipeline.run import EngineFactory, RunStage, default_engine, overlapping, run_build, run_stage
from byline.snapshots import run_metrics, runs
from byline.snapshots.prune import GRACE
from byline.snapshots.runs import Run


def build_anywhere(
    options: Options,
    progress: Progress | None = None,
    engine: EngineFactory = default_engine,
    run: RunStage = run_stage,
) -> Result:
    """Build and publish one snapshot, wherever the raw folder and the output lie; leave a report of the run.

    Raises `BylineError` with the exit code of the contract when nothing was published.
    """
    if options.metrics is not None:
        run_metrics.check(options.metrics)
    with recorded(options, partial(_keep_report, options), partial(_keep_metrics, options)) as record:
        if options.raw_url is None and options.out_url is None:
            result = run_build(options, progress, engine, run, record)
        else:
            from byline.storage.remote import build_remotely  # noqa: PLC0415 - others need not pay for its imports

            result = build_remotely(options, lambda local: run_build(local, progress, engine, run, record))
            result = _pruned(options, result)
        record.done(result)
    return result


def _pruned(options: Options, result: Result) -> Result:
    """Remove old snapshots from an object store where the options ask for it; that this fails is a warning."""
    if options.keep is None or options.out_url is None or options.check_only:
        return result
    from byline.storage.copies import prune_remotely  # noqa: PLC0415 - others need not pay for its imports

    try:
        removed = prune_remotely(
            options.out_url, keep=options.keep, older_than=timedelta(0), grace=GRACE, dry_run=False
        )
    except BylineError as problem:
        told = f"old snapshots at {options.out_url} were not removed: {problem.what}"
        return replace(result, warnings=(*result.warnings, told))
    return replace(result, removed=tuple(removed))


def _keep_report(options: Options, run: Run) -> None:
    if options.out_url is not None:
        from byline.storage.reports import push_report  # noqa: PLC0415 - as above

        push_report(options.out_url, run)
    elif options.out.is_dir() and not overlapping(options):
        # Wrong usage makes no folder, nor writes among raw files.
        beneath.hold([options.out])
        runs.write(options.out, run)


def _keep_metrics(options: Options, run: Run) -> None:
    if options.metrics is not None:
        run_metrics.write(options.metrics, run)
