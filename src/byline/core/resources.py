"""The word lists and tables in `byline/resources`: one way to read them for everybody.

A list is UTF-8 text, one entry a line; lines that begin with `#` and empty ones are remarks. A table is a list whose
entries have several columns, parted by tabs.

People may add entries of their own (`byline.decisions.lists`). What was added holds for what runs inside `added`:
whoever keeps something that was made of a list that people may add to keeps it with `kept`, which tells additions
apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from importlib.resources import files
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Additions:
    """Entries that people added, by list (its path below `resources`), in the list's own form.

    `key` names the content: equal keys, equal entries. It is empty when nothing was added.
    """

    key: str = ""
    entries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


_holding: ContextVar[Additions] = ContextVar("additions", default=Additions())  # noqa: B039 - frozen, and never changed


@contextmanager
def added(additions: Additions) -> Iterator[None]:
    """Let these additions hold for what runs inside, in this thread."""
    before = _holding.set(additions)
    try:
        yield
    finally:
        _holding.reset(before)


def holding() -> Additions:
    """Return the additions that hold here."""
    return _holding.get()


def kept(function: Callable[[], R]) -> Callable[[], R]:
    """Keep what a function without arguments makes of lists, once for each set of additions that holds."""
    made: dict[str, R] = {}

    @wraps(function)
    def wrapper() -> R:
        key = _holding.get().key
        if key not in made:
            made[key] = function()
        return made[key]

    return wrapper


def text(name: str) -> str:
    """Return a resource (its path below `resources`, with slashes) as text."""
    return (files("byline") / "resources" / name).read_text(encoding="utf-8")


def data(name: str) -> bytes:
    """Return a resource as bytes."""
    return (files("byline") / "resources" / name).read_bytes()


def lines(name: str) -> list[str]:
    """Return the entries of a word list, in order, as they stand; what people added comes last."""
    shipped = [line for line in text(name).splitlines() if line.strip() and not line.startswith("#")]
    return [*shipped, *additions(name)]


def additions(name: str) -> tuple[str, ...]:
    """Return what people added to a list."""
    return _holding.get().entries.get(name, ())


def table(name: str) -> list[tuple[str, ...]]:
    """Return the rows of a table, in order; every row has as many columns as the first."""
    return [tuple(line.split("\t")) for line in lines(name)]


def pairs(name: str) -> dict[str, str]:
    """Return a table of two columns as a mapping."""
    return dict(line.split("\t", 1) for line in lines(name))
