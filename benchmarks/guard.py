"""A small, quick check against getting slower: fails when a ratio doubled against the recorded one, never on a time.

    python -m benchmarks.guard [--record] [--records 10000] [--rounds 3]

Everything is in processor seconds of one process over those of the floor on the same made-up listing, so that neither
the machine nor what else runs on it decides. Recorded ratios stand in `benchmarks/expected.json`; `--record` renews
them, and the change shows in the diff.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from benchmarks.common import report
from benchmarks.common.contest import floor
from benchmarks.common.corpus import Shape
from benchmarks.common.floors import VARIANTS
from benchmarks.common.listings import SEED
from benchmarks.generate import corpus_of, generate
from benchmarks.stages import staged

EXPECTED = Path(__file__).parent / "expected.json"
LIMIT = 2.0
"""How many times the recorded ratio fails: twice, since ratios of small runs on busy machines swing by a third."""
LEAST = 5.0
"""Floors below which a stage's own ratio is not looked at: too little to measure on a small listing."""
REPEATS = 20
"""Floors in one process; a single one on a small listing is lost in the interpreter's start."""


def main(arguments: list[str] | None = None) -> None:
    """Run from the command line; exit code 1 when a ratio has doubled."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--record", action="store_true", help="make what is measured now the expectation")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="byline-guard-") as work:
        found = measure(Path(work), given.records, given.rounds)
    if given.record:
        EXPECTED.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    expected = json.loads(EXPECTED.read_text(encoding="utf-8"))
    rows = [
        {"ratio": name, "expected": expected.get(name, 0.0), "found": value} for name, value in found.items()
    ]
    report.save("guard", {"found": found, "expected": expected}, report.markdown(rows))
    worse = doubled(found, expected)
    for line in worse:
        print(line, file=sys.stderr)
    sys.exit(1 if worse else 0)


def measure(work: Path, records: int, rounds: int) -> dict[str, float]:
    """Return the build's floors, in all and by stage, each the middle of the rounds."""
    generate(corpus_of(None, Shape()), work / "made-up", records=records)
    listing = work / "made-up" / "raw" / "part-000000.txt"
    runs = [_round(listing, work) for _ in range(rounds)]
    return {name: round(median(run[name] for run in runs), 2) for name in runs[0]}


def _round(listing: Path, work: Path) -> dict[str, float]:
    unit = min(_floor_seconds(variant, listing, work / "floor.parquet") for variant in VARIANTS)
    small = staged(SEED.parent, work / "out")["stages"]
    large = staged(listing.parent, work / "out")["stages"]
    net = {name: (large[name]["cpu"] - small[name]["cpu"]) / unit for name in large}
    return {"build": sum(net.values()), **{f"build: {name}": value for name, value in net.items()}}


def _floor_seconds(variant: str, listing: Path, target: Path) -> float:
    """Return the processor seconds of one floor, from many less one."""
    many, one = floor(variant, listing, target, REPEATS + 1), floor(variant, listing, target, 1)
    return (many.cpu - one.cpu) / REPEATS


def doubled(found: Mapping[str, float], expected: Mapping[str, float]) -> list[str]:
    """Say which ratios are more than `LIMIT` times the expected ones; what is new or too small passes."""
    return [
        f"{name}: {value:.2f} floors, expected {expected[name]:.2f}; {LIMIT:.0f} times that is the limit. "
        "Find the cause with `python -m benchmarks.stages --functions 20`, or record a wanted change with --record."
        for name, value in found.items()
        if expected.get(name, 0.0) >= LEAST and value > LIMIT * expected[name]
    ]


if __name__ == "__main__":
    main()
