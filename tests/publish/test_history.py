"""The log of publications: each once, and right at every moment of a switch."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from byline.core.errors import DataError
from byline.snapshots import history
from byline.snapshots.history import Entry


@pytest.fixture
def switched(tmp_path):
    """Return an output folder whose pointer has moved, with the line of that still announced only."""
    entry = Entry("2026-01-02T03:04:05Z", "a", None, "build")
    history.announce(tmp_path, entry, {})
    (tmp_path / "current").symlink_to("snapshots/a")
    return tmp_path, entry


def test_a_switch_is_seen_before_its_line_is_written(switched):
    out, entry = switched
    assert history.log(out) == []
    assert history.entries(out) == [entry]


def test_what_was_announced_and_did_not_happen_is_not_seen(tmp_path):
    history.announce(tmp_path, Entry("2026-01-02T03:04:05Z", "b", "a", "build"), {})
    (tmp_path / "current").symlink_to("snapshots/a")
    assert history.entries(tmp_path) == []
    assert history.recover(tmp_path) is None
    assert history.log(tmp_path) == []


def test_redirects_of_a_switch_that_did_not_happen_are_not_those_of_the_next(tmp_path):
    first, second = (Entry("2026-01-02T03:04:05Z", name, None, "build") for name in "ab")
    one, other = history.REDIRECTS[:2]
    history.announce(tmp_path, first, {one: b"1", other: b"2"})
    history.announce(tmp_path, second, {other: b"3"})
    (tmp_path / "current").symlink_to("snapshots/b")
    stands = [history.standing(tmp_path, place).name for place in (one, other)]
    assert stands == [one.name, "pending-lost-papers.parquet"]
    history.complete(tmp_path, second)
    folder = tmp_path / "history"
    assert {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.parquet")} == {
        other.as_posix(): b"3"
    }


def test_a_log_that_cannot_be_read_is_said_with_a_way_out(switched, monkeypatch):
    def refuse(path: Path, limit: int) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    out, _ = switched
    monkeypatch.setattr("byline.snapshots.history.beneath.read_file", refuse)
    with pytest.raises(DataError, match=r"pending\.json: can't be read \(Permission denied\)"):
        history.entries(out)


def test_completing_twice_writes_one_line(switched):
    out, entry = switched
    history.complete(out, entry)
    history.announce(out, entry, {})
    history.complete(out, entry)
    assert history.log(out) == history.entries(out) == [entry]


def test_the_same_publication_later_is_a_line_of_its_own(switched):
    out, entry = switched
    history.complete(out, entry)
    back = [
        Entry("2026-01-03T00:00:00Z", "b", "a", "build"),
        Entry("2026-01-04T00:00:00Z", "a", "b", "rollback"),
    ]
    for one in back:
        history.announce(out, one, {})
        history.complete(out, one)
    assert history.log(out) == [entry, *back]


def test_a_line_has_its_fields_in_order_and_letters_as_they_are():
    line = Entry("2026-01-02T03:04:05Z", "b", "a", "build", warnings=["größer"]).to_json()
    assert list(json.loads(line)) == sorted(json.loads(line))
    assert "größer" in line


def test_going_back_and_forth_within_a_second_writes_every_line(switched):
    """A build, a step back and a step forth may bear one time; the last is then the same as the first."""
    out, entry = switched
    lines = [entry, Entry(entry.when, "b", "a", "build"), entry]
    for one in lines:
        history.announce(out, one, {})
        history.complete(out, one)
    assert history.log(out) == lines
