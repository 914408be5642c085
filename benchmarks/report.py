"""What `report.html` costs of a large dataset: bytes of the page, CPU seconds and memory of making it.

    python -m benchmarks.report [--papers 20000 1000000] [--hostile] [--keep DIR] [--json FILE]

The tables are made up, columns that the page doesn't read left out; the page is made from their Parquet files by the
function that a build calls, in a process of its own. `base` is the same for ten papers: imports and templates. With
`--hostile` every text is as long as listings may make it and of characters that HTML writes with five or more.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.common import process, report
from byline.snapshots import documents
from byline.snapshots.manifest import Facts

AUTHORS_PER_PAPER = 4
PAPERS_PER_AUTHOR = 2.5
PART = 200_000
"""Papers made at a time."""
BASE = 10
CATEGORIES = [
    f"{archive}.{code}" for archive in ("cs", "math", "stat", "physics", "q-bio") for code in "ABCD"
]
HOSTILE = "<\"&'>\u202e" * 2_000
FACTS = Facts("0" * 20, "0", ())


def main(arguments: list[str] | None = None) -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--papers", type=int, nargs="+", default=[20_000, 1_000_000])
    parser.add_argument("--hostile", action="store_true")
    parser.add_argument("--keep", type=Path, help="leave the pages in this folder")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--of", type=Path, help=argparse.SUPPRESS)  # the process that is measured
    given = parser.parse_args(arguments)
    if given.of:
        given.of.with_suffix(".html").write_bytes(
            documents.report(documents.unkept(given.of, _files(given.of)), FACTS)
        )
        return
    with tempfile.TemporaryDirectory(prefix="byline-report-") as temporary:
        home = given.keep or Path(temporary)
        home.mkdir(parents=True, exist_ok=True)
        rows = [_measured(papers, Path(temporary), home, given.hostile) for papers in [BASE, *given.papers]]
    base = rows[0]["CPU s"]
    for row in rows:
        row["CPU s over base"] = row["CPU s"] - base
    report.save("report", {"rows": rows}, report.markdown(rows), given.json)


def _measured(papers: int, work: Path, home: Path, hostile: bool) -> dict[str, Any]:
    folder = home / f"papers-{papers}"
    _make(work / folder.name, papers, hostile)
    made = work / folder.name
    cost = process.run([sys.executable, "-m", "benchmarks.report", "--of", str(made)], memory=True)
    page = made.with_suffix(".html")
    size = page.stat().st_size
    page.rename(folder.with_suffix(".html"))
    return {
        "papers": papers,
        "page, MB": size / 1e6,
        "CPU s": cost.cpu,
        "memory, MiB": cost.memory,
        "of it private": cost.private,
    }


def _files(folder: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*.parquet")):
        place = path.relative_to(folder)
        found.setdefault(place.parts[0], []).append(place.as_posix())
    return found


def _make(folder: Path, papers: int, hostile: bool) -> None:
    """Write the tables of a made-up snapshot."""
    for name, key, rows in _tables(papers, HOSTILE if hostile else ""):
        groups = rows.partition_by(key, as_dict=True, include_key=False) if key else {("",): rows}
        for (value,), part in groups.items():
            home = folder / name / (f"{key}={value}" if key else "")
            home.mkdir(parents=True, exist_ok=True)
            part.write_parquet(home / f"part-{len(list(home.iterdir())):05}.parquet")


def _tables(papers: int, more: str) -> Iterator[tuple[str, str, pl.DataFrame]]:
    """Yield tables or parts of them: name, partition key, rows. `more` stands behind every text."""
    people = int(papers * AUTHORS_PER_PAPER / PAPERS_PER_AUTHOR)
    for start in range(0, papers, PART):
        number = pl.int_range(start, min(start + PART, papers), eager=True).alias("n").to_frame()
        yield "papers", "year", _papers(number, more)
        yield "records", "", _records(number)
        yield "authorships", "year", _authorships(number, people)
        yield (
            "paper_affiliations",
            "",
            number.filter(pl.col("n") % 3 == 0).select(
                paper_id=_id("p", "n"), affiliation_id=_id("o", _mixed("n") % 5_000)
            ),
        )
    number = pl.int_range(0, people, eager=True).alias("n").to_frame()
    yield "authors", "initial", _authors(number, papers, more)
    yield "author_identifiers", "", pl.DataFrame({"author_id": []}, schema={"author_id": pl.String})
    number = pl.int_range(0, min(5_000, papers), eager=True).alias("n").to_frame()
    yield "affiliations", "", number.select(
        affiliation_id=_id("o", "n"), name=_id("Institute of Things ", "n") + more,
        label=_id("institute-", "n") + more, country=pl.lit("NL"), ror_id=pl.lit(None, pl.String),
    )  # fmt: skip
    yield "quarantine", "", number.select(
        record_id=_id("q", "n"), reason=pl.lit("no_boundary"),
        detail=_id("a title and the authors after it were expected on line ", "n") + more,
        raw_text=_id("Some line of a page that could not be read, ", "n") + more,
    )  # fmt: skip


def _papers(number: pl.DataFrame, more: str) -> pl.DataFrame:
    n = pl.col("n")
    title = _id("On the Estimation of Sparse Things by Means of Others, Part ", "n") + pl.lit(more).str.slice(
        0, 700
    )
    return number.select(
        paper_id=_id("p", "n"), title=title, category=pl.lit(CATEGORIES).list.get(_mixed("n") % len(CATEGORIES)),
        authors_truncated=n % 4 == 0, has_code=n % 5 == 0, year=_year(),
        boundary_confidence=1 - (_mixed("n") % 1_000).cast(pl.Float32) / 20_000,
        filled=pl.lit([], pl.List(pl.String)), authors_source=pl.lit("listed"),
    )  # fmt: skip


def _records(number: pl.DataFrame) -> pl.DataFrame:
    return number.select(
        record_id=_id("r", "n"), paper_id=_id("p", "n"), source_file=_id("day-", pl.col("n") // 2_000) + ".txt",
        first_line=(pl.col("n") * 4 + 1).cast(pl.UInt32), form=pl.lit("card"), status=pl.lit("published"),
        boundary_confidence=1 - (_mixed("n") % 1_000).cast(pl.Float32) / 20_000,
    )  # fmt: skip


def _authorships(number: pl.DataFrame, people: int) -> pl.DataFrame:
    """Return the authors of papers: a group's members stand near each other, so that pairs share papers."""
    place = pl.int_ranges(0, AUTHORS_PER_PAPER).alias("place")
    rows = number.with_columns(place).explode("place")
    person = (_mixed(pl.col("n") // 5) + pl.col("place") + pl.col("n") % 3) % people
    return rows.select(
        paper_id=_id("p", "n"), position=(pl.col("place") + 1).cast(pl.UInt16), author_id=_id("a", person),
        name_as_listed=_id("Given Middle Family", person), year=_year(),
        identity_confidence=1 - (_mixed(pl.col("n") * 7 + pl.col("place")) % 1_000).cast(pl.Float32) / 5_000,
    )  # fmt: skip


def _authors(number: pl.DataFrame, papers: int, more: str) -> pl.DataFrame:
    day = pl.date(2020, 1, 1)
    most = 1 + (papers / 2_000 / (1 + pl.col("n"))).cast(pl.UInt32) + (_mixed("n") % 4).cast(pl.UInt32)
    return number.select(
        author_id=_id("a", "n"), name=_id("Given Middle Family", "n") + more, paper_count=most, first_published=day,
        last_published=day, kind=pl.lit("person"),
        initial=pl.lit(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ")).list.get(pl.col("n") % 26),
    )  # fmt: skip


def _id(before: str, number: str | pl.Expr) -> pl.Expr:
    return pl.format(before + "{}", pl.col(number) if isinstance(number, str) else number)


def _year() -> pl.Expr:
    return (1991 + _mixed("n") % 35).cast(pl.Int32)


def _mixed(number: str | pl.Expr) -> pl.Expr:
    """Return a number that looks drawn: the same for the same one, on every machine."""
    n = pl.col(number) if isinstance(number, str) else number
    return n * 2_654_435_761 % 4_294_967_291 // 7


if __name__ == "__main__":
    main()
