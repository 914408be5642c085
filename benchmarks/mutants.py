"""Plant one fault at a time in the modules that decide what is published, and see whether a test notices.

Each fault is put to the tests that run its line (found once, with coverage), the cheapest first; one that no test
notices is printed with its place. `mutation/read.toml` lists those that a person has read and found to change nothing,
each with the reason. No file of the project is touched: faults live in the memory of the processes that run tests.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.mutation.anew import nothing
from benchmarks.mutation.choosing import Covering, covering
from benchmarks.mutation.faults import Fault, Place, faults
from benchmarks.mutation.inside import KILLED, Trial
from benchmarks.mutation.known import ROOT, known, stale
from benchmarks.mutation.processes import Testers
from benchmarks.mutation.scores import Outcome, report, told

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
    "src/byline/identity/*.py",
    "src/byline/pipeline/stages/*.py",
)
"""What decides which rows are published, how they are written, and when a snapshot becomes the current one."""
LEFT_OUT = {
    "src/byline/core/memory.py", "src/byline/core/progress.py",
    "src/byline/identity/explain.py", "src/byline/identity/uncertain.py", "src/byline/identity/wording.py",
}  # fmt: skip
"""What only decides how fast a build is, what it shows, and how what it decided is explained."""
MOST_SECONDS = 20.0
"""The processor's seconds of tests, measured without a fault, that one is put to at most; three tests in any case."""
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
    def key(self) -> tuple[str, Place]:
        """Which fault it is, as other runs name it."""
        return self.path, self.fault.place

    @property
    def trial(self) -> Trial:
        """What a process is asked."""
        return Trial(self.path, self.fault.tree, self.tests, 10 + PATIENCE * self.seconds)


def tasks_of(paths: Sequence[str], covered: Covering, share: float, seed: int) -> Iterator[Task]:
    """Yield the faults of the modules that are in a sample, with their tests."""
    for path in paths:
        for fault in faults((ROOT / path).read_text("utf-8")):
            if sampled(path, fault, share, seed):
                tests, seconds = covered.tests(path, fault)
                yield Task(path, fault, tests, seconds)


def sampled(path: str, fault: Fault, share: float, seed: int) -> bool:
    """Tell whether a fault is in the random sample of a seed: by a hash of its place, whatever other faults there are.

    So a sample stays the same while other lines change, and the same for a module alone as for all.
    """
    said = f"{seed}\n{path}\n{fault.place}".encode()
    return int.from_bytes(hashlib.sha256(said).digest()[:8], "big") < share * 2**64


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


def arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "modules", nargs="*", help="files, relative to the project's folder; all when not given"
    )
    parser.add_argument("--tests", nargs="*", default=["tests"], help="which tests may notice")
    parser.add_argument(
        "--share", type=float, default=1.0, help="try a random sample of this share of the faults"
    )
    parser.add_argument("--seed", type=int, default=1, help="which sample")
    parser.add_argument(
        "--seconds", type=float, default=MOST_SECONDS, help="of tests that one fault is put to"
    )
    parser.add_argument(
        "--again", type=Path, help="only what was neither noticed nor read in that report (of --json)"
    )
    parser.add_argument(
        "--covering", type=Path, help="keep there which test runs which line, for another run"
    )
    parser.add_argument("--json", type=Path, help="write the outcomes there")
    return parser.parse_args()


def chosen_tasks(chosen: argparse.Namespace) -> list[Task]:
    """Return the faults of the modules that were asked for, as far as they are in the sample, with their tests."""
    paths = chosen.modules or [
        path.relative_to(ROOT).as_posix() for pattern in MODULES for path in sorted(ROOT.glob(pattern))
    ]
    tests = [*FAST, *chosen.tests]
    covered = covering(chosen.modules or MODULES, tests, chosen.covering, chosen.seconds)
    return list(
        tasks_of([path for path in paths if path not in LEFT_OUT], covered, chosen.share, chosen.seed)
    )


def main() -> None:
    """Run it; ends with 1 when a fault survived that nobody has read, or `read.toml` names one that is gone."""
    chosen = arguments()
    if gone := stale(known()):
        raise SystemExit("\n".join(["read.toml names faults that are gone:", *map(str, gone)]))
    tasks = chosen_tasks(chosen)
    done: list[Outcome] = []
    if chosen.again is not None:
        before, read = told(chosen.again), known()
        there, tried_then = {task.key for task in tasks}, {one.key for one in before}
        done = [one for one in before if one.key in there and (one.verdict == KILLED or one.key in read)]
        tasks = [task for task in tasks if task.key in tried_then - {one.key for one in done}]
    outcomes = tried(tasks, [*FAST, *chosen.tests], done, chosen.json)
    sys.exit(1 if report(outcomes) else 0)


def tried(
    tasks: Sequence[Task], collected: Sequence[str], done: Sequence[Outcome], kept: Path | None
) -> list[Outcome]:
    """Try all faults; return the outcomes behind those that are `done`. `kept` has them after each."""
    testers = Testers(ROOT, collected)
    outcomes = [*done]
    try:
        checked(testers, tasks)
        for number, task in enumerate(tasks, 1):
            outcomes.append(attempt(testers, task))
            if kept is not None:
                kept.write_text(json.dumps([asdict(one) for one in outcomes], indent=1))
            print(f"\r{number}/{len(tasks)}", end="", file=sys.stderr, flush=True)
    finally:
        testers.stop()
    print(file=sys.stderr)
    return outcomes


if __name__ == "__main__":
    main()
