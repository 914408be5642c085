"""How a build's end becomes the state of its run."""

from __future__ import annotations

from collections.abc import Callable

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRunPolicy, State
from prefect.context import FlowRunContext
from prefect.logging import get_run_logger
from prefect.states import Completed, Failed

from byline.core.errors import BylineError, LockHeldError, OutputError
from byline.core.result import Result
from byline_flows import server
from byline_flows.report import one_line
from byline_flows.wording import WithoutTraceback, in_flow_words, say_failures_plainly

MAY_PASS = (LockHeldError, OutputError)
"""Failures that another try of the whole flow may not meet again: a lock, a full disk, a lost race."""


def outcome(build: Callable[[], Result]) -> State[Result]:
    """Return the state in which a flow run ends: its message says what was published, or what is wrong and the way out.

    Failures that are no matter of time end the run at once, whatever retries its deployment asks for.
    """
    plainly = say_failures_plainly(parameters())
    try:
        result = _watched(build)
    except MAY_PASS as failure:
        if _retries_left():
            raise
        return _failed(failure, plainly)
    except BylineError as failure:
        _give_up_retries()
        return _failed(failure, plainly)
    return Completed(message=one_line(result), data=result)


def _watched(build: Callable[[], Result]) -> Result:
    """Build; when the server is gone at the end, end the process of this run as well (`server.leave`)."""
    try:
        result = build()
    except Exception as failure:
        if not server.answers():
            server.leave(failure)
        raise
    if not server.answers():
        server.leave(result)
    return result


def parameters() -> frozenset[str]:
    """Return the names of the parameters that the running flow was given."""
    context = FlowRunContext.get()
    return frozenset() if context is None else frozenset(context.parameters or ())


def _failed(failure: BylineError, plainly: WithoutTraceback) -> State[Result]:
    message = plainly.last = in_flow_words(failure, parameters())
    get_run_logger().error(message)
    return Failed(message=message, data=failure)


def _retries_left() -> bool:
    context = FlowRunContext.get()
    run = context.flow_run if context is not None else None
    return run is not None and run.run_count <= (run.empirical_policy.retries or 0)


def _give_up_retries() -> None:
    """Tell the server that this run is not to be tried again: the same data would fail in the same way."""
    context = FlowRunContext.get()
    run = context.flow_run if context is not None else None
    if run is not None and run.empirical_policy.retries:
        with get_client(sync_client=True) as client:
            client.update_flow_run(run.id, empirical_policy=FlowRunPolicy(retries=0))
