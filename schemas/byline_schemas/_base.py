"""What the models share: how a column is declared, the checks that recur, and what a table is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl

from byline_schemas._nfc import NOT_NFC
from byline_schemas._pandera import PolarsData, pa, polars_type
from byline_schemas._quick import Asked, surely_sound

CONTRACT_VERSION = "2.0"
"""Renaming or dropping a column, or changing what it means, takes a new number."""

ID_PATTERN = r"^[0-9a-f]{20}$"
"""Ids are 20 lower-case hexadecimal digits."""

STRINGS = {"inner": pl.String}
PRECISIONS = ["day", "month", "year", "none"]
"""How exactly a page dates a paper; `none` where it does not."""
FORM_PATTERN = r"^[a-z][a-z0-9_]*$"
ARXIV_PATTERN = r"^(\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?/\d{7})$"
"""arXiv's identifiers since April 2007 (`2310.01234`) and before (`hep-th/9901001`), without version."""
DOI_PATTERN = r"^10\.\d{4,9}(\.\d+)*/[^\sA-Z]+$"
"""A registrant's prefix and a suffix (DOI Handbook, 2.2), in lower case: DOIs are compared without case."""


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


def judged(data: PolarsData, sound: pl.Expr) -> pl.LazyFrame:
    """Return the verdict on every row, computed once: Pandera collects what a check returns four times."""
    return data.lazyframe.select(sound).collect().lazy()


def is_nfc(data: PolarsData) -> pl.LazyFrame:
    """Tell which texts are in Unicode normalization form C and not blank."""
    if isinstance(data.lazyframe, Asked):
        return judged(data, pl.col(data.key).map_batches(_sound_texts, return_dtype=pl.Boolean))
    text = data.lazyframe.select(data.key).collect().to_series()
    return pl.LazyFrame({data.key: _sound_texts(text)})


def _sound_texts(text: pl.Series) -> pl.Series:
    """Tell which texts are in normalization form C and not blank, or null.

    Normalizing is the most expensive check of all: texts that can't change are left out, and gathered, since polars
    looks at what lies under a null, too.
    """
    sound = text.is_null() | (text.str.slice(0, 256).str.strip_chars() != "")
    beyond_ascii = (text.str.len_bytes() > text.str.len_chars()).fill_null(value=False).arg_true()
    if beyond_ascii.is_empty():
        return sound
    some = text.gather(beyond_ascii)
    may_change = some.str.contains(NOT_NFC)
    rest = some.filter(may_change)
    changed = beyond_ascii.filter(may_change).filter(rest.str.normalize("NFC") != rest)
    return sound.scatter(changed, False)


def items_are_texts(data: PolarsData) -> pl.LazyFrame:
    """Tell which lists hold neither null nor empty texts."""
    items = pl.col(data.key).list.eval(pl.element().fill_null("") != "")
    return judged(data, items.list.all())


def items_rise(data: PolarsData) -> pl.LazyFrame:
    """Tell which lists are not empty, sorted and without repetition; a list of one needs no look."""
    items = pl.col(data.key)
    several = pl.when(items.list.len() > 1).then(items)
    sound = (several == several.list.unique().list.sort()).fill_null(True)  # null: a list of one
    return judged(data, sound & (items.list.len() > 0))


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

    def validate(self, rows: pl.DataFrame) -> None:
        """Return when rows satisfy the model. Raises `SchemaErrors` with all that is wrong, in Pandera's words."""
        if not surely_sound(self.model, rows):
            self.model.validate(rows, lazy=True)

    def columns(self) -> dict[str, pl.DataType]:
        """Return the columns of the files (without the partition key) with their polars types."""
        return dict(_columns(self.model))

    def empty(self) -> pl.DataFrame:
        """Return the table with no rows."""
        return pl.DataFrame(schema=self.columns())

    def column_docs(self) -> dict[str, ColumnDoc]:
        """Return what each column says, for documents that are made from the models."""
        schema = self.model.to_schema()
        return {
            name: ColumnDoc(
                name=name,
                dtype=polars_type(col),
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


@cache
def _columns(model: type[Model]) -> dict[str, pl.DataType]:
    """Return the columns of a model: Pandera copies all of a schema whenever it is asked for one."""
    return {name: polars_type(column) for name, column in model.to_schema().columns.items()}


def published_year() -> pl.Expr:
    """Return the value of the partition key `year` for rows that carry `published`: 0 where there is no date.

    A null partition can't be read by pandas, and no paper is of the year 0.
    """
    return pl.col("published").dt.year().cast(pl.Int32).fill_null(0)


def dated_as_precise(data: PolarsData) -> pl.LazyFrame:
    """Tell which rows have a date exactly where `published_precision` is not `none`, on the first day it means."""
    day, precision = pl.col("published"), pl.col("published_precision")
    first = (
        pl.when(precision == "month")
        .then(day.dt.day() == 1)
        .when(precision == "year")
        .then((day.dt.day() == 1) & (day.dt.month() == 1))
        .otherwise(pl.lit(value=True))
    )
    return judged(data, (day.is_null() == (precision == "none")) & first.fill_null(value=True))
