"""The pure-Python script: a loop over the lines. `python -m benchmarks.rivals.pure LISTING TARGET`."""

from __future__ import annotations

import re
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.rivals import CUT, HEADER, ORGANISATIONS, RULE


def record(row: int, header: str, byline: str, abstract: str) -> dict[str, Any]:
    """Read one record."""
    head = re.match(HEADER, header)
    names, _, labels = byline.partition(ORGANISATIONS)
    found = re.match(RULE, names.removesuffix(CUT))
    return {
        "row": row,
        "code": head[1] if head else None,
        "published": datetime.strptime(head[2], "%b %d, %Y").date() if head else None,
        "badges": head[3] if head else None,
        "title": found[1] if found else None,
        "authors": found[2].split(", ") if found else [],
        "authors_truncated": names.endswith(CUT),
        "affiliations": labels.split(", ") if labels else [],
        "abstract": abstract,
    }


def main(listing: Path, target: Path) -> None:
    """Read three lines a record and write them all."""
    with listing.open(encoding="utf-8") as lines:
        texts = (line.rstrip("\n") for line in lines)
        triples = zip(texts, texts, texts, strict=False)
        rows = [record(number, *triple) for number, triple in enumerate(triples)]
    pq.write_table(pa.Table.from_pylist(rows), target, compression="zstd")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
