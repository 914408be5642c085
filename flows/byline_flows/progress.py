"""Progress of a build in Prefect's UI, and in the terminal of whoever waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.logging import get_run_logger

from byline.core.progress import Progress
from byline.pipeline.order import STAGES
from byline_flows.server import hurried

KEY = "byline-progress"
STEP = 5.0
"""Percent between two updates of the artifact: each is a call to the server."""


class FlowProgress:
    """Tells Prefect what stage runs and how far it is, and hands everything on to another listener."""

    def __init__(self, listener: Progress) -> None:
        """Make the artifact; `listener` draws on a terminal, or does nothing."""
        self._listener = listener
        self._logger = get_run_logger()
        self._stages = {stage.name: number for number, stage in enumerate(STAGES)}
        self._stage, self._doing = "", "starting"
        self._total, self._done = 0, 0
        self._shown = 0.0
        self._artifact = self._create()

    def stage(self, name: str, doing: str) -> None:
        """A stage begins."""
        self._listener.stage(name, doing)
        self._logger.info(doing)
        self._stage, self._doing = name, doing
        self._total, self._done = 0, 0
        self.tell()

    def in_parts(self, lengths: Sequence[int]) -> None:
        """The stage's tasks will come in parts of these lengths."""
        self._total = sum(lengths)
        self._listener.expect(self._stage, self._total)

    def expect(self, name: str, tasks: int) -> None:
        """Do nothing: what a part expects is known from `in_parts`."""

    def advance(self, name: str) -> None:
        """A task of the stage is done; one that is tried again counts once."""
        if self._done < self._total:
            self._done += 1
            self._listener.advance(name)
        self.tell()

    def close(self) -> None:
        """The build is over."""
        self._listener.close()

    def done(self) -> None:
        """The build has come to a good end."""
        self._doing = "done"
        self._update(100.0)

    @property
    def percent(self) -> float:
        """How far the build is, all stages taken for equally long."""
        part = self._done / self._total if self._total else 0.0
        return 100.0 * (self._stages.get(self._stage, 0) + part) / len(self._stages)

    def tell(self) -> None:
        """Bring the artifact up to date when enough has happened."""
        if self.percent - self._shown >= STEP:
            self._update(self.percent)

    def _create(self) -> UUID | None:
        try:
            with hurried():
                made = create_progress_artifact(progress=0.0, key=KEY, description=self._doing)
        except Exception as problem:  # what is shown must not stop what is done
            self._logger.warning("no progress in the UI: %s", problem)
            return None
        return made if isinstance(made, UUID) else None

    def _update(self, percent: float) -> None:
        self._shown = percent
        if self._artifact is None:
            return
        try:
            with hurried():
                update_progress_artifact(self._artifact, progress=round(percent, 1), description=self._doing)
        except Exception as problem:  # what is shown must not stop what is done
            self._logger.warning("the progress in the UI stands still: %s", problem)
            self._artifact = None
