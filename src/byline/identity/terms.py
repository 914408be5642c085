"""What a paper is about, as a handful of hashed words with their rarity."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from byline.core.arrow import series
from byline.core.hashing import CHUNK_BYTES, hash_spans, utf8
from byline.core.sorted_arrays import firsts

LEAST_LETTERS = 3
"""Bytes of a word, at least."""
LETTERS = 26
"""Of the alphabet in ASCII; every byte beyond ASCII counts as a letter."""
ASCII = 0x7F
KEPT = 12
"""Words kept of a paper: the rarest of its title and of the beginning of its abstract."""
ABSTRACT_READ = 300
"""Characters of the abstract that are read."""
ABSTRACT_TELLS = 80
"""A shorter abstract is a remark ("None given"), not an abstract."""
HASH_MASK = np.uint64((1 << 28) - 1)
SLOT_BITS = 20
RARE = 12
"""Level of a word in fewer than twenty of arXiv's papers."""
WORD_PAPERS = 120_000
"""Papers behind the shipped word counts."""
LEAST_LEVEL = 3
"""Words in more than a twentieth of all papers say nothing."""


@cache
def _levels() -> npt.NDArray[np.uint8]:
    """Return the rarity level by the last SLOT_BITS bits of a word's hash; from arXiv's papers (CC0).

    Only words in at least twenty papers are listed, all others are rare. Words that share a slot count as the commoner
    of them: about one rare word in a hundred.
    """
    with (files("byline") / "resources" / "word_counts.npy").open("rb") as file:
        table = np.load(file, allow_pickle=False)
    levels = np.full(1 << SLOT_BITS, RARE, dtype=np.uint8)
    np.minimum.at(levels, table["hash"] & np.uint32((1 << SLOT_BITS) - 1), table["level"])
    return levels


def level_of(papers: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    """Return the rarity level, 0 to 15, of words in so many of WORD_PAPERS papers: steps of 0.75 nats.

    Papers are compared with whole numbers, so that no machine's logarithm decides: level 1 up to 56,683 papers, 2 up to
    26,775, and so on.
    """
    most = [math.floor(WORD_PAPERS * math.exp(-0.75 * level)) for level in range(15, 0, -1)]
    return (15 - np.searchsorted(most, papers, side="left")).astype(np.uint8)


@dataclass(frozen=True)
class Words:
    """The words of many texts: `paper` is the row, `hash` the lower 28 bits of each word's hash; in reading order."""

    paper: npt.NDArray[np.uint64]
    hash: npt.NDArray[np.uint32]


def words(texts: pl.Series) -> Words:
    """Return the words of three letters or more, lower case, plural s off; LaTeX commands are no words.

    Works on the bytes of many texts at once; every byte beyond ASCII counts as a letter.
    """
    parts = list(_in_parts(texts))
    return Words(
        np.concatenate([np.zeros(0, np.uint64), *(part.paper for part in parts)]),
        np.concatenate([np.zeros(0, np.uint32), *(part.hash for part in parts)]),
    )


def _in_parts(texts: pl.Series) -> Iterator[Words]:
    """Yield the words of some texts after those of others: so few that their arrays stay in a core's cache."""
    lower = pl.lit(texts.str.to_lowercase().fill_null(""))
    data, offsets = utf8(pl.select(pl.concat_str(lower, pl.lit(" "))).to_series())  # no run crosses rows
    first, rows = 0, len(offsets) - 1
    while first < rows:
        begin = offsets[first]
        last = max(first + 1, int(np.searchsorted(offsets, begin + CHUNK_BYTES, side="right")) - 1)
        yield _words_of(data[begin : offsets[last]], offsets[first : last + 1] - begin, first)
        first = last


def _words_of(data: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int64], first: int) -> Words:
    """Return the words of texts that begin at `offsets` (and the last ends); `first` is the number of the first."""
    starts, ends = _runs_of_letters(data)
    command = data[np.maximum(starts - 1, 0)] == ord("\\")
    kept = (ends - starts >= LEAST_LETTERS) & ~command
    starts, ends = starts[kept], ends[kept]
    rows = np.arange(first, first + len(offsets) - 1, dtype=np.uint64)
    paper = np.repeat(rows, np.diff(np.searchsorted(starts, offsets)))
    plural = (data[ends - 1] == ord("s")) & (data[ends - 2] != ord("s"))
    keys = hash_spans(data, starts, ends - plural, "term") & HASH_MASK
    return Words(paper, keys.astype(np.uint32))


def _runs_of_letters(data: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return where runs of letters begin and end; the last byte is none."""
    letter = (data - np.uint8(ord("a")) < LETTERS) | (data > ASCII)
    changes = np.flatnonzero(letter[1:] != letter[:-1]) + 1
    if letter[:1].any():
        changes = np.append(0, changes)
    return changes[::2], changes[1::2]


def encode(keys: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Return each word as rarity level (upper 4 bits) and hash (lower 28): a greater value is a rarer word."""
    level: npt.NDArray[np.uint32] = _levels()[keys & np.uint32((1 << SLOT_BITS) - 1)].astype(np.uint32)
    coded: npt.NDArray[np.uint32] = (level << np.uint32(28)) | keys
    return coded


def terms(papers: pl.DataFrame) -> pl.Series:
    """Return the KEPT rarest words of each paper, rarest first, encoded (see `encode`); List(UInt32).

    | column | type | what it says |
    |---|---|---|
    | `title` | String | all its words count |
    | `abstract` | String? | its beginning counts, where it is long enough to tell |
    """
    abstract = pl.col("abstract").str.slice(0, ABSTRACT_READ)
    told = pl.when(abstract.str.len_chars() >= ABSTRACT_TELLS).then(abstract)
    text = papers.select(pl.concat_str("title", told, separator=" ", ignore_nulls=True)).to_series()
    kept = np.concatenate([np.zeros(0, np.uint64), *map(_rarest, _in_parts(text))])
    return _lists(kept >> np.uint64(32), ~kept.astype(np.uint32), papers.height)


def _rarest(said: Words) -> npt.NDArray[np.uint64]:
    """Return the KEPT rarest words of each paper, rarest first: the paper in the upper bits, `~word` in the lower."""
    term = encode(said.hash)
    known = term >= np.uint32(LEAST_LEVEL << 28)
    # one sort: by paper, then the rarest word first
    packed = np.sort((said.paper[known] << np.uint64(32)) | (~term[known]).astype(np.uint64))
    packed = packed[firsts(packed)]
    paper = packed >> np.uint64(32)
    begin = np.flatnonzero(firsts(paper))  # where each paper's words begin
    place = np.arange(len(packed)) - np.repeat(begin, np.diff(begin, append=len(packed)))
    return packed[place < KEPT]


def _lists(paper: npt.NDArray[np.uint64], term: npt.NDArray[np.uint32], size: int) -> pl.Series:
    """Return the terms of each paper as a list; empty where there are none. `paper` is sorted."""
    offsets = np.searchsorted(paper, np.arange(size + 1, dtype=np.uint64))
    lists = pa.LargeListArray.from_arrays(pa.array(offsets), pa.array(term))
    return series(lists).alias("terms")
