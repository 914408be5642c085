"""Worker processes live no longer than the process that started them."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from byline.core.progress import Silence
from byline.pipeline.engines.local import local_engine

STARTS_WORKERS_AND_DIES = """
import os, signal, time
from byline.pipeline.engines.local import local_engine
from byline.core.progress import Silence

with local_engine(2, Silence()) as mapper:
    worker = mapper.pool.submit(os.getpid).result()
    print(worker, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
PATIENCE = 20.0


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
    return state != "Z"


def test_a_worker_ends_when_its_parent_is_killed():
    done = subprocess.run(
        [sys.executable, "-c", STARTS_WORKERS_AND_DIES],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        timeout=60,
    )
    worker = int(done.stdout)
    end = time.monotonic() + PATIENCE
    while alive(worker) and time.monotonic() < end:
        time.sleep(0.1)
    assert not alive(worker)


def test_an_interrupt_ends_the_workers_in_the_middle_of_their_tasks():
    """What they would still write into the work folder, nobody would remove."""
    workers: list[int] = []

    def interrupted() -> None:
        with local_engine(2, Silence()) as mapper:
            assert mapper.pool is not None
            workers.append(mapper.pool.submit(os.getpid).result())
            mapper.pool.submit(time.sleep, 60)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not alive(workers[0])
