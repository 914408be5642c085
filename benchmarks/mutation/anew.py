"""Try faults in what runs when a module is imported (constants, defaults): byline is imported anew for each.

A process that holds only what byline stands on is forked for each fault; the fork imports the module with the fault
from memory, so that no file is touched.
"""

from __future__ import annotations

import ast
import importlib.abc
import importlib.machinery
import os
import resource
import signal
import sys
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from types import CodeType, ModuleType
from typing import TYPE_CHECKING

from benchmarks.mutation.inside import KILLED, SURVIVED, Inside, Trial

if TYPE_CHECKING:
    import pytest

FOLDERS = ("src", "schemas", "flows")
IMPORTS = 10
"""Seconds of processor time beside those of the tests: byline and the tests are imported anew."""
WAITING = 10.0
"""Times what they may compute that tests may take: who waits for ever computes nothing."""


def module_name(path: str) -> str:
    """Return the name by which a file below `src`, `schemas` or `flows` is imported."""
    parts = Path(path).with_suffix("").parts[1:]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


class Faulty(importlib.abc.MetaPathFinder):
    """Finds one module, and gives it other code."""

    def __init__(self, name: str, code: CodeType) -> None:
        """`code` runs in place of what the file of the module of that name holds."""
        self.name, self.code = name, code

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Find the module where it lies, and load the other code for it."""
        if fullname != self.name:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        assert spec is not None
        assert spec.origin is not None
        spec.loader = _Loader(fullname, spec.origin, self.code)
        return spec


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, code: CodeType) -> None:
        super().__init__(name, path)
        self.code = code

    def get_code(self, fullname: str) -> CodeType | None:
        return self.code


def serve(pipe: Connection, root: str) -> None:
    """Answer trials until None comes; each in a fork of this process."""
    import hypothesis  # noqa: F401 - these stay in memory for all forks
    import numpy  # noqa: F401
    import pandera.polars  # noqa: F401
    import polars  # noqa: F401
    import pyarrow.parquet  # noqa: F401
    import pytest  # noqa: F401

    os.chdir(root)
    pipe.send(0)
    while (trial := pipe.recv()) is not None:
        pipe.send((KILLED if _fails(trial, root) else SURVIVED, ""))


def _fails(trial: Trial, root: str) -> bool:
    """Tell whether one of the tests fails, or all take too much processor time, in a fork of this process."""
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        resource.setrlimit(resource.RLIMIT_CPU, (round(trial.seconds) + IMPORTS, resource.RLIM_INFINITY))
        os._exit(_run(trial, root))
    deadline = time.monotonic() + WAITING * (trial.seconds + IMPORTS)
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status != 0
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def _run(trial: Trial, root: str) -> int:
    import pytest

    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    sys.path[:0] = [root]
    code = compile(trial.tree, str(Path(root) / trial.path), "exec", dont_inherit=True)
    sys.meta_path.insert(0, Faulty(module_name(trial.path), code))
    options = ["-x", "-q", "-n", "0", "-p", "no:cacheprovider"]
    files = list(dict.fromkeys(test.partition("::")[0] for test in trial.tests))
    ended = int(pytest.main([*files, *options], plugins=[_Settings(trial.tests)]))
    return 0 if ended == int(pytest.ExitCode.NO_TESTS_COLLECTED) else ended


class _Settings:
    """The settings of Hypothesis that trials have; of all tests of the files only those of a trial, in its order."""

    def __init__(self, tests: Sequence[str]) -> None:
        self.place = {test: place for place, test in enumerate(tests)}

    pytest_configure = Inside.pytest_configure

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep those that are asked for; a test that is gone since its lines were looked at is passed over."""
        items[:] = sorted(
            (item for item in items if item.nodeid in self.place), key=lambda item: self.place[item.nodeid]
        )


def nothing(path: str, root: str) -> ast.Module:
    """Return a module's tree without a fault, to see that tests pass in the same way."""
    return ast.parse((Path(root) / path).read_text("utf-8"))
