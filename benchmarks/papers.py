"""Whether the rows of `papers` are papers: none that holds two of the truth, none of the truth in two rows.

    python -m benchmarks.papers DATASET TRUTH.parquet        a built dataset against where each paper's record stands
    python -m benchmarks.papers --twice [--gold DIR]         every paper listed twice, the second time as other pages do

TRUTH: source_file, first_line, id, as the renderer of listings writes it. With `--twice` papers of `arxiv_120k` are
merged as a build merges them, each beside a second record of it: LaTeX read, accents and HTML as other pages have them,
names as initials, a list cut, a snippet of the abstract or none, a year for a date, a changed title where an id says
what it is. Papers of one first author are all among them, so what must stay apart is there, too.
"""

from __future__ import annotations

import argparse
import html
import os
import random
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from byline import latex
from byline.core import ids
from byline.papers import merge_records, paper_keys
from byline.pipeline.stages.settle import SETTLED, says_code

GOLD = Path(os.environ.get("BYLINE_GOLD", "../shared/gold"))
Row = dict[str, Any]


def _initials(name: str) -> str:
    *given, family = name.split()
    return " ".join([*(f"{one[0]}." for one in given), family])


def _bare(text: str) -> str:
    parts = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in parts if not unicodedata.combining(c)))


def _decoded(text: str) -> str:
    return str(latex.decode(pl.Series([text])).item())


DISGUISES: Mapping[str, Callable[[Row, random.Random], Row]] = {
    "the same": lambda row, _: row,
    "LaTeX read": lambda row, _: row | {"title": _decoded(row["title"])},
    "no accents": lambda row, _: row | {"title": _bare(_decoded(row["title"]))},
    "HTML": lambda row, _: row | {"title": html.escape(row["title"], quote=False)},
    "capitals": lambda row, _: row | {"title": _decoded(row["title"]).upper()},
    "initials": lambda row, _: row | {"authors": [_initials(name) for name in row["authors"]]},
    "cut list": lambda row, _: row | {"authors": row["authors"][:3], "authors_truncated": len(row["authors"]) > 3},
    "snippet": lambda row, rnd: row | {"abstract": _snippet(row["abstract"], rnd)},
    "no abstract": lambda row, _: row | {"abstract": None},
    "year": lambda row, _: (
        row | {"abstract": None, "published": row["published"].replace(month=1, day=1), "published_precision": "year"}
    ),
    "no date": lambda row, _: row | {"abstract": None, "published": None, "published_precision": "none"},
    "another title": lambda row, _: row | {"title": f"{row['title']}, revisited"},
}  # fmt: skip
"""How the second record of a paper differs from the first, by kind."""


def _snippet(abstract: str, rnd: random.Random) -> str:
    words = abstract.split()
    start = rnd.randrange(max(1, len(words) - 12))
    return f"… {' '.join(words[start : start + 25])} …"


def twice(gold: Path, papers: int, seed: int = 7) -> pl.DataFrame:
    """Return settled rows of papers and of second records of them; `truth` and `kind` say what each is."""
    rnd = random.Random(seed)
    found = pl.read_parquet(gold / "arxiv_120k.parquet").drop_nulls(["title", "authors", "abstract", "date"])
    found = (
        found.filter(pl.col("authors").list.len() > 0).sort(pl.col("authors").list.first(), "id").head(papers)
    )
    kinds = list(DISGUISES)
    rows: list[Row] = []
    for number, one in enumerate(found.iter_rows(named=True)):
        first: Row = {
            "title": one["title"], "authors": one["authors"], "authors_truncated": False, "abstract": one["abstract"],
            "published": one["date"], "published_precision": "day", "truth": one["id"], "kind": "",
        }  # fmt: skip
        kind = kinds[number % len(kinds)]
        second = DISGUISES[kind](first, rnd) | {"kind": kind}
        stated = {"arxiv_id": f"{number:09d}"[:4] + "." + f"{number:05d}"} if kind == "another title" else {}
        rows += [first | stated, second | stated]
    return _settled(rows)


def _settled(rows: list[Row]) -> pl.DataFrame:
    usual: Row = {
        "form": "card", "badges": [], "links": [], "labels": [], "category_candidates": [], "has_code": False,
        "boundary_confidence": 1.0,
    }  # fmt: skip
    whole = [{**dict.fromkeys(SETTLED), **usual, **row} for row in rows]
    types = {**SETTLED, "truth": pl.String(), "kind": pl.String()}
    frame = pl.DataFrame(whole, schema_overrides=types, infer_schema_length=None, strict=False)
    frame = frame.select(pl.col(name).cast(dtype) for name, dtype in types.items())
    numbers = [str(number) for number in range(frame.height)]
    frame = frame.with_columns(record_id=ids.digest_all(numbers, "r"), digest=ids.digest_all(numbers, "d"))
    decoded = latex.decode(frame["title"])
    frame = frame.with_columns(paper_key=paper_keys(frame, decoded), abstract=latex.decode(frame["abstract"]))
    return frame.with_columns(title=decoded)


def faults(told: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return rows (paper_id, truth) of papers that hold several of the truth, and of those of it in several papers."""
    distinct = told.drop_nulls("paper_id").select("paper_id", "truth").unique()
    joined = distinct.filter(pl.len().over("paper_id") > 1).sort("paper_id", "truth")
    return joined, distinct.filter(pl.len().over("truth") > 1).sort("truth", "paper_id")


def measure_twice(gold: Path, papers: int) -> None:
    """Print how many second records find their paper, by kind, and how many papers are joined with another one."""
    rows = twice(gold, papers)
    start = time.process_time()
    merged = merge_records(rows, says_code)
    seconds = time.process_time() - start
    joined, split = faults(merged.records)
    second = merged.records.filter(pl.col("kind") != "")
    lost = Counter(second.filter(pl.col("truth").is_in(split["truth"].implode()))["kind"].to_list())
    asked = Counter(second["kind"].to_list())
    print(f"{rows.height} records, {merged.papers.height} papers of {papers}, {seconds:.1f} CPU seconds")
    print(f"papers that hold two of the truth: {joined['paper_id'].n_unique()}")
    for kind in DISGUISES:
        print(f"  {kind:16} {asked[kind] - lost[kind]:6} of {asked[kind]:6} found")


def measure(dataset: Path, truth: Path) -> None:
    """Print how many papers of a dataset hold several of the truth, and how many of the truth stand in several."""
    records = pl.read_parquet(dataset / "records" / "*.parquet").select(
        "source_file", "first_line", "paper_id"
    )
    known = pl.read_parquet(truth).select("source_file", pl.col("first_line").cast(pl.UInt32), truth="id")
    told = records.join(known, on=["source_file", "first_line"], how="right")
    joined, split = faults(told)
    print(
        f"{known.height} records of {known['truth'].n_unique()} papers, {told['paper_id'].n_unique()} in the dataset"
    )
    print(f"without a paper: {told['paper_id'].null_count()}")
    print(f"papers that hold two of the truth: {joined['paper_id'].n_unique()}")
    print(f"papers of the truth in two rows: {split['truth'].n_unique()}")


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("dataset", type=Path, nargs="?")
    parser.add_argument("truth", type=Path, nargs="?")
    parser.add_argument("--twice", action="store_true")
    parser.add_argument("--gold", type=Path, default=GOLD)
    parser.add_argument("--papers", type=int, default=60_000)
    told = parser.parse_args()
    if told.twice:
        measure_twice(told.gold, told.papers)
    elif told.dataset is None or told.truth is None:
        parser.error("give a dataset and its truth, or --twice")
    else:
        measure(told.dataset, told.truth)


if __name__ == "__main__":
    main()
