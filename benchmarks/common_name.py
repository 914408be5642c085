"""What the block of one very common name costs: CPU seconds and memory to resolve it, by its mentions.

    python -m benchmarks.common_name [--mentions 25000 50000 100000 200000] [--json FILE]

One family name, borne by an eighth as many persons as it has mentions: given names of two syllables, a third of them as
an initial, and a circle of co-authors for each person. Every size is described in one process and resolved in another;
memory is the latter's peak, less the one with a few mentions.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from benchmarks.common import report
from byline import identity

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
FEW = 100


def main(arguments: list[str] | None = None) -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mentions", type=int, nargs="+", default=[25_000, 50_000, 100_000, 200_000])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--describe", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--resolve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--at", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.describe is not None:
        described_to(given.at, given.describe)
        return
    if given.resolve:
        print(json.dumps(resolved(given.at)))
        return
    least = _alone(FEW)["MiB"]
    rows = [_alone(mentions) for mentions in given.mentions]
    rows = [row | {"MiB": row["MiB"] - least} for row in rows]
    report.save("common_name", {"rows": rows}, report.markdown(rows), given.json)


def _alone(mentions: int) -> dict[str, float]:
    """Describe and resolve so many mentions, each in a process of its own; return what resolving took."""
    with TemporaryDirectory(prefix="byline-common-name-") as folder:
        described = Path(folder) / "described.arrow"
        for step in (f"--describe={mentions}", "--resolve"):
            command = [sys.executable, "-m", "benchmarks.common_name", step, "--at", str(described)]
            said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, float] = json.loads(said)
    return found


def described_to(path: Path, mentions: int) -> None:
    """Write the block of one name, as `identity.describe` gives it."""
    described = identity.describe(papers_of(mentions))
    described.filter(pl.col("family_key") == FAMILY.lower()).write_ipc(path)


def resolved(path: Path) -> dict[str, float]:
    """Resolve a block; return its mentions and persons, CPU seconds, and this process's peak, MiB."""
    described = pl.read_ipc(BytesIO(path.read_bytes()))
    start = time.process_time()
    who = identity.resolve(described, None, PAPERS)
    return {
        "mentions": described.height,
        "persons": who["author_id"].n_unique(),
        "CPU s": time.process_time() - start,
        "MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def papers_of(mentions: int, seed: int = 1) -> pl.DataFrame:
    """Return papers as `identity.describe` takes them, each of one bearer of the name and one co-author."""
    draw = np.random.default_rng(seed)
    who = draw.integers(0, max(1, mentions // PER_PERSON), mentions)
    syllable = np.array(SYLLABLES)
    one, other = syllable[who % len(SYLLABLES)], syllable[who // len(SYLLABLES) % len(SYLLABLES)]
    short = draw.random(mentions) < 1 / 3
    beside = who * CIRCLE + draw.integers(0, CIRCLE, mentions)
    names = pl.DataFrame({"one": one, "other": other, "short": short, "beside": _names(beside)})
    given = (
        pl.when("short").then(pl.col("one").str.slice(0, 1) + ".").otherwise(pl.col("one") + pl.col("other"))
    )
    authors = names.select(pl.concat_list(given.str.to_titlecase() + f" {FAMILY}", "beside")).to_series()
    return pl.DataFrame(
        {
            "paper_id": [f"{number:020x}" for number in range(mentions)],
            "published": pl.Series(draw.integers(11_000, 20_000, mentions), dtype=pl.Int32).cast(pl.Date),
            "category": ["cs.LG"] * mentions,
            "title": [f"Notes on {SYLLABLES[n % 16]} number {n % 977}" for n in range(mentions)],
            "abstract": pl.Series([None] * mentions, dtype=pl.String),
            "labels": pl.Series([[]] * mentions, dtype=pl.List(pl.String)),
            "authors": authors,
        }
    )


def _names(numbers: np.ndarray) -> list[str]:
    """Return a name for each number: a given and a family name of letters."""
    digits = [
        (n % 16, n // 16 % 16, n // 256 % 16, n // 4096 % 16, n // 65536 % 16) for n in numbers.tolist()
    ]
    said = [[SYLLABLES[digit] for digit in each] for each in digits]
    return [f"{(a + b).title()} {(c + d + e).title()}ov" for a, b, c, d, e in said]


if __name__ == "__main__":
    main()
