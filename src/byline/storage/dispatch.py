"""Where a build takes place: on this machine, or between two transfers from and to an object store."""

from __future__ import annotations

from byline.core.options import Options
from byline.core.progress import Progress
from byline.core.result import Result
from byline.pipeline.run import EngineFactory, RunStage, default_engine, run_build, run_stage


def build_anywhere(
    options: Options,
    progress: Progress | None = None,
    engine: EngineFactory = default_engine,
    run: RunStage = run_stage,
) -> Result:
    """Build and publish one snapshot, wherever the raw folder and the output lie.

    Raises `BylineError` with the exit code of the contract when nothing was published.
    """
    if options.raw_url is None and options.out_url is None:
        return run_build(options, progress, engine, run)
    from byline.storage.remote import build_remotely  # noqa: PLC0415 - others need not pay for its imports

    return build_remotely(options, lambda local: run_build(local, progress, engine, run))
