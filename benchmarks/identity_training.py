"""Fit the identity model on the gold's training blocks: pair weights, threshold, calibration. Needs scikit-learn."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from benchmarks import identity_gold
from byline.identity import confidence, describe, features
from byline.identity.compare import Compared, compare
from byline.identity.constraints import constrained
from byline.identity.model import CLIP, Model
from byline.identity.pairs import Reach
from byline.identity.resolver import clustered

ORGANISATION = [0.0, -0.2, 1.0]
"""Set by hand: no gold has organisations. They belong to the paper, so sharing one is weak evidence."""
PENALTY = 1.0
LEARNED_FROM = Reach(form=60, pair=256, side=12, partners=1_000_000)
"""Pairs that the weights are learned from: those of common names are to count."""
ASKED = {"acl": 0.982, "ieee": 0.955, "openreview": 0.978, "vis": 0.970}
"""F1 below which a set counts as falling short when the thresholds are chosen ..."""
SHORTFALL = 4.0
"""... and how often a point of shortfall counts against a point of the mean: no set may pay for another."""


def train(gold: Path, target: Path) -> None:
    """Write the model and, beside it, how it was made."""
    labels = identity_gold.labels(gold)
    mentions = describe(identity_gold.papers(gold))
    wide = compare(mentions, reach=LEARNED_FROM)
    levels = features.levels(wide)
    rows = _labelled_pairs(wide, labels)
    keep = rows.filter(~pl.col("held_out"))
    bias, weights = _fit(
        features.SHAPE, levels, keep["pair"].to_numpy(), keep["same"].to_numpy(), keep["weight"].to_numpy()
    )
    weights["organisation"] = np.array(ORGANISATION)
    plain = Model(bias, weights, (0.0, 0.0), 0.0, {})
    compared = compare(mentions)  # what follows is about the pairs that a build compares
    logit = plain.logit(features.levels(compared))
    threshold = _threshold(compared, logit, labels)
    score = constrained(compared, logit - np.where(compared.same_form, *threshold))
    confidence_bias, calibration = _fit_confidence(compared, score, labels)
    made = {
        "bias": round(bias, 4),
        "threshold": threshold,
        "features": _rounded(weights),
        "confidence_bias": round(confidence_bias, 4),
        "confidence": _rounded(calibration),
    }
    target.write_text(json.dumps(made, indent=0) + "\n", encoding="utf-8")
    about = {
        "what": "weights of an additive logistic model of author identity, a threshold, and a calibration",
        "from": "identity gold (acl, ieee, openreview, vis), name blocks whose hash modulo 10 is below 7",
        "pairs": keep.height, "clip": CLIP,
        "numbers": sum(len(w) for w in [*weights.values(), *calibration.values()]) + 3,
        "command": "python benchmarks/identity_model.py --gold DIR",
    }  # fmt: skip
    target.with_suffix(".about.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    print(f"{target.name}: {about['numbers']} numbers from {keep.height} pairs, threshold {threshold}")


def _rounded(table: dict[str, npt.NDArray[np.float64]]) -> dict[str, list[float]]:
    return {name: [round(float(x), 4) for x in weights] for name, weights in table.items()}


def _labelled_pairs(compared: Compared, labels: pl.DataFrame) -> pl.DataFrame:
    """Return pair (row of compared.pairs), same, weight, held_out for the pairs whose groups have a person each."""
    said = compared.ordered.select("paper_id", "position", "group", "block").join(
        labels, on=["paper_id", "position"]
    )
    votes = said.group_by("group", "set", "person").agg(n=pl.len(), block=pl.col("block").first())
    votes = votes.sort("group", "set", "n", "person", descending=[False, False, True, False])
    person = votes.unique(["group", "set"], keep="first", maintain_order=True)
    pairs = compared.pairs.select("group", "group_b").with_row_index("pair")
    rows = pairs.join(person, on="group").join(
        person.drop("block"), left_on=["group_b", "set"], right_on=["group", "set"], suffix="_b"
    )
    rows = rows.with_columns(
        same=pl.col("person") == pl.col("person_b"), weight=pl.min_horizontal("n", "n_b").sqrt()
    )
    rows = rows.sort("pair", "set")
    # every set counts the same, whatever its size
    rows = rows.with_columns(weight=pl.col("weight") / pl.col("weight").sum().over("set"))
    rows = rows.with_columns(weight=(pl.col("weight") / pl.col("weight").mean()).clip(upper_bound=20.0))
    return rows.with_columns(held_out=pl.Series(identity_gold.held_out(rows["block"])))


def _fit(
    shape: dict[str, tuple[int, ...]],
    levels: dict[str, Any],
    rows: npt.NDArray[Any],
    same: npt.NDArray[Any],
    weight: npt.NDArray[Any],
) -> tuple[float, dict[str, npt.NDArray[np.float64]]]:
    """Fit one weight a level by logistic regression with an L2 penalty."""
    from scipy import sparse  # type: ignore[import-untyped]

    sizes = [int(np.prod(s)) for s in shape.values()]
    start = np.cumsum([0, *sizes])
    columns = np.stack(
        [levels[name][rows].astype(np.int64) + start[i] for i, name in enumerate(shape)], axis=1
    )
    ones = np.ones(columns.size)
    design = sparse.csr_matrix(
        (ones, columns.ravel(), np.arange(0, columns.size + 1, columns.shape[1])),
        shape=(len(rows), start[-1]),
    )
    fitted = LogisticRegression(C=PENALTY, max_iter=2000).fit(design, same, sample_weight=weight)
    return float(fitted.intercept_[0]), {
        name: fitted.coef_[0][start[i] : start[i + 1]] for i, name in enumerate(shape)
    }


def _threshold(
    compared: Compared, logit: npt.NDArray[np.float64], labels: pl.DataFrame
) -> tuple[float, float]:
    """Return the thresholds (one form, two forms) of the best mean F1 in training, less SHORTFALL by what sets lack."""
    best = (-1.0, (0.0, 0.0))
    for one in (-1.25, -1.0, -0.75, -0.5):
        for two in (-1.5, -1.25, -1.0, -0.75, -0.5):
            score = constrained(compared, logit - np.where(compared.same_form, one, two))
            rows = _outcome(compared, clustered(compared, score), labels)
            table = identity_gold.b3(rows.filter(~pl.col("held_out")))
            short = [max(0.0, ASKED[name] - f1) for name, f1 in table.select("set", "f1").iter_rows()]
            worth = float(np.mean(table["f1"].to_numpy())) - SHORTFALL * float(np.mean(short))
            print(f"  thresholds {one:5.2f} {two:5.2f}: worth {worth:.4f} (training blocks)")
            best = max(best, (worth, (one, two)))
    return best[1]


def _outcome(compared: Compared, cluster: npt.NDArray[np.int64], labels: pl.DataFrame) -> pl.DataFrame:
    """Return the labelled mentions with author (cluster) and held_out."""
    rows = compared.ordered.select("paper_id", "position", "group", "block").with_columns(
        author=pl.Series(cluster[compared.group])
    )
    rows = rows.join(labels, on=["paper_id", "position"], maintain_order="left")
    return rows.with_columns(held_out=pl.Series(identity_gold.held_out(rows["block"])))


def _fit_confidence(
    compared: Compared, score: npt.NDArray[np.float64], labels: pl.DataFrame
) -> tuple[float, dict[str, npt.NDArray[np.float64]]]:
    """Fit the probability that a mention is of its author's main person, on the training blocks."""
    cluster = clustered(compared, score)
    levels = confidence.levels(compared, score, cluster)
    rows = _outcome(compared, cluster, labels)
    rows = rows.with_columns(right=identity_gold.right(rows)).filter(~pl.col("held_out"))
    per_set = rows.select(1.0 / pl.len().over("set")).to_series().to_numpy()
    share = rows["right"].to_numpy()
    groups = np.concatenate([rows["group"].to_numpy()] * 2)
    truth = np.concatenate([np.ones(rows.height), np.zeros(rows.height)])
    weight = np.concatenate([per_set * share, per_set * (1 - share)]) * rows.height / 4
    kept = weight > 0
    return _fit(confidence.SHAPE, levels, groups[kept], truth[kept], weight[kept])
