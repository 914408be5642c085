"""How often Python looks for cycles of objects that nothing else holds."""

from __future__ import annotations

import gc

OBJECTS = 250_000
"""New containers, less those freed, at which Python looks for cycles among them; it would at 700.

Imports alone make some 150,000 that stay. To go through them again and again took 0.1 s of every command, 2 % of a
build of 20,000 cards, and a look at each 50,000 still .04 s; how much memory a build takes is the same, since frames
are no part of cycles.
"""


def seldom() -> None:
    """Let this process, which is ours alone, look for cycles seldom; best before it imports much."""
    gc.set_threshold(OBJECTS)


def never_again() -> None:
    """Let the end of this process, which has done its work, look for no cycles: that takes up to 0.15 s.

    Python would look through all that is there to take it apart; the system takes the memory back anyway. Files are
    closed where they are used (`with`), output is flushed, and what asked to be told is (`atexit`), as ever.
    """
    gc.freeze()
