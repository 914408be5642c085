"""A published dataset as its readers see it: one snapshot, the pointer resolved once, its tables as lazy frames."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from byline.core.errors import UsageError
from byline.snapshots import manifest, publishing
from byline.snapshots.scan import scan_table
from byline_schemas import TABLES

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Dataset:
    """One snapshot. Its tables belong together, whatever is published meanwhile."""

    path: Path
    """Folder of the snapshot, links resolved."""
    snapshot_id: str
    tables: tuple[str, ...]
    """Names of the tables, in the order of the data dictionary."""
    output: Path | None = None
    """Folder that it was published into, with its history; null when a snapshot's folder was named by itself."""

    def load(self, table: str) -> pl.LazyFrame:
        """Return a table as a lazy frame, its partition key a column like the others.

        Raises `UsageError`: there is no such table.
        """
        if table not in self.tables:
            raise UsageError(f"there is no table {table!r}", f"The tables are {', '.join(self.tables)}.")
        return scan_table(self.path, table)

    def to_pandas(self, table: str) -> pd.DataFrame:
        """Return a table as a pandas frame of plain columns: numbers, texts, dates, and lists of texts.

        `pandas.read_parquet` makes categories of the partition keys, with which `papers["year"] > 2022` fails; here
        they are numbers and texts. pandas is yours to install.

        Raises `UsageError`: there is no such table, or no pandas.
        """
        frame = self.load(table).collect()
        try:
            plain = frame.to_pandas()
        except ModuleNotFoundError as missing:
            raise UsageError(f"{missing.name} is not installed", "Install it: pip install pandas") from None
        for name, kind in frame.schema.items():
            if isinstance(kind, pl.List):
                plain[name] = frame[name].to_list()
        return plain


def open_dataset(out: Path) -> Dataset:
    """Return the current snapshot of an output folder, or the snapshot whose folder is named.

    Raises `DataError`: nothing is published there, or its manifest is damaged.
    """
    folder = publishing.locate(out).resolve()
    found = manifest.read_manifest(folder)
    return Dataset(
        path=folder,
        snapshot_id=found.snapshot_id,
        tables=tuple(name for name in TABLES if name in found.tables),
        output=out.resolve() if folder != out.resolve() else None,
    )
