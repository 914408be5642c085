"""Whether the server of a run still answers, and how a process ends that has nobody left to report to.

Prefect's client asks a server that is gone again and again, at every call and once more when the process ends: minutes
in all, after which the run of a build that has published ends as a failure. So whatever a run has to say is said in a
hurry, and when the server is gone at its end, the process that was started for it says so and ends at once.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_CLIENT_MAX_RETRIES, temporary_settings

from byline.core.errors import BylineError
from byline.core.result import Result

TRIES = 3
PAUSE_SECONDS = 1.0
ANSWER_SECONDS = 5.0
"""A server that is busy answers its health check within this; one that is restarted is back after a few tries, or its
runs end unreported."""
LOST = "the Prefect server no longer answers: this run could not be reported"

End = Result | Exception
"""What came out of a build: what it did, or why it failed."""

last_words: Callable[[End], int] | None = None
"""Says how a build ended and returns the exit code. Set by who runs the flow in a process of its own.

Not a parameter of the flow: Prefect keeps parameters as JSON.
"""


@contextmanager
def hurried() -> Iterator[None]:
    """Let calls to the server fail after two attempts; Prefect takes six, a minute in all."""
    with temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 1}):
        yield


def answers() -> bool:
    """Tell whether the server answers anything at all."""
    for attempt in range(TRIES):
        if attempt:
            time.sleep(PAUSE_SECONDS)
        with (
            temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 0}),
            get_client(sync_client=True, httpx_settings={"timeout": ANSWER_SECONDS}) as client,
        ):
            if not isinstance(client.api_healthcheck(), httpx.TransportError | OSError):
                return True
    return False


def leave(end: End) -> None:
    """End a process that was started for this run alone, without Prefect's farewell; return in any other process."""
    say = last_words or (_in_a_worker if "PREFECT__FLOW_RUN_ID" in os.environ else None)
    if say is None:
        return
    code = say(end)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # what is registered for the end of the process waits for the server, too


def _in_a_worker(end: End) -> int:
    """Say it where the worker's log has it."""
    from byline_flows.report import one_line

    print(f"warning: {LOST}", file=sys.stderr)
    if isinstance(end, Result):
        print(one_line(end))
        return 0
    print(f"byline: {end}", file=sys.stderr)
    return end.exit_code if isinstance(end, BylineError) else 1
