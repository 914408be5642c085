"""What one very common name costs: CPU seconds and peak memory of the tasks `resolve` and `write`, by its mentions.

    python -m benchmarks.common_name [--mentions 200000 500000 1000000 2000000] [--one-form] [--work DIR] [--json FILE]

One family name, borne by an eighth as many persons as it has mentions: given names of two syllables, a third of them as
an initial, and a circle of co-authors for each person; with `--one-form` all are called the same. The mentions are
described in one process, as `merge` leaves them, and resolved, with what is kept for the next build, and written in
others. Memory is the peak of each, all of it.
"""

from __future__ import annotations

import argparse
import json
import pickle
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from benchmarks.common import report
from byline import identity
from byline.files import run_files
from byline.pipeline.order import BUCKET_MENTIONS
from byline.pipeline.stages import layout
from byline.pipeline.stages.bucket import merged_folder
from byline.pipeline.stages.paper_tables import mentions_path
from byline.pipeline.stages.resolve import ResolveTask, resolve_buckets
from byline.pipeline.stages.write import write_partition_files

FAMILY = "Wang"
SYLLABLES = (
    "wei", "jing", "li", "xin", "yu", "hao", "min", "jun", "lei", "tao", "qi", "bo", "fang", "hui", "na", "ping",
)  # fmt: skip
PER_PERSON = 8
"""Mentions that a person has, about."""
CIRCLE = 12
"""Co-authors whom a person writes with, one a paper."""
PAPERS = 10_000_000
"""Papers of the corpus: how rare a name is weighs by that."""
WORDS = 60
"""Words of an abstract."""
AT_ONCE = 50_000
"""Papers of a bucket."""
STEPS = ("describe", "resolve", "write")


def main(arguments: list[str] | None = None) -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mentions", type=int, nargs="+", default=[200_000, 500_000, 1_000_000, 2_000_000])
    parser.add_argument("--one-form", action="store_true")
    parser.add_argument("--work", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.step is not None:
        (mentions,) = given.mentions
        print(json.dumps(step(given.step, given.work, mentions, one_form=given.one_form)))
        return
    rows = [measured(mentions, given.work, one_form=given.one_form) for mentions in given.mentions]
    report.save("common_name", {"rows": rows}, report.markdown(rows), given.json)


def measured(mentions: int, work: Path | None, *, one_form: bool) -> dict[str, float]:
    """Describe, resolve and write so many mentions, each in a process of its own; return what that took."""
    row: dict[str, float] = {}
    with TemporaryDirectory(prefix="byline-common-name-", dir=work) as folder:
        for name in STEPS:
            options = [f"--step={name}", f"--mentions={mentions}", f"--work={folder}"]
            command = [sys.executable, "-m", "benchmarks.common_name", *options]
            command += ["--one-form"] if one_form else []
            said = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
            row |= said if name != "describe" else {}
    return row


def step(name: str, work: Path, mentions: int, *, one_form: bool) -> dict[str, float]:
    """Take one step in this process; return what it says, its CPU seconds, and the process's peak, MiB."""
    begun = time.process_time()
    if name == "describe":
        describe(work, mentions, one_form=one_form)
        return {}
    said = resolve(work, mentions) if name == "resolve" else write(work, mentions)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return said | {f"{name}, CPU s": time.process_time() - begun, f"{name}, MiB": peak}


def describe(work: Path, mentions: int, *, one_form: bool) -> None:
    """Write the mentions of the name as `merge` leaves them, a file for each bucket of papers."""
    for number, start in enumerate(range(0, mentions, AT_ONCE)):
        papers = papers_of(min(AT_ONCE, mentions - start), start, mentions, one_form=one_form)
        described = identity.describe(papers).filter(pl.col("family_key") == FAMILY.lower())
        path = mentions_path(merged_folder(work / "merged", number))
        run_files.write_groups(path, described, np.zeros(described.height, dtype=np.int64), 1)


def resolve(work: Path, mentions: int) -> dict[str, float]:
    """Do the task `resolve` of the bucket that holds the name."""
    facts = resolve_buckets(
        ResolveTask(
            buckets=(0,),
            merged=work / "merged",
            paper_buckets=-(-mentions // AT_ONCE),
            target=work / "resolved",
            batch_rows=layout.batch_rows(tasks(mentions)),
            curated=None,
            papers=PAPERS,
            name_buckets=1,
            kept=work / "kept",
        )
    )
    (work / "facts").write_bytes(pickle.dumps(facts.produced))
    rows = {
        table: sum(sum(tables[table].values()) for _, tables in facts.produced)
        for table in ("authorships", "authors")
    }
    return {"mentions": rows["authorships"], "persons": rows["authors"], "shares": len(facts.produced)}


def tasks(mentions: int) -> int:
    """Return how many tasks a build makes of so many mentions; all but one have nothing here."""
    return -(-mentions // BUCKET_MENTIONS)


def write(work: Path, mentions: int) -> dict[str, float]:
    """Do the tasks `write` of what was resolved."""
    facts = pickle.loads((work / "facts").read_bytes())
    produced = layout.Produced(facts, tasks(mentions))
    for task in layout.write_tasks([produced], work / "written"):
        if any(sources for _, sources in task.partitions):
            write_partition_files(task)
    return {}


def papers_of(count: int, first: int, mentions: int, *, one_form: bool) -> pl.DataFrame:
    """Return some of the papers as `identity.describe` takes them, each of one bearer of the name and one co-author."""
    draw = np.random.default_rng(first + 1)
    who = draw.integers(0, max(1, mentions // PER_PERSON), count)
    syllable = np.array(SYLLABLES)
    one, other = syllable[who % len(SYLLABLES)], syllable[who // len(SYLLABLES) % len(SYLLABLES)]
    short = draw.random(count) < 1 / 3
    if one_form:
        one, other, short = np.full(count, "wei"), np.full(count, ""), np.zeros(count, dtype=np.bool_)
    beside = who * CIRCLE + draw.integers(0, CIRCLE, count)
    names = pl.DataFrame({"one": one, "other": other, "short": short, "beside": _names(beside)})
    given = (
        pl.when("short").then(pl.col("one").str.slice(0, 1) + ".").otherwise(pl.col("one") + pl.col("other"))
    )
    authors = names.select(pl.concat_list(given.str.to_titlecase() + f" {FAMILY}", "beside")).to_series()
    return pl.DataFrame(
        {
            "paper_id": [
                f"{number * 0x9E3779B97F4A7C15 % (1 << 80):020x}" for number in range(first, first + count)
            ],
            "published": pl.Series(draw.integers(11_000, 20_000, count), dtype=pl.Int32).cast(pl.Date),
            "category": ["cs.LG"] * count,
            "title": [f"Notes on {SYLLABLES[n % 16]} number {n % 977}" for n in range(first, first + count)],
            "abstract": _abstracts(draw, count),
            "labels": pl.Series([[]] * count, dtype=pl.List(pl.String)),
            "authors": authors,
        }
    )


def _abstracts(draw: np.random.Generator, count: int) -> pl.Series:
    """Return texts of `WORDS` words, of which some are rare."""
    syllable = np.array(SYLLABLES)
    numbers = (draw.random(count * WORDS) ** 3 * len(SYLLABLES) ** 3).astype(np.int64)
    letters = [syllable[numbers // len(SYLLABLES) ** place % len(SYLLABLES)] for place in range(3)]
    words = pl.DataFrame(letters, schema=["a", "b", "c"]).select(pl.concat_str("a", "b", "c")).to_series()
    return words.reshape((count, WORDS)).arr.to_list().list.join(" ")


def _names(numbers: np.ndarray) -> list[str]:
    """Return a name for each number: a given and a family name of letters."""
    digits = [
        (n % 16, n // 16 % 16, n // 256 % 16, n // 4096 % 16, n // 65536 % 16) for n in numbers.tolist()
    ]
    said = [[SYLLABLES[digit] for digit in each] for each in digits]
    return [f"{(a + b).title()} {(c + d + e).title()}ov" for a, b, c, d, e in said]


if __name__ == "__main__":
    main()
