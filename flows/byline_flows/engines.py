"""The engines of a build that runs as a flow: byline's own, their work shown to Prefect in parts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext

from byline.core.errors import UsageError
from byline.core.extras import needed
from byline.core.options import Options
from byline.core.progress import Progress
from byline.core.result import Result
from byline.pipeline.engines.local import LocalMapper
from byline.pipeline.run import default_engine
from byline.pipeline.state import Mapper
from byline.storage.dispatch import build_anywhere
from byline_flows.outcome import outcome
from byline_flows.progress import FlowProgress
from byline_flows.tasks import Parts


def build_here(options: Options, progress: FlowProgress) -> Result:
    """Build with byline's local engine, in this process or with workers beside it."""

    @contextmanager
    def engine(options: Options, listener: Progress) -> Iterator[Mapper]:
        with default_engine(options, listener) as inner:
            yield Parts(inner, progress, inner.workers if isinstance(inner, LocalMapper) else 1)

    return build_anywhere(options, progress, engine)


def build_on_dask(options: Options, progress: FlowProgress) -> Result:
    """Build on a Dask cluster, through Prefect's integration.

    A flow inside the flow carries Prefect's runner for Dask; its tasks run here and hand plain functions to the
    cluster: as Prefect tasks on the workers these would cost 150 ms each, and 20 s on every worker first.
    """
    if not options.address:
        raise UsageError("engine dask needs the address of a scheduler", "Set the parameter `address`.")
    with needed("all", "the flow on a Dask cluster"):
        from prefect_dask.task_runners import DaskTaskRunner
        from prefect_dask.utils import get_dask_client

    from byline.pipeline.engines.dask import checked_mapper

    @contextmanager
    def engine(options: Options, listener: Progress) -> Iterator[Mapper]:
        context = FlowRunContext.get()
        assert context is not None
        assert isinstance(context.task_runner, DaskTaskRunner)
        context.task_runner.client  # noqa: B018 - connects; `get_dask_client` asks it for the address
        with get_dask_client() as client:
            dask: Any = client
            inner = checked_mapper(dask, listener, options.seen_by_all())
            yield Parts(inner, progress, sum(dask.nthreads().values()))

    runner: Any = DaskTaskRunner(address=options.address)

    @flow(
        name="build_dataset_on_dask",
        task_runner=runner,
        persist_result=False,
    )
    def on_dask() -> State[Result]:
        return outcome(lambda: build_anywhere(options, progress, engine))

    inside: Any = on_dask
    result: Result = inside()
    return result
