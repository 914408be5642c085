"""Plant one fault at a time in the modules that decide what is published, and see whether a test notices.

Each fault is put to the tests that run its line (found once, with coverage), the cheapest first; one that no test
notices is printed with its place. `mutation/read.toml` lists those that a person has read and found to change nothing,
each with the reason. No file of the project is touched: faults live in the memory of the processes that run tests.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.mutation.anew import nothing
from benchmarks.mutation.faults import Fault, Place, faults
from benchmarks.mutation.inside import KILLED, Trial
from benchmarks.mutation.known import ROOT, known, stale
from benchmarks.mutation.processes import Testers

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
    "src/byline/papers/*.py",
    "src/byline/identity/constraints.py",
    "src/byline/identity/decisions.py",
    "src/byline/pipeline/stages/*.py",
)
"""What decides which rows are published, how they are written, and when a snapshot becomes the current one."""
LEFT_OUT = {"src/byline/core/memory.py", "src/byline/core/progress.py"}
"""What only decides how fast a build is, and what it shows."""
MOST_SECONDS = 8.0
"""Seconds of tests, as measured without a fault, that one fault is put to at most; three tests in any case."""
PATIENCE = 5.0
"""Times the measured seconds that the tests of a fault may take; who goes on for longer has noticed."""
FAST = ["-m", "not slow and not prefect"]


@dataclass(frozen=True)
class Task:
    """A fault to try, with the tests that may notice, the cheapest first, and their seconds together."""

    path: str
    fault: Fault
    tests: tuple[str, ...]
    seconds: float

    @property
    def trial(self) -> Trial:
        """What a process is asked."""
        return Trial(self.path, self.fault.tree, self.tests, 10 + PATIENCE * self.seconds)


@dataclass(frozen=True)
class Outcome:
    """What became of a fault: killed, survived, or uncovered; `test`: which one noticed."""

    path: str
    line: int
    place: Place
    verdict: str
    test: str = ""


class Covering:
    """Which tests run which line, and what they cost."""

    def __init__(self, found: dict[str, Any], most: float) -> None:
        """`found` is what `mutation.covering` wrote; `most` seconds are spent on one fault."""
        self.lines: dict[str, dict[str, list[str]]] = found["lines"]
        self._seconds: dict[str, float] = found["seconds"]
        self._fixtures: dict[str, float] = found["fixtures"]
        self._shared: dict[str, list[str]] = found["shared"]
        self._most = most

    def tests(self, path: str, fault: Fault) -> tuple[tuple[str, ...], float]:
        """Return the tests that may notice a fault, and their seconds: the cheapest that `most` seconds pay for."""
        lines = self.lines.get(path, {})
        names = {name for of_line in lines.values() for name in of_line}
        if not fault.at_import:
            names = set(lines.get(str(fault.line), ()))
        alone = {name: self._cost(name, ()) for name in names}
        chosen: list[str] = []
        spent, paid = 0.0, set[str]()
        for name in sorted(names, key=lambda name: (alone[name], name)):
            cost = self._cost(name, paid)
            if spent + cost > self._most and len(chosen) >= 3:
                break
            chosen.append(name)
            spent += cost
            paid.update(self._shared.get(name, ()))
        return tuple(chosen), spent

    def _cost(self, name: str, paid: Iterable[str]) -> float:
        """Return the seconds of a test and of the shared fixtures that nobody has asked for yet."""
        own = float(self._seconds.get(name, 0.0))
        return own + sum(float(self._fixtures[one]) for one in self._shared.get(name, ()) if one not in paid)


def covering(modules: Sequence[str], tests: Sequence[str], kept: Path | None, most: float) -> Covering:
    """Run the tests once under coverage, or take what `kept` holds from another run."""
    with tempfile.TemporaryDirectory(prefix="byline-mutants-") as scratch:
        out = Path(scratch) / "covering.json" if kept is None else kept.absolute()
        if not out.exists():
            arguments = [str(out), os.pathsep.join(modules), *FAST, *tests]
            command = [sys.executable, "-m", "benchmarks.mutation.covering", *arguments]
            done = subprocess.run(command, cwd=ROOT, check=False)
            if not out.exists():
                raise SystemExit(f"the tests did not run (exit code {done.returncode})")
        return Covering(json.loads(out.read_text()), most)


def tasks_of(paths: Sequence[str], covered: Covering) -> Iterator[Task]:
    """Yield every fault of the modules with its tests."""
    for path in paths:
        for fault in faults((ROOT / path).read_text("utf-8")):
            tests, seconds = covered.tests(path, fault)
            yield Task(path, fault, tests, seconds)


def checked(testers: Testers, tasks: Sequence[Task]) -> None:
    """Stop when tests fail that run anew without any fault: they would notice every one."""
    first = {task.path: task for task in tasks if task.fault.at_import and task.tests}
    for path, task in first.items():
        trial = Trial(path, nothing(path, str(ROOT)), task.tests, task.trial.seconds)
        if testers.tried(trial, at_import=True)[0] == KILLED:
            raise SystemExit(f"tests of {path} fail without any fault")


def attempt(testers: Testers, task: Task) -> Outcome:
    """Plant one fault, run its tests, take it out again."""
    verdict, test = "uncovered", ""
    if task.tests:
        verdict, test = testers.tried(task.trial, at_import=task.fault.at_import)
    return Outcome(task.path, task.fault.line, task.fault.place, verdict, test)


def report(outcomes: Sequence[Outcome]) -> int:
    """Print a line a module, the survivors that nobody has read, and the score; return how many there are."""
    read = known()
    unread = []
    total = {"killed": 0, "read": 0, "left": 0}
    print(f"{'module':45} {'faults':>7} {'killed':>7} {'read':>5} {'left':>5}")
    for path in sorted({one.path for one in outcomes}):
        here = [one for one in outcomes if one.path == path]
        others = [one for one in here if one.verdict != KILLED]
        left = [one for one in others if (one.path, one.place) not in read]
        unread += left
        counts = {"killed": len(here) - len(others), "read": len(others) - len(left), "left": len(left)}
        total = {name: total[name] + count for name, count in counts.items()}
        print(f"{path:45} {len(here):7} {counts['killed']:7} {counts['read']:5} {counts['left']:5}")
    for one in unread:
        print(
            f"{one.verdict}: {one.path}:{one.line} in {one.place.function or 'the module'}: {one.place.change}"
        )
    share = total["killed"] / max(1, len(outcomes))
    print(
        f"killed {total['killed']} of {len(outcomes)} ({share:.1%}); {total['read']} read, {total['left']} left"
    )
    return len(unread)


def arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "modules", nargs="*", help="files, relative to the project's folder; all when not given"
    )
    parser.add_argument("--tests", nargs="*", default=["tests"], help="which tests may notice")
    parser.add_argument("--every", type=int, default=1, help="try every Nth fault only")
    parser.add_argument("--first", type=int, default=0, help="begin with that one of each N")
    parser.add_argument(
        "--seconds", type=float, default=MOST_SECONDS, help="of tests that one fault is put to"
    )
    parser.add_argument("--again", type=Path, help="only what was not killed in that report (of --json)")
    parser.add_argument(
        "--covering", type=Path, help="keep there which test runs which line, for another run"
    )
    parser.add_argument("--json", type=Path, help="write the outcomes there")
    return parser.parse_args()


def main() -> None:
    """Run it; ends with 1 when a fault survived that nobody has read, or `read.toml` names one that is gone."""
    chosen = arguments()
    if gone := stale(known()):
        raise SystemExit("\n".join(["read.toml names faults that are gone:", *map(str, gone)]))
    paths = chosen.modules or [
        path.relative_to(ROOT).as_posix() for pattern in MODULES for path in sorted(ROOT.glob(pattern))
    ]
    covered = covering(chosen.modules or MODULES, chosen.tests, chosen.covering, chosen.seconds)
    tasks = list(tasks_of([path for path in paths if path not in LEFT_OUT], covered))[
        chosen.first :: chosen.every
    ]
    if chosen.again is not None:
        told = json.loads(chosen.again.read_text())
        left = {(one["path"], Place(**one["place"])) for one in told if one["verdict"] != KILLED}
        tasks = [task for task in tasks if (task.path, task.fault.place) in left]
    outcomes = tried(tasks, [*FAST, *chosen.tests], chosen.json)
    sys.exit(1 if report(outcomes) else 0)


def tried(tasks: Sequence[Task], collected: Sequence[str], told: Path | None) -> list[Outcome]:
    """Try all faults; `told` has, after each, the outcomes so far."""
    testers = Testers(ROOT, collected)
    outcomes: list[Outcome] = []
    try:
        checked(testers, tasks)
        for number, task in enumerate(tasks, 1):
            outcomes.append(attempt(testers, task))
            if told is not None:
                told.write_text(json.dumps([asdict(one) for one in outcomes], indent=1))
            print(f"\r{number}/{len(tasks)}", end="", file=sys.stderr, flush=True)
    finally:
        testers.stop()
    print(file=sys.stderr)
    return outcomes


if __name__ == "__main__":
    main()
