"""The processes that try faults: started when needed, ended when one hangs or can't be trusted."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from benchmarks.mutation import anew, inside
from benchmarks.mutation.inside import AT_IMPORT, KILLED, UNSOUND, Trial

STARTING = 300.0
"""Seconds in which a process must have collected the tests."""
SPARE = 60.0
"""Seconds beyond those of a trial after which its process is ended."""


class Tester:
    """One process that answers trials, of `inside` or of `anew`."""

    def __init__(self, root: Path, collected: Sequence[str] | None) -> None:
        """`collected`: arguments for pytest of a process that tries inside itself; None for one that forks."""
        self.root, self.collected = root, collected
        self.process: BaseProcess | None = None
        self.pipe: Connection | None = None

    def _start(self) -> Connection:
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe()
        if self.collected is None:
            self.process = context.Process(target=anew.serve, args=(other, str(self.root)))
        else:
            self.process = context.Process(target=inside.serve, args=(other, str(self.root), self.collected))
        self.process.start()
        other.close()
        if not self.pipe.poll(STARTING):
            self.stop()
            raise SystemExit("a process of the tests did not start")
        self.pipe.recv()
        return self.pipe

    def tried(self, trial: Trial) -> tuple[str, str]:
        """Return the verdict on a trial, and the test that noticed; a process that hangs or dies has noticed."""
        pipe = self.pipe or self._start()
        try:
            pipe.send(trial)
            if pipe.poll(2 * anew.WAITING * trial.seconds + SPARE):
                verdict, test = pipe.recv()
                if verdict == UNSOUND:
                    self.stop()
                return str(verdict), str(test)
        except (EOFError, BrokenPipeError, ConnectionResetError):
            pass
        self.stop()
        return KILLED, "the process ended or went on for ever"

    def stop(self) -> None:
        """End the process."""
        if self.process is not None and self.process.pid is not None:
            self.process.kill()
            self.process.join()
        self.process = self.pipe = None


class Testers:
    """Both kinds of processes, for one fault at a time."""

    def __init__(self, root: Path, collected: Sequence[str]) -> None:
        """`collected`: what pytest is told to collect."""
        os.environ.update({"POLARS_MAX_THREADS": "1", "DO_NOT_TRACK": "1"})
        folders = [str(root / name) for name in anew.FOLDERS]
        os.environ["PYTHONPATH"] = os.pathsep.join([*folders, str(root)])
        self.inside, self.anew = Tester(root, collected), Tester(root, None)

    def tried(self, trial: Trial, *, at_import: bool) -> tuple[str, str]:
        """Return the verdict on a trial, and the test that noticed."""
        if not at_import:
            verdict, test = self.inside.tried(trial)
            if verdict == UNSOUND:  # once more, in a process that has seen nothing yet
                verdict, test = self.inside.tried(trial)
            if verdict != AT_IMPORT:
                return verdict, test
        return self.anew.tried(trial)

    def stop(self) -> None:
        """End both."""
        self.inside.stop()
        self.anew.stop()
