"""The local engine: this process for small inputs, worker processes for larger ones."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import Generic, TypeVar

from byline.core import cycles, memory
from byline.core.progress import Progress
from byline.core.threads import one_thread_each
from byline.files import beneath

A = TypeVar("A")
R = TypeVar("R")

SMALL_BYTES = 4 * 1024 * 1024
"""Raw text below which starting workers (over a second) costs more than it saves."""
_MANY = 8
"""Waiting tasks a process from which on one more is given to the pool than it has processes."""


def workers_for(raw_bytes: int, asked: int | None) -> int:
    """Return how many worker processes to use; 0 means this process."""
    if asked is not None:
        return asked
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return 0 if raw_bytes < SMALL_BYTES or cores < 2 else cores


class LocalMapper:
    """Runs tasks here and in worker processes side by side; results come back in the order of the tasks.

    This process is one of the workers: it need not wait for imports, and nobody idles. Whoever is free takes the next
    task, so a stage that gives its most expensive tasks first ends soonest. Of several threads that call at once only
    one works itself.
    """

    def __init__(
        self, pool: Executor | None, helpers: int, progress: Progress, start: Callable[[], None] | None = None
    ) -> None:
        """`pool` holds `helpers` processes; null: all tasks run in this one. `start` is called before they get work."""
        self.pool = pool
        self._start = start
        self.progress = progress
        self.workers = helpers + 1
        """Processes that work, this one among them."""
        self._here = threading.Lock()

    def __call__(self, stage: str, work: Callable[[A], R], tasks: Sequence[A]) -> list[R]:
        """Apply `work` to every task; the first failure is raised and what has not started is cancelled."""
        self.progress.expect(stage, len(tasks))
        if self.pool is None:
            return [self._done(stage, work(task)) for task in tasks]
        mine = self._here.acquire(blocking=False)
        try:
            if len(tasks) > 1 or not mine:
                self._start_others()
            return self._share(stage, work, tasks, self.pool, mine=mine)
        finally:
            if mine:
                self._here.release()

    def _start_others(self) -> None:
        """Start the other processes, where that was left for when they are needed."""
        start, self._start = self._start, None
        if start is not None:
            start()

    def _share(
        self, stage: str, work: Callable[[A], R], tasks: Sequence[A], pool: Executor, *, mine: bool
    ) -> list[R]:
        """Do tasks here, from the first on, when they are `mine` to do, while the pool does others."""
        results: dict[int, R] = {}
        queue = _Queue(pool, self.workers - 1, [partial(_do, stage, work, task) for task in tasks])
        try:
            taken = queue.take() if mine else None
            queue.feed()
            while len(results) < len(tasks):
                if taken is not None:
                    results[taken] = self._done(stage, queue.tasks[taken]())
                for index, future in queue.finished(wait=taken is None):
                    results[index] = self._done(stage, future.result())
                taken = queue.take() if mine else None
        except BaseException:
            queue.cancel()
            raise
        return [results[index] for index in range(len(tasks))]

    def _done(self, stage: str, result: R) -> R:
        self.progress.advance(stage)
        return result


class _Queue(Generic[R]):
    """Tasks that wait, run in the pool and are done there; the pool is fed the moment it has done one.

    One task more than it has processes waits in the pool while many are left, since a free process gets it at once;
    towards the end that would keep a task from whoever is free first.
    """

    def __init__(self, pool: Executor, helpers: int, tasks: Sequence[Callable[[], R]]) -> None:
        self.tasks = tasks
        self._pool = pool
        self._helpers = helpers
        self._waiting = deque(range(len(tasks)))
        self._given = 0
        """Tasks that the pool has and has not ended."""
        self._running: set[Future[R]] = set()
        self._finished: list[tuple[int, Future[R]]] = []
        self._changed = threading.Condition()

    def take(self) -> int | None:
        """Take the next task, null when none waits."""
        with self._changed:
            return self._waiting.popleft() if self._waiting else None

    def feed(self) -> None:
        """Give the pool what it can take, without holding our lock: the pool has one, too, and calls us under it."""
        while (index := self._next()) is not None:
            try:
                future = self._pool.submit(self.tasks[index])
            except Exception as problem:  # a broken pool, no more processes: that is how this task ends
                future = Future()
                future.set_exception(problem)
            with self._changed:
                self._running.add(future)
            future.add_done_callback(partial(self._ended, index))

    def _next(self) -> int | None:
        """Take the next task for the pool, null when none waits or the pool has enough."""
        with self._changed:
            many = len(self._waiting) > _MANY * (self._helpers + 1)
            if not self._waiting or self._given >= self._helpers + many:
                return None
            self._given += 1
            return self._waiting.popleft()

    def finished(self, *, wait: bool) -> list[tuple[int, Future[R]]]:
        """Return what the pool has done since the last call; with `wait`, at least one."""
        with self._changed:
            if wait:
                self._changed.wait_for(lambda: self._finished)
            found, self._finished = self._finished, []
        return found

    def cancel(self) -> None:
        """Drop what waits; what runs can't be stopped."""
        with self._changed:
            self._waiting.clear()
            running = list(self._running)
        for future in running:
            future.cancel()

    def _ended(self, index: int, future: Future[R]) -> None:
        """Note that a task has ended in the pool, and give it another one; no other after a failure."""
        failed = future.cancelled() or future.exception() is not None
        with self._changed:
            self._given -= 1
            self._running.discard(future)
            self._finished.append((index, future))
            if failed:
                self._waiting.clear()
            self._changed.notify()
        if not failed:
            self.feed()


def _do(stage: str, work: Callable[[A], R], task: A) -> R:
    """Do a task of a stage; before the first one, give back what the stage before left free in this process."""
    if _last_stage != [stage]:
        _last_stage[:] = [stage]
        memory.give_back()
    return work(task)


_last_stage: list[str] = []
"""The stage that this process worked for last."""


@contextmanager
def local_engine(workers: int, progress: Progress, *, at_once: bool = True) -> Iterator[LocalMapper]:
    """Yield a mapper over `workers` processes, this one among them (0 and 1: this one alone); end the others after.

    `at_once`: the others start now, else when there is work for them.
    """
    memory.keep()
    helpers = workers - 1
    if helpers < 1:
        yield LocalMapper(None, 0, progress)
        return
    others = set(multiprocessing.active_children())
    # polars has threads: forked they would be gone, their locks not
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(helpers, mp_context=context, initializer=_warm_up, initargs=(beneath.held(),))

    def start() -> None:
        """Start the processes now, so that their imports overlap with other work."""
        with one_thread_each(), _without_main():
            for _ in range(helpers):
                pool.submit(os.getpid)

    if at_once:
        start()
    try:
        yield LocalMapper(pool, helpers, progress, None if at_once else start)
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        _end(set(multiprocessing.active_children()) - others)
        raise
    pool.shutdown(wait=True)


def _end(workers: Collection[BaseProcess]) -> None:
    """End processes in the middle of their tasks: what they would still write, nobody would remove."""
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join()


@contextmanager
def _without_main() -> Iterator[None]:
    """Keep this program's main module to ourselves: new processes would run it again, and a flow's imports Prefect."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _end_with_parent() -> None:
    """End this worker when the process that started it is gone: the pool's queue would keep it waiting for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _warm_up(held: tuple[Path, ...]) -> None:
    """Import what every task needs, know the held folders; an interrupt is the parent's business."""
    import signal  # noqa: PLC0415 - only workers need it

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cycles.seldom()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    memory.keep()
    beneath.hold(held)
    import byline.pipeline.order  # noqa: F401, PLC0415 - this is the warming up
