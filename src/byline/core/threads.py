"""Threads inside a process: none beside its own where processes fill the cores, or where there is little to do.

polars and NumPy's BLAS start as many as there are cores, and take the number from the environment when they are
imported. A build hands polars some thousand small queries: to wake threads for each costs a tenth of its processor
time (20,000 cards on two cores: 7.2 against 6.5 s) and gains nothing, also not in time by the clock.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager

NAMES = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
"""The environment's variables by which polars, OpenMP and OpenBLAS are told."""


def one_here(environment: MutableMapping[str, str]) -> None:
    """Let the process of this environment, and those that it starts, have one thread, where nothing else is said.

    Without effect on what is imported already.
    """
    for name in NAMES:
        environment.setdefault(name, "1")


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Let the processes that start meanwhile, not the threads inside them, fill the cores."""
    before = {name: os.environ.get(name) for name in NAMES}
    os.environ.update(dict.fromkeys(NAMES, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
