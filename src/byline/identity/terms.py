"""What a paper is about, as a handful of hashed words with their rarity."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.identity.hashing import hashes

KEPT = 12
"""Words kept of a paper: the rarest of its title and of the beginning of its abstract."""
ABSTRACT_READ = 600
"""Characters of the abstract that are read."""
LEVEL_BITS = np.uint64(28)
HASH_MASK = np.uint64((1 << 28) - 1)
WORD_PAPERS = 120_000
"""Papers behind the shipped word counts."""
LEAST_LEVEL = 3
"""Words in more than a twentieth of all papers say nothing."""


@cache
def _table() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint8]]:
    """Return (hash, rarity level), sorted by hash, of the words in at least twenty of arXiv's papers (CC0)."""
    with (files("byline") / "resources" / "word_counts.npy").open("rb") as file:
        table = np.load(file, allow_pickle=False)
    return np.ascontiguousarray(table["hash"]), np.ascontiguousarray(table["level"])


def level_of(papers: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    """Return the rarity level, 0 to 15, of words found in so many of WORD_PAPERS papers: natural logarithm, steps of 0.75."""
    rarity = np.log(WORD_PAPERS / np.maximum(papers, 1.0)) / 0.75
    return np.clip(np.floor(rarity), 0, 15).astype(np.uint8)


def words(texts: pl.Series) -> pl.Series:
    """Return the words of each text, lower case, plural s off, as a list column."""
    plain = texts.fill_null("").str.to_lowercase().str.replace_all(r"\\[a-z]+", " ")
    return plain.str.extract_all(r"\p{L}{3,}").list.eval(pl.element().str.replace(r"([^s])s$", "${1}"))


def encode(vocabulary: pl.Series) -> npt.NDArray[np.uint32]:
    """Return each word as rarity level (upper 4 bits) and hash (lower 28): a greater value is a rarer word."""
    keys = (hashes(vocabulary, "term") & HASH_MASK).astype(np.uint32)
    known, levels = _table()
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    level = np.where(known[at] == keys, levels[at], 12).astype(np.uint32)
    return (level << np.uint32(28)) | keys


def terms(papers: pl.DataFrame) -> pl.Series:
    """Return, a row a paper (`title`, `abstract`), the KEPT rarest words, rarest first, encoded; List(UInt32)."""
    text = papers.select(
        pl.concat_str(
            pl.col("title").fill_null(""),
            pl.col("abstract").fill_null("").str.slice(0, ABSTRACT_READ),
            separator=" ",
        )
    ).to_series()
    said = pl.DataFrame(
        {"row": pl.int_range(papers.height, dtype=pl.UInt32, eager=True), "word": words(text)}
    )
    said = said.explode("word").drop_nulls()
    vocabulary = said["word"].unique()
    coded = pl.DataFrame({"word": vocabulary, "term": encode(vocabulary)})
    coded = coded.filter(pl.col("term") >= (LEAST_LEVEL << 28))
    kept = (
        said.join(coded, on="word")
        .select("row", "term")
        .unique()
        .sort("row", "term", descending=[False, True])
    )
    kept = kept.group_by("row", maintain_order=True).agg(pl.col("term").head(KEPT))
    rows = pl.DataFrame({"row": pl.int_range(papers.height, dtype=pl.UInt32, eager=True)})
    out = rows.join(kept, on="row", how="left", maintain_order="left")["term"]
    return out.fill_null(pl.Series([[]], dtype=pl.List(pl.UInt32))).rename("terms")
