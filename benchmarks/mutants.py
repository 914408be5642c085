"""Plant one fault at a time in the modules that decide what is published, and see whether a test notices.

Each fault is put to the tests that run its line (found once, with coverage), the fastest first, in a fork of this
process; a fault that no test notices is printed with its line. `mutation/read.toml` lists those that a person has read
and found to change nothing, each with the reason.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing.queues import Queue
from pathlib import Path

from benchmarks.mutation.faults import faults

ROOT = Path(__file__).parents[1]
READ = Path(__file__).parent / "mutation" / "read.toml"
MODULES = (
    "src/byline/snapshots/gates.py",
    "src/byline/snapshots/gate_metrics.py",
    "src/byline/snapshots/publishing.py",
    "src/byline/snapshots/seal.py",
    "src/byline/snapshots/history.py",
    "src/byline/snapshots/redirects.py",
    "src/byline/snapshots/prune.py",
    "src/byline/snapshots/manifest.py",
    "src/byline/decisions/*.py",
    "src/byline/files/*.py",
    "src/byline/core/*.py",
    "src/byline/pipeline/stages/*.py",
)
"""What decides which rows are published, how they are written, and when a snapshot becomes the current one."""
LEFT_OUT = {"src/byline/core/memory.py", "src/byline/core/progress.py"}
"""What only decides how fast a build is, and what it shows."""
COPIED = (
    "src",
    "schemas",
    "flows",
    "tests",
    "benchmarks",
    "data",
    "docs",
    "pyproject.toml",
    "README.md",
    "prefect.yaml",
)
FAST_TESTS = 30
"""Tests, the fastest, that a fault is put to first; the others follow when all of these pass."""
SECONDS = 120.0
"""How long the tests of one fault may take; a fault that makes them go on for ever is noticed, too."""
MOST_SECONDS = 20.0
"""Seconds of tests, as measured without a fault, that one fault is put to at most; three tests in any case."""


@dataclass(frozen=True)
class Task:
    """A fault to try: where it is, what was done, the module's source with it, and the tests that may notice."""

    path: str
    line: int
    what: str
    source: str
    tests: tuple[str, ...]

    @property
    def name(self) -> str:
        """How `read.toml` and the report name a fault: without its line, which moves."""
        return f"{self.path}: {self.what}"


@dataclass(frozen=True)
class Outcome:
    """What became of a fault: killed, survived, or not covered by any test."""

    path: str
    line: int
    what: str
    verdict: str


def copy_tree(target: Path) -> Path:
    """Copy what tests need; faults are planted there."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            ignore = shutil.ignore_patterns("__pycache__", "processed", ".hypothesis", "out")
            shutil.copytree(source, target / name, ignore=ignore)
        else:
            shutil.copy2(source, target / name)
    (target / "data" / "processed").mkdir(parents=True, exist_ok=True)
    return target


def coverage_of(tree: Path, tests: Sequence[str], kept: Path | None) -> dict[str, dict[str, list[str]]]:
    """Return tests by file and line, the fastest first: from one run without a fault, or as `kept` by another."""
    out = tree / "covering.json" if kept is None else kept.absolute()
    if not out.exists():
        cover(tree, tests, out)
    found = json.loads(out.read_text())
    seconds: dict[str, float] = found["seconds"]
    return {
        path: {line: _affordable(names, seconds) for line, names in by_line.items()}
        for path, by_line in found["lines"].items()
    }


def cover(tree: Path, tests: Sequence[str], out: Path) -> None:
    """Run the tests once under coverage; `out` says which test runs which line."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.mutation.covering",
        str(out),
        "-m",
        "not slow and not prefect",
    ]
    done = subprocess.run([*command, *tests], cwd=tree, env=environment(tree), check=False)
    if not out.exists():
        raise SystemExit(f"the tests did not run (exit code {done.returncode})")


def _affordable(names: Sequence[str], seconds: dict[str, float]) -> list[str]:
    """Return the tests, the fastest first, that take `MOST_SECONDS` together."""
    chosen: list[str] = []
    spent = 0.0
    for name in sorted(names, key=lambda name: seconds.get(name, 0.0)):
        spent += seconds.get(name, 0.0)
        if spent > MOST_SECONDS and len(chosen) >= 3:
            break
        chosen.append(name)
    return chosen


def environment(tree: Path) -> dict[str, str]:
    """Return an environment whose Python imports byline from the copy."""
    path = os.pathsep.join(str(tree / name) for name in ("src", "schemas", "flows", ""))
    return {**os.environ, "PYTHONPATH": path, "POLARS_MAX_THREADS": "1", "DO_NOT_TRACK": "1"}


def tasks_of(paths: Sequence[str], covered: dict[str, dict[str, list[str]]]) -> Iterator[Task]:
    """Yield every fault of the modules."""
    for path in paths:
        lines = covered.get(path, {})
        any_line = list(dict.fromkeys(name for names in lines.values() for name in names))
        for fault in faults((ROOT / path).read_text("utf-8")):
            tests = any_line if fault.at_import else lines.get(str(fault.line), [])
            yield Task(path, fault.line, fault.what, fault.source, tuple(tests))


_tree: Path


def start_worker(trees: Queue[Path]) -> None:
    """Give a worker a copy of its own and import what all tests need but byline itself."""
    global _tree  # noqa: PLW0603 - a worker has one copy
    _tree = trees.get()
    os.chdir(_tree)
    os.environ.update(environment(_tree))
    import hypothesis  # noqa: F401 - these stay in memory for all forks
    import numpy  # noqa: F401
    import pandera.polars  # noqa: F401
    import polars  # noqa: F401
    import pyarrow.parquet  # noqa: F401
    import pytest  # noqa: F401


def attempt(task: Task) -> Outcome:
    """Plant one fault, run its tests, take it out again."""
    if not task.tests:
        return Outcome(task.path, task.line, task.what, "uncovered")
    file = _tree / task.path
    sound = file.read_bytes()
    file.write_text(task.source, "utf-8")
    later = time.time_ns() + 10**10
    os.utime(file, ns=(later, later))  # not the time that compiled files name
    try:
        noticed = any(_fails(part) for part in (task.tests[:FAST_TESTS], task.tests[FAST_TESTS:]) if part)
    finally:
        file.write_bytes(sound)
    return Outcome(task.path, task.line, task.what, "killed" if noticed else "survived")


def _fails(tests: Sequence[str]) -> bool:
    """Tell whether one of the tests fails, or all go on for too long, in a fork of this process."""
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        os._exit(_run(tests))
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status != 0
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def _run(tests: Sequence[str]) -> int:
    import pytest

    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    for name in [name for name in sys.modules if name.partition(".")[0] in {"byline", "benchmarks", "tests"}]:
        del sys.modules[name]
    sys.path[:] = [str(_tree / name) for name in ("src", "schemas", "flows", "")] + [
        place for place in sys.path if not place.startswith(str(ROOT)) or "site-packages" in place
    ]
    sys.dont_write_bytecode = True
    return int(pytest.main([*tests, "-x", "-q", "-p", "no:cacheprovider"]))


def refuse_false_alarms(outcomes: Sequence[Outcome]) -> None:
    """Stop when tests fail without a fault: they would notice every one."""
    false = [one.path for one in outcomes if one.verdict == "killed"]
    if false:
        raise SystemExit(f"tests of {', '.join(false)} fail without any fault")


def known() -> dict[str, str]:
    """Return the faults that a person has read, with the reason why no test can or need notice them."""
    return dict(tomllib.loads(READ.read_text("utf-8"))) if READ.exists() else {}


def report(outcomes: Sequence[Outcome]) -> int:
    """Print a line a module, the survivors that nobody has read, and the score; return how many there are."""
    read = known()
    unread = []
    total = {"killed": 0, "read": 0, "left": 0}
    print(f"{'module':45} {'faults':>7} {'killed':>7} {'read':>5} {'left':>5}")
    for path in sorted({one.path for one in outcomes}):
        here = [one for one in outcomes if one.path == path]
        killed = sum(one.verdict == "killed" for one in here)
        others = [one for one in here if one.verdict != "killed"]
        left = [one for one in others if f"{one.path}: {one.what}" not in read]
        unread += left
        total["killed"] += killed
        total["read"] += len(others) - len(left)
        total["left"] += len(left)
        print(f"{path:45} {len(here):7} {killed:7} {len(others) - len(left):5} {len(left):5}")
    for one in unread:
        print(f"{one.verdict}: {one.path}:{one.line}: {one.what}")
    share = total["killed"] / max(1, len(outcomes))
    print(
        f"killed {total['killed']} of {len(outcomes)} ({share:.1%}); {total['read']} read, {total['left']} left"
    )
    return len(unread)


def tried(tasks: Sequence[Task], checks: Sequence[Task], trees: Sequence[Path]) -> list[Outcome]:
    """Try all faults, a worker a copy of the tree, after the same tests have passed without one."""
    context = multiprocessing.get_context("fork")
    free = context.Queue()
    for tree in trees:
        free.put(tree)
    outcomes = []
    with ProcessPoolExecutor(len(trees), context, start_worker, (free,)) as pool:
        refuse_false_alarms(list(pool.map(attempt, {check.path: check for check in checks}.values())))
        for number, one in enumerate(pool.map(attempt, tasks), 1):
            outcomes.append(one)
            print(f"\r{number}/{len(tasks)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return sorted(outcomes, key=lambda one: (one.path, one.line, one.what))


def main() -> None:
    """Run it; ends with 1 when a fault survived that nobody has read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "modules", nargs="*", help="files, relative to the project's folder; all when not given"
    )
    parser.add_argument("--tests", nargs="*", default=["tests"], help="which tests may notice")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--every", type=int, default=1, help="try every Nth fault only")
    parser.add_argument("--again", type=Path, help="only what was not killed in that report (of --json)")
    parser.add_argument(
        "--covering", type=Path, help="keep there which test runs which line, for another run"
    )
    parser.add_argument("--json", type=Path, help="write the outcomes there")
    chosen = parser.parse_args()
    paths = chosen.modules or [
        path.relative_to(ROOT).as_posix() for pattern in MODULES for path in sorted(ROOT.glob(pattern))
    ]
    with tempfile.TemporaryDirectory(prefix="byline-mutants-") as scratch:
        trees = [copy_tree(Path(scratch) / str(number)) for number in range(chosen.jobs)]
        covered = coverage_of(trees[0], chosen.tests, chosen.covering)
        tasks = list(tasks_of([p for p in paths if p not in LEFT_OUT], covered))
        if chosen.again is not None:
            told = json.loads(chosen.again.read_text())
            left = {(one["path"], one["what"]) for one in told if one["verdict"] != "killed"}
            tasks = [task for task in tasks if (task.path, task.what) in left]
        checks = [
            Task(t.path, 0, "nothing", (ROOT / t.path).read_text("utf-8"), t.tests) for t in tasks if t.tests
        ]
        outcomes = tried(tasks[:: chosen.every], checks, trees)
    if chosen.json:
        chosen.json.write_text(json.dumps([asdict(one) for one in outcomes], indent=1))
    sys.exit(1 if report(outcomes) else 0)


if __name__ == "__main__":
    main()
