"""What the contract orders whoever builds: hash the listing, validate, write, hash and read back a finished dataset.

    python -m benchmarks.common.obliged LISTING DATASET TARGET

Nothing is parsed, decoded, sorted or resolved: the tables come from DATASET, where a build left them, and are written
once more below TARGET by byline's own writer. Prints JSON: duty to processor seconds of one thread. A build that keeps
the contract with these libraries does all of it, whatever else it does.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("POLARS_MAX_THREADS", "1")  # before polars is imported
os.environ["BYLINE_LEAN_IMPORTS"] = "1"  # as the command line does, before Pandera is imported

import polars as pl

from byline.files.parquet import PartitionWriter
from byline.pipeline.checked import checked
from byline.snapshots.manifest import sha256
from byline_schemas import TABLES

Files = dict[Path, pl.DataFrame]
"""Rows by path below the dataset."""


def duties(listing: Path, dataset: Path, target: Path) -> dict[str, Callable[[], object]]:
    """Return what is to be done, in order; each is one call."""
    paths = {name: sorted((dataset / name).rglob("*.parquet")) for name in TABLES}
    files = {path.relative_to(dataset): _read(path) for group in paths.values() for path in group}
    tables = {name: pl.concat([files[p.relative_to(dataset)] for p in paths[name]]) for name in TABLES}
    for name, rows in tables.items():
        checked(TABLES[name], rows.head(0), name)  # Pandera prepares a model at its first use
    return {
        "read the listing's lines": lambda: pl.scan_lines(listing).collect(),
        "SHA-256 of the listing": lambda: sha256(listing),
        "Pandera, each table once": lambda: [
            checked(TABLES[name], rows, name) for name, rows in tables.items()
        ],
        "write the Parquet files": lambda: _write(files, target),
        "SHA-256 of the files": lambda: [sha256(target / path) for path in files],
        "read the files back": lambda: [_read(target / path) for path in files],
    }


def _read(path: Path) -> pl.DataFrame:
    return pl.read_parquet(path, hive_partitioning=False)


def _write(files: Files, target: Path) -> None:
    for path, rows in files.items():
        with PartitionWriter(target / path.parent, TABLES[path.parts[0]]) as writer:
            writer.append(rows)


def main() -> None:
    """Run from the command line."""
    found = {}
    for name, duty in duties(*map(Path, sys.argv[1:4])).items():
        before = time.process_time()
        duty()
        found[name] = time.process_time() - before
    print(json.dumps(found))


if __name__ == "__main__":
    main()
