"""The least anyone could do: read the text as lines and write the same bytes as zstd Parquet, on all cores.

    python -m benchmarks.common.floors VARIANT LISTING TARGET LEVEL [REPEATS]

The zstd level to give is byline's own, or a floor at another would measure the level. Each variant runs as a process of
its own; the fastest counts.
"""

from __future__ import annotations

import sys
from pathlib import Path


def polars_streamed(listing: Path, target: Path, level: int) -> None:
    """Bounded memory, all cores."""
    import polars as pl

    pl.scan_lines(listing).sink_parquet(target, compression="zstd", compression_level=level)


def polars_whole(listing: Path, target: Path, level: int) -> None:
    """All in memory, then written."""
    import polars as pl

    lines = pl.scan_lines(listing).collect()
    lines.write_parquet(target, compression="zstd", compression_level=level)


def arrow(listing: Path, target: Path, level: int) -> None:
    """One column by PyArrow's CSV reader (a delimiter that no text has), row groups written as they come."""
    import pyarrow as pa
    import pyarrow.csv as pc
    import pyarrow.parquet as pq

    lines = pc.open_csv(
        listing,
        read_options=pc.ReadOptions(column_names=["line"], block_size=16 << 20),
        parse_options=pc.ParseOptions(delimiter="\x01", quote_char=False),
        convert_options=pc.ConvertOptions(column_types={"line": pa.string()}),
    )
    with pq.ParquetWriter(
        target, lines.schema, compression="zstd", compression_level=level, use_dictionary=False
    ) as sink:
        for batch in lines:
            sink.write_batch(batch)


VARIANTS = {"polars streamed": polars_streamed, "polars whole": polars_whole, "pyarrow": arrow}


if __name__ == "__main__":
    for _ in range(int(sys.argv[5]) if len(sys.argv) > 5 else 1):
        VARIANTS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
