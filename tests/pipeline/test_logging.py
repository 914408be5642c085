"""What an operator finds in the log: stages, what was published, and what was odd."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from byline.core import logs
from byline.core.errors import UsageError
from byline.snapshots import history, publishing
from tests.pipeline.fabricated import listing


def test_stages_and_what_was_published_are_logged(build, caplog):
    with caplog.at_level(logging.INFO, "byline"):
        result = build({"a.txt": listing(1, 3)})
    said = [record.getMessage() for record in caplog.records]
    assert [line for line in said if line.startswith("stage plan: ")]
    assert f"snapshot {result.snapshot_id}: published as {result.path}" in said[-1]


def test_a_link_that_leads_out_is_a_warning_and_a_hidden_file_is_not(build, tmp_path, caplog):
    (tmp_path / "raw").mkdir()
    (tmp_path / "elsewhere.txt").write_text("x")
    (tmp_path / "raw" / "link.txt").symlink_to(tmp_path / "elsewhere.txt")
    (tmp_path / "raw" / ".hidden.txt").write_text("x")
    with caplog.at_level(logging.INFO, "byline"):
        build({"a.txt": listing(1, 3)})
    levels = {record.getMessage(): record.levelname for record in caplog.records}
    assert [level for line, level in levels.items() if line.startswith("not read: link.txt")] == ["WARNING"]


def test_what_a_dead_process_left_is_said_when_it_is_completed(built, tmp_path, caplog):
    snapshot = built({"a.txt": listing(1, 3)}).path
    out = Path(tmp_path / "out")
    (entry,) = history.entries(out)
    (out / "history" / "log.jsonl").unlink()
    history.announce(out, entry, {})
    with caplog.at_level(logging.WARNING, "byline"):
        assert history.recover(out) == entry
    assert "whose process had died" in caplog.text
    assert publishing.current(out) == snapshot


def run(level: str, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "byline", *words]
    return subprocess.run(
        command, env={**os.environ, "BYLINE_LOG": level}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("shape", "level", "said"),
    [
        ("xml", "info", "BYLINE_LOG_FORMAT=xml"),
        ("text", "loud", "BYLINE_LOG=loud"),
        ("", "", "BYLINE_LOG_FORMAT="),
    ],
)
def test_a_format_or_a_level_that_is_none_is_wrong_usage(shape, level, said):
    before = logging.getLogger().handlers[:]
    with pytest.raises(UsageError, match=said):
        logs.set_up(shape, level)
    assert logging.getLogger().handlers == before


@pytest.fixture
def plainly():
    """Put back what a test sets up for the whole process."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(False)
    root.handlers[:], root.level = before, level


def test_lines_are_json_or_text_of_the_level_that_was_asked_for(plainly, capsys):
    logs.set_up("json", "")
    logging.getLogger("byline.x").info("one %s", "owl", extra={"count": 3})
    logging.getLogger("byline.x").debug("nothing")
    warnings.warn("an old way", DeprecationWarning, stacklevel=1)
    first, second = map(json.loads, capsys.readouterr().err.splitlines())
    assert {key: first[key] for key in ("level", "logger", "message", "count")} == {
        "level": "info", "logger": "byline.x", "message": "one owl", "count": 3,
    }  # fmt: skip
    assert "an old way" in second["message"]
    logs.set_up("text", "debug")
    logging.getLogger("byline.x").debug("two")
    assert capsys.readouterr().err.rstrip().endswith("DEBUG byline.x: two")


def test_a_failure_is_told_in_the_form_that_was_asked_for(plainly, capsys, monkeypatch):
    logs.tell_failure("nothing is there", 2)
    assert capsys.readouterr().err == "byline: nothing is there\n"
    monkeypatch.setenv("BYLINE_LOG_FORMAT", "json")
    logs.set_up("json", "")
    logs.tell_failure("no raw/: give it", 2, UsageError("no raw/", "give it"))
    logs.tell_failure("defect", 1)
    one, other = map(json.loads, capsys.readouterr().err.splitlines())
    assert (one["level"], one["exit_code"], one["what"], one["way_out"]) == ("error", 2, "no raw/", "give it")
    assert (other["message"], other["exit_code"], "what" in other) == ("defect", 1, False)


def test_the_command_line_logs_when_asked(tmp_path):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text(listing(1, 3))
    ended = run(
        "info", "build", "--raw", str(tmp_path / "raw"), "--out", str(tmp_path / "out"), "--workers", "0"
    )
    assert ended.returncode == 0, ended.stderr
    assert "INFO byline.pipeline.run: stage publish: " in ended.stderr


def test_a_level_that_is_none_is_said():
    ended = run("loud", "path")
    assert ended.returncode == 2
    assert ended.stderr == "byline: BYLINE_LOG=loud: expected debug, info, warning or error\n"
