"""The straightforward pandas script. `python -m benchmarks.rivals.by_pandas LISTING TARGET`."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from benchmarks.rivals import CUT, HEADER, ORGANISATIONS, RULE


def main(listing: Path, target: Path) -> None:
    """Read all lines as a series, cut it in three, extract by regular expressions."""
    lines = pd.Series(listing.read_text(encoding="utf-8").split("\n"))
    lines = lines[: len(lines) // 3 * 3]
    header, byline, abstract = (lines.iloc[k::3].reset_index(drop=True) for k in range(3))
    head = header.str.extract(HEADER)
    parts = byline.str.partition(ORGANISATIONS)
    names, labels = parts[0], parts[2]
    found = names.str.removesuffix(CUT).str.extract(RULE)
    papers = pd.DataFrame(
        {
            "row": range(len(header)),
            "code": head[0],
            "published": pd.to_datetime(head[1], format="%b %d, %Y").dt.date,
            "badges": head[2],
            "title": found[0],
            "authors": found[1].str.split(", ").map(lambda names: names if isinstance(names, list) else []),
            "authors_truncated": names.str.endswith(CUT),
            "affiliations": labels.str.split(", ").where(labels != "", None).map(lambda some: some or []),
            "abstract": abstract,
        }
    )
    papers.to_parquet(target, compression="zstd", index=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
