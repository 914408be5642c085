"""Validation at the borders between stages: a frame comes out as it went in, or not at all."""

from __future__ import annotations

import polars as pl

from byline.core.errors import DataError
from byline_schemas import SchemaErrors, Table

SHOWN = 5
"""Failing rows that the message shows."""


def checked(table: Table, frame: pl.DataFrame, what: str) -> pl.DataFrame:
    """Return `frame` if it satisfies the table's model.

    `frame` must be collected: Pandera checks only the schema of a LazyFrame. All failures are found at once.
    Raises `DataError` that names the table, the rules, the first failing rows and how many there are.
    """
    if isinstance(frame, pl.LazyFrame):
        raise TypeError("collect the frame first: data in a LazyFrame is not checked")
    try:
        table.validate(frame)
    except SchemaErrors as failed:
        raise DataError(_message(table, frame, failed, what), _WAY_OUT) from None
    return frame


_WAY_OUT = (
    "This is a defect of byline, not of the listing: nothing was published. Please report it with these rows."
)


def _message(table: Table, frame: pl.DataFrame, failed: SchemaErrors, what: str) -> str:
    cases = failed.failure_cases
    lines = [f"{what}: table '{table.name}' breaks {cases.height} check(s)"]
    for case in cases.head(SHOWN).iter_rows(named=True):
        place = _row(table, frame, case.get("index"))
        lines.append(
            f"  {case.get('column') or '(row)'}: {case.get('check')} fails on {case.get('failure_case')!r:.200}{place}"
        )
    if cases.height > SHOWN:
        lines.append(f"  … and {cases.height - SHOWN} more")
    return "\n".join(lines)


def _row(table: Table, frame: pl.DataFrame, index: object) -> str:
    if not isinstance(index, int) or index >= frame.height:
        return ""
    key = {name: frame[name][index] for name in table.key if name in frame.columns}
    return f" in row {index} {key}"
