"""Who listens to the builds of this process besides Prefect: the terminal of a person, or nobody."""

from __future__ import annotations

import sys

from byline.core.progress import Progress, Silence

listener: Progress = Silence()
"""Set by `byline_flows.terminal`; a worker's runs have nobody.

Not a parameter of the flow: Prefect keeps parameters as JSON, and a terminal is none.
"""


class Lines:
    """One line a stage on standard error, for terminals that can't draw and for logs."""

    def stage(self, name: str, doing: str) -> None:
        """Say what begins."""
        print(f"  {doing}", file=sys.stderr, flush=True)

    def expect(self, name: str, tasks: int) -> None:
        """Say nothing."""

    def advance(self, name: str) -> None:
        """Say nothing."""

    def close(self) -> None:
        """Say nothing."""
