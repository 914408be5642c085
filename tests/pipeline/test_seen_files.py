"""Raw files of which the system says what it said are not digested again; whatever may have changed is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, cast

import pytest

from byline.inputs import Plan, Source
from byline.pipeline.incremental.kept import Kept, frames_of_plans
from byline.pipeline.stages import plan as planning


@pytest.fixture(autouse=True)
def settled(monkeypatch):
    """Let files be old enough at once."""
    monkeypatch.setattr(planning, "SETTLED_NS", -(10**9))


def source_of(path: Path, declared: str = "") -> Source:
    return Source(path.name, path, path.stat().st_size, None, declared)


def kept(path: Path) -> Kept:
    source = source_of(path)
    plans = [Plan(source, "0" * 64, source.size, 1)]
    return Kept(path.parent, cast(Any, None), frames_of_plans(plans, {}, planning.seen([source])))


def unchanged(before: Kept, source: Source) -> list[str]:
    return list(before.unchanged([source], planning.seen([source])))


@pytest.fixture
def listing(tmp_path: Path) -> Path:
    path = tmp_path / "list.txt"
    path.write_text("some text", encoding="utf-8")
    return path


def test_a_file_that_nobody_touched_is_known_again(listing):
    assert unchanged(kept(listing), source_of(listing)) == ["list.txt"]


def rewritten(path: Path) -> None:
    """Write other contents of the same size, and set the times back."""
    times = path.stat()
    path.write_text("same size", encoding="utf-8")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    while path.stat().st_ctime_ns == times.st_ctime_ns:  # of one moment of the system's clock
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def replaced(path: Path) -> None:
    """Put another file of the same contents and times in its place."""
    other, times = path.with_name("other"), path.stat()
    other.write_bytes(path.read_bytes())
    os.utime(other, ns=(times.st_atime_ns, times.st_mtime_ns))
    other.replace(path)


@pytest.mark.parametrize("change", [rewritten, replaced, lambda path: path.write_text("some text and more")])
def test_a_file_that_was_touched_is_not(listing, change):
    before = kept(listing)
    change(listing)
    assert unchanged(before, source_of(listing)) == []


def test_a_file_of_which_something_else_is_declared_is_not(listing):
    assert unchanged(kept(listing), source_of(listing, "form=lines")) == []


def test_of_a_file_that_changed_a_moment_ago_nothing_is_kept(listing, monkeypatch):
    monkeypatch.setattr(planning, "SETTLED_NS", 60 * 10**9)
    assert planning.seen([source_of(listing)]) == {}
    assert unchanged(kept(listing), source_of(listing)) == []


def test_a_file_that_is_gone_is_left_to_planning(listing):
    source = source_of(listing)
    listing.unlink()
    assert planning.seen([source]) == {}
