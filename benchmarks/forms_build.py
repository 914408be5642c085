"""How pages' forms come out of a whole build, with papers that stand on two pages counted apart.

    byline build --raw FOLDER/raw --out FOLDER/out
    python benchmarks/forms_build.py FOLDER [--out FOLDER/out] [--show 20]

FOLDER is what `benchmarks/forms_read.py` takes, and `truth.parquet` may hold `paper` (which records are one), too. A
build gives two pages of a paper one row: the whole names of one, the day of the other. Held against each page by itself
such a row is wrong for one of them however it is put together, so the shares are given twice: of all records, and in
brackets of those that are alone in their row. `--show` gives the records that are wrong and alone.
"""

from __future__ import annotations

import argparse
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.forms_read import exact, fields_wrong, title
from byline import load

Row = dict[str, Any]


@dataclass(frozen=True)
class Dataset:
    """A published dataset as the scores ask for it."""

    papers: dict[str, Row]
    """By id, `authors` among the columns."""
    starts: dict[str, list[int]]
    """By file, the first lines of its records, ascending."""
    owners: dict[str, list[str | None]]
    """By file, the paper of each record; null where it is quarantined."""


def read_dataset(out: str) -> Dataset:
    """Return what a dataset says."""
    names = (
        load("authorships", out=out).sort("paper_id", "position").group_by("paper_id", maintain_order=True)
    )
    listed = names.agg(authors=pl.col("name_as_listed"))
    papers = load("papers", out=out).join(listed, on="paper_id", how="left").collect()
    starts: dict[str, list[int]] = defaultdict(list)
    owners: dict[str, list[str | None]] = defaultdict(list)
    records = load("records", out=out).sort("source_file", "first_line").collect()
    for row in records.iter_rows(named=True):
        starts[row["source_file"]].append(row["first_line"])
        owners[row["source_file"]].append(row["paper_id"])
    return Dataset({row["paper_id"]: row for row in papers.iter_rows(named=True)}, starts, owners)


def wrong(row: Row | None, said: Row) -> list[str]:
    """Return what a row has otherwise than the page: `exact` for title, names and cut, and the fields."""
    if row is None:
        return ["exact"]
    listed = {
        **row,
        "title": row["title_tex"] or row["title"],
        "abstract": row["abstract_tex"] or row["abstract"],
    }
    good = exact(listed, said) or exact(row, said)
    fields = set(fields_wrong(listed, said)) & set(fields_wrong(row, said))
    return [*([] if good else ["exact"]), *sorted(fields)]


def score(data: Dataset, truth: pl.DataFrame) -> tuple[dict[str, Counter[str]], list[str]]:
    """Count by form, and return the records that are wrong and alone in their row, a line each."""
    placed = []
    for said in truth.iter_rows(named=True):
        name = said["source_file"]
        place = bisect_right(data.starts[name], said["title_line"]) - 1
        placed.append((said, data.owners[name][place] if place >= 0 else None))
    held = Counter(owner for _, owner in placed)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    shown = []
    for said, owner in placed:
        counts, alone = found[said["form"]], owner is None or held[owner] == 1
        row = data.papers[owner] if owner else None
        faults = wrong(row, said)
        counts.update(["all", *(f"all {fault}" for fault in faults)])
        if alone:
            counts.update(["alone", *(f"alone {fault}" for fault in faults)])
        if alone and faults:
            listed = (
                "quarantined"
                if row is None
                else f"{title(row['title_tex'] or row['title'])} {row['authors'][:5]}"
            )
            shown.append(f"{said['form']} {faults}: {said['title']} {said['authors'][:5]} => {listed}")
    return found, shown


def _share(counts: Counter[str], of: str, name: str) -> str:
    return f"{1 - counts[f'{of} {name}'] / counts[of]:.4f}"


def main() -> None:
    """Score a built folder of rendered pages."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    data = read_dataset(str(options.out or options.folder / "out"))
    found, shown = score(data, pl.read_parquet(options.folder / "truth.parquet"))
    names = ("exact", "published", "arxiv_id", "doi", "abstract")
    for form, counts in sorted(found.items()):
        shares = [f"{name} {_share(counts, 'all', name)} ({_share(counts, 'alone', name)})" for name in names]
        print(f"{form}: {counts['all']} records, {counts['alone']} alone in their row; {', '.join(shares)}")
    print("\n".join(shown[: options.show]))


if __name__ == "__main__":
    main()
