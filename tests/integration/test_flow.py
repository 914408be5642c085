"""The flow against a real server: same bytes as in-process, artifacts, states, retries."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from byline.core.errors import DataError, LockHeldError
from byline.core.options import MIB, Options
from byline.core.progress import Silence
from byline.pipeline.run import run_build
from byline.snapshots.lock import build_lock
from tests.conftest import LISTING, files_of
from tests.engines.cluster import cluster, listing
from tests.integration.conftest import Server

pytestmark = pytest.mark.prefect


def run_flow(**parameters: Any) -> Any:
    """Run the flow in this process; return its result, or raise what it raised."""
    from byline_flows.dataset import build_dataset

    flow: Any = build_dataset
    return flow(**{name: str(v) if isinstance(v, Path) else v for name, v in parameters.items()})


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "listing.txt").write_bytes(LISTING.read_bytes())
    return folder


def test_the_flow_publishes_the_same_bytes_and_leaves_a_report(
    at_server: Server, raw: Path, tmp_path: Path, real_build: Path
):
    result = run_flow(raw=raw, out=tmp_path / "out", workers=0)
    assert result.path.name == real_build.name
    assert files_of(result.path) == files_of(real_build)
    run = at_server.runs()[0]
    assert run["state"]["type"] == "COMPLETED"
    assert run["state"]["message"].startswith(f"published snapshot {real_build.name}")
    artifacts = at_server.artifacts(run["id"])
    assert "21 published" in artifacts["byline-report"]["data"]
    assert "| `resolve` |" in artifacts["byline-report"]["data"]
    rows = json.loads(artifacts["byline-tables"]["data"])
    assert {"table": "authorships", "rows": 61} in rows
    assert artifacts["byline-progress"]["data"] == 100


def test_worker_processes_give_the_same_bytes_in_few_tasks(at_server: Server, tmp_path: Path):
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "listing.txt").write_text(listing(7_000), encoding="utf-8")
    here = run_build(Options(raw=raw, out=tmp_path / "here", slice_bytes=MIB, workers=0))
    result = run_flow(raw=raw, out=tmp_path / "flow", slice_mib=1, workers=2)
    assert isinstance(here.path, Path)
    assert files_of(result.path) == files_of(here.path)
    names = [task["name"] for task in at_server.tasks(at_server.runs()[0]["id"])]
    assert {"read", "resolve", "publish"} <= {name.split()[0] for name in names}
    assert len(names) <= 8 * 9


def test_a_failing_run_says_what_is_wrong_and_the_way_out(at_server: Server, raw: Path, tmp_path: Path):
    out = tmp_path / "out"
    published = run_flow(raw=raw, out=out, workers=0).path
    (raw / "listing.txt").write_bytes(b"")
    with pytest.raises(DataError, match="nothing to publish"):
        run_flow(raw=raw, out=out, workers=0)
    run = at_server.runs()[0]
    assert run["state"]["type"] == "FAILED"
    assert "nothing to publish" in run["state"]["message"]
    assert "README" in run["state"]["message"]
    assert "Nothing was published" in at_server.artifacts(run["id"])["byline-report"]["data"]
    assert (out / "current").resolve() == published.resolve()


def test_another_build_at_work_ends_the_run(at_server: Server, raw: Path, tmp_path: Path):
    with build_lock(tmp_path / "out"), pytest.raises(LockHeldError):
        run_flow(raw=raw, out=tmp_path / "out", workers=0)
    assert "another build holds" in at_server.runs()[0]["state"]["message"]


def parts_of(work: Callable[[str, Callable[[Any], Any], Sequence[Any]], list[Any]], tasks: list[Any]) -> Any:
    """Run a flow that gives one stage to a mapper over `work`."""
    from prefect import flow

    from byline_flows import tasks as module
    from byline_flows.progress import FlowProgress

    @flow(name="parts", persist_result=False)
    def run() -> Any:
        return module.Parts(work, FlowProgress(Silence()), 1)("read", abs, tasks)  # type: ignore[arg-type]

    inside: Any = run
    return inside()


def test_an_error_of_the_operating_system_is_tried_again(at_server: Server, monkeypatch: pytest.MonkeyPatch):
    from byline_flows import tasks as module

    monkeypatch.setattr(module, "RETRY_SECONDS", [0.0, 0.0])
    calls = []

    def flaky(stage: str, work: Callable[[Any], Any], tasks: Sequence[Any]) -> list[Any]:
        calls.append(list(tasks))
        if len(calls) == 1:
            raise ConnectionResetError("the file server is restarting")
        return [work(task) for task in tasks]

    assert parts_of(flaky, [-1, -2, -3]) == [1, 2, 3]
    assert calls == [[-1], [-1], [-2], [-3]]


def test_what_the_data_is_is_not_tried_again(at_server: Server):
    calls = []

    def broken(stage: str, work: Callable[[Any], Any], tasks: Sequence[Any]) -> list[Any]:
        calls.append(tasks)
        raise DataError("line 3 breaks a rule", "Look at line 3.")

    with pytest.raises(DataError, match="line 3"):
        parts_of(broken, [1])
    assert len(calls) == 1


@pytest.mark.slow
def test_the_flow_on_a_dask_cluster_gives_the_same_bytes(
    at_server: Server, raw: Path, tmp_path: Path, real_build: Path
):
    with cluster(tmp_path / "cluster") as running:
        result = run_flow(raw=raw, out=tmp_path / "out", engine="dask", address=running.address)
    assert files_of(result.path) == files_of(real_build)
    names = {run["state"]["type"] for run in at_server.runs()[:2]}
    assert names == {"COMPLETED"}
