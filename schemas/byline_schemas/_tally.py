"""What the rules between tables are made of: a rule, and what breaks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

SHOWN = 20
"""Failing rows that are reported of one rule; the count says how many there are."""

Scans = Mapping[str, pl.LazyFrame]
"""Tables by name; partitioned ones carry their partition key as a column."""


@dataclass(frozen=True)
class Violation:
    """A row that breaks a rule: table, rule, the row's key, what is wrong, how many rows break it in all."""

    table: str
    rule: str
    key: str
    message: str
    count: int


@dataclass(frozen=True)
class Rule:
    """A named rule about the rows of one table, put to the frame that a pass prepared.

    `broken` is true for rows that break it (null: unbroken); `key` are the columns that name a row,
    `shows` those whose values the report adds.
    """

    table: str
    name: str
    key: tuple[str, ...]
    message: str
    broken: pl.Expr
    shows: tuple[str, ...] = ()


class Tally:
    """Collects violations over passes: the first rows of each rule and the count of all."""

    def __init__(self) -> None:
        """Start with none."""
        self._rows: dict[tuple[str, str], list[Violation]] = {}
        self._counts: dict[tuple[str, str], int] = {}

    def add(self, rules: Sequence[Rule], frame: pl.DataFrame) -> None:
        """Apply rules to the rows of a pass."""
        if frame.is_empty():
            return
        flags = frame.select(
            rule.broken.fill_null(value=False).alias(str(place)) for place, rule in enumerate(rules)
        )
        for place, rule in enumerate(rules):
            flag = flags[str(place)]
            if flag.any():
                self._keep(rule, frame.filter(flag).select(*rule.key, *rule.shows))

    def _keep(self, rule: Rule, bad: pl.DataFrame) -> None:
        name = (rule.table, rule.name)
        self._counts[name] = self._counts.get(name, 0) + bad.height
        known = self._rows.setdefault(name, [])
        for row in bad.sort(rule.key).head(SHOWN - len(known)).iter_rows(named=True):
            key = ", ".join(f"{column}={row[column]}" for column in rule.key)
            values = ", ".join(f"{column}: {row[column]}" for column in rule.shows)
            message = f"{rule.message} ({values})" if values else rule.message
            known.append(Violation(rule.table, rule.name, key, message, 0))

    def violations(self) -> list[Violation]:
        """Return what was found, sorted by table, rule and key, each with the count of its rule."""
        return [
            Violation(row.table, row.rule, row.key, row.message, self._counts[name])
            for name, rows in sorted(self._rows.items())
            for row in sorted(rows, key=lambda row: row.key)
        ]
