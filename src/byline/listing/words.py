"""The word lists of the listing parser, read once from `resources/listing/`."""

from __future__ import annotations

import re
from functools import cache

from byline.core import resources


@cache
def codes() -> str:
    """Return a pattern of the known category codes in lower case."""
    return "|".join(
        sorted(map(re.escape, resources.lines("listing/codes.txt")), key=lambda code: (-len(code), code))
    )


@resources.kept
def badges() -> tuple[str, ...]:
    """Return the known badges, the longest first."""
    return tuple(sorted(resources.lines("listing/badges.txt"), key=lambda badge: (-len(badge), badge)))


@resources.kept
def furniture() -> dict[str, str]:
    """Return one pattern a kind of page furniture (`end`, `tail`, `weak`), each for a whole line."""
    kinds: dict[str, list[str]] = {}
    for line in resources.lines("listing/furniture.txt"):
        if line.startswith("[") and line.endswith("]") and line[1:-1].isalpha():
            current = kinds.setdefault(line[1:-1], [])
        else:
            current.append(line)
    return {kind: rf"(?i)^(?:{'|'.join(patterns)})$" for kind, patterns in kinds.items()}
