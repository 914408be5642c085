"""Evidence from the corpus: names that were read beyond doubt elsewhere speak for a doubtful border.

Every candidate asks for three keys: its first name in full, that name's first word, and its last. Counting them
over sure names is a sum over shards, so neither their order nor their number matters.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from byline.boundary import tails
from byline.boundary.candidates import Candidates, every
from byline.boundary.lines import Hashes, Ints, Lines, read_lines
from byline.boundary.model import Model, load
from byline.boundary.spans import first_run, last_run
from byline.core.sorted_arrays import look_up

Counts = NDArray[np.uint32]
Known = tuple[NDArray[np.uint64], Counts]
"""Sorted keys, and how often names read beyond doubt hold each."""
KINDS = 3
LEVELS = 4
_SALTS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
_BATCH = 1 << 21


def keys_of(lines: Lines, start: Ints, end: Ints) -> NDArray[np.uint64]:
    """Three keys a span (full name, first word, last word), shape (3, spans)."""
    return np.stack(
        [
            _mix(lines.hash_span(start, end), 0),
            _mix(lines.hash_span(*first_run(lines, start, end)), 1),
            _mix(lines.hash_span(*last_run(lines, start, end)), 2),
        ]
    )


def _mix(value: Hashes, kind: int) -> Hashes:
    mixed: Hashes = (value ^ _SALTS[kind]) * np.uint64(0xD6E8FEB86659FD93)
    mixed ^= mixed >> np.uint64(32)
    return mixed


def batches(texts: pl.Series) -> list[pl.Series]:
    """Cut a String series (no nulls) into runs of whole texts of about two million characters."""
    if not len(texts):
        return []
    part = np.cumsum(texts.str.len_chars().to_numpy().astype(np.int64) + 1) // _BATCH
    edges = [0, *(np.flatnonzero(np.diff(part)) + 1).tolist(), len(texts)]
    return [texts.slice(a, b - a) for a, b in pairwise(edges)]


def evidence_keys(bylines: pl.Series) -> NDArray[np.uint64]:
    """Return the sorted, distinct keys that could speak for a border in these (doubtful) bylines."""
    model = load()
    found = [np.zeros(0, dtype=np.uint64)]
    for part in batches(bylines.cast(pl.String).fill_null("")):
        lines = read_lines(tails.plain(part), model.kinds, model.folds)
        c = every(lines, model.lexicon)
        found.append(np.unique(keys_of(lines, c.at, c.end)))
    return np.unique(np.concatenate(found))


def count_evidence(authors: pl.Series, keys: NDArray[np.uint64]) -> Counts:
    """Count how often each key stands in lists of sure names.

    `authors` is a List(String) series, one list a byline that was read beyond doubt. The counts (one a key)
    add up over shards.
    """
    return count_with(load(), authors, keys)


def count_with(model: Model, authors: pl.Series, keys: NDArray[np.uint64]) -> Counts:
    """Count with a given model's character tables."""
    total = np.zeros(len(keys), dtype=np.uint32)
    if not len(keys):
        return total
    for part in batches(authors.explode().drop_nulls()):
        lines = read_lines(part, model.kinds, model.folds)
        asked = keys_of(lines, lines.start, lines.end).ravel()
        at, known = look_up(keys, asked)
        total += np.bincount(at[known], minlength=len(keys)).astype(np.uint32)
    return total


def settled_keys(authors: pl.Series) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return every key that stands in lists of settled names (sorted, distinct), and how often each does.

    `authors` as in `count_evidence`, whose counts are those of some of these keys.
    """
    model = load()
    found = [np.zeros(0, dtype=np.uint64)]
    for part in batches(authors.explode().drop_nulls()):
        lines = read_lines(part, model.kinds, model.folds)
        found.append(keys_of(lines, lines.start, lines.end).ravel())
    keys, counts = np.unique(np.concatenate(found), return_counts=True)
    return keys, counts.astype(np.int64)


_SEEN = (1, 2, 5)
"""Counts from which a key speaks louder; between two of them, none more says nothing new."""


def says_the_same(before: NDArray[np.int64], after: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell of which keys another count changes nothing for a second look: the levels are the same."""
    same: NDArray[np.bool_] = np.searchsorted(_SEEN, before, side="right") == np.searchsorted(
        _SEEN, after, side="right"
    )
    return same


def levels(lines: Lines, c: Candidates, keys: NDArray[np.uint64], counts: Counts) -> Ints:
    """How often each candidate's keys were seen, coarsely (0; 1; 2-4; 5 and more), shape (3, candidates)."""
    if not len(keys):
        return np.zeros((KINDS, len(c)), dtype=np.int64)
    asked = keys_of(lines, c.at, c.end)
    at, known = look_up(keys, asked)
    seen = np.where(known, counts[at], 0)
    return np.searchsorted(_SEEN, seen, side="right").astype(np.int64)


def bonus(model: Model, found: Ints) -> Ints:
    """Score of the evidence in 1/256 nat, one a candidate."""
    table = model.evidence.reshape(KINDS, LEVELS)
    return np.asarray(sum(table[kind][found[kind]] for kind in range(KINDS)))
