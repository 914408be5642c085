"""Rows that are left out of the rules between tables break none: whatever is changed, the same is found without it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from byline_schemas import _evident, integrity
from tests.validation import dataset
from tests.validation.test_report import damaged_tables, scans_of

ROW = 5
CHANGES: list[tuple[str, str, object]] = [
    ("papers", "author_count", 9),
    ("papers", "authors_truncated", True),
    ("papers", "record_count", 7),
    ("papers", "paper_id", "0" * 20),
    ("authorships", "position", 4),
    ("authorships", "paper_id", "0" * 20),
    ("authorships", "author_id", "0" * 20),
    ("authorships", "name_as_listed", "Somebody Else"),
    ("authorships", "year", 1900),
    ("records", "status", "duplicate"),
    ("records", "paper_id", "0" * 20),
    ("paper_affiliations", "position", 3),
    ("paper_affiliations", "paper_id", "0" * 20),
    ("authors", "author_id", "0" * 20),
    ("authors", "aliases", ["Somebody Else"]),
    ("authors", "aliases", []),
    ("authors", "paper_count", 40),
    ("authors", "first_published", date(1901, 2, 3)),
    ("authors", "last_published", None),
    ("author_identifiers", "author_id", "0" * 20),
]
PASSES = [group for group in integrity.PASSES if group.doubtful is not None]


def found(scans: dict[str, pl.LazyFrame], passes: list[integrity.Pass], monkeypatch) -> list[object]:
    monkeypatch.setattr(integrity, "PASSES", tuple(passes))
    return list(integrity.check(scans, [group.name for group in passes]))


def same(scans: dict[str, pl.LazyFrame], monkeypatch) -> list[object]:
    """Return what is found, after a look that the rules find the same where nothing is left out."""
    everything = found(scans, [replace(group, doubtful=None) for group in PASSES], monkeypatch)
    assert found(scans, PASSES, monkeypatch) == everything
    return everything


@pytest.fixture(scope="module")
def sound() -> dict[str, pl.DataFrame]:
    return {name: frame.collect() for name, frame in scans_of(dataset.frames(30, people=40)).items()}


@pytest.mark.parametrize(("table", "column", "value"), CHANGES)
def test_a_row_that_is_changed_is_found(table, column, value, sound, monkeypatch):
    row = min(ROW, sound[table].height - 1)
    changed = sound[table].with_columns(
        pl.when(pl.int_range(pl.len()) == row)
        .then(pl.lit(value, sound[table].schema[column]))
        .otherwise(column)
        .alias(column)
    )
    assert same({**{name: frame.lazy() for name, frame in sound.items()}, table: changed.lazy()}, monkeypatch)


@pytest.mark.parametrize("column", ["position", "is_last"])
def test_where_a_value_is_missing_the_rules_look_themselves(column, sound, monkeypatch):
    some = pl.when(pl.int_range(pl.len()) != ROW).then(column).alias(column)
    scans = {name: frame.lazy() for name, frame in sound.items()}
    scans["authorships"] = sound["authorships"].with_columns(some).lazy()
    same(scans, monkeypatch)
    (tables,) = PASSES[1].cut(scans, 1, None)
    assert _evident.doubtful_papers(tables)["papers"].collect().height == sound["papers"].height


@pytest.mark.parametrize("table", ["papers", "authors", "authorships", "records"])
def test_a_row_that_is_there_twice_or_not_at_all_is_found(table, sound, monkeypatch):
    scans = {name: frame.lazy() for name, frame in sound.items()}
    for other in (
        pl.concat([sound[table], sound[table][ROW : ROW + 1]]),
        sound[table].slice(1),
        sound[table].clear(),
    ):
        assert same({**scans, table: other.lazy()}, monkeypatch)


def test_much_that_is_wrong_is_found(monkeypatch):
    assert len(same(scans_of(damaged_tables()), monkeypatch)) > 20


def test_of_sound_tables_nearly_nothing_is_left(sound):
    scans = {name: frame.lazy() for name, frame in sound.items()}
    for group in PASSES:
        (tables,) = group.cut(scans, 1, None)
        assert group.doubtful is not None
        rest = {name: frame.collect().height for name, frame in group.doubtful(tables).items()}
        first = next(iter(rest))
        several = sound["authors"].filter(pl.col("aliases").list.len() > 1).height
        assert rest[first] <= (several + sound["author_identifiers"].height if first == "authors" else 0)


def test_places_are_told_by_key_and_not_at_all_where_one_stands_twice():
    first, rows = pl.DataFrame({"key": ["b", "a"]}), pl.DataFrame({"key": ["a", "x", "b", None]})
    (at,) = _evident._places([rows], first, "key") or []
    assert at.tolist() == [1, -1, 0, -1]
    assert _evident._places([rows], pl.concat([first, first[:1]]), "key") is None
