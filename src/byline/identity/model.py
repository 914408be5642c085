"""The fitted numbers: a weight for every level of every feature, the threshold, the calibration."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

import numpy as np
import numpy.typing as npt

from byline.core import resources
from byline.identity import edges
from byline.identity.features import UNKNOWN, Levels
from byline.identity.interplay import Tree, Trees

Floats = npt.NDArray[np.float64]
CLIP = 8.0
"""Log-odds beyond which a pair counts no more: one pair in three thousand is mislabelled whatever the evidence."""
RESOURCE = "identity_model.json"


@dataclass(frozen=True)
class Model:
    """A logistic model of pairs (`features`, and `trees` for their interplay), and one of mentions in their cluster."""

    bias: float
    features: dict[str, Floats]
    trees: Trees
    threshold: tuple[float, float]
    """Log-odds above which a pair pulls together: of one form of a full name or initials, and of two forms."""
    confidence_bias: float
    confidence_weights: dict[str, Floats]

    def weight(self, feature: str, level: int) -> float:
        """Return the weight of one level of a feature of pairs: nothing where it is not known."""
        return 0.0 if level == UNKNOWN else float(self.features[feature][level])

    def additive(self, levels: dict[str, Levels]) -> Floats:
        """Return the log-odds of each pair as the features have them one by one."""
        return self.bias + _sum(self.features, levels)

    def score(self, levels: dict[str, Levels], together: Floats, same_form: npt.NDArray[np.bool_]) -> Floats:
        """Return the log-odds that both groups of each pair are one person, clipped, less the threshold.

        `together`: what the trees add, see `interplay.says`.
        """
        logit = np.clip(self.additive(levels) + together, -CLIP, CLIP)
        # whole hundredths, which averages rely on: what comes before the sum has two decimals
        return np.round(logit, 2) - np.where(same_form, *self.threshold)

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
    trees = tuple(
        Tree(tuple((name, level) for name, level in tree["asks"]), np.array(tree["says"], dtype=np.int64))
        for tree in raw["trees"]
    )
    return Model(raw["bias"], features, trees, (one, two), raw["confidence_bias"], weights)


def model_digest() -> str:
    """Return the SHA-256 of the shipped model and counts: it changes when resolving may change."""
    digest = sha256()
    for name in (RESOURCE, edges.RESOURCE, "name_counts.npy", "word_counts.npy", "names/nicknames.txt"):
        digest.update(resources.data(name))
    return digest.hexdigest()
