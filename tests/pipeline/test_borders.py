"""At the borders between stages a frame comes through whole, or the build says what is wrong with it."""

from __future__ import annotations

import polars as pl
import pytest

from byline.core.errors import DataError
from byline.pipeline.checked import checked
from byline_schemas import AUTHORSHIPS, TABLES

ID = "0123456789abcdef0123"
GOOD = {
    "paper_id": [ID, ID], "position": [1, 2], "author_id": [ID, ID],
    "name_as_listed": ["Ada Lovelane", "Alan Turinger"], "source": ["listed", "arxiv"], "is_last": [False, True],
    "identity_confidence": [0.5, 1.0],
}  # fmt: skip


def frame(**changed: list[object]) -> pl.DataFrame:
    return pl.DataFrame({**GOOD, **changed}, schema=AUTHORSHIPS.columns())


def test_a_sound_frame_comes_out_as_it_went_in():
    assert checked(AUTHORSHIPS, frame(), "here").equals(frame())


def test_all_failures_are_reported_at_once():
    bad = frame(position=[0, 2], identity_confidence=[0.5, 1.5], name_as_listed=["", "Alan Turinger"])
    with pytest.raises(DataError) as failed:
        checked(AUTHORSHIPS, bad, "here")
    message = str(failed.value)
    assert "position" in message
    assert "identity_confidence" in message
    assert "name_as_listed" in message


def test_bad_data_cannot_pass_as_a_lazy_frame():
    bad = frame(position=[0, 0]).lazy()
    AUTHORSHIPS.model.validate(bad)  # Pandera looks at a LazyFrame's schema only …
    with pytest.raises(TypeError, match="collect"):
        checked(AUTHORSHIPS, bad, "here")  # type: ignore[arg-type]  # … so what is checked here must be collected


@pytest.mark.parametrize("name", TABLES)
def test_an_empty_table_satisfies_its_model(name):
    assert checked(TABLES[name], TABLES[name].empty(), name).is_empty()


@pytest.mark.parametrize("name", TABLES)
def test_every_column_says_what_it_holds(name):
    for column in TABLES[name].column_docs().values():
        assert column.description.endswith((".", ".)"))
        assert column.example is not None
