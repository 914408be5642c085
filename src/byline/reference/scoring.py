"""From features to a decision: which of arXiv's papers a listed paper is, and how sure that is.

Log-odds are a weighted sum of features and of their combinations; weights were fitted on disturbed titles, cut lists,
missing abstracts and dates (`benchmarks/arxiv_fit.py`), those of what the training data hardly has were set by hand
(`resources/arxiv_match.toml` says which). The odds of all that a paper was compared with then share one sum, with one
more for none of them: of two that fit alike neither is sure.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.reference.features import settings

LARGEST_LOG_ODDS = 30.0
"""So that odds stay finite."""


def combined(features: pl.DataFrame) -> pl.DataFrame:
    """Return the features with their combinations: what weighs otherwise together than each by itself."""
    f = pl.col
    unseen = 1 - f("abstract_same") - f("abstract_like") - f("abstract_differs")
    other = (1 - f("title_same")) * (1 - f("title_head"))
    unlike = 1 - f("abstract_same") - f("abstract_like")
    known = pl.max_horizontal("id_same", "doi_same")
    later = f("day_far") * (1 - f("day_ages") * f("one_name")) * (1 - f("category_differs"))
    moved = f("names_moved") * (1 - f("title_short"))
    fits = f("names_same") + f("names_fit")
    others = pl.max_horizontal("marks_differ", "numbers_differ", "numbers_clash")
    return features.with_columns(
        same_unseen=f("title_same") * unseen,
        same_differs=f("title_same") * f("abstract_differs"),
        other_unseen=other * unseen,
        alone_unseen=other * unseen * f("one_name"),
        unseen_like=other * unseen * f("title_like"),
        name_unseen=other * unseen * (f("names_wrong") > 0) * (1 - known),
        count_unseen=(1 - f("title_same")) * unseen * f("count_differs") * (1 - known),
        other_differs=(1 - f("title_same")) * f("abstract_differs"),
        gap=(1 - f("title_like")) * unlike,
        another=pl.max_horizontal("marks_differ", "numbers_differ", "subtitle_differs")
        * unlike
        * (1 - known),
        strangers=(pl.max_horizontal(f("names_wrong") >= 0.34, "first_wrong"))
        * (1 - moved)
        * (1 - f("abstract_same"))
        * (1 - known),
        whole_same=f("abstract_same")
        * pl.max_horizontal(fits, moved)
        * pl.max_horizontal("title_same", (1 - f("title_far")) * (1 - f("day_far")))
        * (1 - others),
        retitled=(1 - f("title_same")) * (f("abstract_like") + f("abstract_differs")) * (1 - known),
        nameless=f("no_names") * (1 - known),
        later_same=(f("title_same") - f("title_near"))
        * (1 - f("title_short"))
        * fits
        * later
        * (1 - f("abstract_differs")),
        head_unseen=f("title_head") * unseen * (1 - f("day_beside")) * (1 - known),
        short_unseen=f("title_same") * f("title_short") * unlike * (1 - known),
        contradicted=known
        * unlike
        * pl.max_horizontal(
            f("title_far") * pl.max_horizontal(f("names_wrong") > 0.5, "no_names"),
            f("marks_differ") * f("no_names"),
        ),
    )


def log_odds(features: pl.DataFrame) -> npt.NDArray[np.float64]:
    """Return the log-odds of each pair, taken by itself, that both are one paper."""
    weights = settings()["weights"]
    table = combined(features)
    total = np.full(table.height, weights["constant"], dtype=np.float64)
    for name, weight in weights.items():
        if name != "constant":
            total += weight * table[name].to_numpy().astype(np.float64)
    return np.clip(total, -LARGEST_LOG_ODDS, LARGEST_LOG_ODDS)


def confidences(pairs: pl.DataFrame, features: pl.DataFrame) -> pl.DataFrame:
    """Return how sure each pair is beside the others of its paper: paper, row, confidence (Float32), compared.

    `pairs`: paper, row, arxiv_id (of the row; rows of one id are one, the likeliest of them stays).
    """
    odds = pairs.with_columns(odds=np.exp(log_odds(features)))
    ranked = odds.sort("odds", "row", descending=[True, False])
    alike = ranked.unique(["paper", "arxiv_id"], keep="first", maintain_order=True)
    total = 1 + pl.col("odds").sum().over("paper")
    sure = alike.with_columns(
        confidence=(pl.col("odds") / total).cast(pl.Float32), compared=pl.len().over("paper")
    )
    return sure.select("paper", "row", "confidence", "compared")


def decide(pairs: pl.DataFrame, features: pl.DataFrame) -> pl.DataFrame:
    """Return the best match of each paper, as `confidences` gives it; equal ones fall to the smaller row."""
    best = confidences(pairs, features).sort("paper", "confidence", "row", descending=[False, True, False])
    return best.unique("paper", keep="first", maintain_order=True)


def weighed(features: pl.DataFrame) -> list[tuple[str, float]]:
    """Return what weighed for and against one pair, in log-odds, the heaviest first."""
    row = combined(features).row(0, named=True)
    weights = [
        (name, weight * row[name]) for name, weight in settings()["weights"].items() if name != "constant"
    ]
    return sorted((one for one in weights if one[1]), key=lambda one: -abs(one[1]))


def threshold() -> float:
    """Return the confidence from which a match fills anything."""
    return float(settings()["decision"]["confidence"])
