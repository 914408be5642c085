"""A mapper that shows a build's work to Prefect: every stage's tasks in a few parts, each part one Prefect task.

A Prefect task costs 7 to 30 ms and a row in the server's database, so there are tens of them in a run, however many
tasks a stage has. What goes through Prefect is a number; arguments and results stay in this process.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, TypeVar

from prefect import Task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.states import Failed

from byline.core.errors import BylineError
from byline.pipeline.state import Mapper
from byline_flows.progress import FlowProgress

A = TypeVar("A")
R = TypeVar("R")

PARTS = 8
"""Prefect tasks a stage, at most."""
RETRY_SECONDS: list[float] = [2.0, 15.0]
ROUNDS = 4
"""Tasks a worker and part, at least."""


def worth_retrying(task: Task[..., Any], run: TaskRun, state: State[Any]) -> bool:
    """Tell whether trying again can help: with errors of the operating system, not with what the data is."""
    try:
        state.result()
    except OSError:
        return True
    except Exception:
        return False
    return False


class Parts:
    """The mapper: gives the tasks of a stage to `inner`, which has `workers` workers, one part after the other."""

    def __init__(self, inner: Mapper, progress: FlowProgress, workers: int) -> None:
        """`inner` does the work."""
        self.inner = inner
        self.progress = progress
        self.workers = workers

    def __call__(self, stage: str, work: Callable[[A], R], tasks: Sequence[A]) -> list[R]:
        """Apply `work` to every task; the first failure is raised."""
        pieces = cut(tasks, parts_for(len(tasks), self.workers))
        self.progress.in_parts([len(piece) for piece in pieces])
        results: list[R] = []

        def do(number: int) -> State[Any] | None:
            try:
                results.extend(self.inner(stage, work, pieces[number]))
            except BylineError as failure:  # no traceback: it says all that is to be said
                return Failed(message=str(failure), data=failure)
            return None

        for number in range(len(pieces)):
            run = _prefect_task(do, stage, number, len(pieces))
            ended: State[Any] = run(number, return_state=True)
            ended.result()  # raises what went wrong
        return results


def parts_for(tasks: int, workers: int) -> int:
    """Return into how many parts to cut a stage: at its end each part leaves workers idle, so it should be long."""
    return min(PARTS, max(1, tasks // (ROUNDS * workers if workers > 1 else 1)))


def cut(tasks: Sequence[A], parts: int) -> list[Sequence[A]]:
    """Return the tasks in at most `parts` runs of nearly equal length, none of them empty."""
    count = min(parts, len(tasks))
    borders = [len(tasks) * number // count for number in range(count + 1)] if count else []
    return [tasks[start:stop] for start, stop in pairwise(borders)]


def _prefect_task(do: Callable[[int], Any], stage: str, number: int, count: int) -> Task[[int], Any]:
    return Task(
        fn=do,
        name=stage,
        task_run_name=f"{stage} {number + 1}/{count}" if count > 1 else stage,
        retries=len(RETRY_SECONDS),
        retry_delay_seconds=RETRY_SECONDS,
        retry_condition_fn=worth_retrying,
        persist_result=False,
        cache_policy=NO_CACHE,
    )
