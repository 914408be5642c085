"""Progress on a terminal: one bar a stage on standard error."""

from __future__ import annotations

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

WITHIN = {"index": "reading arXiv's metadata", "match": "looking papers up in arXiv's metadata"}
"""What a part of a stage does that has a name of its own."""


class Bars:
    """Shows the stage that runs, and how many of its tasks are done."""

    def __init__(self) -> None:
        """Draw on standard error; what is done disappears."""
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        times = (TimeElapsedColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, *times, console=Console(stderr=True), transient=True)
        self._task: TaskID | None = None

    def stage(self, name: str, doing: str) -> None:
        """Replace the bar."""
        self._progress.start()
        if self._task is not None:
            self._progress.remove_task(self._task)
        self._task = self._progress.add_task(doing, total=None)

    def expect(self, name: str, tasks: int) -> None:
        """Learn the length of the bar."""
        if self._task is not None:
            self._progress.reset(self._task, total=tasks)
            if name in WITHIN:
                self._progress.update(self._task, description=WITHIN[name])

    def advance(self, name: str) -> None:
        """Move the bar."""
        if self._task is not None:
            self._progress.advance(self._task)

    def close(self) -> None:
        """Remove the bar."""
        self._progress.stop()
