"""How time, memory and disk grow with the input: sizes from 100,000 records on, and 10 GB in one file and in 10,000.

    python -m benchmarks.scale --records 100000 300000 1000000 3000000 5000000 [--plot docs/images]
    python -m benchmarks.scale --bytes 10G --files 1 10000 --work DIR

Memory is the peak over time of the PSS of all processes together, sampled every 0.2 s; disk what lies in the output
folder, sampled every 2 s. The exponent is the slope of a least-squares line through the logarithms of records and
seconds less the fixed part (the build of the 21 records).
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.common import contest, process, report
from benchmarks.common.corpus import Shape
from benchmarks.common.gold import gold_folder
from benchmarks.common.listings import SEED
from benchmarks.common.plot import Line, chart
from benchmarks.generate import corpus_of, generate, parse_size

MEMORY_LIMIT_MIB = 1536
EXPONENT_LIMIT = 1.05
INTERVAL = 0.2


def main(arguments: list[str] | None = None) -> None:
    """Run from the command line."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if not given.records and not given.size:
        parser.error("nothing to measure: give --records or --bytes")
    gold = None if given.made_up else gold_folder(given.gold)
    corpus = corpus_of(gold, Shape())
    with tempfile.TemporaryDirectory(prefix="byline-scale-") as temporary:
        work = given.work or Path(temporary)
        fixed = median(contest.build(SEED.parent, work / "out").wall for _ in range(3))
        wanted: list[tuple[int | None, int | None, int]] = [(n, None, 1) for n in given.records]
        wanted += [(None, given.size, files) for files in given.files if given.size]
        runs = []
        for records, size, files in wanted:
            done = generate(corpus, work / "corpus", records=records, size=size, files=files)
            print(f"made {done.records} records, {done.size} bytes, {done.files} files", file=sys.stderr)
            try:
                runs.append(measure(work, done.records, done.size, done.files, fixed))
            finally:
                shutil.rmtree(work / "corpus", ignore_errors=True)
    slope = exponent(runs)
    figures = {"fixed_seconds": fixed, "runs": runs, "exponent": slope}
    report.save(given.name, figures, table(runs, slope), given.json)
    if given.plot:
        plots(runs, given.plot)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--records", type=int, nargs="*", default=[])
    parser.add_argument("--bytes", type=parse_size, dest="size")
    parser.add_argument("--files", type=int, nargs="+", default=[1])
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--made-up", action="store_true")
    parser.add_argument("--work", type=Path)
    parser.add_argument("--plot", type=Path, help="folder for the charts")
    parser.add_argument("--name", default="scale", help="name of the result under benchmarks/out")
    parser.add_argument("--json", type=Path)
    return parser


def measure(work: Path, records: int, size: int, files: int, fixed: float) -> dict[str, Any]:
    """Build the corpus below `work` once and return what it took."""
    out = work / "out"
    shutil.rmtree(out, ignore_errors=True)
    command = process.build_command(work / "corpus" / "raw", out)
    try:
        cost = process.run(command, memory=True, interval=INTERVAL, disk=out)
        published = process.disk_use(out / "snapshots")
    finally:
        shutil.rmtree(out, ignore_errors=True)
    print(cost.output, file=sys.stderr)
    return {
        "records": records,
        "bytes": size,
        "files": files,
        "seconds": cost.wall - fixed,
        "cpu_seconds": cost.cpu,
        "memory_mib": cost.memory,
        "private_mib": cost.private,
        "disk_mib": cost.disk,
        "published_mib": published,
        "output": cost.output,
    }


def exponent(runs: Sequence[dict[str, Any]]) -> float | None:
    """Return the slope of log seconds over log records of the runs in one file; null with fewer than two sizes."""
    points = {run["records"]: run["seconds"] for run in runs if run["files"] == 1}
    if len(points) < 2:
        return None
    return contest.exponent(list(points), list(points.values()))


def table(runs: Sequence[dict[str, Any]], slope: float | None) -> str:
    """Return the figures for people."""
    rows = [
        {
            "records": f"{run['records']:,}",
            "MB": f"{run['bytes'] / 1e6:.0f}",
            "files": run["files"],
            "s less fixed part": run["seconds"],
            "CPU s": run["cpu_seconds"],
            "records/s": f"{run['records'] / run['seconds']:.0f}",
            "peak PSS, MiB": f"{run['memory_mib']:.0f}",
            "of it private": f"{run['private_mib']:.0f}",
            "peak disk, MiB": f"{run['disk_mib']:.0f}",
            "published, MiB": f"{run['published_mib']:.0f}",
        }
        for run in runs
    ]
    last = "" if slope is None else f"\n\nexponent of time over records: {slope:.3f} (limit {EXPONENT_LIMIT})"
    return report.markdown(rows) + last


def plots(runs: Sequence[dict[str, Any]], folder: Path) -> None:
    """Draw time and memory over records."""
    folder.mkdir(parents=True, exist_ok=True)
    times = [(run["records"], run["seconds"]) for run in runs]
    memory = [(run["records"], run["memory_mib"]) for run in runs]
    first, last = times[0], times[-1]
    linear = [first, (last[0], first[1] * last[0] / first[0])]
    (folder / "scale-time.svg").write_text(
        chart(
            "Seconds less the fixed part",
            "records",
            "seconds",
            [Line("measured", times), Line("linear from the smallest", linear, dots=False)],
        ),
        encoding="utf-8",
    )
    limit = [(first[0], MEMORY_LIMIT_MIB), (last[0], MEMORY_LIMIT_MIB)]
    (folder / "scale-memory.svg").write_text(
        chart(
            "Peak memory, all processes together",
            "records",
            "MiB (PSS)",
            [Line("measured", memory), Line("limit: 1.5 GiB", limit, dots=False)],
        ),
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
