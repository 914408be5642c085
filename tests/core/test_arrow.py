"""Texts and lists are the same whether Python or Arrow makes them; which it is depends on how many there are."""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from byline.core import arrow


@pytest.fixture(params=[0, arrow.FEW], ids=["arrow", "python"])
def few(request, monkeypatch):
    monkeypatch.setattr(arrow, "FEW", request.param)


TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), min_size=1, max_size=20)


def numbers(*given: int) -> np.ndarray:
    return np.array(given, dtype=np.int64)


def test_stretches_of_bytes_become_texts(few):
    data = "aé|ß∑|".encode()
    found = arrow.stretches(data, numbers(0, 4), numbers(3, 9))
    assert found.to_list() == ["aé", "ß∑"]
    assert found.dtype == pl.String


def test_values_become_lists_also_empty_ones(few):
    found = arrow.lists(pl.Series(["a", "b", "c"]), numbers(0, 2, 2, 3))
    assert found.cast(pl.List(pl.String)).to_list() == [["a", "b"], [], ["c"]]


@given(TEXTS)
def test_python_and_arrow_agree(texts):
    data = "".join(texts).encode()
    ends = np.cumsum([len(text.encode()) for text in texts])
    start = np.concatenate([[0], ends[:-1]])
    made = []
    for few in (0, 100):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(arrow, "FEW", few)
            codes, distinct = arrow.coded(pl.Series(texts))
            made.append((arrow.stretches(data, start, ends).to_list(), codes.tolist(), distinct))
    assert made[0] == made[1]
    assert made[0][0] == texts
    assert [made[0][2][code] for code in made[0][1]] == texts


@given(st.lists(st.none() | st.lists(st.none() | st.text(max_size=3), max_size=3), max_size=9), st.data())
def test_narrow_offsets_say_what_a_cast_says(rows, data):
    start = data.draw(st.integers(0, len(rows)))
    words = [None if row is None else "".join(word or "" for word in row) for row in rows]
    frame = pl.DataFrame({"words": words, "lists": rows}, {"words": pl.String, "lists": pl.List(pl.String)})
    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest()).combine_chunks().slice(start)
    schema = pa.schema(
        [pa.field("words", pa.string()), pa.field("lists", pa.list_(pa.field("element", pa.string())))]
    )
    for whole in (table, pa.concat_tables([table, table]), table.slice(len(rows))):
        narrowed = arrow.with_schema(whole, schema)
        narrowed.validate(full=True)
        assert narrowed.equals(whole.cast(schema))
