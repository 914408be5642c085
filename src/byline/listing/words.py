"""The word lists of the listing parser, read once from `resources/listing/`."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files


def _lines(name: str) -> list[str]:
    text = (files("byline") / "resources" / "listing" / name).read_text("utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


@cache
def codes() -> str:
    """Return a pattern of the known category codes in lower case."""
    return "|".join(sorted(map(re.escape, _lines("codes.txt")), key=lambda code: (-len(code), code)))


@cache
def badges() -> tuple[str, ...]:
    """Return the known badges, the longest first."""
    return tuple(sorted(_lines("badges.txt"), key=lambda badge: (-len(badge), badge)))


@cache
def furniture() -> dict[str, str]:
    """Return one pattern a kind of page furniture (`end`, `tail`, `weak`), each for a whole line."""
    kinds: dict[str, list[str]] = {}
    for line in _lines("furniture.txt"):
        if line.startswith("[") and line.endswith("]") and line[1:-1].isalpha():
            current = kinds.setdefault(line[1:-1], [])
        else:
            current.append(line)
    return {kind: rf"(?i)^(?:{'|'.join(patterns)})$" for kind, patterns in kinds.items()}
