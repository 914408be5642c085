"""A mapper that shows a build's work to Prefect: every stage's tasks in a few parts, each part one Prefect task.

A Prefect task costs 7 to 30 ms and a row in the server's database, so there are tens of them in a run, however many
tasks a stage has. What goes through Prefect is a number; arguments and results stay in this process.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from itertools import pairwise
from typing import Any, Literal, TypeVar

from prefect import Task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.futures import PrefectFuture, wait
from prefect.states import Cancelled, Failed

from byline.build import Mapper
from byline.errors import BylineError
from flows.progress import FlowProgress

A = TypeVar("A")
R = TypeVar("R")
Way = Literal["threads", "here"]

PARTS = 8
"""Prefect tasks a stage, at most."""
RETRY_SECONDS: list[float] = [2.0, 15.0]
POLL_SECONDS = 1.0


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
    """The mapper: hands the tasks of a stage to `inner` in parts.

    `way` says how the parts run: side by side in threads (for an engine that works elsewhere), or one after the other
    in the flow's own thread.
    """

    def __init__(self, inner: Mapper, progress: FlowProgress, way: Way, parts: int = PARTS) -> None:
        """`inner` does the work; it must bear calls from several threads when `way` is "threads"."""
        self.inner = inner
        self.progress = progress
        self.way = way
        self.parts = parts

    def __call__(self, stage: str, work: Callable[[A], R], tasks: Sequence[A]) -> list[R]:
        """Apply `work` to every task; the first failure is raised."""
        pieces = cut(tasks, self.parts)
        results: list[list[R] | None] = [None] * len(pieces)

        def do(number: int) -> State[Any] | None:
            try:
                results[number] = self.inner(stage, work, pieces[number])
            except CancelledError:
                return Cancelled(message="another part of the stage failed")
            except BylineError as failure:  # no traceback: it says all that is to be said
                return Failed(message=str(failure), data=failure)
            return None

        runs = [_prefect_task(do, stage, number, len(pieces)) for number in range(len(pieces))]
        if self.way == "threads":
            self._side_by_side(runs)
        else:
            for number, run in enumerate(runs):
                ended: State[Any] = run(number, return_state=True)
                ended.result()  # raises what went wrong
        return [result for part in results for result in part or ()]

    def _side_by_side(self, runs: Sequence[Task[[int], Any]]) -> None:
        futures: list[PrefectFuture[Any]] = [run.submit(number) for number, run in enumerate(runs)]
        waiting = set(futures)
        while waiting:
            done, waiting = wait(list(waiting), timeout=POLL_SECONDS)
            self.progress.tell()
            for future in done:
                future.result()  # raises what went wrong


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
