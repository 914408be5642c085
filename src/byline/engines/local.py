"""The local engine: this process for small inputs, worker processes for larger ones."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from byline.progress import Progress

A = TypeVar("A")
R = TypeVar("R")

SMALL_BYTES = 4 * 1024 * 1024
"""Raw text below which starting workers (over a second) costs more than it saves."""


def workers_for(raw_bytes: int, asked: int | None) -> int:
    """Return how many worker processes to use; 0 means this process."""
    if asked is not None:
        return asked
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return 0 if raw_bytes < SMALL_BYTES or cores < 2 else cores


class LocalMapper:
    """Runs tasks in a pool, or here when there is none; results come back in the order of the tasks."""

    def __init__(self, pool: Executor | None, progress: Progress) -> None:
        """`pool` null: run in this process."""
        self.pool = pool
        self.progress = progress

    def __call__(self, stage: str, work: Callable[[A], R], tasks: Sequence[A]) -> list[R]:
        """Apply `work` to every task; the first failure is raised and what has not started is cancelled."""
        self.progress.expect(stage, len(tasks))
        if self.pool is None or len(tasks) < 2:
            return [self._done(stage, work(task)) for task in tasks]
        futures = [self.pool.submit(work, task) for task in tasks]
        try:
            return [self._done(stage, future.result()) for future in futures]
        except BaseException:
            _cancel(futures)
            raise

    def _done(self, stage: str, result: R) -> R:
        self.progress.advance(stage)
        return result


def _cancel(futures: Sequence[Future[R]]) -> None:
    for future in futures:
        future.cancel()


@contextmanager
def local_engine(workers: int, progress: Progress) -> Iterator[LocalMapper]:
    """Yield a mapper over `workers` processes (0: none), and end them afterwards."""
    if workers == 0:
        yield LocalMapper(None, progress)
        return
    with _one_thread_each():
        pool = ProcessPoolExecutor(
            workers, mp_context=multiprocessing.get_context("spawn"), initializer=_warm_up
        )
        for _ in range(workers):
            pool.submit(
                os.getpid
            )  # starts the processes now, so that their imports overlap with the planning
    try:
        yield LocalMapper(pool, progress)
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown(wait=True)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let the workers, not the threads inside them, fill the cores."""
    names = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _warm_up() -> None:
    """Import what every task needs; an interrupt is the parent's business."""
    import signal  # noqa: PLC0415 - only workers need it

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import byline.pipeline  # noqa: F401, PLC0415 - this is the warming up
