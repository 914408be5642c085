"""What became of the faults, and the score: the share of those that change something which the tests noticed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.mutation.faults import Place
from benchmarks.mutation.inside import KILLED
from benchmarks.mutation.known import known


@dataclass(frozen=True)
class Outcome:
    """What became of a fault: killed, survived, or uncovered; `test`: which one noticed."""

    path: str
    line: int
    place: Place
    verdict: str
    test: str = ""

    @property
    def key(self) -> tuple[str, Place]:
        """Which fault it is, as other runs name it."""
        return self.path, self.place


def told(report: Path) -> list[Outcome]:
    """Return the outcomes that another run wrote with `--json`."""
    return [Outcome(**{**one, "place": Place(**one["place"])}) for one in json.loads(report.read_text())]


def package_of(path: str) -> str:
    """Return the package that a module lies in, as the table of scores names it."""
    return path.removeprefix("src/byline/").rpartition("/")[0]


def score(killed: int, tried: int, read: int) -> str:
    """Return the share of the faults that change something which the tests noticed."""
    return f"{killed / (tried - read):.1%}" if tried > read else "-"


def report(outcomes: Sequence[Outcome]) -> int:
    """Print a line a package, the survivors that nobody has read, and the score; return how many there are."""
    read = known()
    left = [one for one in outcomes if one.verdict != KILLED and (one.path, one.place) not in read]
    print(f"{'package':20} {'faults':>7} {'noticed':>8} {'change nothing':>15} {'left':>5} {'score':>7}")
    for name in [*sorted({package_of(one.path) for one in outcomes}), ""]:
        here = [one for one in outcomes if name in ("", package_of(one.path))]
        killed = sum(one.verdict == KILLED for one in here)
        survived = sum(one in here for one in left)
        nothing_changed = len(here) - killed - survived
        print(
            f"{name or 'all':20} {len(here):7} {killed:8} {nothing_changed:15} {survived:5}"
            f" {score(killed, len(here), nothing_changed):>7}"
        )
    for one in left:
        print(
            f"{one.verdict}: {one.path}:{one.line} in {one.place.function or 'the module'}: {one.place.change}"
        )
    return len(left)
