"""How often Python looks for cycles of objects that nothing else holds."""

from __future__ import annotations

import gc

OBJECTS = 50_000
"""New containers, less those freed, at which Python looks for cycles among them; it would at 700.

Imports alone make some 200,000 that stay. To go through them again and again took 0.1 s of every command, 2 % of a
build of 20,000 cards; how much memory a build takes is the same, since frames are no part of cycles.
"""


def seldom() -> None:
    """Let this process, which is ours alone, look for cycles seldom; best before it imports much."""
    gc.set_threshold(OBJECTS)
