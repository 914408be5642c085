"""What a build costs that adds or takes away a few records, as a share of a full build of the same records.

    python -m benchmarks.incremental [--records 20000 120000] [--raw DIR] [--gold DIR] [--rounds 1] [--json FILE]

Processor seconds of all processes of `byline build --incremental --workers 2`; each snapshot is compared with a full
build's, byte for byte. New records are ones of the corpus under other titles: of one day, as a daily paste has them,
and of any day.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.common import process, report
from benchmarks.common.listings import listing_of

NEW = 20
DAY = "Jun 15, 2020"
_HEAD = re.compile(r"^(\S*?)((?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{1,2}, \d{4})(.*)$")


def main(arguments: list[str] | None = None) -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--raw", type=Path, help="a folder of cards to measure with, instead of made ones")
    parser.add_argument("--records", type=int, nargs="+", default=[120_000])
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="byline-incremental-") as temporary:
        for records in [0] if given.raw else given.records:
            raw = given.raw or listing_of(given.gold, records, Path(temporary)).parent
            rows += measure(raw, Path(temporary) / "work", given.rounds)
    report.save("incremental", {"rows": rows}, report.markdown(rows), given.json)


def measure(raw: Path, work: Path, rounds: int) -> list[dict[str, Any]]:
    """Return a row a kind of change: CPU seconds of the build that makes it, of a full one, and their ratio."""
    shutil.rmtree(work, ignore_errors=True)
    here, out = work / "raw", work / "out"
    shutil.copytree(raw, here)
    build(here, out)
    records = json.loads((out / "current" / "manifest.json").read_text("utf-8"))["tables"]["records"]["rows"]
    share = _size(out / ".cache" / "state") / _size((out / "current").resolve())
    fulls, found = [], []
    for _ in range(rounds):
        for name, text in changes(raw, records).items():
            added, removed = _both(here, out, text)
            cost, same = _in_full(here, work, out)
            fulls.append(cost)
            found += [(name, added, same), (f"{name}, removed", removed, same)]
        found.append(("nothing new", build(here, out), True))
    full = median(fulls)
    rows = []
    for name in dict.fromkeys(name for name, _, _ in found):
        cost = median(cost for other, cost, _ in found if other == name)
        rows.append(
            {
                "records": records,
                "change": name,
                "CPU s": cost,
                "full build, CPU s": full,
                "one in": full / cost,
                "same bytes": all(same for other, _, same in found if other == name),
                "kept, of the dataset": share,
            }
        )
    return rows


def _both(raw: Path, out: Path, text: str) -> tuple[float, float]:
    """Return the costs of adding records in a file of their own, and of removing them."""
    path = raw / "new.txt"
    path.write_text(text, encoding="utf-8")
    added = build(raw, out)
    shutil.copytree((out / "current").resolve(), out.parent / "added", dirs_exist_ok=False)
    path.unlink()
    removed = build(raw, out)
    path.write_text(text, encoding="utf-8")
    return added, removed


def _in_full(raw: Path, work: Path, out: Path) -> tuple[float, bool]:
    """Return what the same records cost in full, and whether the snapshot is the same; the new file goes after it."""
    fresh = work / "fresh"
    cost = build(raw, fresh, "--full")
    same = _files((fresh / "current").resolve()) == _files(out.parent / "added")
    for folder in (fresh, out.parent / "added"):
        shutil.rmtree(folder)
    (raw / "new.txt").unlink()
    return cost, same


def build(raw: Path, out: Path, how: str = "--incremental") -> float:
    """Build in a process of its own; return its CPU seconds."""
    options = ["--workers", "2", how, "--accept", "papers_lost", "--accept", "records_lost"]
    return process.run(process.build_command(raw, out, *options)).cpu


def changes(raw: Path, records: int) -> dict[str, str]:
    """Return what is added, by name: records of the corpus under other titles."""
    cards = list(_cards(next(path for path in sorted(raw.rglob("*.txt")))))
    step = max(1, len(cards) // NEW)
    some = cards[::step][:NEW]
    percent = cards[:: max(1, len(cards) * 100 // records)][: records // 100]
    return {
        f"{NEW} new of one day": "".join(_renamed(card, DAY) for card in some),
        f"{NEW} new of any day": "".join(_renamed(card, None) for card in some),
        "1 % new": "".join(_renamed(card, DAY) for card in percent),
    }


def _cards(listing: Path) -> Iterator[list[str]]:
    lines = listing.read_text("utf-8").split("\n")
    for at in range(0, len(lines) - 2, 3):
        yield lines[at : at + 3]


def _renamed(card: list[str], day: str | None) -> str:
    head, byline, abstract = card
    if day is not None:
        head = _HEAD.sub(rf"\g<1>{day}\g<3>", head)
    return f"{head}\nFurther notes: {byline}\n{abstract}\n"


def _files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
