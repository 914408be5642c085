"""The listings that benchmarks run on, each in a folder of its own, made once a work folder."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from benchmarks.common.corpus import Shape
from benchmarks.common.gold import gold_folder, render
from benchmarks.common.material import PAPERS
from benchmarks.generate import corpus_of, generate

KNOWN_PAPERS = 120_000
SEED = Path("data/raw/listing.txt")
"""The real listing of 21 records; its build is the fixed part."""


def listing_of(gold: Path | None, records: int, work: Path) -> Path:
    """Return a listing of so many records below `work`: the known papers as they are, or recombined ones."""
    known = gold_folder(gold)
    name = f"known-{records}" if known and records == KNOWN_PAPERS else f"recombined-{records}"
    listing = work / name / "raw" / "part-000000.txt"
    if listing.is_file():
        return listing
    if known and records == KNOWN_PAPERS:
        truth = render(pl.read_parquet(known / PAPERS), listing)
        truth.write_parquet(work / name / "truth.parquet")
    else:
        generate(corpus_of(known, Shape()), work / name, records=records)
    return listing
