"""The least anyone could do: read the text as lines and write the same bytes as zstd Parquet, on all cores.

    python -m benchmarks.common.floors VARIANT LISTING TARGET

Compression is byline's own level, or a floor at another would measure the level. Each variant runs as a process of its
own; the fastest counts.
"""

from __future__ import annotations

import sys
from pathlib import Path

from byline.parquet import COMPRESSION_LEVEL


def polars_streamed(listing: Path, target: Path) -> None:
    """Bounded memory, all cores."""
    import polars as pl

    pl.scan_lines(listing).sink_parquet(target, compression="zstd", compression_level=COMPRESSION_LEVEL)


def polars_whole(listing: Path, target: Path) -> None:
    """All in memory, then written."""
    import polars as pl

    lines = pl.scan_lines(listing).collect()
    lines.write_parquet(target, compression="zstd", compression_level=COMPRESSION_LEVEL)


def arrow(listing: Path, target: Path) -> None:
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
        target, lines.schema, compression="zstd", compression_level=COMPRESSION_LEVEL, use_dictionary=False
    ) as sink:
        for batch in lines:
            sink.write_batch(batch)


VARIANTS = {"polars streamed": polars_streamed, "polars whole": polars_whole, "pyarrow": arrow}


if __name__ == "__main__":
    VARIANTS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
