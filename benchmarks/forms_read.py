"""How pages' forms are read, before records of one paper are merged.

    python benchmarks/forms_read.py FOLDER... [--show 20] [--sure]

FOLDER holds `raw/*.txt` and `truth.parquet`, one row a record: source_file, title_line, form, title, authors,
authors_truncated, published, arxiv_id, doi, abstract; null where the page does not say it. A build gives two pages of
one paper one row; here each record is held against its own page. Prints, by form, the share read exactly (title, names
in their order, whether the list was cut), what was quarantined, what was wrong and sure, and in how many a field was
wrong.
"""

from __future__ import annotations

import argparse
import re
import unicodedata
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from byline.boundary.reading import SURE
from byline.forms import declared
from byline.reading.slices import parse_text

Row = dict[str, Any]


def words(name: str) -> list[str]:
    """Return the words of a name without accents, in Unicode or TeX, in alphabetical order."""
    bare = re.sub(r"\\[vcuHkrbd](?=[ {])\s*|\\[^a-zA-Z\s]|[{}]", "", name)
    plain = "".join(c for c in unicodedata.normalize("NFD", bare) if not unicodedata.combining(c))
    return sorted(re.findall(r"[^\W_]+", plain))


def title(text: str | None) -> str:
    """Return a title with folded white space, without enclosing braces and a last full stop."""
    return " ".join(unicodedata.normalize("NFC", text or "").split()).strip("{}").rstrip(".")


def exact(read: Row, said: Row) -> bool:
    """Whether title, names and cut are as the page shows them."""
    names = [words(name) for name in read["authors"]] == [words(name) for name in said["authors"]]
    cut = read["authors_truncated"] == said["authors_truncated"]
    return title(read["title"]) == title(said["title"]) and names and cut


def fields_wrong(read: Row, said: Row) -> list[str]:
    """Return the fields that the page states and that were read otherwise."""
    wrong = [name for name in ("arxiv_id", "doi", "published") if said[name] not in {None, read[name]}]
    if said["abstract"] and "".join(said["abstract"].split()) != "".join((read["abstract"] or "").split()):
        wrong.append("abstract")
    return wrong


@dataclass(frozen=True)
class Fault:
    """What went wrong with one record, in a line, and whether it was published beyond doubt."""

    line: str
    sure: bool


def score_file(path: Path, truth: list[Row], found: dict[str, Counter[str]]) -> list[Fault]:
    """Count one file's records into `found`, and return what went wrong."""
    declared_as = path.with_name(path.name.replace(".txt", ".listing.toml"))
    form = {"form": "lines"} if declared_as.exists() else {}
    rows = list(parse_text(path.read_bytes(), declared.to_text(form)).iter_rows(named=True))
    starts = [row["first_line"] for row in rows]
    shown = []
    for said in truth:
        row, counts = rows[bisect_right(starts, said["title_line"]) - 1], found[said["form"]]
        counts["records"] += 1
        if row["reason"] is not None:
            counts["quarantined"] += 1
            shown.append(Fault(f"{said['form']}: {row['reason']}: {said['title']}", sure=False))
            continue
        good, wrong = exact(row, said), fields_wrong(row, said)
        counts["exact"] += good
        sure = not good and row["boundary_confidence"] >= SURE
        counts["sure and wrong"] += sure
        counts["a field wrong"] += bool(wrong)
        if wrong or not good:
            shown.append(Fault(_line(row, said, wrong), sure))
    return shown


def _line(read: Row, said: Row, wrong: list[str]) -> str:
    """Return a record's form, and what was said and read where they differ."""
    sides = []
    for side, other in ((said, read), (read, said)):
        names = [name for name in side["authors"] if words(name) not in list(map(words, other["authors"]))]
        cut = (
            ""
            if read["authors_truncated"] == said["authors_truncated"]
            else f" cut {side['authors_truncated']}"
        )
        sides.append(f"{title(side['title'])} | {', '.join(names) or 'names'}{cut}")
    wrong = [f"{name}: {said[name]!s:.60} => {read[name]!s:.60}" for name in wrong]
    return f"{said['form']} ({read['boundary_confidence']:.2f}): {' => '.join(sides)} {'; '.join(wrong)}"


def score_folder(folder: Path, found: dict[str, Counter[str]]) -> list[Fault]:
    """Count a rendered folder's records into `found`, and return what went wrong."""
    by_file: dict[str, list[Row]] = defaultdict(list)
    for row in pl.read_parquet(folder / "truth.parquet").iter_rows(named=True):
        by_file[row["source_file"]].append(row)
    return [
        fault for name, rows in by_file.items() for fault in score_file(folder / "raw" / name, rows, found)
    ]


def main() -> None:
    """Score folders of rendered pages."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--sure", action="store_true")
    options = parser.parse_args()
    found: dict[str, Counter[str]] = defaultdict(Counter)
    faults = [fault for folder in options.folders for fault in score_folder(folder, found)]
    for form, counts in sorted(found.items()):
        share = counts["exact"] / counts["records"]
        rest = ", ".join(
            f"{counts[name]} {name}" for name in ("quarantined", "sure and wrong", "a field wrong")
        )
        print(f"{form}: {share:.4f} exact of {counts['records']}, {rest}")
    total = sum(found.values(), Counter[str]())
    print(f"all: {total['sure and wrong']} sure and wrong of {total['records']}")
    shown = [fault.line for fault in faults if fault.sure] if options.sure else []
    print("\n".join([*shown, *[fault.line for fault in faults][: options.show]]))


if __name__ == "__main__":
    main()
