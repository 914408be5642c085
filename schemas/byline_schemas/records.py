"""Tables `records` and `quarantine`: the account of every byte, and what could not be read."""

from __future__ import annotations

import polars as pl

from byline_schemas._base import FORM_PATTERN, Model, Table, column, id_column, is_nfc, judged
from byline_schemas._pandera import PolarsData, pa

STATUSES = ["published", "duplicate", "quarantined"]


class Records(Model):
    """One row a raw record. The spans of a file lie end to end from 0 to the file's length."""

    record_id: pl.String = id_column(
        "Hash of the file, the record's bytes and its ordinal among equal ones.", unique=True
    )
    source_file: pl.String = column("File, relative to the raw folder.", example="2024/listing.txt")
    source_sha256: pl.String = column(
        "SHA-256 of the file as it lies.", example="9f86…", str_matches=r"^[0-9a-f]{64}$"
    )
    first_line: pl.UInt32 = column("First line of the content.", example=4, unit="1-based line", ge=1)
    last_line: pl.UInt32 = column("Last line of the content.", example=6, unit="1-based line", ge=1)
    byte_start: pl.UInt64 = column(
        "Where the record starts.", example=0, unit="bytes into the uncompressed file"
    )
    byte_end: pl.UInt64 = column(
        "Where the next one starts.", example=812, unit="bytes into the uncompressed file"
    )
    form: pl.String = column(
        "The form recognized, also when quarantined; null when none.",
        example="card",
        nullable=True,
        str_matches=FORM_PATTERN,
    )
    status: pl.String = column("What became of it.", example="published", isin=STATUSES)
    paper_id: pl.String = id_column("The paper; null when quarantined.", nullable=True)
    boundary_confidence: pl.Float32 = column(
        "Calibrated probability that title and authors were told apart rightly.",
        example=0.999,
        unit="probability",
        nullable=True,
        in_range={"min_value": 0, "max_value": 1},
    )

    @pa.dataframe_check(name="span_is_not_reversed")
    @classmethod
    def _span(cls, data: PolarsData) -> pl.LazyFrame:
        lines = pl.col("first_line") <= pl.col("last_line")
        return judged(data, lines & (pl.col("byte_start") <= pl.col("byte_end")))

    @pa.dataframe_check(name="paper_is_null_when_quarantined")
    @classmethod
    def _paper(cls, data: PolarsData) -> pl.LazyFrame:
        return judged(data, (pl.col("status") == "quarantined") == pl.col("paper_id").is_null())


class Quarantine(Model):
    """One row a record that could not be read, with a stable reason and what stood there."""

    record_id: pl.String = id_column("The record; see `records`.", unique=True)
    reason: pl.String = column(
        "Stable code of the reason.", example="bad_date", str_matches=r"^[a-z][a-z0-9_]*$"
    )
    detail: pl.String = column(
        "What was expected and what stood there.", example="expected a date after 'LG', found …"
    )
    raw_text: pl.String = column(
        "The record's text, escaped where it is not text, cut at 64 KiB.", example="LGFeb 30, …"
    )

    @pa.check("detail", name="text_is_nfc_and_not_blank")
    @classmethod
    def _texts(cls, data: PolarsData) -> pl.LazyFrame:
        return is_nfc(data)

    @pa.check("raw_text", name="raw_text_is_cut_at_64_kib")
    @classmethod
    def _cut(cls, data: PolarsData) -> pl.LazyFrame:
        return judged(data, pl.col(data.key).str.len_bytes() <= 64 * 1024)


RECORDS = Table(name="records", title="Records", model=Records, key=("record_id",), sort=("record_id",))
QUARANTINE = Table(
    name="quarantine", title="Quarantine", model=Quarantine, key=("record_id",), sort=("record_id",)
)
