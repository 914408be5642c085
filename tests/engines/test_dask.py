"""The distributed engine, on a cluster of separate processes on this machine."""

from __future__ import annotations

import operator
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from byline.core.code_digest import code_digest
from byline.core.errors import OutputError, UsageError
from byline.core.options import Options
from byline.core.progress import Silence
from byline.files import run_files
from byline.pipeline.engines.dask import dask_engine, refuse_other_code, run_task
from byline.pipeline.run import run_build
from tests.conftest import LISTING, files_of
from tests.engines.cluster import Cluster, cluster, listing
from tests.pipeline.gates_paper import ENTRY, LOWER, OTHERS, card, paper
from tests.reference.papers import lines


def test_without_an_address_it_says_how_to_start_a_cluster():
    with pytest.raises(UsageError, match="dask scheduler"), dask_engine(None, Silence()):
        pass


def test_a_worker_with_other_code_is_refused():
    with pytest.raises(UsageError, match=r"other code \(0123\)"):
        refuse_other_code("0123", "tcp://10.0.0.7:41000")
    with pytest.raises(UsageError, match="same version"):
        run_task("0123", len, "work that must not be done")


def test_a_worker_reaches_nothing_through_links_below_the_output(tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".work").symlink_to(tmp_path / "outside")
    with pytest.raises(OutputError, match=r"\.work is a symbolic link"):
        run_task(code_digest(), write_rows, tmp_path / "out" / ".work" / "7" / "rows", [tmp_path / "out"])
    assert not list((tmp_path / "outside").iterdir())


def write_rows(path: Path) -> None:
    run_files.write_checked(path, b"rows")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("cluster")) as started:
        yield started


@pytest.mark.slow
def test_results_come_in_order_and_errors_keep_their_kind(running: Cluster, tmp_path: Path):
    seen = []

    class Counting(Silence):
        def advance(self, name: str) -> None:
            seen.append(name)

    with dask_engine(running.address, Counting(), (tmp_path,)) as mapper:
        assert mapper("read", abs, [-3, 1, -2]) == [3, 1, 2]
        assert seen == ["read"] * 3
        assert mapper("read", abs, []) == []
        with pytest.raises(ZeroDivisionError):
            mapper("read", partial(operator.floordiv, 1), [1, 0])  # a scheduler does not see the tests


@pytest.mark.slow
def test_a_folder_that_workers_do_not_see_is_refused(running: Cluster, tmp_path: Path):
    missing = tmp_path / "only-here"
    with pytest.raises(UsageError, match="does not see"), dask_engine(running.address, Silence(), (missing,)):
        pass


class Killer(Silence):
    """Kills a worker as soon as the first task of a stage is done, and lets another one come in its place."""

    def __init__(self, cluster: Cluster, stages: list[str]) -> None:
        self.cluster = cluster
        self.stages = stages
        self.killed = 0

    def advance(self, name: str) -> None:
        if self.stages and name == self.stages[0]:
            self.stages.pop(0)
            self.cluster.add_worker()
            os.kill(self.cluster.workers[self.killed].pid, signal.SIGKILL)
            self.killed += 1


@pytest.mark.slow
def test_workers_killed_in_the_middle_change_nothing(running: Cluster, tmp_path: Path):
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "listing.txt").write_text(listing(4000), encoding="utf-8")
    options = Options(raw=raw, out=tmp_path / "local", slice_bytes=256 * 1024, workers=0)
    local = run_build(options)
    killer = Killer(running, ["read", "write"])
    distributed = run_build(
        replace(options, out=tmp_path / "dask", engine="dask", address=running.address), killer
    )
    assert killer.killed == 2
    assert isinstance(local.path, Path)
    assert isinstance(distributed.path, Path)
    assert local.statuses["published"] == 4000
    assert files_of(distributed.path) == files_of(local.path)


@pytest.mark.slow
def test_workers_see_arxivs_metadata_and_fill_the_same(running: Cluster, tmp_path: Path):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text(card() + LOWER + listing(20), encoding="utf-8")
    (tmp_path / "arxiv.json").write_bytes(lines([ENTRY, *OTHERS]))
    options = Options(raw=tmp_path / "raw", out=tmp_path / "local", arxiv=tmp_path / "arxiv.json", workers=0)
    local = run_build(options)
    there = replace(options, out=tmp_path / "dask", engine="dask", address=running.address, slice_bytes=500)
    distributed = run_build(there)
    assert isinstance(local.path, Path)
    assert isinstance(distributed.path, Path)
    assert paper(local.path)["authors_source"] == "arxiv"
    assert files_of(distributed.path) == files_of(local.path)


@pytest.mark.slow
def test_the_command_line_builds_on_a_cluster_from_relative_folders(
    running: Cluster, tmp_path: Path, real_build: Path
):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "listing.txt").write_bytes(LISTING.read_bytes())
    arguments = ["--raw", "raw", "--out", "out", "--engine", "dask", "--address", running.address]
    command = [sys.executable, "-m", "byline", "build", *arguments]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert files_of((tmp_path / "out" / "current").resolve()) == files_of(real_build)
    bare = subprocess.run(command[:-2], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert bare.returncode == 2
    assert "dask scheduler" in bare.stderr
