"""Changes to single rows of a dataset, and to an id wherever it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from byline_schemas import TABLES
from tests.validation.damage import files_of, put

col = pl.col
Where = pl.Expr | bool


@dataclass(frozen=True)
class Edit:
    """A change to the folder of a snapshot, and the table in which it is looked for first."""

    table: str
    change: Callable[[Path], None]

    def __call__(self, folder: Path) -> None:
        self.change(folder)


def row(table: str, where: Where = True, **values: object) -> Edit:
    """Set columns of the first row that fits; a value may be an expression."""

    def do(folder: Path) -> None:
        for path in files_of(folder, table):
            frame = pl.read_parquet(path, hive_partitioning=False)
            hits = frame.select(pl.lit(where) if isinstance(where, bool) else where).to_series()
            if frame.height and hits.any():
                at = pl.int_range(pl.len()) == (hits.arg_max() if hits.len() == frame.height else 0)
                changed = {
                    name: pl.when(at).then(_value(value, frame.schema[name])).otherwise(col(name))
                    for name, value in values.items()
                }
                put(path, frame.with_columns(**changed).select(frame.columns), table)
                return
        raise LookupError(f"no row of {table} fits")

    return Edit(table, do)


def _value(value: object, dtype: pl.DataType) -> pl.Expr:
    return value.cast(dtype) if isinstance(value, pl.Expr) else pl.lit(value, dtype=dtype)


def everywhere(column: str, table: str, where: Where, new: str) -> Edit:
    """Give one id another value in all tables, rows sorted again."""

    def do(folder: Path) -> None:
        whole = pl.concat(pl.read_parquet(path, hive_partitioning=False) for path in files_of(folder, table))
        old = whole.filter(where)[column][0]
        for name in TABLES:
            for path in files_of(folder, name):
                frame = pl.read_parquet(path, hive_partitioning=False)
                if column in frame.columns and (frame[column] == old).any():
                    changed = frame.with_columns(col(column).replace(old, new))
                    put(path, changed.sort(TABLES[name].sort, nulls_last=True), name)

    return Edit(table, do)


def text(table: str, column: str, bad: str, where: Where = True) -> Edit:
    """Put something into the first text of a column that is not null."""
    present = col(column).is_not_null()
    return row(
        table,
        present if isinstance(where, bool) else present & where,
        **{column: pl.concat_str(col(column), pl.lit(bad))},
    )


def of_list(column: str, value: list[str], where: Where = True) -> Edit:
    return row("papers", where, **{column: pl.lit(value, dtype=pl.List(pl.String))})
