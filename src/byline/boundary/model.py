"""The shipped model: weights, lexicon, character tables, calibration."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from byline.boundary.lexicon import Lexicon
from byline.boundary.lines import Hashes, hashes_of

FILE = "boundary.npz"
SCALE = 256
"""Scores are whole numbers of 1/256 nat."""
Words = tuple[str, ...] | frozenset[str]


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
    _hashed: dict[Words, Hashes] = field(default_factory=dict, init=False, repr=False, compare=False)

    def hashes(self, words: Words) -> Hashes:
        """Return what `Lines.hash_span` makes of words, those of a set in their order; made once for each list."""
        if words not in self._hashed:
            listed = sorted(words) if isinstance(words, frozenset) else words
            self._hashed[words] = hashes_of(listed, self.kinds, self.folds)
        return self._hashed[words]

    def dump(self) -> bytes:
        """Return the model as the bytes of its file; the same bytes for the same numbers.

        They are not compressed: packages are, so that theirs stay as small, and `byline parse` need not unpack them.
        """
        buffer = io.BytesIO()
        np.savez(
            buffer,
            weights=self.weights,
            table=self.lexicon.table,
            kinds=self.kinds,
            folds=self.folds,
            calibration=self.calibration,
            evidence=self.evidence,
            abstract=self.abstract,
            own=self.own,
        )
        return buffer.getvalue()


def parse(data: bytes) -> Model:
    """Read a model file."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return Model(
            file["weights"],
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
    return parse(data)


def model_digest() -> str:
    """Return the digest of the shipped model file, for the snapshot's identity."""
    return load().digest
