"""Many hashes at once are the hashes of each."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from byline.core import hashing
from byline.core.hashing import hash64, hash_one

TEXTS = st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=12), max_size=30)


@given(texts=TEXTS, kind=st.sampled_from(["name", "term"]))
def test_a_column_hashes_as_its_texts_do(texts, kind):
    expected = [0 if text is None else hash_one(text, kind) for text in texts]
    assert hash64(pl.Series(texts, dtype=pl.String), kind).tolist() == expected


@given(texts=TEXTS, start=st.integers(0, 20), length=st.integers(0, 20))
def test_a_slice_of_a_column_hashes_as_its_texts_do(texts, start, length):
    column = pl.Series(texts, dtype=pl.String)
    whole = hash64(column, "name").tolist()
    assert hash64(column.slice(start), "name").tolist() == whole[start:]
    assert hash64(column.slice(start, length), "name").tolist() == whole[start : start + length]
    data, offsets = hashing.utf8(column.slice(start, length))
    assert len(offsets) == len(whole[start : start + length]) + 1
    assert bytes(data).decode() == "".join(text or "" for text in texts[start : start + length])


@given(texts=TEXTS, letters=st.integers(0, 12))
def test_parts_of_texts_hash_as_texts_of_their_own(texts, letters):
    data, offsets = hashing.utf8(pl.Series(texts, dtype=pl.String))
    starts, ends = offsets[:-1], offsets[1:]
    begin, end = np.maximum(ends - letters, starts), np.minimum(starts + letters, ends)
    heads, tails = hashing.hash_parts(data, starts, ends, [(starts, end, "a"), (begin, ends, "b")])
    for part, kind, hashes in ((starts, "a", heads), (begin, "b", tails)):
        other = end if kind == "a" else ends
        assert (hashes == hashing.hash_spans(data, part, other, kind)).all()


def test_the_size_of_chunks_does_not_show(monkeypatch):
    texts = pl.Series([f"word {n}" * (n % 5) for n in range(500)])
    whole = hash64(texts, "term")
    monkeypatch.setattr(hashing, "CHUNK_BYTES", 7)
    assert (hash64(texts, "term") == whole).all()


def test_hashes_stay_what_they_are():
    """The shipped tables are keyed by them."""
    assert hash_one("lovelane", "name") == 0xC943983E9603D3D8
    assert hash_one("", "name") == 0x06EC8ADB848252F3


def test_hundred_thousand_texts_do_not_clash():
    texts = pl.Series([f"{n:x} {n * 7}" for n in range(100_000)])
    assert len(np.unique(hash64(texts, "term"))) == 100_000
    assert len(np.unique(hash64(texts, "term") & np.uint64(0xFFFFFFFF))) > 99_990
