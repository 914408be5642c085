"""What a rule says of some rows: which of them break it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Verdict:
    """A rule, what it asks for, and the rows of a frame that break it (Boolean, a row each; null: unbroken)."""

    rule: str
    message: str
    broken: pl.Series


def told(frame: pl.DataFrame, *rules: tuple[str, str, pl.Expr]) -> Iterator[Verdict]:
    """Yield the verdicts of rules (name, message, when a row breaks it) that are expressions over the frame."""
    flags = frame.select(broken.alias(str(place)) for place, (_, _, broken) in enumerate(rules))
    for place, (rule, message, _) in enumerate(rules):
        yield Verdict(rule, message, flags[str(place)])
