"""Every run leaves a report, whatever became of it; metrics, logs, and how many snapshots stay."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from byline.core.errors import DataError, LockHeldError, OutputError, UsageError
from byline.core.options import Options
from byline.core.result import Result
from byline.files import fs
from byline.snapshots import run_metrics, runs
from byline.snapshots.lock import build_lock
from byline.snapshots.runs import Run
from byline.storage.dispatch import build_anywhere
from byline.validation import validate
from byline.validation.past import history_agrees
from tests.conftest import files_of
from tests.pipeline.fabricated import listing


@pytest.fixture
def options(tmp_path: Path) -> Options:
    """Return the options of a build of three records."""
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "a.txt").write_text(listing(1, 3))
    return Options(raw=raw, out=tmp_path / "out", workers=0)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """Build the three records once, with a report; return the folder of `raw` and `out`, and the result."""
    home = tmp_path_factory.mktemp("once")
    (home / "raw").mkdir()
    (home / "raw" / "a.txt").write_text(listing(1, 3))
    return home, build_anywhere(Options(raw=home / "raw", out=home / "out", workers=0))


@pytest.fixture
def published(once: tuple[Path, Result], options: Options) -> Result:
    """Put what that build published, and its report, into the folder of these options."""
    home, result = once
    shutil.copytree(home / "out", options.out, symlinks=True)
    return replace(result, path=options.out / Path(str(result.path)).relative_to(home / "out"))


def reports(options: Options) -> list[Run]:
    """Return the reports of the runs, oldest first, each checked to be of the shape."""
    return [runs.read_run(runs.folder_of(options.out) / name) for name in runs.names(options.out)]


def last(options: Options) -> Run:
    return max(reports(options), key=lambda run: (run.started, run.ended or ""))


def test_a_run_that_publishes_says_what_it_did_by_stage(options):
    result = build_anywhere(options)
    (run,) = reports(options)
    assert (run.outcome, run.exit_code, run.snapshot) == ("published", 0, result.snapshot_id)
    assert run.records == dict(result.statuses)
    assert run.tables == result.tables
    assert [stage.name for stage in run.stages][:2] == ["plan", "read"]
    rows = {stage.name: stage.rows for stage in run.stages}
    assert rows["read"] == rows["settle"] == sum(result.statuses.values())
    assert rows["merge"] == result.tables["papers"]
    assert rows["resolve"] == result.tables["authors"]
    assert rows["write"] == rows["publish"] == sum(result.tables.values())
    assert run.started <= (run.ended or "")
    assert (run.cpu_seconds or 0) > 0
    assert (run.peak_memory_bytes or 0) > 10_000_000
    assert run.options["raw"] == str(options.raw)


def test_a_run_with_nothing_new_and_one_that_only_checks_say_so(options, published):
    build_anywhere(options)
    build_anywhere(replace(options, check_only=True))
    assert sorted(run.outcome for run in reports(options)) == ["checked", "published", "unchanged"]
    assert {run.snapshot for run in reports(options)} == {published.snapshot_id}


def empty(options: Options) -> None:
    (options.raw / "a.txt").write_text("")


def unreadable(options: Options) -> None:
    (options.raw / "a.txt").write_text("We close gates, and nobody is named who closed them.\n")


def gone(options: Options) -> None:
    shutil.rmtree(options.raw)


@pytest.mark.parametrize(
    ("spoil", "error", "outcome", "code", "stage"),
    [
        (empty, DataError, "refused", 1, "merge"),
        (unreadable, DataError, "refused", 1, "merge"),
        (gone, UsageError, "failed", 2, None),
    ],
    ids=["empty", "nothing readable", "no raw folder"],
)
def test_a_run_that_publishes_nothing_says_why(options, published, spoil, error, outcome, code, stage):
    before = published.snapshot_id
    spoil(options)
    with pytest.raises(error) as failure:
        build_anywhere(options)
    run = next(run for run in reports(options) if run.outcome != "published")
    assert (run.outcome, run.exit_code, run.previous) == (outcome, code, before)
    assert run.error is not None
    assert (run.error.what, run.error.way_out) == (failure.value.what, failure.value.way_out)
    assert run.error.stage == stage
    assert validate(options.out).ok


def test_a_gate_that_trips_stands_in_the_report(options):
    (options.raw / "b.txt").write_text(listing(4, 60))
    build_anywhere(options)
    (options.raw / "b.txt").unlink()
    with pytest.raises(DataError, match="papers_lost"):
        build_anywhere(options)
    run = next(run for run in reports(options) if run.outcome == "refused")
    assert ("papers_lost", "fail", False) in [(g.name, g.level, g.accepted) for g in run.gates]
    build_anywhere(
        replace(options, accept=frozenset({gate.name for gate in run.gates if gate.level == "fail"}))
    )
    accepted = [run for run in reports(options) if run.outcome == "published" and run.gates]
    assert [gate.accepted for run in accepted for gate in run.gates if gate.level == "fail"]


def test_a_held_lock_is_a_refused_run(options, published):
    with build_lock(options.out), pytest.raises(LockHeldError):
        build_anywhere(options)
    assert sorted((run.outcome, run.exit_code) for run in reports(options)) == [
        ("published", 0),
        ("refused", 3),
    ]


@pytest.mark.parametrize(
    ("problem", "outcome", "code"),
    [(KeyboardInterrupt(), "interrupted", 130), (ZeroDivisionError("a defect"), "failed", 1)],
)
def test_an_interrupt_and_a_defect_are_told_apart(options, problem, outcome, code):
    def run(*anything: Any) -> None:
        raise problem

    with pytest.raises(type(problem)):
        build_anywhere(options, run=run)
    (report,) = reports(options)
    assert (report.outcome, report.exit_code) == (outcome, code)


def test_a_killed_run_is_found_dead_by_the_next_one(options):
    dead = Run(run="20200101T000000Z-1-abcdef", started="2020-01-01T00:00:00Z", outcome="running")
    runs.write(options.out, dead)
    build_anywhere(options)
    assert [run.outcome for run in reports(options)] == ["died", "published"]


def test_reports_are_bounded_in_number_and_foreign_files_stay(options, published, monkeypatch):
    monkeypatch.setattr(runs, "KEEP", 3)
    folder = runs.folder_of(options.out)
    for number in range(5):
        name = f"2020010{number + 1}T000000Z-1-00000{number}"
        runs.write(options.out, Run(run=name, started="2020", outcome="failed", exit_code=2))
    (folder / "notes.txt").write_text("mine")
    build_anywhere(options)
    assert len(runs.names(options.out)) == 3
    assert (folder / "notes.txt").read_text() == "mine"


def test_nothing_of_a_run_stands_in_the_snapshot(options, published):
    (run,) = reports(options)
    assert not any(run.run.encode() in content for content in files_of(published.path).values())


def test_wrong_usage_makes_no_folder(options, tmp_path):
    with pytest.raises(UsageError, match="no such gate"):
        build_anywhere(replace(options, accept=frozenset({"nonsense"})))
    with pytest.raises(UsageError, match="lie in each other"):
        build_anywhere(replace(options, out=options.raw))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["raw"]
    assert [path.name for path in options.raw.iterdir()] == ["a.txt"]


def test_a_refused_run_leaves_nothing_beside_raw_files_that_lie_in_the_output_folder(options):
    home = options.raw.parent
    with pytest.raises(UsageError, match="lie in each other"):
        build_anywhere(replace(options, out=home))
    assert not (home / "history").exists()


def test_a_link_in_place_of_the_reports_is_not_followed(options, tmp_path, caplog):
    (tmp_path / "elsewhere").mkdir()
    (options.out / "history").mkdir(parents=True)
    (options.out / "history" / "runs").symlink_to(tmp_path / "elsewhere")
    result = build_anywhere(options)
    assert isinstance(result.path, Path)
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert "symbolic link" in caplog.text
    assert {finding.rule for finding in validate(options.out).findings} == {"run_reports_are_sound"}


def test_a_report_that_cannot_be_written_stops_no_build(options, monkeypatch, caplog):
    def hook(operation: str, path: Path) -> None:
        if "runs" in path.parts:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(fs, "hook", hook)
    assert build_anywhere(options).path is not None
    assert "the run's report can't be written" in caplog.text


NO_REPORTS = [
    b"",
    b"[]",
    b"\xff",
    b'{"run": 1}',
    b"[" * 100_000,
    b'{"run": "x", "started": "y", "outcome": "best"}',
]


def test_validate_finds_a_report_that_is_none(options, published):
    for number, content in enumerate(NO_REPORTS):
        (runs.folder_of(options.out) / f"20200101T000000Z-1-00000{number}.json").write_bytes(content)
    found = list(history_agrees(options.out, published.path))
    assert [finding.rule for finding in found] == ["run_reports_are_sound"] * len(NO_REPORTS)
    assert found[0].file == "history/runs/20200101T000000Z-1-000000.json"


def test_runs_of_one_second_are_listed_as_they_began(tmp_path):
    runs.folder_of(tmp_path).mkdir(parents=True)
    six = datetime(2023, 10, 1, 6, tzinfo=UTC)
    began = [(0, 9), (3, 812), (3, 9000), (255, 10), (999_999, 9), (1_000_000, 1)]
    wanted = [f"{runs.run_id(six + timedelta(microseconds=after), process)}.json" for after, process in began]
    assert wanted[1] == "20231001T060000Z-812-000003.json"
    for name in reversed(wanted):
        (runs.folder_of(tmp_path) / name).write_bytes(b"")
    assert runs.names(tmp_path) == wanted


def test_a_later_byline_may_say_more(options, published):
    (name,) = runs.names(options.out)
    path = runs.folder_of(options.out) / name
    path.write_text(json.dumps({**json.loads(path.read_text()), "carbon_grams": 3}))
    assert validate(options.out).ok


def test_metrics_keep_the_last_success_when_a_run_fails(options, tmp_path):
    options = replace(options, metrics=tmp_path / "byline.prom")
    build_anywhere(options)
    good = samples(tmp_path / "byline.prom")
    assert good["byline_run_exit_code"] == 0
    assert good['byline_run_records{status="published"}'] == 3
    assert good["byline_last_success_timestamp_seconds"] == good["byline_run_end_timestamp_seconds"]
    (options.raw / "a.txt").write_text("")
    with pytest.raises(DataError):
        build_anywhere(options)
    bad = samples(tmp_path / "byline.prom")
    assert bad["byline_run_exit_code"] == 1
    assert bad["byline_last_success_timestamp_seconds"] == good["byline_last_success_timestamp_seconds"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["byline.prom", "out", "raw"]


def samples(path: Path) -> dict[str, float]:
    """Return the samples of a metrics file; every metric stands in one group, behind its help and type."""
    found: dict[str, float] = {}
    declared: list[str] = []
    for line in path.read_text().splitlines():
        if line.startswith("# TYPE "):
            declared.append(line.split()[2])
        elif not line.startswith("#"):
            name, value = line.rsplit(" ", 1)
            assert name.partition("{")[0] == declared[-1]
            found[name] = float(value)
    assert len(declared) == len(set(declared))
    return found


def test_labels_of_metrics_are_escaped():
    run = Run(run="r", started="2026-01-01T00:00:00Z", outcome="failed", reasons={'a"b\\c\nd': 1})
    assert 'reason="a\\"b\\\\c\\nd"' in run_metrics.text(replace(run, ended="2026-01-01T00:00:00Z"))


def test_metrics_that_cannot_be_written_are_said_before_the_work(options, tmp_path):
    for place in (tmp_path, tmp_path / "nowhere" / "byline.prom"):
        with pytest.raises(UsageError, match="metrics can't be written"):
            build_anywhere(replace(options, metrics=place))
    assert not options.out.exists()


def test_old_snapshots_go_when_a_build_is_told_how_many_stay(options, monkeypatch):
    from datetime import timedelta

    from byline.snapshots import prune, publishing

    monkeypatch.setattr(
        prune.prune, "__kwdefaults__", {**(prune.prune.__kwdefaults__ or {}), "grace": timedelta(0)}
    )
    results: list[Result] = []
    for number in range(3):
        (options.raw / f"more{number}.txt").write_text(listing(10 * (number + 1), 3))
        results.append(build_anywhere(replace(options, keep=2)))
    ids = [result.snapshot_id for result in results]
    assert publishing.snapshots(options.out) == sorted(ids[1:])
    assert [result.removed for result in results] == [(), (), (ids[0],)]
    assert next(run for run in reports(options) if run.snapshot == ids[2]).removed == [ids[0]]
    assert validate(options.out).ok


def test_a_snapshot_that_cannot_be_removed_does_not_fail_the_build(options, monkeypatch):
    def broken(*anything: Any, **more: Any) -> list[str]:
        raise OutputError("can't remove it", "Look.")

    monkeypatch.setattr("byline.pipeline.run.prune", broken)
    result = build_anywhere(replace(options, keep=1))
    assert result.path is not None
    assert any("old snapshots were not removed: can't remove it" in warning for warning in result.warnings)


def byline(*words: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "byline", *words],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_logs_as_json_are_one_object_a_line_also_the_failure(options, tmp_path):
    (options.raw / "a.txt").write_text("")
    ended = byline("build", "--raw", "raw", "--out", "out", "--log-format", "json", cwd=tmp_path)
    assert ended.returncode == 1
    lines = [json.loads(line) for line in ended.stderr.splitlines()]
    assert {"plan", "read"} <= {line.get("stage") for line in lines}
    assert lines[-1]["exit_code"] == 1
    assert "nothing to publish" in lines[-1]["what"]
    assert lines[-1]["way_out"]
    shown = byline("log", "--out", "out", "--runs", cwd=tmp_path)
    assert "refused (exit 1)" in shown.stdout
    assert "in stage merge: raw: nothing to publish" in shown.stdout
    said = byline("log", "--out", "out", "--runs", "--json", cwd=tmp_path)
    assert json.loads(said.stdout)["outcome"] == "refused"


def test_an_unknown_log_format_is_said(tmp_path):
    ended = byline("path", "--log-format", "xml", cwd=tmp_path)
    assert ended.returncode == 2
    assert "expected text or json" in ended.stderr
