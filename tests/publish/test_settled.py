"""What was lost of the log is reported until a person has settled it, and from then on only what is lost anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from byline.cli import run
from byline.core.errors import DataError
from byline.snapshots import history, publishing, settled
from byline.snapshots.doubts import doubts
from byline.validation import validate
from tests.publish import faults
from tests.validation import dataset
from tests.validation.damage_out import lines


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return an output folder with three publications, and the files of another."""
    home = tmp_path_factory.mktemp("settled")
    tables = dataset.frames(3, people=3)
    dataset.write(home / "files", tables)
    for note in ("one", "two", "three"):
        faults.publish(home / "out", home / "files", dataset.facts(tables, note))
    return home / "out", home / "files"


def wrong(out: Path) -> list[str]:
    """Return what is found of the history."""
    findings = validate(out, deep=False).findings
    return [finding.message for finding in findings if finding.rule.startswith("history_")]


LOST: dict[str, Callable[[Path], object]] = {
    "all of it": lambda out: (out / "history" / history.LOG).unlink(),
    "the first line": lines(lambda said: said.pop(0)),
    "a line in between": lines(lambda said: said.pop(1)),
    "the last line": lines(lambda said: said.pop()),
    "a time": lines(lambda said: said[1].update(when="yesterday")),
}


@pytest.mark.parametrize("lost", LOST)
def test_what_was_lost_is_reported_until_it_is_settled_and_what_is_lost_anew_is(lost, prepared, tmp_path):
    out, files = faults.copy(prepared[0], tmp_path / "out"), prepared[1]
    assert wrong(out) == []
    LOST[lost](out)
    assert wrong(out)
    assert run(["log", "--settle", str(out)]) == 0
    assert wrong(out) == doubts(out) == []
    faults.publish(out, files, dataset.facts(dataset.frames(3, people=3), "four"))
    assert wrong(out) == doubts(out) == []
    lines(lambda said: said[-1].update(previous="0" * 20))(out)
    assert wrong(out)


def test_a_pointer_that_was_moved_since_is_reported_also_where_nothing_is_left_of_the_log(prepared, tmp_path):
    out = faults.copy(prepared[0], tmp_path / "out")
    LOST["all of it"](out)
    assert run(["log", "--settle", str(out)]) == 0
    earlier = next(name for name in publishing.snapshots(out) if name != faults.current(out).name)
    (out / "current").unlink()
    (out / "current").symlink_to(f"snapshots/{earlier}")
    assert any("no line says when it was published" in message for message in wrong(out))
    assert any("no line of the history says" in message for message in doubts(out))


def test_a_word_on_another_log_does_not_hold(prepared, tmp_path):
    out = faults.copy(prepared[0], tmp_path / "out")
    assert run(["log", "--settle", str(out)]) == 0
    lines(lambda said: said.pop(0))(out)
    assert any("another log" in message for message in wrong(out))
    assert any("another log" in message for message in doubts(out))
    (out / "history" / settled.NAME).write_text(json.dumps({"lines": -1}))
    with pytest.raises(DataError, match="not what `byline log --settle` writes"):
        settled.settled(out)


def test_nothing_published_is_nothing_to_settle(tmp_path, capsys):
    (tmp_path / "out").mkdir()
    assert run(["log", "--settle", str(tmp_path / "out")]) == 2
    assert "holds no snapshot" in capsys.readouterr().err
