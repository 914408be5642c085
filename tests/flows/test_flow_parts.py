"""What the flow is made of, as far as it needs no server."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

os.environ.setdefault("DO_NOT_TRACK", "1")

from byline.core import cycles
from byline.core.result import Result
from byline_flows.surroundings import prepare
from tests.conftest import ROOT


@pytest.fixture
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Be someone who has never used Prefect."""
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    return tmp_path


def test_who_has_no_prefect_of_their_own_gets_a_home_in_the_project(nobody: Path):
    environment: dict[str, str] = {}
    waiting = prepare(environment, nobody / "project")
    assert environment["PREFECT_HOME"] == str(nobody / "project" / ".prefect")
    assert int(environment["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"]) > 60
    assert environment["DO_NOT_TRACK"] == "1"
    assert "temporary Prefect server (about 20 s" in waiting


def test_a_run_with_nothing_new_imports_neither_prefect_nor_pandas(nobody: Path):
    folders = ["--raw", str(ROOT / "data" / "raw"), "--out", str(nobody / "out")]
    skipped = ("BYLINE_LEAN_IMPORTS", "PREFECT_API_URL", "PREFECT_PROFILE")
    environment = {name: value for name, value in os.environ.items() if name not in skipped}
    environment["PREFECT_HOME"] = str(nobody)
    subprocess.run([sys.executable, "-m", "byline", "build", *folders], env=environment, check=True)
    flow = [sys.executable, "-X", "importtime", str(ROOT / "flows" / "build_dataset.py"), *folders]
    run = subprocess.run(flow, env=environment, check=True, capture_output=True, text=True)
    assert run.stdout.startswith("nothing new")
    imported = {line.rpartition("|")[2].strip() for line in run.stderr.splitlines()}
    assert "byline.pipeline.looking" in imported
    assert imported & {"pandas.core", "prefect"} == set()  # pandas itself is asked for, and hidden


def test_a_home_or_an_address_of_ones_own_is_kept(nobody: Path):
    environment = {"PREFECT_API_URL": "http://10.0.0.1:4200/api"}
    assert "http://10.0.0.1:4200/api" in prepare(environment, nobody)
    assert "PREFECT_HOME" not in environment
    environment = {"PREFECT_HOME": str(nobody / "mine")}
    assert "temporary" in prepare(environment, nobody)
    assert environment["PREFECT_HOME"] == str(nobody / "mine")


def test_a_profile_of_ones_own_is_kept_and_its_server_is_named(nobody: Path):
    profiles = nobody / "home" / ".prefect" / "profiles.toml"
    profiles.parent.mkdir(parents=True)
    profiles.write_text('active = "work"\n[profiles.work]\nPREFECT_API_URL = "http://work:4200/api"\n')
    environment: dict[str, str] = {}
    assert "http://work:4200/api" in prepare(environment, nobody)
    assert "PREFECT_HOME" not in environment
    assert "temporary" in prepare({"PREFECT_PROFILE": "other"}, nobody)
    profiles.write_text("not toml at all [")
    assert "temporary" in prepare({}, nobody)


def test_what_is_set_already_stays(nobody: Path):
    environment = {"PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "INFO"}
    prepare(environment, nobody)
    assert environment["PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"] == "INFO"


@pytest.mark.slow  # Prefect's import takes seconds
def test_tasks_are_cut_into_a_few_parts_of_nearly_equal_length():
    from byline_flows.tasks import cut

    assert cut([], 8) == []
    assert cut([1, 2, 3], 8) == [[1], [2], [3]]
    assert cut(list(range(10)), 4) == [[0, 1], [2, 3, 4], [5, 6], [7, 8, 9]]
    for length in range(40):
        parts = cut(list(range(length)), 8)
        assert [item for part in parts for item in part] == list(range(length))
        assert len(parts) == min(8, length)


@pytest.mark.slow
def test_a_part_is_long_enough_to_keep_all_workers_busy():
    from byline_flows.tasks import parts_for

    assert [parts_for(tasks, workers=1) for tasks in (0, 1, 5, 500)] == [1, 1, 5, 8]
    assert [parts_for(tasks, workers=2) for tasks in (1, 15, 16, 500)] == [1, 1, 2, 8]
    assert parts_for(500, workers=64) == 1


@pytest.mark.slow
def test_texts_from_listings_do_not_become_markup_in_the_report():
    from byline_flows.report import markdown, one_line

    result = Result(
        "5eed",
        Path("out/snapshots/5eed"),
        up_to_date=False,
        statuses=Counter(published=3, quarantined=1),
        reasons=Counter(bad_date=1),
        tables={"papers": 3},
        files=1,
        warnings=("a `title` with\n# a heading and \x1b[31mcolour",),
        seconds={"read": 1.25},
    )
    text = markdown(result)
    assert "| `bad_date` | 1 |" in text
    assert "| `read` | 1.25 |" in text
    assert "- `a 'title' with # a heading and \\x1b[31mcolour`" in text
    assert one_line(result) == "published snapshot 5eed (3 published, 1 quarantined)"


def test_no_server_is_started_where_nothing_is_new(tmp_path, monkeypatch, capsys, build):
    from byline_flows import terminal

    started: list[dict[str, object]] = []
    monkeypatch.setattr(terminal, "_run_flow", lambda parameters, unreported: started.append(parameters))
    monkeypatch.setattr(terminal, "say", lambda work, **_: work())
    monkeypatch.setattr(terminal, "prepare", lambda environment, project: "")
    monkeypatch.setattr(terminal, "address", lambda environment: None)
    monkeypatch.setattr(terminal, "spare", lambda environment: None)  # this process is not the flow's alone
    monkeypatch.setattr(cycles, "never_again", lambda: None)
    card = "LGJan 2, 2023\nOn {0}Ada Lindqvist, Boris Ohm\nWe say of {0} what nobody said.\n"
    build({"a.txt": card.format("gates")})
    (tmp_path / "arxiv.json").write_text("", "utf-8")
    given = ["--raw", str(tmp_path / "raw"), "--out", str(tmp_path / "out")]
    assert terminal.main(given) == 0
    assert not started
    assert "nothing new" in capsys.readouterr().out
    for more in (["--check"], ["--arxiv", str(tmp_path / "arxiv.json")], ["--engine", "dask"]):
        terminal.main([*given, *more])
    (tmp_path / "raw" / "b.txt").write_text(card.format("sluices"), "utf-8")
    terminal.main(given)
    assert len(started) == 4


@pytest.mark.slow
def test_the_flow_has_the_options_of_the_command_line_and_describes_them():
    import inspect

    from byline.cli.build import build
    from byline_flows.dataset import build_dataset
    from byline_flows.terminal import ONLY_BY_HAND

    assert set(build_dataset.parameters.properties) == set(inspect.signature(build).parameters) - ONLY_BY_HAND
    assert all(field.get("description") for field in build_dataset.parameters.properties.values())


def test_the_schedule_names_parameters_that_the_flow_has():
    lines = (ROOT / "prefect.yaml").read_text(encoding="utf-8").splitlines()
    start = lines.index("    parameters:")
    given = [line.strip().split(":")[0] for line in lines[start + 1 : start + 4]]
    assert given == ["raw", "out", "wait"]


def test_the_flow_takes_every_option_of_byline_build():
    """An option that was forgotten there would end `make run` before it begins."""
    import ast
    import inspect

    from byline.cli.build import build
    from byline_flows.terminal import ONLY_BY_HAND

    source = (ROOT / "flows" / "byline_flows" / "dataset.py").read_text("utf-8")
    (flow,) = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and node.name == "build_dataset"
    ]
    taken = {argument.arg for argument in [*flow.args.args, *flow.args.kwonlyargs]}
    assert taken == set(inspect.signature(build).parameters) - ONLY_BY_HAND
