"""One Prefect server for the whole session, on loopback, with a home of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.integration.ports import free_port

START_SECONDS = 240
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Server:
    """A running server: its address, and the environment that leads to it."""

    url: str
    environment: dict[str, str]

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Return the answer to a GET, or to a POST of `body`."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"{self.url}/{path}", data=data, headers={"content-type": "application/json"}
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def runs(self, deployment: str | None = None) -> list[dict[str, Any]]:
        """Return the flow runs that have begun, newest first; those of one deployment when asked."""
        body: dict[str, Any] = {"sort": "START_TIME_DESC", "flow_runs": {"start_time": {"is_null_": False}}}
        if deployment is not None:
            body["deployments"] = {"name": {"any_": [deployment]}}
        found: list[dict[str, Any]] = self.ask("flow_runs/filter", body)
        return found

    def artifacts(self, flow_run: str) -> dict[str, dict[str, Any]]:
        """Return the artifacts of a run by key."""
        found = self.ask("artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [flow_run]}}})
        return {artifact["key"]: artifact for artifact in found}

    def tasks(self, flow_run: str) -> list[dict[str, Any]]:
        """Return the task runs of a run."""
        found: list[dict[str, Any]] = self.ask(
            "task_runs/filter", {"flow_runs": {"id": {"any_": [flow_run]}}}
        )
        return found

    def run(self, *command: str, timeout: float = 240, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a Python command (`-m prefect …`, or a file) against this server, from the project's folder."""
        return subprocess.run(
            [sys.executable, *command],
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={**self.environment, **more},
            timeout=timeout,
            check=False,
        )


def clean_environment(home: Path) -> dict[str, str]:
    """Return an environment without any of the person's own settings of Prefect, at home in `home`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    quiet = {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "BYLINE_LEAN_IMPORTS": "1"}
    return {**kept, **quiet, "HOME": str(home)}


@contextmanager
def started(home: Path) -> Iterator[tuple[Server, subprocess.Popen[bytes]]]:
    """Start a server at home in a folder; make sure that the one who answers is the one that was started."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/api"
    environment = clean_environment(home) | {"PREFECT_HOME": str(home / "home"), "PREFECT_API_URL": url}
    command = ["-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=home, env=environment, stdout=log, stderr=log
        )
    try:
        found = Server(url, environment | {"PREFECT_HOME": str(home / "client")})
        wait_until(lambda: _answers(found, process), START_SECONDS)
        assert found.ask("admin/settings")["home"] == str(home / "home"), "another server took the port"
        yield found, process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=20)
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start a server for all tests."""
    with started(tmp_path_factory.mktemp("prefect-server")) as (running, _):
        yield running


def _answers(server: Server, process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None, "the server ended before it answered"
    with suppress(OSError):
        return bool(server.ask("health"))
    return False


def wait_until(holds: Callable[[], bool], seconds: float) -> None:
    """Return as soon as a condition holds; raise TimeoutError when it does not in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s")
        time.sleep(0.2)


@pytest.fixture
def at_server(server: Server, tmp_path: Path) -> Iterator[Server]:
    """Let flows of this process talk to the server."""
    from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

    with temporary_settings({PREFECT_API_URL: server.url, PREFECT_HOME: tmp_path / "prefect-home"}):
        yield server
