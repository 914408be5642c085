"""The fitted numbers: a weight for every level of every feature, the threshold, the calibration."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

import numpy as np
import numpy.typing as npt

from byline.core import resources
from byline.identity.features import UNKNOWN, Levels

Floats = npt.NDArray[np.float64]
CLIP = 8.0
"""Log-odds beyond which a pair counts no more: one pair in three thousand is mislabelled whatever the evidence."""
RESOURCE = "identity_model.json"


@dataclass(frozen=True)
class Model:
    """An additive logistic model of pairs (`features`), and one of mentions in their cluster (`confidence`)."""

    bias: float
    features: dict[str, Floats]
    threshold: tuple[float, float]
    """Log-odds above which a pair pulls together: of one form of a full name or initials, and of two forms."""
    confidence_bias: float
    confidence_weights: dict[str, Floats]

    def weight(self, feature: str, level: int) -> float:
        """Return the weight of one level of a feature of pairs: nothing where it is not known."""
        return 0.0 if level == UNKNOWN else float(self.features[feature][level])

    def logit(self, levels: dict[str, Levels]) -> Floats:
        """Return the log-odds, clipped, that both groups of each pair are one person."""
        return np.clip(self.bias + _sum(self.features, levels), -CLIP, CLIP)

    def score(self, levels: dict[str, Levels], same_form: npt.NDArray[np.bool_]) -> Floats:
        """Return the log-odds less the threshold."""
        return self.logit(levels) - np.where(same_form, *self.threshold)

    def confidence(self, levels: dict[str, Levels]) -> Floats:
        """Return the probability that each mention is of the person its cluster stands for."""
        return np.asarray(
            1.0 / (1.0 + np.exp(-(self.confidence_bias + _sum(self.confidence_weights, levels))))
        )


def _sum(weights: dict[str, Floats], levels: dict[str, Levels]) -> Floats:
    # in the features' own order: the sum of floats depends on it
    total: Floats = np.zeros(len(next(iter(levels.values()))))
    for name, weight in weights.items():
        found = levels[name]
        total += np.where(found == UNKNOWN, 0.0, weight[found]) if (found == UNKNOWN).any() else weight[found]
    return total


def _text() -> str:
    return resources.text(RESOURCE)


@cache
def load() -> Model:
    """Return the shipped model."""
    raw = json.loads(_text())
    tables = ({name: np.array(w) for name, w in raw[part].items()} for part in ("features", "confidence"))
    features, weights = tables
    one, two = raw["threshold"]
    return Model(raw["bias"], features, (one, two), raw["confidence_bias"], weights)


def model_digest() -> str:
    """Return the SHA-256 of the shipped model and counts: it changes when resolving may change."""
    digest = sha256()
    for name in (RESOURCE, "name_counts.npy", "word_counts.npy", "names/nicknames.txt"):
        digest.update(resources.data(name))
    return digest.hexdigest()
