"""What a build tells while it runs. Front ends show it as they like: a bar, log lines, nothing."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Protocol


class Progress(Protocol):
    """Listens to a build."""

    def stage(self, name: str, doing: str) -> None:
        """A stage begins."""

    def expect(self, name: str, tasks: int) -> None:
        """That many tasks of the stage have been handed out."""

    def advance(self, name: str) -> None:
        """A task of the stage is done."""

    def close(self) -> None:
        """The build is over."""


class Silence:
    """Shows nothing."""

    def stage(self, name: str, doing: str) -> None:
        """Show nothing."""

    def expect(self, name: str, tasks: int) -> None:
        """Show nothing."""

    def advance(self, name: str) -> None:
        """Show nothing."""

    def close(self) -> None:
        """Show nothing."""


class Stopwatch(AbstractContextManager["Stopwatch"]):
    """Measures the seconds that each stage took."""

    def __init__(self) -> None:
        """Start with no stage."""
        self.seconds: dict[str, float] = {}
        self._name: str | None = None
        self._since = 0.0

    def begin(self, name: str) -> None:
        """End the stage that runs, begin the next."""
        self._end()
        self._name, self._since = name, time.perf_counter()

    def _end(self) -> None:
        if self._name is not None:
            self.seconds[self._name] = time.perf_counter() - self._since
        self._name = None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()
