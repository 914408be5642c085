"""What keys are made of: hashes of a column of texts, some of which are missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.core.hashing import Hashes, hash64, mixed

ACCENT = r"\\(?:[^A-Za-z]|[vcuHkrdbt]\b)"
"""A command of TeX that puts an accent on the letter behind it."""


@dataclass(frozen=True)
class Hashed:
    """Hashes of texts and, row-aligned, whether there is a text to hash."""

    hashes: Hashes
    there: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, texts: pl.Series, kind: str) -> Hashed:
        """Hash whole texts."""
        return cls(hash64(texts, kind), (texts != "").fill_null(value=False).to_numpy())

    def with_other(self, other: Hashed) -> Hashed:
        """Return hashes of both together, there where both are."""
        return Hashed(mixed(self.hashes, other.hashes), self.there & other.there)
