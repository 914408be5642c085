"""What holds where nobody says otherwise: the options of a build, its result, and how much memory-bound code takes."""

from __future__ import annotations

import dataclasses
import json
import logging
from pathlib import Path

import polars as pl
import pytest

from byline.core import options
from byline.core.hashing import hash64, hash_one
from byline.core.logs import JsonLines
from byline.core.options import Options
from byline.core.result import Result
from byline.core.sorted_arrays import firsts, look_up, pair_keys
from byline.core.union import components


def test_a_build_does_nothing_special_unless_told():
    asked = Options(Path("raw"), Path("out"))
    said = {field.name: getattr(asked, field.name) for field in dataclasses.fields(asked)}
    given = {name for name, value in said.items() if value}
    assert given == {"raw", "out", "engine", "slice_bytes", "incremental"}
    assert (asked.engine, asked.slice_bytes) == ("local", 16_777_216)


def test_a_result_counts_nothing_by_itself():
    result = Result("s", None, up_to_date=False)
    said = {field.name: getattr(result, field.name) for field in dataclasses.fields(result)}
    assert {name for name, value in said.items() if value} == {"snapshot_id"}


@pytest.mark.parametrize(
    ("said", "path", "address"),
    [
        ("raw", "raw", None),
        ("file:///a%20b", "/a b", None),
        ("s3://bucket/raw", "s3://bucket/raw", "s3://bucket/raw"),
    ],
)
def test_folders_and_addresses_are_told_apart(said, path, address):
    asked = Options.at(said, said)
    assert (asked.raw, asked.out) == (Path(path), Path(path))
    assert (asked.raw_url, asked.out_url) == (address, address)
    assert options.is_address(said) is (address is not None)


def test_decisions_lie_beside_the_raw_folder_and_all_paths_hold_from_anywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    asked = Options(Path("data/raw"), Path("out"), files=(Path("a.txt"),), arxiv=Path("x.json"))
    assert asked.curated_folder == tmp_path / "data/curated"
    assert Options(Path("raw"), Path("out"), curated=Path("c")).curated_folder == Path("c")
    assert asked.cache == Path("out/.cache")
    assert asked.seen_by_all() == (Path("data/raw"), Path("out"), Path("x.json"))
    assert Options(Path("raw"), Path("out")).seen_by_all() == (Path("raw"), Path("out"))
    whole = asked.absolute()
    assert (whole.raw, whole.out, whole.files) == (
        tmp_path / "data/raw",
        tmp_path / "out",
        (tmp_path / "a.txt",),
    )
    assert (whole.curated, whole.ror, whole.arxiv) == (None, None, tmp_path / "x.json")


def test_a_log_line_holds_what_was_given_beside_the_message_and_nothing_else():
    given = {"name": "byline", "levelname": "INFO", "msg": "read %s", "args": ("a",), "files": 3}
    record = logging.makeLogRecord(given)
    said = json.loads(JsonLines().format(record))
    assert said.keys() == {"time", "level", "logger", "message", "files"}
    assert (said["level"], said["logger"], said["message"], said["files"]) == ("info", "byline", "read a", 3)


@pytest.mark.parametrize("texts", [[], [None], [None, None], [""], ["", None, "ß"]])
def test_columns_of_nothing_hash_as_their_texts_do(texts):
    found = hash64(pl.Series(texts, dtype=pl.String), "name").tolist()
    assert found == [0 if text is None else hash_one(text, "name") for text in texts]


def test_components_are_named_by_their_smallest_item():
    assert components([("b", "a"), ("c", "b"), ("x", "y")]) == {
        "a": "a",
        "b": "a",
        "c": "a",
        "x": "x",
        "y": "x",
    }
    assert components([(3, 2), (5, 4), (4, 3)]) == dict.fromkeys((2, 3, 4, 5), 2)
    assert components([]) == {}


def test_numbers_are_looked_up_in_sorted_arrays():
    keys = pl.Series([2, 5, 9]).to_numpy()
    at, known = look_up(keys, pl.Series([5, 1, 9, 10]).to_numpy())
    assert known.tolist() == [True, False, True, False]
    assert keys[at[known]].tolist() == [5, 9]
    nowhere, unknown = look_up(keys[:0], keys)
    assert (nowhere.tolist(), unknown.tolist()) == ([0, 0, 0], [False] * 3)
    runs = pl.Series([1, 1, 2, 2, 2, 1]).to_numpy()
    assert firsts(runs).tolist() == [True, False, True, False, False, True]
    assert firsts(runs[:0]).tolist() == []
    assert pair_keys(keys, keys[::-1], 10).tolist() == [29, 55, 29]
