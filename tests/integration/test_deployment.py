"""Scheduled runs, for real: a server, a work pool, a deployment from prefect.yaml, a worker, and runs of it."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

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
    assert "the parameter raw (DIR)" in run["state"]["message"]
    assert "--" not in run["state"]["message"]
    assert run["run_count"] == 1


def test_the_log_of_a_failing_run_ends_with_the_message(worker: Server, tmp_path: Path):
    trigger(worker, tmp_path / "no-such-folder", tmp_path / "out")
    run = worker.runs("nightly")[0]
    wanted = {"logs": {"flow_run_id": {"any_": [run["id"]]}}, "sort": "TIMESTAMP_ASC"}

    def lines() -> list[str]:
        return [line["message"] for line in worker.ask("logs/filter", wanted)]

    wait_until(lambda: bool(lines()) and lines()[-1] == run["state"]["message"], 60)
    assert not any("Traceback" in line for line in lines())


def test_the_server_plans_the_nights_to_come(worker: Server):
    """SQLAlchemy 2.1 breaks the scheduler of Prefect's server, and no night is ever built."""
    wanted = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
    wait_until(lambda: len(worker.ask("flow_runs/filter", wanted)) > 0, 120)
    assert all("T03:00:00" in run["expected_start_time"] for run in worker.ask("flow_runs/filter", wanted))


class Post(BaseHTTPRequestHandler):
    """Takes what an automation sends."""

    bodies: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        self.bodies.append(self.rfile.read(int(self.headers["content-length"])).decode())
        self.send_response(200)
        self.end_headers()

    def log_message(self, *anything: object) -> None:
        pass


BLOCK = """
import sys
from prefect.blocks.notifications import CustomWebhookNotificationBlock as Hook
hook = Hook(name="operators", url=sys.argv[1], method="POST", json_data={"text": "{{subject}} {{body}}"})
print(hook.save("byline-operators", overwrite=True))
"""


def test_a_person_is_told_of_a_failing_run(worker: Server, tmp_path: Path):
    """The automations of docs/deploy, with a block that posts to this process."""
    post = HTTPServer(("127.0.0.1", 0), Post)
    thread = threading.Thread(target=post.serve_forever, daemon=True)
    thread.start()
    try:
        saved = worker.run("-c", BLOCK, f"http://127.0.0.1:{post.server_port}/")
        assert saved.returncode == 0, saved.stderr
        text = (ROOT / "docs" / "deploy" / "automations.yaml").read_text("utf-8")
        mine = tmp_path / "automations.yaml"
        mine.write_text(text.replace("BLOCK_DOCUMENT_ID", saved.stdout.split()[-1]))
        made = worker.run("-m", "prefect", "automation", "create", "--from-file", str(mine))
        assert made.returncode == 0, made.stdout + made.stderr
        trigger(worker, tmp_path / "no-such-folder", tmp_path / "out")
        wait_until(lambda: bool(Post.bodies), 60)
        assert "no-such-folder does not exist" in Post.bodies[0]
    finally:
        post.shutdown()
        post.server_close()
        thread.join()


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
