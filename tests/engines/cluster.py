"""A Dask cluster of separate processes on loopback, and a listing large enough to keep it busy."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

START_SECONDS = 120


@dataclass
class Cluster:
    """A scheduler and its workers, each a process without a nanny: what is killed stays dead."""

    address: str
    file: Path
    processes: ExitStack
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def add_worker(self) -> None:
        command = ["worker", "--scheduler-file", str(self.file), "--no-nanny", "--nthreads", "1"]
        self.workers.append(_start(self.processes, [*command, "--no-dashboard"], self.file.parent))


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """Start a scheduler and workers in a folder of their own; end them afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "scheduler.json"
    with ExitStack() as processes:
        command = ["scheduler", "--host", "127.0.0.1", "--port", "0", "--dashboard-address", "127.0.0.1:0"]
        _start(processes, [*command, "--scheduler-file", str(file)], folder)
        started = Cluster(_address(file), file, processes)
        for _ in range(workers):
            started.add_worker()
        yield started


def _start(processes: ExitStack, command: list[str], folder: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "BYLINE_LEAN_IMPORTS": "1", "POLARS_MAX_THREADS": "1"}
    log = processes.enter_context((folder / f"{command[0]}-{time.monotonic_ns()}.log").open("wb"))
    process = subprocess.Popen(
        [sys.executable, "-m", "dask", *command], cwd=folder, env=environment, stdout=log, stderr=log
    )
    processes.callback(process.wait)
    processes.callback(process.kill)
    return process


def _address(file: Path) -> str:
    import json

    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            return str(json.loads(file.read_text())["address"])
        except (OSError, ValueError):
            time.sleep(0.1)
    raise TimeoutError(f"no scheduler after {START_SECONDS} s: {list(file.parent.glob('*.log'))}")


def listing(records: int, seed: int = 7) -> str:
    """Return a listing of fabricated papers, about 800 bytes each, no two with the same title."""
    words = random.Random(seed)
    syllables = [
        "ba",
        "ce",
        "di",
        "fo",
        "gu",
        "ha",
        "je",
        "ki",
        "lo",
        "mu",
        "na",
        "pe",
        "qui",
        "ro",
        "su",
        "ta",
        "ve",
        "wi",
        "xo",
        "zu",
    ]

    def word(length: int) -> str:
        return "".join(words.choice(syllables) for _ in range(length))

    def person() -> str:
        return f"{word(2).title()} {word(3).title()}"

    found = []
    for number in range(records):
        title = f"On {word(3)} {word(2)} and the {word(4)} of {number} {word(3)}s"
        names = ", ".join(person() for _ in range(words.randint(1, 5)))
        abstract = " ".join(word(words.randint(1, 4)) for _ in range(100))
        found.append(f"LGSep {1 + number % 28}, 20{10 + number % 14}\n{title}{names}\n{abstract}.\n")
    return "".join(found)
