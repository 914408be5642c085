"""What the models share: how a column is declared, the checks that recur, and what a table is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from schemas._pandera import PolarsData, pa

CONTRACT_VERSION = "1.0"
"""Renaming or dropping a column, or changing what it means, takes a new number."""

ID_PATTERN = r"^[0-9a-f]{20}$"
"""Ids are 20 lower-case hexadecimal digits."""

STRINGS = {"inner": pl.String}


def column(description: str, *, example: object, unit: str | None = None, **checks: Any) -> Any:
    """Declare a column: what it says, an example, its unit if it has one, and Pandera's own field checks."""
    return pa.Field(description=description, metadata={"example": example, "unit": unit}, **checks)


def id_column(description: str, **checks: Any) -> Any:
    """Declare a column that holds ids of 20 hexadecimal digits."""
    return column(description, example="0f1e2d3c4b5a69788796", str_matches=ID_PATTERN, **checks)


class Model(pa.DataFrameModel):
    """Base of the models: columns in the order declared, no others, no silent casts."""

    class Config:
        """Pandera's settings."""

        strict = True
        ordered = True
        coerce = False


def is_nfc(data: PolarsData) -> pl.LazyFrame:
    """Tell which texts are in Unicode normalization form C and not blank."""
    text = pl.col(data.key)
    plain = text.str.len_bytes() == text.str.len_chars()
    nfc = pl.when(plain).then(pl.lit(True)).otherwise(text.str.normalize("NFC") == text)
    return data.lazyframe.select(nfc & (text.str.strip_chars() != ""))


def items_are_texts(data: PolarsData) -> pl.LazyFrame:
    """Tell which lists hold neither null nor empty texts."""
    items = pl.col(data.key).list.eval(pl.element().fill_null("") != "")
    return data.lazyframe.select(items.list.all())


@dataclass(frozen=True)
class Partition:
    """A Hive partition key: its name, its type and how its value follows from a row."""

    name: str
    dtype: type[pl.DataType]
    description: str
    value: Callable[[], pl.Expr]


@dataclass(frozen=True)
class Table:
    """A published table: its model, its key, the order of its rows and where it is cut into partitions."""

    name: str
    title: str
    model: type[Model]
    key: tuple[str, ...]
    sort: tuple[str, ...]
    partition: Partition | None = None

    def columns(self) -> dict[str, pl.DataType]:
        """Return the columns of the files (without the partition key) with their polars types."""
        schema = self.model.to_schema()
        return {name: _polars_type(col.dtype) for name, col in schema.columns.items()}

    def empty(self) -> pl.DataFrame:
        """Return the table with no rows."""
        return pl.DataFrame(schema=self.columns())

    def column_docs(self) -> dict[str, ColumnDoc]:
        """Return what each column says, for documents that are made from the models."""
        schema = self.model.to_schema()
        return {
            name: ColumnDoc(
                name=name,
                dtype=_polars_type(col.dtype),
                nullable=bool(col.nullable),
                unique=bool(col.unique),
                description=col.description or "",
                unit=(col.metadata or {}).get("unit"),
                example=(col.metadata or {}).get("example"),
                checks=tuple(str(check.error or check.name) for check in col.checks),
            )
            for name, col in schema.columns.items()
        }


@dataclass(frozen=True)
class ColumnDoc:
    """What is declared of one column."""

    name: str
    dtype: pl.DataType
    nullable: bool
    unique: bool
    description: str
    unit: str | None
    example: object
    checks: tuple[str, ...]


def _polars_type(dtype: Any) -> pl.DataType:
    declared: pl.DataType | type[pl.DataType] = dtype.type
    return declared() if isinstance(declared, type) else declared


def published_year() -> pl.Expr:
    """Return the value of the partition key `year` for rows that carry `published`."""
    return pl.col("published").dt.year().cast(pl.Int32)
