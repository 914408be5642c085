"""The server dies in the middle of a run: the build publishes, the process says what it could not report and ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.engines.cluster import listing
from tests.integration.conftest import ROOT, started

pytestmark = [pytest.mark.prefect, pytest.mark.slow]

FLOW = str(ROOT / "flows" / "build_dataset.py")
MINUTES = 150.0
"""Prefect by itself went on asking for longer than this."""


@pytest.mark.parametrize("records", [1_500, 0])
def test_the_process_ends_at_once_with_what_the_build_came_to(records: int, tmp_path: Path):
    raw, out = tmp_path / "raw", tmp_path / "out"
    raw.mkdir()
    (raw / "listing.txt").write_text(listing(records), encoding="utf-8")
    (tmp_path / "server").mkdir()
    with started(tmp_path / "server") as (server, process):
        flow = subprocess.Popen(
            [sys.executable, FLOW, "--raw", str(raw), "--out", str(out), "--workers", "0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=server.environment,
        )
        assert flow.stderr is not None
        for line in flow.stderr:  # the first stage begins
            if line.startswith("  "):
                break
        process.kill()
        said, told = flow.communicate(timeout=MINUTES)
    assert "could not be reported" in told
    assert "Traceback" not in told
    assert "defect" not in told
    if records:
        assert flow.returncode == 0
        assert said.splitlines()[-1].startswith("published snapshot")
        assert (out / "current").is_dir()
    else:
        assert flow.returncode == 1
        assert "nothing to publish" in told
