"""The local mapper: order, failures, and who takes which task. A pool of threads stands for one of processes."""

import multiprocessing
import os
import signal
import threading
import time
from collections import Counter
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import pytest

from byline.core.progress import Silence
from byline.pipeline.engines.local import LocalMapper

HERE = threading.get_ident()


class Listening(Silence):
    def __init__(self) -> None:
        self.told: Counter[str] = Counter()

    def expect(self, name, tasks):
        self.told["expected"] += tasks

    def advance(self, name):
        self.told["advanced"] += 1


@pytest.fixture
def mapper():
    with ThreadPoolExecutor(1) as pool:
        yield LocalMapper(pool, 1, Listening())


PATIENCE = 60.0
"""Seconds to wait for what comes at once on a machine that is not stuck."""


def place() -> str:
    return "here" if threading.get_ident() == HERE else "there"


@pytest.mark.parametrize("count", [0, 1, 2, 3, 100])
def test_results_come_in_the_order_of_the_tasks(mapper, count):
    assert mapper("read", lambda task: -task, range(count)) == [-task for task in range(count)]
    assert mapper.progress.told == ({"expected": count, "advanced": count} if count else {"expected": 0})


def test_the_pool_does_all_others_while_this_process_is_busy_with_the_first(mapper):
    others = threading.Semaphore(0)

    def work(task):
        if task == 0:
            assert all(others.acquire(timeout=PATIENCE) for _ in range(5))
        else:
            others.release()
        return place()

    assert mapper("check", work, range(6)) == ["here", *["there"] * 5]


def test_this_process_does_what_the_pool_cannot_take_yet(mapper):
    here_has_two = threading.Event()
    done_here = []

    def work(task):
        if place() == "there":
            assert here_has_two.wait(PATIENCE)
        else:
            done_here.append(task)
            if len(done_here) == 2:
                here_has_two.set()

    mapper("check", work, range(6))
    assert done_here[:2] == [0, 2]


def test_a_single_task_is_done_here(mapper):
    assert mapper("plan", lambda _: place(), [0]) == ["here"]


MANY = 1_000
"""Tasks of 20 ms: what is not cancelled would take longer than any machine waits for a thread."""


@pytest.mark.parametrize("bad", [0, 1, 15])
def test_the_first_failure_is_raised_and_the_rest_not_begun(mapper, bad):
    begun = []

    def work(task):
        begun.append(task)
        if task == bad:
            raise ValueError(task)
        time.sleep(0.02 if task > bad else 0)

    with pytest.raises(ValueError, match=str(bad)):
        mapper("read", work, range(MANY))
    assert len(begun) < MANY


def test_a_failure_in_the_pool_keeps_the_rest_from_being_begun_while_this_process_is_busy(mapper):
    begun = []
    failing = threading.Event()

    def work(task):
        begun.append(task)
        if task == 1:
            failing.set()
            raise ValueError(task)
        assert failing.wait(PATIENCE)
        time.sleep(0.02)

    with pytest.raises(ValueError, match="1"):
        mapper("read", work, range(MANY))
    assert len(begun) < MANY


class Failing(ThreadPoolExecutor):
    """Takes some tasks, and fails at the next."""

    def __init__(self, problem: Exception, taken: int) -> None:
        super().__init__(1)
        self.problem, self.taken = problem, taken

    def submit(self, *args, **named):
        self.taken -= 1
        if self.taken < 0:
            raise self.problem
        return super().submit(*args, **named)


@pytest.mark.parametrize("taken", [0, 2])
@pytest.mark.parametrize("problem", [BrokenProcessPool("a worker died"), OSError(24, "too many files")])
def test_a_pool_that_takes_no_more_ends_the_stage(problem, taken):
    with Failing(problem, taken) as pool, pytest.raises(type(problem), match=r"a worker died|too many files"):
        LocalMapper(pool, 1, Listening())("read", lambda _: time.sleep(0.001), range(5_000))


class TellsUnderItsLock(Executor):
    """Breaks down, and says so under the lock that it takes tasks with, as the pool of CPython 3.12 does."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.futures: list[Future[object]] = []

    def submit(self, fn, /, *args, **named):
        with self.lock:
            self.futures.append(Future())
            if len(self.futures) == 1:
                threading.Timer(0.1, self.break_down).start()
            return self.futures[-1]

    def break_down(self):
        with self.lock:
            for future in self.futures:
                future.set_exception(BrokenProcessPool("a worker died"))


@pytest.mark.timeout(20)
def test_a_pool_that_breaks_under_its_lock_ends_the_stage():
    mapper = LocalMapper(TellsUnderItsLock(), 1, Listening())
    with pytest.raises(BrokenProcessPool):
        mapper("read", lambda _: time.sleep(0.01), range(100))


def test_of_several_threads_only_one_works_itself(mapper):
    found = []
    other = threading.Thread(
        target=lambda: found.extend(mapper("second", lambda _: threading.get_ident(), range(4)))
    )

    def work(task):
        if task == 0:  # here; the other thread calls meanwhile, and is done before this task is
            other.start()
            other.join(PATIENCE)
        return task

    assert mapper("first", work, range(8)) == list(range(8))
    assert len(found) == 4
    assert not {other.ident, HERE} & set(found)


def die(task):
    if task == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return task


def test_a_worker_that_dies_ends_the_stage():
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        mapper = LocalMapper(pool, 1, Listening())
        mapper._here.acquire()  # so that the pool gets all tasks
        with pytest.raises(BrokenProcessPool):
            mapper("read", die, range(50))
