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
ABSTRACT_TELLS = 80
"""A shorter abstract is a remark ("None given"), not an abstract."""
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
    """Return the rarity level, 0 to 15, of words in so many of WORD_PAPERS papers: steps of 0.75 nats."""
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
    abstract = pl.col("abstract").str.slice(0, ABSTRACT_READ)
    told = pl.when(abstract.str.len_chars() >= ABSTRACT_TELLS).then(abstract)
    text = papers.select(pl.concat_str("title", told, separator=" ", ignore_nulls=True)).to_series()
    said = words(text)
    paper = np.repeat(np.arange(papers.height, dtype=np.uint64), said.list.len().to_numpy())
    flat = said.explode(empty_as_null=False, keep_nulls=False)
    vocabulary = flat.unique()
    coded = pl.DataFrame({"word": vocabulary, "term": encode(vocabulary)})
    term = (
        pl.DataFrame({"word": flat})
        .join(coded, on="word", how="left", maintain_order="left")["term"]
        .to_numpy()
    )
    known = term >= np.uint32(LEAST_LEVEL << 28)
    # one sort: by paper, then the rarest word first
    packed = np.sort((paper[known] << np.uint64(32)) | (~term[known]).astype(np.uint64))
    packed = (
        packed[np.append(True, packed[1:] != packed[:-1])] if len(packed) else packed
    )  # np.unique hashes: slow
    paper = packed >> np.uint64(32)
    first = np.searchsorted(paper, paper)  # where each paper's words begin
    kept = packed[np.arange(len(packed)) - first < KEPT]
    return _lists(kept >> np.uint64(32), ~kept.astype(np.uint32), papers.height)


def _lists(paper: npt.NDArray[np.uint64], term: npt.NDArray[np.uint32], size: int) -> pl.Series:
    """Return the terms of each paper as a list; empty where there are none. `paper` is sorted."""
    rows = pl.DataFrame(
        {"paper": pl.Series(paper, dtype=pl.UInt64), "term": pl.Series(term, dtype=pl.UInt32)}
    )
    lists = rows.group_by("paper", maintain_order=True).agg("term")
    out = pl.DataFrame({"paper": pl.int_range(size, dtype=pl.UInt64, eager=True)})
    out = out.join(lists, on="paper", how="left", maintain_order="left")
    return out["term"].fill_null(pl.Series([[]], dtype=pl.List(pl.UInt32))).rename("terms")
