"""What it costs a full build to keep what the next one goes on from: with `--incremental` and without, in turns.

    python -m benchmarks.keeping [--raw DIR] [--gold DIR] [--records 20000] [--rounds 5] [--workers 0] [--json FILE]

Both build into fresh folders, so both read everything. One build of each comes first and does not count. The ratio of
the medians counts; those of single rounds show how far the machine swings.
"""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.common import process, report, turns
from benchmarks.common.listings import listing_of
from benchmarks.common.process import Cost

WAYS = {"keeps": ("--incremental",), "keeps nothing": ("--full",)}


def main(arguments: list[str] | None = None) -> None:
    """Run from the command line."""
    given = turns.arguments(__doc__).parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="byline-keeping-") as temporary:
        work = Path(temporary)
        raw = (given.raw or listing_of(given.gold, given.records, work).parent).resolve()
        ways = {
            name: partial(build, raw, work / "out", "--workers", str(given.workers), *options)
            for name, options in WAYS.items()
        }
        costs = turns.costs(ways, given.rounds)
    report.save("keeping", turns.figures(costs), report.markdown([row(costs)]), given.json)


def build(raw: Path, out: Path, *options: str) -> Cost:
    """Build into a fresh folder that goes afterwards."""
    return turns.fresh(process.build_command(raw, out, *options), out)


def row(costs: dict[str, list[Cost]]) -> dict[str, object]:
    """Return the processor seconds of both ways and their ratio.

    Example: 6.3, 6.0 and 6.1 s that keep, 6.0, 5.9 and 6.1 s that don't: medians 6.1 and 6.0, ratio 1.017.
    """
    keeping, without = ([cost.cpu for cost in costs[name]] for name in WAYS)
    single = [one / other for one, other in zip(keeping, without, strict=True)]
    return {
        "CPU s, keeps": median(keeping),
        "CPU s, keeps nothing": median(without),
        "ratio": f"{median(keeping) / median(without):.3f}",
        "single rounds": f"{min(single):.3f} to {max(single):.3f}",
    }


if __name__ == "__main__":
    main()
