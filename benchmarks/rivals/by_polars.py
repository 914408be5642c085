"""The polars script with the same rule. `python -m benchmarks.rivals.by_polars LISTING TARGET`."""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

from benchmarks.rivals import CUT, HEADER, ORGANISATIONS, RULE


def main(listing: Path, target: Path) -> None:
    """Read all lines, gather each third, extract by regular expressions."""
    lines = pl.scan_lines(listing).collect().to_series()
    header, byline, abstract = (lines.gather_every(3, k) for k in range(3))
    frame = pl.DataFrame({"header": header, "byline": byline, "abstract": abstract}).with_row_index("row")
    head = pl.col("header").str.extract_groups(HEADER).struct
    parts = pl.col("byline").str.splitn(ORGANISATIONS, 2).struct
    frame = frame.with_columns(names=parts[0], labels=parts[1])
    found = pl.col("names").str.strip_suffix(CUT).str.extract_groups(RULE).struct
    papers = frame.select(
        "row",
        code=head[0],
        published=head[1].str.to_date("%b %d, %Y"),
        badges=head[2],
        title=found[0],
        authors=found[1].str.split(", ").fill_null([]),
        authors_truncated=pl.col("names").str.ends_with(CUT),
        affiliations=pl.col("labels").str.split(", ").fill_null([]),
        abstract="abstract",
    )
    papers.write_parquet(target, compression="zstd")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
