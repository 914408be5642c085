"""JSON of a known shape, and messages that name the place that is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from byline.core.errors import DataError
from byline.core.shapes import shaped
from byline.snapshots import history
from byline.snapshots.history import Entry
from byline.snapshots.manifest import Document, Input, Manifest

LINE: dict[str, Any] = {"when": "2026-01-02T03:04:05Z", "snapshot": "a", "previous": None, "kind": "build"}
FILE: dict[str, Any] = {"path": "datapackage.json", "sha256": "0", "bytes": 3}


def test_a_shape_is_read_and_what_is_not_said_has_its_default():
    assert shaped(LINE, Entry) == Entry(**LINE)
    assert shaped(FILE, Document) == Document(**FILE)


def test_what_a_newer_byline_adds_is_left_alone():
    assert shaped({**LINE, "weather": "fine"}, Entry) == Entry(**LINE)


@pytest.mark.parametrize(
    ("data", "shape", "place"),
    [
        ([], Entry, "dictionary"),
        ({**LINE, "when": 5}, Entry, "when: "),
        ({**LINE, "counts": {"papers": -1}}, Entry, "counts.papers: "),
        ({**LINE, "warnings": ["x", None]}, Entry, r"warnings\.1: "),
        ({**FILE, "bytes": True}, Document, "bytes: "),
        ({**FILE, "bytes": 1.0}, Document, "bytes: "),
        ({**FILE, "bytes": "3"}, Document, "bytes: "),
        ({**FILE, "bytes": -1}, Document, "bytes: .* greater than or equal to 0"),
        ({"path": "a", "sha256": "0", "bytes": 1}, Input, "records: "),
        ({"contract_version": "2.0"}, Manifest, "code_version: "),
    ],
)
def test_another_shape_is_told_with_its_place(data: Any, shape: Any, place: str):
    with pytest.raises(ValueError, match=place):
        shaped(data, shape)


def test_a_line_of_the_log_of_another_shape_is_told_with_file_line_and_place(tmp_path):
    (tmp_path / "history").mkdir()
    good = Entry(**LINE).to_json()
    (tmp_path / "history" / "log.jsonl").write_text(f"{good}\n{good.replace('null', '7')}\n")
    with pytest.raises(DataError, match=r"log\.jsonl:2: .*previous: "):
        history.log(tmp_path)
