"""Cycles are looked for seldom while a command works, and never as it ends."""

import subprocess
import sys
from pathlib import Path

LISTING = Path(__file__).parents[2] / "data" / "raw" / "listing.txt"

LOOKED = """
import atexit, gc, sys
from byline.core import cycles
cycles.seldom()
looked = []
gc.callbacks.append(lambda phase, about: looked.append(phase))
atexit.register(lambda: print("told", len(looked), gc.get_freeze_count() > 10_000))
sys.argv = ["byline", *sys.argv[1:]]
from byline.__main__ import main
main()
"""


def test_a_command_looks_for_none_and_leaves_all_that_is_there_alone_as_it_ends():
    run = subprocess.run(
        [sys.executable, "-c", LOOKED, "parse", str(LISTING)], capture_output=True, text=True, check=True
    )
    assert run.stdout.splitlines()[-1] == "told 0 True"


def test_the_exit_code_is_the_commands():
    run = subprocess.run([sys.executable, "-m", "byline", "nothing"], capture_output=True, check=False)
    assert run.returncode == 2
