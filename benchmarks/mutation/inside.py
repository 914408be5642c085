"""Try faults inside one process: the code of a loaded function is replaced, tests run, and it is put back.

pytest collects once; a fault then costs no more than its tests. Functions that other modules hold by name are reached,
too, since the function stays and only what it does is replaced (`function.__code__`). What is kept between calls
(`functools.cache`) is forgotten before and after each fault, and fixtures are made anew for each. A test that fails
under a fault must pass without it in the same process, else the process is not to be trusted any more and ends.
"""

from __future__ import annotations

import ast
import functools
import gc
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

KILLED, SURVIVED, UNSOUND, AT_IMPORT = "killed", "survived", "unsound", "at import"


class TooLongError(BaseException):
    """Raised inside a test that goes on for ever; no handler of the code under test stops it."""


@dataclass(frozen=True)
class Trial:
    """A fault to try: the file, its syntax tree with the fault, the tests in their order, the seconds they may take."""

    path: str
    tree: ast.Module
    tests: tuple[str, ...]
    seconds: float


def codes(code: CodeType) -> Iterator[CodeType]:
    """Yield the code of a module's functions, also of those inside functions and classes."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from codes(constant)


def _key(code: CodeType) -> tuple[str, str, int]:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def functions() -> dict[tuple[str, str, int], list[FunctionType]]:
    """Return all functions that are loaded, by file, qualified name and first line."""
    found: dict[tuple[str, str, int], list[FunctionType]] = {}
    for one in gc.get_objects():
        if isinstance(one, FunctionType):
            found.setdefault(_key(one.__code__), []).append(one)
    return found


def caches() -> list[Any]:
    """Return everything that keeps results between calls (`functools.cache`) of byline's own."""
    kind = type(functools.cache(len))
    return [
        one
        for one in gc.get_objects()
        if type(one) is kind and str(one.__module__).startswith(("byline", "tests"))
    ]


class Planted:
    """Functions of a module whose code is replaced inside a `with`."""

    def __init__(
        self, loaded: dict[tuple[str, str, int], list[FunctionType]], path: str, tree: ast.Module
    ) -> None:
        """Find what differs between the functions that are `loaded` from `path` and those of the tree."""
        self.changes: list[tuple[FunctionType, CodeType, CodeType]] = []
        self.possible = True
        seen: set[tuple[str, str, int]] = set()
        for code in codes(compile(tree, path, "exec", dont_inherit=True)):
            key = _key(code)
            for function in loaded.get(key, ()):
                if function.__code__ != code:
                    same = function.__code__.co_freevars == code.co_freevars
                    self.possible &= same and key not in seen
                    self.changes.append((function, function.__code__, code))
            seen.add(key)
        self.possible &= bool(self.changes)

    def __enter__(self) -> None:
        """Put the fault in."""
        for function, _sound, faulty in self.changes:
            function.__code__ = faulty

    def __exit__(self, *_: object) -> None:
        """Take it out again."""
        for function, sound, _faulty in self.changes:
            function.__code__ = sound


class Inside:
    """A plugin of pytest: instead of running all tests once it answers trials that come through a pipe."""

    def __init__(self, pipe: Connection) -> None:
        """`pipe` gives trials and takes verdicts; None ends it."""
        self.pipe = pipe
        self.unsound = False

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self) -> None:
        """Hypothesis tries the same examples each time, keeps none, and does not look for smaller ones."""
        from hypothesis import Phase, settings

        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("mutants", deadline=None, database=None, derandomize=True, phases=phases)
        settings.load_profile("mutants")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try what comes; the session's own result means nothing."""
        items = {item.nodeid: item for item in session.items}
        loaded, kept = functions(), caches()
        self.pipe.send(len(items))
        while (trial := self.pipe.recv()) is not None:
            self.pipe.send(self._tried(session, trial, items, loaded, kept))
            if self.unsound:
                break
        return True

    def _tried(
        self,
        session: pytest.Session,
        trial: Trial,
        items: dict[str, pytest.Item],
        loaded: dict[tuple[str, str, int], list[FunctionType]],
        kept: Sequence[Any],
    ) -> tuple[str, str]:
        """Return the verdict, and the test that noticed."""
        planted = Planted(loaded, str(Path.cwd() / trial.path), trial.tree)
        if not planted.possible:
            return AT_IMPORT, ""
        tests = [items[name] for name in trial.tests if name in items]
        _forget(kept)
        with planted:
            noticed = _first_failure(session, tests, trial.seconds)
        _forget(kept)
        if noticed is None:
            return SURVIVED, ""
        if _first_failure(session, [noticed], trial.seconds) is not None:
            self.unsound = True
            return UNSOUND, noticed.nodeid
        return KILLED, noticed.nodeid


def _forget(kept: Sequence[Any]) -> None:
    for one in kept:
        one.cache_clear()


def _first_failure(
    session: pytest.Session, tests: Sequence[pytest.Item], seconds: float
) -> pytest.Item | None:
    """Run tests until one fails; return it. All fixtures are gone afterwards."""
    failed = None
    with _Alarm(seconds):
        for number, item in enumerate(tests):
            following = tests[number + 1] if number + 1 < len(tests) else None
            try:
                reports = runtestprotocol(item, log=False, nextitem=following)
            except TooLongError:  # between two tests
                failed = item
                break
            if any(report.failed for report in reports):
                failed = item
                break
    try:
        session._setupstate.teardown_exact(None)
    except Exception:  # what a fault left behind may fail in any way
        failed = failed or (tests[-1] if tests else None)
    return failed


class _Alarm:
    """Raise `TooLongError` in the main thread after so many seconds of processor time: a busy machine is no fault."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __enter__(self) -> None:
        def ring(number: int, frame: FrameType | None) -> None:
            raise TooLongError

        signal.signal(signal.SIGPROF, ring)
        signal.setitimer(signal.ITIMER_PROF, self.seconds, 5.0)

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)


def serve(pipe: Connection, root: str, arguments: Sequence[str]) -> None:
    """Run pytest in this process, with trials from the pipe; what tests print goes nowhere."""
    os.chdir(root)
    sys.path.insert(0, root)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    pytest.main([*arguments, "-q", "-n", "0", "-p", "no:cacheprovider"], plugins=[Inside(pipe)])
    pipe.close()
