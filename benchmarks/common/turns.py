"""Builds of one listing in two ways, in turns: what such a command takes, and what both ways cost."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.common import process
from benchmarks.common.contest import Contestant, take_turns
from benchmarks.common.process import Cost


def arguments(description: str | None) -> argparse.ArgumentParser:
    """Return a parser for listing, rounds, workers and where the figures go."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--raw", type=Path)
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--json", type=Path)
    return parser


def costs(ways: Mapping[str, Contestant], rounds: int) -> dict[str, list[Cost]]:
    """Return what each way costs, by round; one round comes first and does not count."""
    take_turns(ways, 1)
    return take_turns(ways, rounds, print)


def figures(found: Mapping[str, Sequence[Cost]]) -> dict[str, list[dict[str, object]]]:
    """Return the costs as they are written down."""
    return {name: [vars(cost) for cost in each] for name, each in found.items()}


def fresh(command: Sequence[str], out: Path) -> Cost:
    """Run a command that builds into a fresh folder, which goes afterwards."""
    try:
        return process.run(list(command))
    finally:
        shutil.rmtree(out, ignore_errors=True)
