"""What else one could use, side by side in one run on the same listing, with what each gets right.

    python -m benchmarks.peers [--gold DIR] [--records 120000] [--rounds 3] [--json FILE]

The scripts of `benchmarks/rivals` read the listing by one rule and write one table; byline also says where every byte
went, decodes LaTeX, finds out who is who, validates and publishes. Agreement with the truth needs known papers
(`--gold`); title and names must both be right, letter for letter. AnyStyle and GROBID read references and PDFs: where
`anystyle` is on the path it is run on a sample, else its line says that it isn't there.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.common import contest, process, report
from benchmarks.common.contest import Contestant, Spread, seconds, take_turns
from benchmarks.common.listings import listing_of
from benchmarks.common.process import Cost

RIVALS = {
    "pure Python": "pure",
    "pandas": "by_pandas",
    "polars": "by_polars",
    "DuckDB": "by_duckdb",
}
NEEDS = {"by_pandas": "pandas", "by_duckdb": "duckdb"}


def main(arguments: list[str] | None = None) -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--records", type=int, default=120_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="byline-peers-") as temporary:
        work = given.work or Path(temporary)
        rows = compare(listing_of(given.gold, given.records, work), work, given.rounds)
    missing = [f"{name}: not installed here, not run" for name in absent()]
    report.save("peers", {"rows": rows}, "\n\n".join([report.markdown(rows), *missing]), given.json)


def absent() -> list[str]:
    """Return the peers that can't run here."""
    names = [name for name, script in RIVALS.items() if not _there(script)]
    return names + [
        name for name, tool in (("AnyStyle", "anystyle"), ("GROBID", "grobid")) if not shutil.which(tool)
    ]


def _there(script: str) -> bool:
    return script not in NEEDS or find_spec(NEEDS[script]) is not None


def compare(listing: Path, work: Path, rounds: int) -> list[dict[str, Any]]:
    """Time all contestants in turn, once more with their memory watched, and check what they wrote."""
    outputs = {name: work / f"{script}.parquet" for name, script in RIVALS.items() if _there(script)}
    commands = {
        name: [sys.executable, "-m", f"benchmarks.rivals.{RIVALS[name]}", str(listing), str(target)]
        for name, target in outputs.items()
    }
    out = work / "out"
    contestants: dict[str, Contestant] = {name: partial(process.run, c) for name, c in commands.items()}
    contestants["byline, all of it"] = partial(contest.build, listing.parent, out)
    costs = take_turns(contestants, rounds, lambda line: print(line, file=sys.stderr))
    memory = {name: process.run(command, memory=True).memory for name, command in commands.items()}
    readings = {name: read_rival(target) for name, target in outputs.items()}
    build = process.build_command(listing.parent, out)
    memory["byline, all of it"] = process.run(build, memory=True).memory
    readings["byline, all of it"] = read_byline(out / "current")
    shutil.rmtree(out, ignore_errors=True)
    truth = listing.parent.parent / "truth.parquet"
    known = pl.read_parquet(truth).with_row_index("row") if truth.is_file() else None
    return [row(name, costs[name], memory[name], readings[name], known) for name in contestants]


def row(
    name: str, costs: list[Cost], memory: float, reading: pl.DataFrame, truth: pl.DataFrame | None
) -> dict[str, Any]:
    """Return one line of the table."""
    line: dict[str, Any] = {
        "what": name,
        "wall s": str(Spread.of(seconds(costs, "wall"))),
        "CPU s": Spread.of(seconds(costs, "cpu")).mid,
        "peak PSS, MiB": round(memory),
        "records": reading.height,
        "read": reading["title"].is_not_null().sum(),
    }
    return line if truth is None else line | agreement(reading, truth)


def agreement(reading: pl.DataFrame, truth: pl.DataFrame) -> dict[str, str]:
    """Return the shares of known papers whose fields were read as they are; null is wrong."""
    both = truth.join(reading, on="row", how="left", suffix="_read", maintain_order="left")

    def right(*columns: str) -> pl.Expr:
        return pl.all_horizontal(pl.col(c).eq_missing(pl.col(f"{c}_read")) for c in columns)

    shares = both.select(
        right("published").mean().alias("date"),
        right("title", "authors").mean().alias("title and names"),
        right("affiliations").mean().alias("organisations"),
        (pl.col("title_read").is_not_null() & ~right("title", "authors")).mean().alias("read, but wrong"),
    )
    return {name: f"{shares[name][0]:.2%}" for name in shares.columns}


def read_rival(target: Path) -> pl.DataFrame:
    """Return what a script wrote."""
    frame = pl.read_parquet(target).with_columns(
        pl.col("row").cast(pl.UInt32), pl.col("published").cast(pl.Date)
    )
    return frame.select("row", "title", "authors", "affiliations", "published")


def read_byline(snapshot: Path) -> pl.DataFrame:
    """Return byline's reading in the scripts' shape: the texts as listed, one row a record."""
    papers = pl.read_parquet(snapshot / "papers", hive_partitioning=True)
    names = _lists(
        pl.read_parquet(snapshot / "authorships", hive_partitioning=True), "name_as_listed", "authors"
    )
    labels = _lists(pl.read_parquet(snapshot / "paper_affiliations"), "label_as_listed", "affiliations")
    records = pl.read_parquet(snapshot / "records").filter(pl.col("paper_id").is_not_null())
    frame = records.select("paper_id", row=((pl.col("first_line") - 1) // 3).cast(pl.UInt32))
    frame = (
        frame.join(papers, on="paper_id").join(names, on="paper_id").join(labels, on="paper_id", how="left")
    )
    return frame.select(
        "row",
        pl.coalesce("title_tex", "title").alias("title"),
        "authors",
        pl.col("affiliations").fill_null([]),
        "published",
    )


def _lists(rows: pl.DataFrame, column: str, name: str) -> pl.DataFrame:
    ordered = rows.sort("paper_id", "position")
    return ordered.group_by("paper_id", maintain_order=True).agg(pl.col(column).alias(name))


if __name__ == "__main__":
    main()
