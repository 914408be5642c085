"""The shipped model: weights, lexicon, character tables, calibration."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from byline.boundary.keys import SLOT_BITS
from byline.boundary.lexicon import Lexicon

FILE = "boundary.npz"
SCALE = 256
"""Scores are whole numbers of 1/256 nat."""


@dataclass(frozen=True)
class Model:
    """What `make model` learns. `weights` are int16 in 1/256 nat, one a slot.

    `calibration`: one row a kind of reading (`deciding.KINDS`), the error at each of its knots. `evidence`,
    `abstract` and `own`: what sure names of the corpus, answers of abstracts, and the first name's word in the title
    add to a score, in 1/256 nat.
    """

    weights: NDArray[np.int16]
    lexicon: Lexicon
    kinds: NDArray[np.uint8]
    folds: NDArray[np.uint16]
    calibration: NDArray[np.float64]
    evidence: NDArray[np.int64]
    abstract: NDArray[np.int64]
    own: NDArray[np.int64]
    digest: str = ""

    def dump(self) -> bytes:
        """Return the model as the bytes of its file; the same bytes for the same numbers."""
        buffer = io.BytesIO()
        used = np.flatnonzero(self.weights)
        np.savez_compressed(
            buffer,
            slots=np.diff(used, prepend=0).astype(np.uint16),
            weights=self.weights[used],
            table=self.lexicon.table,
            kinds=self.kinds,
            folds=self.folds,
            calibration=self.calibration,
            evidence=self.evidence,
            abstract=self.abstract,
            own=self.own,
        )
        return buffer.getvalue()


def parse(data: bytes, size: int) -> Model:
    """Read a model file; `size` is the number of slots."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        weights = np.zeros(size, dtype=np.int16)
        weights[np.cumsum(file["slots"], dtype=np.int64)] = file["weights"]
        return Model(
            weights,
            Lexicon(file["table"]),
            file["kinds"],
            file["folds"],
            file["calibration"],
            file["evidence"],
            file["abstract"],
            file["own"],
            hashlib.blake2b(data, digest_size=16).hexdigest(),
        )


@cache
def load() -> Model:
    """Load the shipped model once a process."""
    data = resources.files("byline.resources").joinpath(FILE).read_bytes()
    return parse(data, 1 << SLOT_BITS)


def model_digest() -> str:
    """Return the digest of the shipped model file, for the snapshot's identity."""
    return load().digest
