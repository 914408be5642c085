"""Where the time goes: each stage in floors, what the contract orders by itself, the fixed part second by second.

    python -m benchmarks.stages [--gold DIR] [--records 120000] [--rounds 3] [--functions 15] [--json FILE]

Processor seconds in one process with one thread, so that shares add up; a floor is the processor time of the cheapest
way to read the lines and write them as zstd Parquet. What the contract orders by itself is `common/obliged.py`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.common import process, report
from benchmarks.common.contest import floors
from benchmarks.common.listings import SEED, listing_of
from benchmarks.common.process import Cost

LEAN = "import os; os.environ['BYLINE_LEAN_IMPORTS'] = '1'; "
"""What the command line does before it imports anything."""
IMPORTS = {
    "interpreter": "pass",
    "polars": f"{LEAN}import polars",
    "pandera and its schemas": f"{LEAN}import byline_schemas",
    "all of byline": f"{LEAN}import byline.pipeline.run",
}
"""Each holds the ones before it; the differences are the parts."""


def main(arguments: list[str] | None = None) -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--records", type=int, default=120_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--functions", type=int, default=0)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="byline-stages-") as temporary:
        work = given.work or Path(temporary)
        listing = listing_of(given.gold, given.records, work)
        found = measure(listing, work, given.rounds)
        profile = (
            staged(listing.parent, work / "out", given.functions)["functions"] if given.functions else {}
        )
    tables = [stage_table(found), duty_table(found), fixed_table(found)]
    text = "\n\n".join([*tables, *functions(profile)])
    report.save("stages", {**found, "functions": profile}, text, given.json)


def measure(listing: Path, work: Path, rounds: int) -> dict[str, Any]:
    """Run floors, build and seed build in turn; return middle processor seconds."""
    large: list[dict[str, Any]] = []
    small: list[dict[str, Any]] = []
    floor: list[float] = []
    starts: dict[str, list[Cost]] = {name: [] for name in IMPORTS}
    for _ in range(rounds):
        costs = [contestant() for contestant in floors(listing, work / "floor.parquet").values()]
        fixed = [contestant() for contestant in floors(SEED, work / "floor.parquet").values()]
        floor.append(min(a.cpu - b.cpu for a, b in zip(costs, fixed, strict=True)))
        for name, code in IMPORTS.items():
            starts[name].append(process.run([sys.executable, "-c", code]))
        small.append(staged(SEED.parent, work / "out"))
        large.append(staged(listing.parent, work / "out"))
    return {
        "bytes": listing.stat().st_size,
        "floor": median(floor),
        "stages": _middle(large),
        "fixed": _middle(small),
        "duties": obliged(listing, work, rounds),
        "imports": {name: median(cost.cpu for cost in costs) for name, costs in starts.items()},
    }


def staged(raw: Path, out: Path, functions_shown: int = 0) -> dict[str, Any]:
    """Run one build in a process of its own and return what it says of its stages."""
    shutil.rmtree(out, ignore_errors=True)
    command = [sys.executable, "-m", "benchmarks.common.staged", str(raw), str(out)]
    try:
        ran = process.run([*command, "--functions", str(functions_shown)])
    finally:
        shutil.rmtree(out, ignore_errors=True)
    found: dict[str, Any] = json.loads(ran.output.splitlines()[-1])
    return found


def obliged(listing: Path, work: Path, rounds: int) -> dict[str, float]:
    """Build once, then do over what no build can leave out; return middle processor seconds of each duty."""
    out, target = work / "out", work / "again"
    module = [sys.executable, "-m", "benchmarks.common.obliged"]
    found: list[dict[str, float]] = []
    try:
        process.run(process.build_command(listing.parent, out))
        for _ in range(rounds):
            ran = process.run([*module, str(listing), str(out / "current"), str(target)])
            found.append(json.loads(ran.output.splitlines()[-1]))
            shutil.rmtree(target)
    finally:
        shutil.rmtree(out, ignore_errors=True)
        shutil.rmtree(target, ignore_errors=True)
    return {name: median(duties[name] for duties in found) for name in found[0]}


def _middle(runs: list[dict[str, Any]]) -> dict[str, float]:
    return {name: median(run["stages"][name]["cpu"] for run in runs) for name in runs[0]["stages"]}


def stage_table(found: dict[str, Any]) -> str:
    """Return each stage's share, less its fixed part."""
    net = {name: cpu - found["fixed"][name] for name, cpu in found["stages"].items()}
    total = sum(net.values())
    rows = [
        {"stage": name, "CPU s": cpu, "floors": cpu / found["floor"], "share": f"{cpu / total:.0%}"}
        for name, cpu in net.items()
    ]
    rows.append({"stage": "all", "CPU s": total, "floors": total / found["floor"], "share": "100%"})
    rows.append({"stage": "(the floor)", "CPU s": found["floor"], "floors": 1.0, "share": ""})
    return report.markdown(rows)


def duty_table(found: dict[str, Any]) -> str:
    """Return what the contract orders by itself: no build with these libraries takes less."""
    duties: dict[str, float] = found["duties"]
    seconds = {**duties, "all": sum(duties.values())}
    rows = [
        {"what the contract orders": name, "CPU s": cpu, "floors": cpu / found["floor"]}
        for name, cpu in seconds.items()
    ]
    return report.markdown(rows)


def fixed_table(found: dict[str, Any]) -> str:
    """Return where the seconds of the smallest build go."""
    rows: list[dict[str, object]] = []
    before = 0.0
    for name, cpu in found["imports"].items():
        rows.append({"fixed part": name, "CPU s": cpu - before})
        before = cpu
    rows += [{"fixed part": f"stage {name}", "CPU s": cpu} for name, cpu in found["fixed"].items()]
    rows.append({"fixed part": "all", "CPU s": before + sum(found["fixed"].values())})
    return report.markdown(rows)


def functions(profile: dict[str, list[str]]) -> list[str]:
    """Return a block a stage: cumulative seconds, own seconds, calls, function (under the profiler, which slows)."""
    return [f"{name}\n" + "\n".join(lines) for name, lines in profile.items()]


if __name__ == "__main__":
    main()
