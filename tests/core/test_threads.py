"""Which processes have one thread: nobody's who said otherwise."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from byline.core import threads


def test_what_the_environment_says_stays():
    environment = {"POLARS_MAX_THREADS": "3"}
    threads.one_here(environment)
    assert environment == {"POLARS_MAX_THREADS": "3", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def test_processes_that_start_meanwhile_have_one_and_later_ones_what_was_said(monkeypatch):
    monkeypatch.setenv("POLARS_MAX_THREADS", "3")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    with threads.one_thread_each():
        assert [os.environ[name] for name in threads.NAMES] == ["1", "1", "1"]
    assert os.environ["POLARS_MAX_THREADS"] == "3"
    assert "OMP_NUM_THREADS" not in os.environ


@pytest.mark.slow
@pytest.mark.parametrize(("command", "said"), [("build", "1"), ("parse", "1"), ("validate", None)])
def test_commands_that_build_have_one_thread(command, said):
    asked = (
        f"import os, sys; sys.argv = ['byline', '{command}', '--help']; from byline.__main__ import main\n"
    )
    asked += "try: main()\nexcept SystemExit: print('said', os.environ.get('POLARS_MAX_THREADS'))"
    environment = {name: value for name, value in os.environ.items() if name not in threads.NAMES}
    run = subprocess.run(
        [sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout.splitlines()[-1] == f"said {said}"
