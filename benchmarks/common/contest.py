"""Contestants that take turns, so that what disturbs the machine disturbs all of them; ratios instead of times."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.common import process
from benchmarks.common.floors import VARIANTS
from benchmarks.common.process import Cost
from byline.files.parquet import COMPRESSION_LEVEL

Contestant = Callable[[], Cost]


def seconds(costs: Sequence[Cost], kind: str) -> list[float]:
    """Return the `wall` or `cpu` seconds of some runs."""
    return [cost.wall if kind == "wall" else cost.cpu for cost in costs]


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """Return the slope of a least-squares line through the logarithms of sizes and seconds: 1 is linear."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


@dataclass(frozen=True)
class Spread:
    """Least, middle and most of some figures."""

    low: float
    mid: float
    high: float

    @classmethod
    def of(cls, figures: Sequence[float]) -> Spread:
        """Summarize at least one figure."""
        return cls(min(figures), median(figures), max(figures))

    def __str__(self) -> str:
        return f"{self.mid:.2f} ({self.low:.2f} to {self.high:.2f})"


def take_turns(
    contestants: Mapping[str, Contestant], rounds: int, tell: Callable[[str], None] = lambda _: None
) -> dict[str, list[Cost]]:
    """Run every contestant once a round, every other round in reverse order; return the costs by name."""
    costs: dict[str, list[Cost]] = {name: [] for name in contestants}
    for number in range(rounds):
        names = list(contestants)[:: 1 if number % 2 == 0 else -1]
        for name in names:
            cost = contestants[name]()
            costs[name].append(cost)
            tell(f"round {number + 1}/{rounds}  {name:<24} {cost.wall:7.2f} s wall  {cost.cpu:7.2f} s cpu")
    return costs


def build(raw: Path, out: Path, *options: str, memory: bool = False, python: str = sys.executable) -> Cost:
    """Run `byline build` as a process into a fresh folder, so that no cache helps; the folder goes before and after."""
    shutil.rmtree(out, ignore_errors=True)
    try:
        return process.run(process.build_command(raw, out, *options, python=python), memory=memory)
    finally:
        shutil.rmtree(out, ignore_errors=True)


def floor(variant: str, listing: Path, target: Path, repeats: int = 1) -> Cost:
    """Run one variant of the floor, so often, in a process."""
    arguments = [variant, str(listing), str(target), str(COMPRESSION_LEVEL), str(repeats)]
    command = [sys.executable, "-m", "benchmarks.common.floors", *arguments]
    try:
        return process.run(command)
    finally:
        target.unlink(missing_ok=True)


def floors(listing: Path, target: Path, label: str = "") -> dict[str, Contestant]:
    """Return all variants of the floor as contestants."""

    def contestant(variant: str) -> Contestant:
        return lambda: floor(variant, listing, target)

    return {f"floor: {variant}{label}": contestant(variant) for variant in VARIANTS}
