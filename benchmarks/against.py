"""What a build costs beside another commit's: processor seconds of both in turns, and their ratio.

    python -m benchmarks.against COMMIT [--raw DIR] [--gold DIR] [--records 20000] [--rounds 5] [--workers 0]
                                        [--json FILE]

The other commit is checked out into a temporary folder and run by this Python, so its dependencies must be installed
here. One build of each comes first and does not count: it compiles the modules. The ratio of the medians counts; those
of single rounds show how far the machine swings.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.common import process, report, turns
from benchmarks.common.listings import listing_of
from benchmarks.common.process import Cost

HERE = Path(__file__).resolve().parents[1]
PACKAGES = ("src", "schemas", "flows")
"""Folders of a checkout that hold its packages."""


def main(arguments: list[str] | None = None) -> None:
    """Run from the command line."""
    parser = turns.arguments(__doc__)
    parser.add_argument("commit")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="byline-against-") as temporary:
        work = Path(temporary)
        raw = given.raw or listing_of(given.gold, given.records, work).parent
        with checked_out(given.commit, work / "other") as other:
            ways = {
                name: partial(build, tree, raw.resolve(), work / "out", given.workers)
                for name, tree in (("here", HERE), ("other", other))
            }
            costs = turns.costs(ways, given.rounds)
    found = {"commit": given.commit, "builds": turns.figures(costs)}
    report.save("against", found, table(**costs), given.json)


@contextmanager
def checked_out(commit: str, to: Path) -> Iterator[Path]:
    """Lend a checkout of a commit of this repository, and take it away at the end."""
    subprocess.run(["git", "worktree", "add", "--quiet", "--detach", str(to), commit], cwd=HERE, check=True)
    try:
        yield to
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", str(to)], cwd=HERE, check=True)


def build(tree: Path, raw: Path, out: Path, workers: int) -> Cost:
    """Build by the packages of a checkout, into a fresh folder that goes afterwards."""
    paths = os.pathsep.join(str(tree / name) for name in PACKAGES)
    command = process.build_command(raw, out, "--workers", str(workers))
    inside = ["env", "-C", str(tree), "-u", "PYTHONDONTWRITEBYTECODE", f"PYTHONPATH={paths}"]
    return turns.fresh([*inside, *command], out)


def table(here: Sequence[Cost], other: Sequence[Cost]) -> str:
    """Return a row for processor time and one for the clock.

    Example: 6, 5 and 7 s here, 5, 4 and 5 s there: medians 6 and 5, ratio 1.2; single rounds 1.2 to 1.4.
    """
    seconds: Mapping[str, tuple[list[float], list[float]]] = {
        "processor": ([cost.cpu for cost in here], [cost.cpu for cost in other]),
        "clock": ([cost.wall for cost in here], [cost.wall for cost in other]),
    }
    rows = []
    for name, (mine, theirs) in seconds.items():
        single = [one / another for one, another in zip(mine, theirs, strict=True)]
        rows.append(
            {
                "seconds, medians": name,
                "here": median(mine),
                "the other commit": median(theirs),
                "ratio": median(mine) / median(theirs),
                "single rounds": f"{min(single):.2f} to {max(single):.2f}",
            }
        )
    return report.markdown(rows)


if __name__ == "__main__":
    main()
