"""CSV, Excel, JSON lines and plain Parquet: a file a table, or a sheet a table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from byline.core.errors import UsageError
from byline.core.extras import needed
from byline.export.readable import exploded, flat, readable
from byline.export.selection import Selection

CELL = 32_767
"""Characters of an Excel cell; rows of a sheet: 1,048,576, the names of the columns among them."""
ROWS = 1_048_575
CUT = "… [cut: Excel's limit]"


def to_csv(
    selection: Selection, tables: Sequence[str], to: Path, *, guard: bool, explode: str | None
) -> list[Path]:
    """Write `TABLE.csv` for each table, in UTF-8 with a byte order mark, by which Excel knows it."""
    written = []
    for name in tables:
        path = to / f"{name}.csv"
        frame = flat(_rows(selection, name, explode), guard=guard)
        frame.write_csv(path, include_bom=guard)
        written.append(path)
    return written


def to_xlsx(
    selection: Selection, tables: Sequence[str], to: Path, *, guard: bool, explode: str | None
) -> list[Path]:
    """Write `byline.xlsx` with a sheet for each table. No cell is a formula or a link.

    Raises `UsageError`: a table has more rows than a sheet, or XlsxWriter is not installed.
    """
    with needed("export", "Excel"):
        from xlsxwriter import Workbook  # noqa: PLC0415 - an extra
    path = to / "byline.xlsx"
    literal = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(path, {**literal, "constant_memory": False}) as book:
        for name in tables:
            frame = flat(_rows(selection, name, explode), guard=guard)
            if frame.height > ROWS:
                raise UsageError(
                    f"{name} has {frame.height} rows, a sheet of Excel holds {ROWS}",
                    "Choose fewer with --where or --table, or export csv.",
                )
            short = pl.col(pl.String).str.slice(0, CELL - len(CUT)) + CUT
            fits = pl.col(pl.String).str.len_chars() <= CELL
            frame = frame.with_columns(
                pl.when(fits | pl.col(pl.String).is_null()).then(pl.col(pl.String)).otherwise(short)
            )
            frame.write_excel(
                book, worksheet=name, autofilter=True, freeze_panes=(1, 0), autofit=frame.height < 5000
            )
    return [path]


def to_jsonl(
    selection: Selection, tables: Sequence[str], to: Path, *, guard: bool, explode: str | None
) -> list[Path]:
    """Write `TABLE.jsonl` for each table, an object a row, lists as lists; for programs, so nothing is guarded."""
    del guard
    written = []
    for name in tables:
        path = to / f"{name}.jsonl"
        _rows(selection, name, explode).write_ndjson(path)
        written.append(path)
    return written


def to_parquet(
    selection: Selection, tables: Sequence[str], to: Path, *, guard: bool, explode: str | None
) -> list[Path]:
    """Write `TABLE.parquet` for each table: one file, the partition key a column; nothing is guarded."""
    del guard
    written = []
    for name in tables:
        path = to / f"{name}.parquet"
        _rows(selection, name, explode).write_parquet(path, compression="zstd")
        written.append(path)
    return written


def _rows(selection: Selection, table: str, explode: str | None) -> pl.DataFrame:
    frame = readable(selection, table)
    return frame if explode is None else exploded(frame, explode)
