"""What the README shows is what happens."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")
SNIPPETS = re.findall(r"With (\w+):\n\n```python\n(.*?)```", README, re.DOTALL)


@pytest.fixture(scope="module")
def shell(real_build: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return an environment in which `byline path` finds the build of the real listing."""
    folder = tmp_path_factory.mktemp("bin")
    script = folder / "byline"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m byline "$@" "{real_build.parents[1]}"\n')
    script.chmod(0o755)
    return {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


@pytest.mark.parametrize(("tool", "code"), SNIPPETS, ids=[tool for tool, _ in SNIPPETS])
def test_the_snippet_runs_as_it_stands(tool, code, shell, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", code], env=shell, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_there_is_a_snippet_for_each_of_the_four_tools():
    assert [tool for tool, _ in SNIPPETS] == ["polars", "pandas", "DuckDB", "PyArrow"]


def test_the_two_commands_stand_first():
    head = README.splitlines()[:12]
    assert any("make run" in line for line in head)
    assert any("make test" in line for line in head)


def test_every_link_leads_somewhere():
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
