"""The quick look at rows says what Pandera says, of every check of every model."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl
import pytest

from byline_schemas import (
    AUTHOR_REDIRECTS,
    LOST_AUTHORS,
    LOST_PAPERS,
    PAPER_REDIRECTS,
    PARSED,
    TABLES,
    SchemaErrors,
    Table,
    _base,
)
from byline_schemas import _quick as quick
from tests.validation import dataset

KEPT = (AUTHOR_REDIRECTS, LOST_AUTHORS, LOST_PAPERS, PAPER_REDIRECTS, PARSED)
ALL = {table.name: table for table in (*TABLES.values(), *KEPT)}
PLACED: dict[str, Any] = {"record_id": "0" * 20, "file_sha256": "0" * 64, "digest": "0" * 20, "byte_end": 900}
SPOILED: dict[str, list[Any]] = {
    "String": [
        None,
        "",
        "  ",
        "e\u0301",
        "\u00e9",
        "day",
        "AB",
        "x y",
        "0" * 20,
        "0" * 64,
        " a",
        "x" * 70_000,
    ],
    "List": [None, [], [""], [None], ["b", "a"], ["a", "a"], ["Code"], ["cs.LG"]],
    "Float": [None, float("nan"), -0.1, 0.0, 1.0, 1.1],
    "Integer": [None, 0, 1, 65_535],
    "Date": [None, date(1999, 1, 1), date(1999, 2, 1), date(1999, 2, 2)],
    "Boolean": [None, False, True],
}


@pytest.fixture(scope="module")
def sound() -> dict[str, pl.DataFrame]:
    """Return a few rows of every table; those that lie beside a snapshot get what each column's example says."""
    made = {name: table.select(*TABLES[name].columns()).head(3) for name, table in dataset.frames(12).items()}
    for table in KEPT:
        said = {name: doc.example for name, doc in table.column_docs().items()} | {
            name: value for name, value in PLACED.items() if name in table.columns()
        }
        rows = pl.DataFrame([said], infer_schema_length=None)
        days = [name for name, kind in table.columns().items() if kind == pl.Date]
        rows = rows.with_columns(pl.col(*days).str.to_date()) if days else rows
        made[table.name] = rows.select(pl.col(name).cast(kind) for name, kind in table.columns().items())
    return made


def kind_of(dtype: pl.DataType) -> str:
    numbers = "Float" if dtype.is_float() else "Integer" if dtype.is_integer() else ""
    return numbers or type(dtype).__name__


def spoiled(table: Table, rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield the rows with one value of the last one changed, and with a column that is another."""
    for name, dtype in table.columns().items():
        if dtype == pl.List(pl.Struct):
            continue
        for value in SPOILED[kind_of(dtype)]:
            if dtype != pl.List(pl.String) and isinstance(value, list):
                continue
            other = pl.Series(name, [value], dtype=dtype)
            yield pl.concat([rows.head(-1), rows.tail(1).with_columns(other)])
    first = rows.columns[0]
    yield from (rows.clear(), pl.concat([rows, rows.tail(1)]), rows.drop(first), rows.rename({first: "x"}))
    yield rows.select(pl.all().exclude(first), first)
    yield rows.with_columns(pl.col(first).cast(pl.Binary if rows.schema[first] == pl.String else pl.Int8))


def passes(table: Table, rows: pl.DataFrame) -> bool:
    try:
        table.model.validate(rows, lazy=True)
    except SchemaErrors:
        return False
    return True


@pytest.mark.parametrize("name", ALL)
def test_every_model_is_known_to_the_quick_look(name, sound):
    plan = quick._plan(ALL[name].model)
    assert plan is not None
    assert len(plan.sound) > len(ALL[name].columns()) / 2
    assert plan.columns == list(ALL[name].columns().items())
    assert quick.surely_sound(ALL[name].model, sound[name]) is passes(ALL[name], sound[name])
    assert quick.surely_sound(ALL[name].model, sound[name].clear())


@pytest.mark.parametrize("name", ["authorships", "author_redirects"])
def test_it_says_what_pandera_says(name, sound):
    agree(ALL[name], sound[name])


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
def test_it_says_what_pandera_says_of_every_table(name, sound):
    agree(ALL[name], sound[name])


def agree(table: Table, rows: pl.DataFrame) -> None:
    said = [(quick.surely_sound(table.model, one), passes(table, one), one) for one in spoiled(table, rows)]
    assert {quickly for quickly, *_ in said} == {True, False}
    assert [one.tail(1).to_dicts() for quickly, slowly, one in said if quickly is not slowly] == []


def test_the_words_of_an_error_are_pandera_s(sound):
    wrong = sound["papers"].with_columns(title=pl.lit("  "), author_count=pl.lit(0, pl.UInt16))
    with pytest.raises(SchemaErrors) as one:
        ALL["papers"].model.validate(wrong, lazy=True)
    with pytest.raises(SchemaErrors) as other:
        ALL["papers"].validate(wrong)
    assert str(other.value) == str(one.value)


def test_of_a_model_that_is_unusual_pandera_says_it():
    papers = ALL["papers"]

    class Coerced(papers.model):  # type: ignore[misc, name-defined]
        class Config(papers.model.Config):  # type: ignore[misc, name-defined]
            coerce = True

    assert quick._plan(Coerced) is None


TEXTS = [None, "plain", "\u00e9", "e\u0301", "  ", "", "\u212b", " " * 256 + "x", " " * 255 + "x", "\u2126m"]


def test_texts_among_many_are_told_by_row_where_they_are_blank_or_not_in_form_c():
    names = pl.Series([*TEXTS, *["plain"] * 20, *reversed(TEXTS)])
    wrong = {"e\u0301", "  ", "", "\u212b", " " * 256 + "x", "\u2126m"}
    assert _base._sound_texts(names).to_list() == [name not in wrong for name in names]
