"""Scheduled runs, for real: a server, a work pool, a deployment from prefect.yaml, a worker, and runs of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from byline.core.options import Options
from byline.pipeline.run import run_build
from byline.snapshots import history
from byline.snapshots.lock import build_lock
from tests.conftest import LISTING, files_of
from tests.integration.conftest import ROOT, Server, wait_until

pytestmark = [pytest.mark.prefect, pytest.mark.slow]

DEPLOYMENT = "build_dataset/nightly"
RUN_SECONDS = "300"


@pytest.fixture(scope="module")
def at_work(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.Popen[bytes]]:
    """Make the pool, deploy what prefect.yaml says, and start a worker; yield its process."""
    created = server.run("-m", "prefect", "--no-prompt", "work-pool", "create", "local", "--type", "process")
    assert created.returncode == 0, created.stdout + created.stderr
    deployed = server.run("-m", "prefect", "--no-prompt", "deploy", "--all")
    assert deployed.returncode == 0, deployed.stdout + deployed.stderr
    command = ["-m", "prefect", "worker", "start", "--pool", "local", "--type", "process"]
    with (tmp_path_factory.mktemp("worker") / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=server.environment, stdout=log, stderr=log
        )
    try:
        wait_until(lambda: bool(server.ask("work_pools/local/workers/filter", {})), 120)
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=20)
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def worker(server: Server, at_work: subprocess.Popen[bytes]) -> Server:
    """Return the server, with a worker at work."""
    return server


def trigger(server: Server, raw: Path, out: Path) -> subprocess.CompletedProcess[str]:
    """Run the deployment and wait for its end."""
    parameters = ["-p", f"raw={raw}", "-p", f"out={out}", "-p", "workers=0", "-p", "wait=0"]
    command = ["-m", "prefect", "deployment", "run", DEPLOYMENT, *parameters]
    return server.run(*command, "--watch", "--watch-timeout", RUN_SECONDS, timeout=400)


def test_the_deployment_is_what_prefect_yaml_says(worker: Server):
    deployment = worker.ask(f"deployments/name/{DEPLOYMENT}")
    assert [schedule["schedule"]["cron"] for schedule in deployment["schedules"]] == ["0 3 * * *"]
    assert deployment["global_concurrency_limit"]["limit"] == 1
    assert deployment["concurrency_options"]["collision_strategy"] == "ENQUEUE"
    assert deployment["work_pool_name"] == "local"
    described = deployment["parameter_openapi_schema"]["properties"]
    assert {"raw", "out", "engine", "address", "workers", "accept", "wait", "ror", "arxiv", "curated"} <= set(
        described
    )
    assert all(field.get("description") for field in described.values())


def test_a_triggered_run_publishes_and_reports(worker: Server, tmp_path: Path, real_build: Path):
    raw, out = tmp_path / "raw", tmp_path / "out"
    raw.mkdir()
    (raw / "listing.txt").write_bytes(LISTING.read_bytes())
    done = trigger(worker, raw, out)
    assert done.returncode == 0, done.stdout + done.stderr
    assert files_of((out / "current").resolve()) == files_of(real_build)
    run = worker.runs("nightly")[0]
    assert run["state"]["type"] == "COMPLETED"
    assert run["empirical_policy"]["retries"] == 2
    assert real_build.name in worker.artifacts(run["id"])["byline-report"]["data"]


def test_a_failing_run_carries_what_is_wrong_and_is_not_tried_again(worker: Server, tmp_path: Path):
    failed = trigger(worker, tmp_path / "no-such-folder", tmp_path / "out")
    assert failed.returncode != 0
    run = worker.runs("nightly")[0]
    assert run["state"]["type"] == "FAILED"
    assert f"the raw folder {tmp_path / 'no-such-folder'} does not exist" in run["state"]["message"]
    assert "--raw DIR" in run["state"]["message"]
    assert run["run_count"] == 1


@contextmanager
def waiting_run(server: Server, raw: Path, out: Path) -> Iterator[str]:
    """Start a run of the deployment that waits for another build's lock until the end; yield its id."""
    raw.mkdir()
    (raw / "listing.txt").write_bytes(LISTING.read_bytes())
    known = {run["id"] for run in server.runs("nightly")}
    with build_lock(out):
        parameters = ["-p", f"raw={raw}", "-p", f"out={out}", "-p", "workers=0", "-p", "wait=600"]
        done = server.run("-m", "prefect", "deployment", "run", DEPLOYMENT, *parameters)
        assert done.returncode == 0, done.stdout + done.stderr
        wait_until(lambda: bool(started_since(server, known)), 120)
        (run,) = started_since(server, known)
        yield run


def started_since(server: Server, known: set[str]) -> set[str]:
    found = [run for run in server.runs("nightly") if run["state"]["type"] == "RUNNING"]
    return {str(run["id"]) for run in found} - known


def state_of(server: Server, run: str) -> str:
    return str(server.ask(f"flow_runs/{run}")["state"]["type"])


def test_a_run_that_is_cancelled_publishes_nothing_and_the_next_one_does(
    worker: Server, tmp_path: Path, real_build: Path
):
    raw, out = tmp_path / "raw", tmp_path / "out"
    with waiting_run(worker, raw, out) as run:
        cancelled = worker.run("-m", "prefect", "flow-run", "cancel", run)
        assert cancelled.returncode == 0, cancelled.stdout + cancelled.stderr
        wait_until(lambda: state_of(worker, run) == "CANCELLED", 120)
    assert not (out / "current").is_symlink()
    done = trigger(worker, raw, out)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (out / "current").resolve().name == real_build.name


def test_a_killed_worker_takes_its_run_along_and_the_next_build_publishes(
    worker: Server, at_work: subprocess.Popen[bytes], tmp_path: Path, real_build: Path
):
    raw, out = tmp_path / "raw", tmp_path / "out"
    with waiting_run(worker, raw, out):  # the last of the tests: there is one worker
        at_work.kill()
        at_work.wait()
    run_build(Options(raw=raw, out=out, workers=0, wait=60))
    assert files_of((out / "current").resolve()) == files_of(real_build)
    assert len(history.log(out)) == 1
