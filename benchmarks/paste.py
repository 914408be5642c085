"""What one paste costs: `byline parse` of the sample, imports included, in CPU seconds of a whole process.

    python -m benchmarks.paste [--runs 9] [--against FOLDER …]

`--against` names other checkouts, measured in turn with this one, so that what else runs on the machine falls on all
alike. Prints the least and the middle of the runs, the ratio to this checkout, and which heavy libraries were imported.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "data" / "raw" / "listing.txt"
HEAVY = ("prefect", "pandera", "pyarrow", "pandas", "numpy", "polars", "rich")
CODE = (
    "import sys; from byline.cli import run; run(['parse', sys.argv[1]]); "
    f"print(*[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
)


def main() -> None:
    """Measure this checkout and those it is held against."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--against", type=Path, nargs="*", default=[])
    asked = parser.parse_args()
    places = [ROOT, *(path.resolve() for path in asked.against)]
    seconds: dict[Path, list[float]] = {place: [] for place in places}
    for _ in range(asked.runs):
        for place in places:
            seconds[place].append(run(place)[0])
    mine = statistics.median(seconds[ROOT])
    for place, spent in seconds.items():
        middle = statistics.median(spent)
        print(f"{min(spent):.2f} s least, {middle:.2f} s middle, {middle / mine:.2f} of this one: {place}")
        print(f"  imports {run(place)[1]}")


def run(place: Path) -> tuple[float, str]:
    """Return the CPU seconds of one process, user and system, and what it imported of `HEAVY`."""
    path = os.pathsep.join(str(place / folder) for folder in ("src", "schemas"))
    before = os.times()
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(SAMPLE)],
        env={**os.environ, "PYTHONPATH": path, "BYLINE_LEAN_IMPORTS": "1"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    after = os.times()
    spent = after.children_user - before.children_user + after.children_system - before.children_system
    return spent, done.stderr.strip()


if __name__ == "__main__":
    main()
