"""Rules between tables that are put to some ids find of them what they find of all."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from byline.validation.touched import COLUMNS, touched_agree
from tests.validation import dataset

Frames = dict[str, pl.DataFrame]


def without_first(table: str) -> Callable[[Frames], Frames]:
    return lambda frames: {**frames, table: frames[table].slice(1)}


def wrong(table: str, **columns: pl.Expr) -> Callable[[Frames], Frames]:
    return lambda frames: {**frames, table: frames[table].with_columns(**columns)}


DAMAGE: dict[str, tuple[str, Callable[[Frames], Frames]]] = {
    "papers": ("positions_run_to_author_count", without_first("authorships")),
    "authors": ("has_an_authorship", lambda frames: {**frames, "authorships": frames["authorships"].clear()}),
    "authors' names": (
        "aliases_are_the_names_listed",
        wrong("authors", aliases=pl.concat_list(pl.lit("A. Stranger"), "aliases")),
    ),
    "authors' dates": ("dates_are_the_papers", wrong("authors", last_published=pl.lit(None, pl.Date))),
    "identifiers": ("author_exists", wrong("author_identifiers", author_id=pl.lit("f" * 20))),
    "records": ("quarantined_has_a_reason", without_first("quarantine")),
    "affiliations": ("affiliation_exists", without_first("affiliations")),
}


def ids_of(frames: Frames) -> dict[str, pl.Series]:
    """Return all ids that any table has, by group of rules."""
    return {
        group: pl.concat([frames[name][column] for name in names]).drop_nulls().unique()
        for group, (column, names) in COLUMNS.items()
    }


def test_a_sound_dataset_is_sound_whichever_ids_are_looked_at(tmp_path):
    frames = dataset.frames()
    dataset.snapshot(tmp_path, frames)
    every = ids_of(frames)
    for ids in (every, {group: some.sort().head(1) for group, some in every.items()}):
        assert touched_agree(tmp_path, ids) == []


@pytest.mark.parametrize(("rule", "damage"), DAMAGE.values(), ids=DAMAGE.keys())
def test_what_is_wrong_with_a_touched_id_is_found(tmp_path, rule, damage):
    frames = damage(dataset.frames())
    dataset.snapshot(tmp_path, frames)
    assert rule in {finding.rule for finding in touched_agree(tmp_path, ids_of(frames))}


@pytest.mark.parametrize(("whose", "found"), [("all", True), ("its", True), ("no", False)])
def test_spans_are_asked_of_the_files_whose_records_came_or_went(tmp_path, whose, found):
    frames = dataset.frames()
    name = frames["records"]["source_file"][0]
    torn = pl.when(pl.col("source_file") == name).then(pl.col("byte_start") + 1).otherwise("byte_start")
    dataset.snapshot(tmp_path, wrong("records", byte_start=torn)(frames))
    sources = {"all": None, "its": {name}, "no": set()}[whose]
    rules = {finding.rule for finding in touched_agree(tmp_path, {}, sources)}
    assert ("first_span_starts_at_zero" in rules) is found
