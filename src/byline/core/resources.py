"""The word lists and tables in `byline/resources`: one way to read them for everybody.

A list is UTF-8 text, one entry a line; lines that begin with `#` and empty ones are remarks. A table is a list whose
entries have several columns, parted by tabs.
"""

from __future__ import annotations

from importlib.resources import files


def text(name: str) -> str:
    """Return a resource (its path below `resources`, with slashes) as text."""
    return (files("byline") / "resources" / name).read_text(encoding="utf-8")


def data(name: str) -> bytes:
    """Return a resource as bytes."""
    return (files("byline") / "resources" / name).read_bytes()


def lines(name: str) -> list[str]:
    """Return the entries of a word list, in order, as they stand."""
    return [line for line in text(name).splitlines() if line.strip() and not line.startswith("#")]


def table(name: str) -> list[tuple[str, ...]]:
    """Return the rows of a table, in order; every row has as many columns as the first."""
    return [tuple(line.split("\t")) for line in lines(name)]


def pairs(name: str) -> dict[str, str]:
    """Return a table of two columns as a mapping."""
    return dict(line.split("\t", 1) for line in lines(name))
