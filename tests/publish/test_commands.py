"""The commands on published snapshots: what they print and how they end."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from byline.cli import run
from byline.snapshots import publishing
from byline.snapshots.lock import build_lock
from byline.snapshots.seal import seal
from tests.validation import dataset


@pytest.fixture
def out(tmp_path):
    """Two snapshots, the second current; the first of last year."""
    for count, age in ((5, 400), (4, 0)):
        tables = dataset.frames(count, people=3)
        facts = dataset.facts(tables)
        with build_lock(tmp_path):
            staged = publishing.stage(tmp_path, facts.snapshot_id)
            dataset.write(staged, tables)
            seal(staged, facts)
            moment = datetime.now(UTC) - timedelta(age)
            accepted = ["papers_lost"] if count == 4 else []
            publishing.publish(tmp_path, staged, facts.snapshot_id, now=moment, accepted=accepted)
    return tmp_path


def names(out: Path) -> list[str]:
    entries = [json.loads(line) for line in (out / "history" / "log.jsonl").read_text().splitlines()]
    return [entry["snapshot"] for entry in entries]


def test_path_prints_the_resolved_folder(out, capsys):
    assert run(["path", str(out)]) == 0
    assert capsys.readouterr().out.strip() == str((out / "snapshots" / names(out)[1]).resolve())


def test_path_of_nothing_says_how_to_publish(tmp_path, capsys):
    assert run(["path", str(tmp_path)]) == 1
    assert "byline build" in capsys.readouterr().err


def test_log_shows_the_latest_first_with_changes_and_overridden_gates(out, capsys):
    assert run(["log", str(out)]) == 0
    first, override, second = capsys.readouterr().out.splitlines()
    assert first.startswith("* ")
    assert "4 papers (-1)" in first
    assert "overridden: papers_lost" in override
    assert names(out)[0] in second


def test_diff_sums_up_and_lists(out, capsys):
    assert run(["diff", names(out)[0], "--out", str(out)]) == 0
    shown = capsys.readouterr().out
    assert "papers: 1 removed" in shown
    assert run(["diff", names(out)[0], "--out", str(out), "--format", "json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["change"] for row in rows if row["table"] == "papers" and row["field"] is None] == ["removed"]


def test_rollback_and_forth(out, capsys):
    first, second = names(out)
    assert run(["rollback", "--out", str(out)]) == 0
    assert publishing.current(out) == out / "snapshots" / first
    assert run(["rollback", second, "--out", str(out)]) == 0
    assert run(["rollback", "nowhere", "--out", str(out)]) == 1
    assert "there is no snapshot nowhere" in capsys.readouterr().err


def test_rollback_while_a_build_runs_ends_with_three(out):
    with build_lock(out):
        assert run(["rollback", "--out", str(out)]) == 3


def test_prune_says_what_it_removes(out, capsys):
    assert run(["prune", "--out", str(out), "--keep", "1"]) == 0
    assert "nothing to remove" in capsys.readouterr().out  # it was current until a moment ago
    arguments = ["prune", "--out", str(out), "--keep", "1", "--grace", "0"]
    assert run([*arguments, "--dry-run"]) == 0
    assert capsys.readouterr().out == f"would remove {names(out)[0]}\n"
    assert run(arguments) == 0
    assert publishing.snapshots(out) == [names(out)[1]]


def test_validate_ends_with_one_on_damage(out, capsys):
    assert run(["validate", str(out)]) == 0
    next((out / "current").glob("papers/*/*.parquet")).unlink()
    assert run(["validate", str(out), "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out.partition("\n")[2])
    assert report["findings"][0]["rule"] == "file_is_there"
