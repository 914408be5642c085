"""Looking up in the index: keys to the numbers of papers, numbers to papers; one part of it at a time."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow.parquet as pq

from byline.files.run_files import to_polars
from byline.reference.abstracts import read_abstracts, taken
from byline.reference.authors import names_of
from byline.reference.keys import ALIKE, ENDS, Kind
from byline.reference.layout import Index, Part
from byline.reference.records import ENTRIES, ROWS, some

Numbers = npt.NDArray[np.int64]
BYLINES = {name: ROWS[name] for name in ("arxiv_id", "title", "authors")}
"""What a look-up by title alone returns of a paper: of few the authors are decoded."""
WHOLE = ENDS | (1 << Kind.TITLE) | (1 << Kind.AUTHORS)
OWN = ENDS | (1 << Kind.TITLE) | (1 << Kind.ARXIV_ID) | (1 << Kind.DOI)
"""Kinds of keys that few papers share; authors and a title's first or last words are those of sister papers, too."""
PAIRS = {
    "bucket": pl.UInt32(), "paper": pl.UInt32(), "row": pl.UInt32(), "kinds": pl.UInt8(), "has_text": pl.Boolean(),
}  # fmt: skip
"""A paper (its bucket, its number there), the row of an entry that shares keys with it, of which kinds (a bit for each
`keys.Kind`), and whether the page has the paper's abstract."""


def part_of(parts: tuple[Part, ...], numbers: pl.Series) -> Numbers:
    """Return for each key or row the part that would hold it."""
    firsts = np.array([part.first for part in parts[1:]], dtype=np.int64)
    return np.searchsorted(firsts, numbers.to_numpy().astype(np.int64), side="right").astype(np.int64)


def probe(index: Index, number: int, wanted: pl.DataFrame) -> pl.DataFrame:
    """Return `wanted` (with a column `key`) once for each paper that has the key, its number as `row`.

    All wanted keys are of part `number`.
    """
    if wanted.is_empty():
        return wanted.with_columns(row=pl.lit(0, pl.UInt32)).drop("key")
    part = index.keys[number]
    held = _keys(index.folder / part.path, part.sha256)
    found = held.join(wanted.select(pl.col("key").unique()), on="key", how="semi")
    return wanted.join(found, on="key").drop("key")


@lru_cache(maxsize=1)
def _keys(path: Path, sha256: str) -> pl.DataFrame:
    """Return a part of the keys; look-ups that follow each other want the same one (of this digest)."""
    return to_polars(pq.read_table(path, use_threads=False))


def as_pairs(found: pl.DataFrame) -> pl.DataFrame:
    """Return what `probe` found (bucket, paper, row, kind, has_text) as `PAIRS`, one for every key that is shared."""
    kinds = (2 ** pl.col("kind").cast(pl.Int32)).cast(pl.UInt8)
    return found.with_columns(kinds=kinds).select(PAIRS.keys())


def gathered(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return each pair once, with all the kinds of keys that it shares, sorted.

    | column | type | what it says |
    |---|---|---|
    | `bucket`, `paper` | UInt32 | paper bucket, row of the paper in it |
    | `row` | UInt32 | row of the entry in the index |
    | `kinds` | UInt8 | a bit for each `Kind` of key that both have |
    | `has_text` | Boolean | whether the paper has an abstract |

    A pair met by its id (bit 0) and again by its title (bit 2) comes in with 1 and 4, and once out with 5.
    """
    kinds = [((pl.col("kinds") & (1 << kind)) > 0).any().cast(pl.Int32) * (1 << kind) for kind in Kind]
    grouped = pairs.group_by("bucket", "paper", "row").agg(
        kinds=pl.sum_horizontal(kinds), has_text=pl.col("has_text").any()
    )
    return grouped.sort("bucket", "paper", "row").select(
        pl.col(name).cast(dtype) for name, dtype in PAIRS.items()
    )


def worth_comparing(pairs: pl.DataFrame) -> pl.DataFrame:
    """Leave out what shares nothing of its own with a paper whose title, authors and abstract another entry shares."""
    whole = (pl.col("kinds") & WHOLE) == WHOLE
    return pairs.filter(~whole.any().over("bucket", "paper") | ((pl.col("kinds") & OWN) > 0))


def entries(index: Index, number: int, pairs: pl.DataFrame, *, texts: bool = True) -> pl.DataFrame:
    """Return pairs, all of part `number`, with the columns `ENTRIES` of their rows.

    An abstract comes along where the page has none, or where both must be compared; else it is null, and without
    `texts` always.
    """
    asked = (pl.lit(texts) & (~pl.col("has_text") | ((pl.col("kinds") & ALIKE) != ALIKE))).alias("asked")
    wanted = pairs.select("row", asked).group_by("row").agg(pl.col("asked").any()).sort("row")
    found = fetch(index, number, wanted["row"], wanted["asked"])
    joined = pairs.with_columns(asked).join(found, on="row", how="left", maintain_order="left")
    return joined.with_columns(abstract=pl.when("asked").then("abstract")).drop("asked")


def bylines(index: Index, number: int, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return pairs, all of part `number`, with `BYLINES` of their rows: nothing else is read."""
    rows = pairs["row"].unique().sort()
    part = index.papers[number]
    local = rows.to_numpy().astype(np.int64) - part.first
    found = taken(index.folder / part.path, local, list(BYLINES)).with_columns(rows)
    return pairs.join(found, on="row", how="left", maintain_order="left")


def fetch(index: Index, number: int, rows: pl.Series, texts: pl.Series) -> pl.DataFrame:
    """Return the papers of these numbers (rising, each once), all of part `number`: `ENTRIES` and `row`.

    Their abstracts only where `texts` says so. Only the row groups that hold one are read.
    """
    part = index.papers[number]
    local = rows.to_numpy().astype(np.int64) - part.first
    found = taken(index.folder / part.path, local, list(ROWS))
    wanted = np.flatnonzero(texts.to_numpy())
    abstracts = some(read_abstracts(index, number, local[wanted], found["arxiv_id"].gather(wanted)))
    found = found.with_columns(names_of(found["authors"]).alias("names"), row=rows.cast(pl.UInt32))
    empty = pl.repeat(None, len(local), dtype=pl.String, eager=True)
    return found.with_columns(abstract=empty.scatter(wanted, abstracts)).select(*ENTRIES, "row")
