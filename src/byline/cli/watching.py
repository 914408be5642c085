"""Who hears of a build's progress: a person at a terminal, or nobody."""

from __future__ import annotations

import sys

from byline.core.logs import as_json
from byline.core.progress import Progress, Silence


def for_terminal() -> Progress:
    """Return bars when standard error is a terminal, silence when it is piped or read by a program."""
    if not sys.stderr.isatty() or as_json():
        return Silence()
    from byline.cli.bar import Bars  # what draws takes 20 ms to import, a fiftieth of a small build

    return Bars()
