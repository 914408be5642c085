"""The local mapper: order, failures, and who takes which task. A pool of threads stands for one of processes."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import pytest

from byline.engines.local import LocalMapper
from byline.progress import Silence

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


def who(seconds):
    time.sleep(seconds)
    return seconds, "here" if threading.get_ident() == HERE else "there"


@pytest.mark.parametrize("count", [0, 1, 2, 3, 100])
def test_results_come_in_the_order_of_the_tasks(mapper, count):
    assert mapper("read", lambda task: -task, range(count)) == [-task for task in range(count)]
    assert mapper.progress.told == ({"expected": count, "advanced": count} if count else {"expected": 0})


def test_both_work_and_a_dear_task_keeps_no_other_from_being_done(mapper):
    done = mapper("check", who, [0.6, 0.3, 0.1, 0.1, 0.1])
    assert [place for _, place in done] == ["here", "there", "there", "there", "there"]


def test_a_single_task_is_done_here(mapper):
    assert mapper("plan", who, [0.0]) == [(0.0, "here")]


def test_the_pool_goes_on_while_this_process_is_busy(mapper):
    done = mapper("check", who, [0.5, 0.05, 0.05, 0.05, 0.05, 0.05])
    assert Counter(place for _, place in done)["here"] == 1


@pytest.mark.parametrize("bad", [0, 1, 15])
def test_the_first_failure_is_raised_and_the_rest_not_begun(mapper, bad):
    begun = []

    def work(task):
        begun.append(task)
        time.sleep(0.01)
        if task == bad:
            raise ValueError(task)

    with pytest.raises(ValueError, match=str(bad)):
        mapper("read", work, range(300))
    assert len(begun) < 60


class Broken(ThreadPoolExecutor):
    def submit(self, *_args, **_named):
        raise BrokenProcessPool("a worker died")


def test_a_broken_pool_ends_the_stage():
    with pytest.raises(BrokenProcessPool, match="a worker died"):
        LocalMapper(Broken(), 1, Listening())("read", lambda task: task, range(5_000))


def test_of_several_threads_only_one_works_itself(mapper):
    busy = threading.Barrier(2)
    found = []

    def other():
        busy.wait()
        found.extend(mapper("second", lambda _: threading.get_ident(), range(4)))

    thread = threading.Thread(target=other)
    thread.start()

    def work(task):
        if threading.get_ident() == HERE and not busy.broken and busy.n_waiting == 1:
            busy.wait()
        time.sleep(0.05)
        return task

    assert mapper("first", work, range(8)) == list(range(8))
    thread.join()
    assert thread.ident not in found
    assert len(found) == 4
