"""The writer of Parquet: the same rows give the same bytes, in whatever portions they come."""

from pathlib import Path

import polars as pl
import pytest

from byline.files.parquet import ROW_GROUP_ROWS, PartitionWriter
from byline_schemas import QUARANTINE

ROWS = ROW_GROUP_ROWS + 1_000


def rows_of_many_lengths() -> pl.DataFrame:
    """Return rows whose texts are of many lengths, so that Parquet cuts pages at many places."""
    number = pl.int_range(ROWS)
    text = pl.concat_str(number.cast(pl.String), pl.lit(" ").repeat_by(number % 900).list.join(""))
    empty = QUARANTINE.empty()
    filled = {
        "record_id": number.cast(pl.String).str.zfill(20),
        "raw_text": text,
    }
    return pl.select(
        filled.get(name, pl.lit(0) if dtype.is_numeric() else pl.lit("")).cast(dtype).alias(name)
        for name, dtype in empty.schema.items()
    )


def written(folder: Path, rows: pl.DataFrame, portion: int) -> bytes:
    with PartitionWriter(folder, QUARANTINE) as writer:
        for start in range(0, rows.height, portion):
            writer.append(rows.slice(start, portion))
    (only,) = writer.written
    return only.path.read_bytes()


@pytest.mark.parametrize("portion", [700, 33_333])
def test_portions_leave_no_trace(tmp_path, portion):
    rows = rows_of_many_lengths()
    assert written(tmp_path / "cut", rows, portion) == written(tmp_path / "whole", rows, ROWS)
