"""How many times the least possible the whole build costs, in one run, on 120,000 known papers and on a million.

    python -m benchmarks.floor [--gold DIR] [--records 120000 1000000] [--rounds 5] [--json FILE]

The floor reads the text as lines and writes the same bytes as zstd Parquet (`common/floors.py`). The fixed part of
each, its run on the real listing of 21 records, is measured beside it and subtracted. Contestants take turns.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.common import report
from benchmarks.common.contest import Spread, build, floors, seconds, take_turns
from benchmarks.common.listings import SEED, listing_of
from benchmarks.common.process import Cost


def main(arguments: list[str] | None = None) -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--records", type=int, nargs="+", default=[120_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--work", type=Path, help="folder for corpora and outputs, kept  [default: a temporary one]"
    )
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="byline-floor-") as temporary:
        work = given.work or Path(temporary)
        found = [measure(listing_of(given.gold, n, work), work, given.rounds) for n in given.records]
    save("floor", found, given.json)


def save(name: str, found: list[dict[str, Any]], to: Path | None = None) -> None:
    """Print and keep what was found."""
    text = report.markdown([row(one) for one in found])
    report.save(name, {"runs": found}, text, to)


def measure(listing: Path, work: Path, rounds: int) -> dict[str, Any]:
    """Measure build and floor on one listing (in a folder of its own) and on the seed."""
    out, target = work / "out", work / "floor.parquet"
    contestants = {
        **floors(SEED, target, " (fixed)"),
        "build (fixed)": lambda: build(SEED.parent, out),
        **floors(listing, target),
        "build": lambda: build(listing.parent, out),
    }
    costs = take_turns(contestants, rounds, lambda line: print(line, file=sys.stderr))
    heavy = build(listing.parent, out, memory=True)
    return {
        "listing": listing.parent.parent.name,
        "bytes": listing.stat().st_size,
        "wall": asdict(ratio(costs, "wall")),
        "cpu": asdict(ratio(costs, "cpu")),
        "floor": best_floor(costs, "wall").removeprefix("floor: "),
        "floor_seconds": net(costs, best_floor(costs, "wall"), "wall"),
        "build_seconds": net(costs, "build", "wall"),
        "fixed_seconds": median(cost.wall for cost in costs["build (fixed)"]),
        "memory_mib": heavy.memory,
        "private_mib": heavy.private,
        "output": heavy.output,
    }


def row(found: dict[str, Any]) -> dict[str, object]:
    """Return one line of the table."""
    return {
        "listing": found["listing"],
        "MB": found["bytes"] / 1e6,
        "fixed part, s": found["fixed_seconds"],
        "floor, s": found["floor_seconds"],
        "by": found["floor"],
        "build less fixed, s": found["build_seconds"],
        "floors, wall: median (min to max)": Spread(**found["wall"]),
        "floors, CPU": Spread(**found["cpu"]),
        "peak PSS, MiB": found["memory_mib"],
        "of it private": found["private_mib"],
    }


def best_floor(costs: dict[str, list[Cost]], kind: str) -> str:
    """Return the variant that is fastest in the middle, less its fixed part."""
    names = [name for name in costs if name.startswith("floor: ") and not name.endswith("(fixed)")]
    return min(names, key=lambda name: net(costs, name, kind))


def net(costs: dict[str, list[Cost]], name: str, kind: str) -> float:
    """Return the middle seconds of a contestant less those of its fixed part."""
    return median(seconds(costs[name], kind)) - fixed(costs, name, kind)


def fixed(costs: dict[str, list[Cost]], name: str, kind: str) -> float:
    """Return the middle seconds of a contestant's fixed part."""
    return median(seconds(costs[f"{name} (fixed)"], kind))


def ratio(costs: dict[str, list[Cost]], kind: str) -> Spread:
    """Return build over floor, each less its fixed part, round by round."""
    variant = best_floor(costs, kind)
    below, above = fixed(costs, variant, kind), fixed(costs, "build", kind)
    pairs = zip(seconds(costs["build"], kind), seconds(costs[variant], kind), strict=True)
    return Spread.of([(b - above) / (f - below) for b, f in pairs])


if __name__ == "__main__":
    main()
