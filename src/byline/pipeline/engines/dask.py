"""The distributed engine: the same tasks on the workers of a Dask cluster that is already there.

What travels are plain functions and small arguments (paths, numbers, options); the data itself goes through the
file system that client and workers share. A worker that dies costs its running tasks, which the scheduler gives to
another: every task reads files that stay and writes files under names that replace each other whole, so that a task
may run twice, even at the same time, and leaves the same bytes.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from byline.core.code_digest import code_digest
from byline.core.errors import BylineError, UsageError
from byline.core.extras import needed
from byline.core.progress import Progress
from byline.files import beneath

with needed("dask", "the engine dask"):
    import distributed
    from distributed import KilledWorker

A = TypeVar("A")
R = TypeVar("R")
Future = Any
Client = Any
"""Dask's own annotations stop halfway: its clients and futures are taken as they come."""

_dask: Any = distributed

log_to = logging.getLogger(__name__)

CONNECT_SECONDS = 10
WORKERS_SECONDS = 30
"""How long to wait for the first worker: one takes some seconds to come up."""
RETRIES = 2
"""Times that a task is tried again after an error of the operating system; other errors would only come again."""

START_ONE = (
    "Start a cluster (`dask scheduler --port 8786`, then `BYLINE_LEAN_IMPORTS=1 dask worker tcp://HOST:8786 "
    "--nworkers 2 --nthreads 1` wherever byline is installed), and give --address tcp://HOST:8786."
)


@contextmanager
def dask_engine(address: str | None, progress: Progress, shared: Sequence[Path] = ()) -> Iterator[DaskMapper]:
    """Yield a mapper over the workers of the cluster at `address`, for example `tcp://10.0.0.5:8786`.

    `shared` are folders that every worker must see under the same path.

    Raises `UsageError`: no address, no scheduler or no worker there, other code on a worker, a folder not shared.
    """
    if not address:
        raise UsageError("--engine dask needs the address of a scheduler", START_ONE)
    try:
        client = _dask.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as problem:
        raise UsageError(f"no Dask scheduler answers at {address}: {problem}", START_ONE) from None
    with client:
        yield checked_mapper(client, progress, shared)


def checked_mapper(client: Client, progress: Progress, shared: Sequence[Path] = ()) -> DaskMapper:
    """Return a mapper over a client that is connected already, once its workers have been looked at."""
    try:
        client.wait_for_workers(1, timeout=WORKERS_SECONDS)
    except TimeoutError:
        raise UsageError(f"the cluster at {_address(client)} has no worker", START_ONE) from None
    _refuse_strangers(client, [path.resolve() for path in shared])
    return DaskMapper(client, progress)


def _address(client: Client) -> str:
    return str(client.scheduler.address)


def _refuse_strangers(client: Client, shared: Sequence[Path]) -> None:
    """Look at the workers before any work: their code, and whether they see the folders."""
    try:
        answers: dict[str, tuple[str, list[str]]] = client.run(look_around, [str(path) for path in shared])
    except ModuleNotFoundError as problem:
        raise UsageError(f"a worker of {_address(client)} lacks byline: {problem}", _SAME_INSTALL) from None
    for worker, (digest, missing) in sorted(answers.items()):
        refuse_other_code(digest, worker)
        if missing:
            raise UsageError(
                f"worker {worker} does not see {missing[0]}",
                "Raw files, output and work folder must lie on a file system that all workers share.",
            )


def look_around(paths: Sequence[str]) -> tuple[str, list[str]]:
    """Return, on a worker, the digest of the code there and those of the paths that it does not see."""
    return code_digest(), [path for path in paths if not Path(path).exists()]


_SAME_INSTALL = "Install the same version of byline for all workers and start them again."


def refuse_other_code(digest: str, worker: str) -> None:
    """Refuse a worker whose code is not ours: its results would be another snapshot's.

    Raises `UsageError`.
    """
    if digest != code_digest():
        raise UsageError(
            f"worker {worker} runs other code ({digest}) than this build ({code_digest()})", _SAME_INSTALL
        )


def run_task(digest: str, work: Callable[[A], R], task: A, held: Sequence[Path] = ()) -> R:
    """Do one task on a worker; a worker that joined late is looked at here.

    `held` are the folders below which nothing is reached through links, as in the process that builds.
    """
    refuse_other_code(digest, "that has just joined")
    beneath.hold(held)
    return work(task)


class DaskMapper:
    """Runs tasks on a cluster; results come back in the order of the tasks."""

    def __init__(self, client: Client, progress: Progress) -> None:
        """`client` stays the caller's to close."""
        self.client = client
        self.progress = progress

    def __call__(self, stage: str, work: Callable[[A], R], tasks: Sequence[A]) -> list[R]:
        """Apply `work` to every task; the first failure is raised and what has not started is cancelled."""
        self.progress.expect(stage, len(tasks))
        futures = self._submit(stage, work, tasks)
        try:
            return self._gather(stage, futures)
        except BaseException:
            self.client.cancel(futures)
            raise

    def _submit(self, stage: str, work: Callable[[A], R], tasks: Sequence[A]) -> list[Future]:
        token = uuid.uuid4().hex  # keys must not meet those of another build on the same cluster
        digest = code_digest()
        held = [folder for folder in beneath.held() if folder.is_absolute()]
        return [
            self.client.submit(
                run_task, digest, work, task, held, key=f"{stage}-{token}-{number}", pure=False
            )
            for number, task in enumerate(tasks)
        ]

    def _gather(self, stage: str, futures: Sequence[Future]) -> list[Any]:
        """Take results as they come: one that has arrived can't be lost with its worker."""
        numbers = {future.key: number for number, future in enumerate(futures)}
        results: list[Any] = [None] * len(futures)
        tries = dict.fromkeys(numbers, 0)
        waiting = _dask.as_completed(futures, loop=self.client.loop)
        for future in waiting:
            problem = _problem(future)
            if problem is None:
                results[numbers[future.key]] = future.result()
                future.release()
                self.progress.advance(stage)
            elif isinstance(problem, OSError) and tries[future.key] < RETRIES:
                tries[future.key] += 1
                log_to.warning("stage %s: a task is tried again after %s", stage, problem)
                future.retry()
                waiting.add(future)
            else:
                raise self._explained(stage, problem)
        return results

    def _explained(self, stage: str, problem: BaseException) -> BaseException:
        if isinstance(problem, KilledWorker):
            return BylineError(
                f"stage {stage}: several workers died over the same task ({problem.last_worker.address} the last)",
                "Mostly they ran out of memory: give them more, or the build a smaller value of --slice-mib.",
            )
        if isinstance(problem, CancelledError):
            return BylineError(
                f"stage {stage}: the scheduler at {_address(self.client)} went away",
                "Nothing was published; start it and run the build again.",
            )
        return problem


def _problem(future: Future) -> BaseException | None:
    """Return why a finished task has no result, or null when it has one."""
    if future.status in {"cancelled", "lost"}:
        return CancelledError(future.key)
    problem: BaseException | None = future.exception()
    return problem
