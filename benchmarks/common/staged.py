"""One build in this process, stage by stage: processor seconds, and with `--functions` where they go.

    python -m benchmarks.common.staged RAW OUT [--functions N]

Prints JSON: `start` (seconds from the start of the interpreter to the first stage), `stages` (name to wall and cpu
seconds) and `functions` (name to lines of cumulative seconds, own seconds, calls, place). Polars gets one thread, so
that processor seconds are comparable between stages.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import time
from pathlib import Path

os.environ.setdefault("POLARS_MAX_THREADS", "1")  # before polars is imported
os.environ["BYLINE_LEAN_IMPORTS"] = "1"  # as the command line does, before Pandera is imported

from byline.core.options import Options
from byline.pipeline.order import Stage
from byline.pipeline.run import run_build
from byline.pipeline.state import Build, Mapper

OWN = ("byline", "schemas")
"""Packages whose functions are named; of others only what takes `HEAVY` of a stage by itself."""
HEAVY = 0.04


class Clock:
    """A way to run stages that takes the time of each, and profiles them when asked to."""

    def __init__(self, functions: int) -> None:
        """`functions` 0: no profile, which itself costs time."""
        self.functions = functions
        self.stages: dict[str, dict[str, float]] = {}
        self.profiles: dict[str, list[str]] = {}

    def __call__(self, stage: Stage, build: Build, mapper: Mapper) -> None:
        """Run a stage."""
        profile = cProfile.Profile(time.process_time) if self.functions else None
        wall, cpu = time.perf_counter(), time.process_time()
        if profile:
            profile.runcall(stage.run, build, mapper)
        else:
            stage.run(build, mapper)
        self.stages[stage.name] = {
            "wall": time.perf_counter() - wall,
            "cpu": time.process_time() - cpu,
        }
        if profile:
            self.profiles[stage.name] = heaviest(profile, self.functions)


def heaviest(profile: cProfile.Profile, count: int) -> list[str]:
    """Return the functions that took most, with all they called."""
    rows = []
    found = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    total = max(row[3] for row in found.values())
    for (file, line, name), (_, calls, own, cumulative, _) in found.items():
        place = file.split("site-packages/")[-1].split("/src/")[-1]
        if place.startswith(OWN) or own > HEAVY * total:
            rows.append((cumulative, f"{cumulative:8.2f} {own:8.2f} {calls:9d}  {place}:{line} {name}"))
    return [text for _, text in sorted(rows, reverse=True)[:count]]


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("raw", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--functions", type=int, default=0)
    given = parser.parse_args()
    clock = Clock(given.functions)
    before = time.process_time()
    run_build(Options(raw=given.raw, out=given.out, workers=0), run=clock)
    print(json.dumps({"start": before, "stages": clock.stages, "functions": clock.profiles}))


if __name__ == "__main__":
    main()
