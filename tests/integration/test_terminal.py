"""`python flows/build_dataset.py`, as `make run` starts it: words, exit codes, and what it leaves on the disk."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import LISTING, files_of
from tests.integration.conftest import ROOT, Server, clean_environment

pytestmark = [pytest.mark.prefect, pytest.mark.slow]

FLOW = str(ROOT / "flows" / "build_dataset.py")


def test_on_a_temporary_server_it_says_so_and_writes_nothing_into_the_home(tmp_path: Path, real_build: Path):
    home = tmp_path / "home"
    home.mkdir()
    done = subprocess.run(
        [sys.executable, FLOW, "--raw", str(LISTING.parent), "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=clean_environment(home),
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[0].startswith("byline: starting a temporary Prefect server (about 20 s")
    assert done.stdout.splitlines()[-1] == (
        f"published snapshot {real_build.name} as {tmp_path / 'out'}/current"
    )
    assert "|" not in done.stderr, "Prefect's log lines"
    assert files_of((tmp_path / "out" / "current").resolve()) == files_of(real_build)
    assert not list(home.iterdir())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "out"]


def test_on_a_running_server_failures_have_the_exit_codes_of_the_contract(server: Server, tmp_path: Path):
    missing = server.run(FLOW, "--raw", str(tmp_path / "nowhere"), "--out", str(tmp_path / "out"))
    assert missing.returncode == 2
    assert missing.stderr.splitlines()[0] == f"byline: connecting to the Prefect server at {server.url}"
    assert "does not exist" in missing.stderr
    assert "Traceback" not in missing.stderr
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "empty.txt").write_bytes(b"")
    nothing = server.run(FLOW, "--raw", str(tmp_path / "raw"), "--out", str(tmp_path / "out"))
    assert nothing.returncode == 1
    assert "nothing to publish" in nothing.stderr


def test_a_server_that_does_not_answer_is_said_without_a_traceback(server: Server, tmp_path: Path):
    gone = server.run(FLOW, "--out", str(tmp_path / "out"), PREFECT_API_URL="http://127.0.0.1:9/api")
    assert gone.returncode == 2
    assert "prefect server start" in gone.stderr
    assert "Traceback" not in gone.stderr


def test_wrong_usage_costs_no_server(server: Server):
    wrong = server.run(FLOW, "--no-such-option")
    assert wrong.returncode == 2
    assert "no-such-option" in wrong.stderr
    assert "Prefect" not in wrong.stderr
