"""Builds that work on what changed alone: what a build keeps of itself, and how the next one goes on from there.

The result is the full build's, byte for byte; what can't be known to be is left to a full build (`TakesFullBuild`).
"""

from __future__ import annotations

from byline.core.options import Options
from byline.pipeline.incremental import kept


def may_go_on(options: Options) -> bool:
    """Tell whether the build before left anything: a quick look before workers are started for a full build."""
    return (options.cache / kept.FOLDER / kept.HEAD).exists()
