"""Run a command and measure it: wall time, processor time of it and all it started, peak memory of them together."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MIB = 1024 * 1024
DISK_INTERVAL = 2.0
"""Seconds between two looks at a folder."""


@dataclass(frozen=True)
class Cost:
    """What one run took. Seconds, and MiB."""

    wall: float
    cpu: float
    """Processor seconds of the process and of all its descendants that were waited for."""
    memory: float = 0.0
    """Peak of the sum over the process tree of proportional set sizes (PSS): a page that k processes map counts 1/k
    to each, so that shared libraries and memory maps count once. File pages that the tree maps are in it."""
    private: float = 0.0
    """Peak of the sum of anonymous PSS: what is not backed by a file and can't be dropped by the system."""
    disk: float = 0.0
    """Peak MiB in a folder that was watched."""
    output: str = ""


class CommandFailedError(RuntimeError):
    """A measured command ended with another code than 0: its figures would mean nothing."""


def build_command(raw: Path, out: Path, *options: str, python: str = sys.executable) -> list[str]:
    """Return the command of a build of the raw folder, by this Python or another one's byline."""
    return [python, "-m", "byline", "build", "--raw", str(raw), "--out", str(out), *options]


def run(
    command: Sequence[str],
    *,
    memory: bool = False,
    interval: float = 0.05,
    disk: Path | None = None,
) -> Cost:
    """Run a command to its end; with `memory`, look at its process tree every `interval` seconds, and at `disk`.

    Looking costs a few percent of a core, so time and memory are measured in runs apart. Raises `CommandFailedError`.
    """
    begun = time.perf_counter()
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    watch = _Watch(process.pid, interval, disk) if memory else None
    output: list[str] = []
    reader = threading.Thread(target=lambda: output.append(process.stdout.read() if process.stdout else ""))
    reader.start()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    reader.join()
    if watch:
        watch.stop()
    text = "".join(output)
    if process.returncode:
        raise CommandFailedError(f"{' '.join(command)}: exit code {process.returncode}\n{text[-4000:]}")
    peaks = (watch.peak, watch.private, watch.disk) if watch else (0.0, 0.0, 0.0)
    return Cost(wall, usage.ru_utime + usage.ru_stime, *peaks, text)


class _Watch:
    """Samples the memory of a process tree in a thread until told to stop."""

    def __init__(self, pid: int, interval: float, folder: Path | None) -> None:
        self.pid = pid
        self.interval = interval
        self.folder = folder
        self.peak = self.private = self.disk = 0.0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        rounds = max(1, round(DISK_INTERVAL / self.interval))
        number = 0
        while not self._end.wait(self.interval):
            number += 1
            if self.folder is not None and number % rounds == 0:
                self.disk = max(self.disk, disk_use(self.folder))
            total, private = tree_memory(self.pid)
            self.peak, self.private = max(self.peak, total), max(self.private, private)

    def stop(self) -> None:
        """Look no more."""
        self._end.set()
        self._thread.join()


def tree_memory(pid: int) -> tuple[float, float]:
    """Return PSS and anonymous PSS of a process and its descendants, in MiB; 0 where they are gone."""
    total = private = 0
    for member in descendants(pid):
        try:
            lines = Path(f"/proc/{member}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        found = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.startswith("Pss")}
        total += found.get("Pss", 0)
        private += found.get("Pss_Anon", 0)
    return total / 1024, private / 1024


def descendants(pid: int) -> list[int]:
    """Return the process and all below it that live now."""
    members, fresh = [pid], [pid]
    while fresh:
        found = []
        for member in fresh:
            for children in Path(f"/proc/{member}/task").glob("*/children"):
                try:
                    found += [int(child) for child in children.read_text().split()]
                except OSError:
                    continue
        members += found
        fresh = found
    return members


def disk_use(folder: Path) -> float:
    """Return the MiB that a folder's files take now; files that vanish meanwhile don't count."""
    total, pending = 0, [folder]
    while pending:
        try:
            entries = list(os.scandir(pending.pop()))
        except OSError:
            continue
        for entry in entries:
            try:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(Path(entry.path))
                else:
                    total += entry.stat(follow_symlinks=False).st_blocks * 512
            except OSError:
                continue
    return total / MIB
