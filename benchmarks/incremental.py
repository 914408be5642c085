"""What a build costs that adds or takes away a few records, as a share of a full build of the same records.

    python -m benchmarks.incremental [--records 20000 120000] [--raw DIR] [--gold DIR] [--rounds 1] [--json FILE]
                                      [--arxiv FILE]
    python -m benchmarks.incremental --records 1000000 --compared 1 --work DIR

Processor seconds of all processes of `byline build --incremental --workers 2`, and the peak of their memory (PSS, the
sum over processes, sampled); each snapshot is compared with a full build's, byte for byte, or where full builds take
long those of the first kinds of change (`--compared`). New records are ones of the corpus under other titles: of one
day, as a daily paste has them, and of any day. New decisions say of two mentions of an author that they are two people.
With a metadata file of arXiv's every build gets it; its index is made by the first build, whose cost is in that one's,
and kept.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import polars as pl

from benchmarks.common import process, report
from benchmarks.common.listings import listing_of
from byline.decisions import people
from byline.pipeline.stages.plan import SETTLED_NS
from byline.snapshots.manifest import sha256

NEW = 20
INTERVAL = 0.2
"""Seconds between two looks at the memory, which cost the reader, not the build."""
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
    parser.add_argument("--compared", type=int, help="kinds of change whose snapshot is compared (all)")
    parser.add_argument("--arxiv", type=Path, help="arXiv's metadata file, which every build gets")
    parser.add_argument("--work", type=Path, help="a folder with room, instead of one for temporary files")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="byline-incremental-", dir=given.work) as temporary:
        more = () if given.arxiv is None else ("--arxiv", str(given.arxiv))
        for records in [0] if given.raw else given.records:
            raw = given.raw or listing_of(given.gold, records, Path(temporary)).parent
            rows += measure(raw, Path(temporary) / "work", given.rounds, given.compared, more)
    report.save("incremental", {"rows": rows}, report.markdown(rows), given.json)


def measure(
    raw: Path, work: Path, rounds: int, compared: int | None, more: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Return a row a kind of change: CPU seconds of the build that makes it, of a full one, and their ratio.

    `more`: options of every build.
    """
    shutil.rmtree(work, ignore_errors=True)
    here, out = work / "raw", work / "out"
    shutil.copytree(raw, here)
    time.sleep(
        2 * SETTLED_NS / 1e9
    )  # as raw files that lie there since yesterday: they are known without a digest
    first = build(here, out, more)
    records = json.loads((out / "current" / "manifest.json").read_text("utf-8"))["tables"]["records"]["rows"]
    share = _size(out / ".cache" / "state") / _size((out / "current").resolve())
    fulls: list[process.Cost] = []
    found: list[tuple[str, process.Cost, bool | None]] = []
    for _ in range(rounds):
        curated = work / "curated" / people.AUTHORS
        new = [(name, here / "new.txt", text) for name, text in changes(raw, records).items()]
        new += [(name, curated, text) for name, text in decisions((out / "current").resolve()).items()]
        for number, (name, path, text) in enumerate(new):
            added, removed = _both(here, out, path, text, more)
            same = None
            if compared is None or number < compared:
                cost, same = _in_full(here, work, out, more)
                fulls.append(cost)
            shutil.rmtree(out.parent / "added")
            path.unlink()
            found += [(name, added, same), (f"{name}, removed", removed, same)]
        found.append(("nothing new", build(here, out, more), True))
    full = median(cost.cpu for cost in fulls)
    found = [("all of it, with what is kept", first, None), *found]
    return [_row(records, name, found, full, share) for name in dict.fromkeys(name for name, _, _ in found)]


def _row(
    records: int, name: str, found: list[tuple[str, process.Cost, bool | None]], full: float, share: float
) -> dict[str, Any]:
    """Return what the table says of one kind of change."""
    costs, sames = zip(*((cost, same) for other, cost, same in found if other == name), strict=True)
    cpu = median(cost.cpu for cost in costs)
    return {
        "records": records,
        "change": name,
        "CPU s": cpu,
        "full build, CPU s": full,
        "one in": full / cpu,
        "peak MiB": max(cost.memory for cost in costs),
        "same bytes": "not compared" if None in sames else all(sames),
        "kept, of the dataset": share,
    }


def _both(
    raw: Path, out: Path, path: Path, text: str, more: Sequence[str]
) -> tuple[process.Cost, process.Cost]:
    """Return the costs of adding a file of records or decisions, and of removing it."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    added = build(raw, out, more)
    shutil.copytree((out / "current").resolve(), out.parent / "added", dirs_exist_ok=False)
    path.unlink()
    removed = build(raw, out, more)
    path.write_text(text, encoding="utf-8")
    return added, removed


def _in_full(raw: Path, work: Path, out: Path, more: Sequence[str]) -> tuple[process.Cost, bool]:
    """Return what the same records cost in full, and whether the snapshot is the same."""
    fresh = work / "fresh"
    if (index := out / ".cache" / "arxiv").exists():
        shutil.copytree(index, fresh / ".cache" / "arxiv")
    cost = build(raw, fresh, more, "--full")
    same = _files((fresh / "current").resolve()) == _files(out.parent / "added")
    shutil.rmtree(fresh)
    return cost, same


def build(raw: Path, out: Path, more: Sequence[str], how: str = "--incremental") -> process.Cost:
    """Build in a process of its own; return what it took."""
    options = ["--workers", "2", how, "--accept", "papers_lost", "--accept", "records_lost", *more]
    return process.run(process.build_command(raw, out, *options), memory=True, interval=INTERVAL)


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


def decisions(snapshot: Path) -> dict[str, str]:
    """Return decisions on persons, by name: of two mentions of an author, whose authors are spread evenly."""
    mentions = pl.scan_parquet(snapshot / "authorships" / "**" / "*.parquet", hive_partitioning=True)
    first = pl.concat_str("paper_id", "position", separator=",").sort_by("paper_id", "position").head(2)
    some = mentions.group_by("author_id").agg(first.alias("first")).sort("author_id").collect()
    pairs = some.filter(pl.col("first").list.len() == 2)["first"].list.join(",")
    lines = [f"different,{pair},\n" for pair in pairs.gather_every(max(1, len(pairs) // NEW)).head(NEW)]
    header = ",".join([*people.DECISION_COLUMNS, "note"]) + "\n"
    return {f"{count} decided": header + "".join(lines[:count]) for count in (1, NEW)}


def _cards(listing: Path) -> Iterator[list[str]]:
    lines = listing.read_text("utf-8").split("\n")
    for at in range(0, len(lines) - 2, 3):
        yield lines[at : at + 3]


def _renamed(card: list[str], day: str | None) -> str:
    head, byline, abstract = card
    if day is not None:
        head = _HEAD.sub(rf"\g<1>{day}\g<3>", head)
    return f"{head}\nFurther notes: {byline}\n{abstract}\n"


def _files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): sha256(path) for path in sorted(folder.rglob("*")) if path.is_file()
    }


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
