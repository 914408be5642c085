"""What the README shows is what happens."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")
SNIPPETS = re.findall(r"With (\w+):\n\n```python\n(.*?)```", README, re.DOTALL)


@pytest.fixture(scope="module")
def project(real_build: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which data/processed is the build of the real listing."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "data").mkdir()
    (folder / "data" / "processed").symlink_to(real_build.parents[1])
    return folder


@pytest.mark.parametrize(("tool", "code"), SNIPPETS, ids=[tool for tool, _ in SNIPPETS])
def test_the_snippet_runs_as_it_stands(tool, code, project):
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=False
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
