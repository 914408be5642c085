"""A quick look at rows: every check of a model in one query, before Pandera is asked.

Pandera puts each check by itself: some 150 small queries for `papers`, 20 ms however few the rows (a build of a small
listing has a dozen such tables), and of many rows still about twice what the checks take. Here the same checks are
asked for the expressions that they would select, once a model, and all of them are put to the rows at once. Rows that
pass all are sound; of others, and where anything about the model or the rows is unusual, nothing is said: Pandera
looks, and words what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import polars as pl

from byline_schemas._pandera import PolarsData, pa, polars_type


@dataclass(frozen=True)
class Asked:
    """Stands for the rows where a check is only asked what it would select of them."""

    sound: pl.Expr | None = None

    def select(self, sound: pl.Expr) -> Asked:
        """Keep the expression."""
        return Asked(sound)

    def collect(self) -> Asked:
        """Return itself: there are no rows."""
        return self

    def lazy(self) -> Asked:
        """Return itself."""
        return self


@dataclass(frozen=True)
class _Plan:
    """The columns that rows must have, in this order, and what must hold of all of them."""

    columns: list[tuple[str, pl.DataType]]
    sound: list[pl.Expr]


def surely_sound(model: type[pa.DataFrameModel], rows: pl.DataFrame) -> bool:
    """Tell whether rows satisfy a model, where a quick look can tell; false says nothing."""
    plan = _plan(model)
    if plan is None or list(rows.schema.items()) != plan.columns:
        return False
    try:
        return all(rows.select(plan.sound).row(0))
    except pl.exceptions.PolarsError:  # Pandera says which check it was
        return False


@cache
def _plan(model: type[pa.DataFrameModel]) -> _Plan | None:
    """Return what a model asks for; null where it asks for something that is not known here."""
    schema = model.to_schema()
    if schema.coerce or schema.parsers or schema.dtype or not (schema.strict and schema.ordered):
        return None
    sound = [_passes(check, "*") for check in schema.checks]
    if schema.unique:
        sound.append(pl.struct(schema.unique).is_duplicated().any().not_())
    for name, column in schema.columns.items():
        if column.regex or column.parsers or column.coerce or not column.required:
            return None
        sound += _column_checks(name, column)
    columns = [(name, polars_type(column)) for name, column in schema.columns.items()]
    return _Plan(columns, [one.alias(str(number)) for number, one in enumerate(sound)])


def _column_checks(name: str, column: pa.Column) -> Iterator[pl.Expr]:
    here = pl.col(name)
    if not column.nullable:
        yield here.is_not_null().all()
        if polars_type(column).is_float():
            yield here.is_not_nan().all()
    if column.unique:
        yield here.is_duplicated().any().not_()
    yield from (_passes(check, name) for check in column.checks)


def _passes(check: pa.Check, name: str) -> pl.Expr:
    """Return whether all rows pass a check; a null says that they do, as Pandera has it, unless the check says not."""
    asked, backend = cast(pl.LazyFrame, Asked()), check.get_backend(pl.LazyFrame())(check)
    said: Any = cast(Any, backend).check_fn(PolarsData(asked, name))
    sound: pl.Expr = said.sound
    return sound.fill_null(bool(check.ignore_na)).all()
