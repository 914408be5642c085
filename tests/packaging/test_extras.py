"""Without the extras byline reads, validates and loads; what needs one says the command that brings it."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from byline.core.errors import UsageError
from byline.core.extras import EXTRAS, needed
from tests.conftest import LISTING, ROOT

HIDING = "raise ModuleNotFoundError(f'No module named {__name__!r}', name=__name__)\n"


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return an environment whose Python finds none of the extras' modules."""
    folder = tmp_path_factory.mktemp("hidden")
    for module in EXTRAS["all"]:
        (folder / f"{module}.py").write_text(HIDING)
    path = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    return {**os.environ, "PYTHONPATH": path}


def run(environment: dict[str, str], folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], env=environment, cwd=folder, capture_output=True, text=True, check=False
    )


MISSING = {
    "build --raw s3://bucket/raw": ("s3", "obstore"),
    "build --out s3://bucket/out": ("s3", "obstore"),
    "validate s3://bucket/out": ("s3", "obstore"),
    "path s3://bucket/out": ("s3", "obstore"),
    "rollback --out s3://bucket/out": ("s3", "obstore"),
    "build --engine dask --address tcp://127.0.0.1:1": ("dask", "distributed"),
}
ONE_BY_ONE = """
import sys
from byline.cli import run
for line in sys.stdin:
    print(run(line.split()), file=sys.stderr, flush=True)
    print("---", file=sys.stderr, flush=True)
"""
"""Runs commands one by one in a process: imports of what is there are paid once."""


@pytest.fixture(scope="module")
def ended(bare: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Run all commands that need an extra, without any; return what each said, and its exit code at the end."""
    folder = tmp_path_factory.mktemp("missing")
    (folder / "data" / "raw").mkdir(parents=True)
    done = subprocess.run(
        [sys.executable, "-c", ONE_BY_ONE],
        input="\n".join(MISSING), env=bare, cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return dict(zip(MISSING, done.stderr.split("---\n"), strict=False))


def refused(said: str, extra: str, needs: str) -> None:
    assert f"needs {needs}, which is not installed" in said
    assert f"pip install 'byline[{extra}]'" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("words", MISSING)
def test_a_missing_extra_is_said_with_the_command_that_brings_it(words, ended):
    *_, code = ended[words].split()
    assert code == "2"
    refused(ended[words], *MISSING[words])


def test_the_flow_without_prefect_says_the_command_that_brings_it(bare, tmp_path):
    done = run(bare, tmp_path, "-m", "byline_flows")
    assert done.returncode == 2, done.stderr
    refused(done.stderr, "prefect", "prefect")


def test_without_any_extra_a_listing_is_built_and_validated(bare, tmp_path):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "listing.txt").write_bytes(LISTING.read_bytes())
    built = run(bare, tmp_path, "-m", "byline", "build", "--raw", "raw", "--out", "out", "--workers", "0")
    assert built.returncode == 0, built.stderr
    assert run(bare, tmp_path, "-m", "byline", "validate", "out").returncode == 0


def test_a_broken_installation_is_not_taken_for_a_missing_extra():
    with pytest.raises(ModuleNotFoundError, match="inner"), needed("s3", "an address"):
        raise ModuleNotFoundError("No module named 'inner'", name="inner")


def test_the_submodule_of_a_missing_library_is_told_by_the_library():
    with pytest.raises(UsageError, match="a flow needs prefect-dask") as told, needed("all", "a flow"):
        raise ModuleNotFoundError("No module named 'prefect_dask.x'", name="prefect_dask.x")
    assert "byline[all]" in told.value.way_out


def test_extras_are_those_that_the_distribution_declares():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert declared.keys() == EXTRAS.keys()
