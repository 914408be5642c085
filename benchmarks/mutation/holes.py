"""Where tests do not look, told without trying a fault: lines that none runs, and lines that only expensive ones run.

`python -m benchmarks.mutation.holes COVERING` takes what `benchmarks.mutants --covering COVERING` kept. It prints every
fault on a line that no test runs, then the functions whose faults only tests of `EXPENSIVE` seconds and more run: whole
builds, which run everything and look at little of it.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.mutants import LEFT_OUT, MODULES
from benchmarks.mutation.choosing import Covering
from benchmarks.mutation.faults import Fault, faults
from benchmarks.mutation.known import ROOT, known

EXPENSIVE = 0.35
"""Seconds of a processor, fixtures included, of the cheapest test that runs a line."""


def unread() -> Iterator[tuple[str, Fault]]:
    """Yield file and fault of all that are tried, but those that a person has read."""
    read = known()
    for pattern in MODULES:
        for place in sorted(ROOT.glob(pattern)):
            path = place.relative_to(ROOT).as_posix()
            if path not in LEFT_OUT:
                yield from (
                    (path, fault)
                    for fault in faults(place.read_text("utf-8"))
                    if (path, fault.place) not in read
                )


def main(covering: Path) -> None:
    """Print both kinds of holes."""
    covered = Covering(json.loads(covering.read_text("utf-8")), 0.0)
    expensive: Counter[str] = Counter()
    for path, fault in unread():
        seconds = covered.cheapest(path, fault)
        function = fault.place.function or "the module"
        if seconds is None:
            print(f"no test: {path}:{fault.line} in {function}: {fault.place.change}")
        elif seconds >= EXPENSIVE and not fault.at_import:
            expensive[f"{path} {function}"] += 1
    for where, count in expensive.most_common():
        print(f"only expensive tests: {count} fault(s) of {where}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
