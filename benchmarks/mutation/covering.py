"""Which tests run which line: pytest with coverage, one context a test and one a shared fixture.

`python -m benchmarks.mutation.covering OUT MODULES PYTEST-ARGUMENTS…` writes `OUT`: seconds by test and by shared
fixture, shared fixtures by test, tests by file and line, and the texts of the files. A fixture of a module or the
session runs once; its lines count for every test that asks for it. `MODULES`: patterns of files, separated as folders
in PATH are.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FIXTURE = "fixture "


class Contexts:
    """Tells coverage whose lines are running, and keeps the processor's seconds of tests and of shared fixtures."""

    def __init__(self, covered: Any) -> None:  # noqa: ANN401 - coverage's own class is untyped here
        """`covered` is the running `coverage.Coverage`."""
        self.covered = covered
        self.seconds: dict[str, float] = defaultdict(float)
        self.fixture_seconds: dict[str, float] = defaultdict(float)
        self.fixtures: dict[str, list[str]] = {}
        self.failed: set[str] = set()
        self._stack = [""]
        self._shared = 0.0
        """Seconds of shared fixtures that the running test was the first to ask for."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Lines of a test are its own."""
        self.fixtures[item.nodeid] = list(getattr(item, "fixturenames", []))
        self._stack = [item.nodeid]
        self._shared = 0.0
        self.covered.switch_context(item.nodeid)
        begun = time.process_time()
        result = yield
        self.seconds[item.nodeid] = max(0.0, time.process_time() - begun - self._shared)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Iterator[None]:
        """Lines and seconds of a shared fixture belong to all who ask for it."""
        if fixturedef.scope == "function":
            return (yield)
        self._stack.append(FIXTURE + fixturedef.argname)
        self.covered.switch_context(self._stack[-1])
        begun, within = time.process_time(), self._shared
        try:
            return (yield)
        finally:
            took = time.process_time() - begun
            self.fixture_seconds[fixturedef.argname] = took - (self._shared - within)
            self._shared = within + took
            self._stack.pop()
            self.covered.switch_context(self._stack[-1])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep whether a test fails by itself."""
        if report.failed or report.skipped:
            self.failed.add(report.nodeid)

    def tests_of(self, context: str) -> list[str]:
        """Return the tests that a context stands for."""
        if not context.startswith(FIXTURE):
            return [context] if context in self.fixtures else []
        name = context.removeprefix(FIXTURE)
        return [test for test, names in self.fixtures.items() if name in names]


def main(arguments: list[str]) -> int:
    """Run pytest under coverage of some files; write what was found."""
    import coverage

    out, modules, *rest = arguments
    root = Path.cwd()
    covered = coverage.Coverage(
        data_file=None, include=[str(root / one) for one in modules.split(os.pathsep)], config_file=False
    )
    covered.start()
    contexts = Contexts(covered)
    code = pytest.main([*rest, "-q", "-n", "0", "-p", "no:cacheprovider"], plugins=[contexts])
    covered.stop()
    data = covered.get_data()
    lines: dict[str, dict[int, list[str]]] = {}
    for path in data.measured_files():
        by_line = data.contexts_by_lineno(path)
        lines[str(Path(path).relative_to(root))] = {
            line: sorted({test for name in names for test in contexts.tests_of(name)} - contexts.failed)
            for line, names in by_line.items()
        }
    shared = {
        test: [name for name in names if name in contexts.fixture_seconds]
        for test, names in contexts.fixtures.items()
    }
    found = {
        "seconds": contexts.seconds,
        "fixtures": contexts.fixture_seconds,
        "shared": shared,
        "lines": lines,
        "texts": {path: (root / path).read_text("utf-8") for path in lines},
    }
    Path(out).write_text(json.dumps(found))
    return int(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
