"""The analyst's notebook answers its questions on the sample listing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

NOTEBOOK = ROOT / "docs" / "notebook.py"


@pytest.mark.slow  # marimo takes seconds to start
def test_the_notebook_runs_and_answers(real_build: Path, tmp_path: Path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "processed").symlink_to(real_build.parents[1])
    done = subprocess.run(
        [sys.executable, str(NOTEBOOK)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for question in (
        "papers by year",
        "busiest authors",
        "pairs who share",
        "organisations",
        "how sure",
        "quarantined",
    ):
        assert question in done.stdout
    assert "Anthropic" in done.stdout
