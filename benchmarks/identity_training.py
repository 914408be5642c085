"""Fit the identity model on the gold's training blocks: pair weights, thresholds, calibration. Needs scipy."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from benchmarks import identity_fit, identity_gold, identity_trees
from byline.identity import archives, confidence, describe, features, interplay
from byline.identity.compare import Compared, compare
from byline.identity.constraints import constrained
from byline.identity.features import Levels
from byline.identity.model import CLIP, Model
from byline.identity.pairs import SHIPPED, Reach
from byline.identity.resolver import clustered

Floats = npt.NDArray[np.float64]
Folds: TypeAlias = Sequence[int]
"""Remainders of a block's hash modulo 10."""
ORGANISATION = [0.0, -0.2, 1.0]
"""Set by hand: no gold has organisations. They belong to the paper, so sharing one is weak evidence."""
LEARNED_FROM = Reach(form=60, pair=256, side=12, partners=1_000_000)
"""Pairs that the weights are learned from: those of common names are to count."""
THRESHOLD = (-0.25, -1.0)
"""Log-odds above which a pair of one form, or of two, pulls together. Of a grid in steps of a quarter, each half of the
blocks scored by what the other half taught, the pair of best mean F1 that costs no set more than 0.0005."""
CALIBRATION_PENALTY = 1.0
"""Of the squared weights of the confidence: little, for a corpus of 300 papers has few authors of several mentions."""
WHOLE = 1_000_000
"""A size beyond the gold's: all of it as one corpus."""
AT_MOST = 20.0
"""How much heavier than the average a pair may weigh."""


@dataclass(frozen=True)
class Gold:
    """The gold: mentions, labels as given, and with a publisher's split ids joined."""

    mentions: pl.DataFrame
    given: pl.DataFrame
    joined: pl.DataFrame

    @classmethod
    def read(cls, folder: Path) -> Gold:
        """Read it."""
        papers, labels = identity_gold.papers(folder), identity_gold.labels(folder)
        return cls(describe(papers), labels, identity_gold.joined(labels, papers))


@dataclass(frozen=True)
class Corpus:
    """Corpora of one size: what is compared, the levels of the pairs, and the values that trees ask for."""

    papers: int
    compared: Compared
    levels: dict[str, Levels]
    values: dict[str, Floats]

    @classmethod
    def of(cls, gold: Gold, papers: int, reach: Reach = SHIPPED) -> Corpus:
        """Part the gold into corpora of so many papers and compare."""
        compared = compare(identity_gold.parted(gold.mentions, papers), reach=reach)
        return cls(papers, compared, features.levels(compared, papers), interplay.values(compared, papers))

    def score(self, model: Model) -> Floats:
        """Return the score of each pair by this model, constraints included."""
        together = interplay.says(model.trees, self.values)
        return constrained(self.compared, model.score(self.levels, together, self.compared.same_form))


def train(gold: Gold, folds: Folds = identity_gold.TAUGHT) -> Model:
    """Return the model learned from the name blocks of these folds."""
    parts = [Corpus.of(gold, papers) for papers in identity_gold.SIZES]
    whole, wide = Corpus.of(gold, WHOLE), Corpus.of(gold, WHOLE, LEARNED_FROM)
    bias, weights, trees = _pair_model([*parts, wide], gold, folds)
    model = Model(bias, weights, trees, THRESHOLD, 0.0, {})
    return replace(model, **_calibrated([*parts, whole], model, gold, folds))


def write(model: Model, target: Path) -> None:
    """Write the model and, beside it, how it was made."""
    tables = [model.features, model.confidence_weights]
    features_, calibration = ({name: [float(x) for x in w] for name, w in table.items()} for table in tables)
    made = {
        "bias": model.bias, "threshold": model.threshold, "features": features_,
        "trees": [{"asks": tree.asks, "says": tree.says.tolist()} for tree in model.trees],
        "confidence_bias": model.confidence_bias, "confidence": calibration,
    }  # fmt: skip
    target.write_text(json.dumps(made, indent=0) + "\n", encoding="utf-8")
    about = {
        "what": "weights of an additive logistic model of author identity, trees for the interplay of its evidence, "
        "thresholds, and a calibration",
        "from": "identity gold (acl, ieee with split ids joined, openreview, vis), as one corpus and as many of "
        f"{', '.join(str(size) for size in identity_gold.SIZES)} papers; name blocks whose hash modulo 10 is in "
        f"{list(identity_gold.TAUGHT)}; distances of archives from arXiv's metadata",
        "numbers": sum(len(w) for table in tables for w in table.values()) + 4
        + sum(2 * len(tree.asks) + len(tree.says) for tree in model.trees), "clip": CLIP,
        "command": "python -m benchmarks.identity_model --gold DIR",
    }  # fmt: skip
    target.with_suffix(".about.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    print(f"{target.name}: {about['numbers']} numbers, thresholds {model.threshold}")


def _pair_model(
    corpora: list[Corpus], gold: Gold, folds: Folds
) -> tuple[float, dict[str, Floats], interplay.Trees]:
    """Fit the weights of the features of pairs on the blocks of these folds, all corpora together; then the trees."""
    parts = [
        (corpus, _labelled_pairs(corpus.compared, gold.joined).filter(pl.col("fold").is_in(folds)))
        for corpus in corpora
    ]
    levels = {
        name: np.concatenate([corpus.levels[name][rows["pair"].to_numpy()] for corpus, rows in parts])
        for name in features.SHAPE
    }
    values = {
        name: np.concatenate([corpus.values[name][rows["pair"].to_numpy()] for corpus, rows in parts])
        for name in interplay.EDGES
    }
    rows = pl.concat([rows for _, rows in parts])
    truth, weight = rows["same"].cast(pl.Float64).to_numpy(), rows["weight"].to_numpy()
    bias, weights = identity_fit.fit(features.SHAPE, levels, truth, weight)
    start = Model(bias, weights, (), THRESHOLD, 0.0, {}).additive(levels)
    trees = identity_trees.grow(values, truth, weight, start)
    weights["organisation"] = np.array(ORGANISATION)
    field = weights["field"].reshape(features.SHAPE["field"])
    field[:, 3:] = archives.weights()  # the gold lies in two archives, near each other
    return bias, weights, trees


def _labelled_pairs(compared: Compared, labels: pl.DataFrame) -> pl.DataFrame:
    """Return pair (row of compared.pairs), same, weight, fold for the pairs whose groups have a person each."""
    said = compared.ordered.select("paper_id", "position", "group", "block")
    said = said.join(labels, on=["paper_id", "position"])
    votes = said.group_by("group", "set", "person").agg(n=pl.len(), block=pl.col("block").first())
    votes = votes.sort("group", "set", "n", "person", descending=[False, False, True, False])
    person = votes.unique(["group", "set"], keep="first", maintain_order=True)
    pairs = compared.pairs.select("group", "group_b").with_row_index("pair")
    rows = pairs.join(person, on="group").join(
        person.drop("block"), left_on=["group_b", "set"], right_on=["group", "set"], suffix="_b"
    )
    rows = rows.with_columns(
        same=pl.col("person") == pl.col("person_b"),
        weight=pl.min_horizontal("n", "n_b").cast(pl.Float64).sqrt(),
    ).sort("pair", "set")
    # every set counts the same, whatever its size; sums in the order of rows
    total = {name: float(part["weight"].to_numpy().cumsum()[-1]) for (name,), part in rows.group_by("set")}
    scale = rows.height / max(1, len(total))
    weight = rows["weight"] / rows["set"].replace_strict(total, return_dtype=pl.Float64) * scale
    fold = pl.Series(identity_gold.fold_of(rows["block"]))
    return rows.with_columns(weight=weight.clip(upper_bound=AT_MOST), fold=fold)


def outcome(compared: Compared, cluster: npt.NDArray[np.int64], labels: pl.DataFrame) -> pl.DataFrame:
    """Return the labelled mentions with author (cluster) and the fold of their block."""
    rows = compared.ordered.select("paper_id", "position", "group", "block").with_columns(
        author=pl.Series(cluster[compared.group])
    )
    rows = rows.join(labels, on=["paper_id", "position"], maintain_order="left")
    return rows.with_columns(fold=pl.Series(identity_gold.fold_of(rows["block"])))


def _calibrated(corpora: list[Corpus], model: Model, gold: Gold, folds: Folds) -> dict[str, Any]:
    """Fit the probability that a mention is its author's (see `identity_gold.belongs`), at every size of corpus."""
    parts = []
    for corpus in corpora:
        score = corpus.score(model)
        cluster = clustered(corpus.compared, score)
        levels = confidence.levels(corpus.compared, score, cluster, corpus.papers)
        rows, joined = (outcome(corpus.compared, cluster, labels) for labels in (gold.given, gold.joined))
        truth = sum(identity_gold.belongs(side, corpus.papers) for side in (rows, joined)) / 2
        rows = rows.with_columns(truth=truth, weight=pl.lit(1.0))  # a mention is a mention, whatever its set
        rows = rows.filter(pl.col("fold").is_in(folds))
        parts.append((rows, {name: level[rows["group"].to_numpy()] for name, level in levels.items()}))
    levels = {name: np.concatenate([part[name] for _, part in parts]) for name in confidence.SHAPE}
    rows = pl.concat([rows.select("truth", "weight") for rows, _ in parts])
    sides = [rows[name].to_numpy() for name in ("truth", "weight")]
    bias, weights = identity_fit.fit(confidence.SHAPE, levels, sides[0], sides[1], CALIBRATION_PENALTY)
    return {"confidence_bias": bias, "confidence_weights": weights}
