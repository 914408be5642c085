"""Fits the weights of the match to arXiv's metadata, and prints them with precision, recall and calibration.

    python -m benchmarks.arxiv_fit --gold DIR [--rows 40000] [--seed 11] [--check]

Papers of the gold (CC0) ask an index from which a fifth of them is missing. Half of the titles are disturbed, two
fifths of the abstracts and a tenth of the days are missing, days are shifted or cut to the year, a fifth of the names
is abbreviated. Pairs of one paper listed twice count for neither side. Half of the papers fit, the other half tests;
what is fitted on all is printed last, with the weights of other titles without an abstract that are searched beside it
(`arxiv_unseen`), and those set by hand: just what ships in `resources/arxiv_match.toml`. --check says whether it is.
"""

from __future__ import annotations

import argparse
import datetime
import random
import sys
import tempfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.optimize import minimize  # type: ignore[import-untyped]  # comes with scikit-learn

from benchmarks.arxiv import indexed, renderer
from benchmarks.arxiv_disturb import KINDS, disturbed
from benchmarks.arxiv_others import compare, todays
from benchmarks.arxiv_unseen import SEARCHED, search, twice
from byline.reference import features, scoring
from byline.reference.layout import Index

ROWS, SEED = 40_000, 11
Floats = npt.NDArray[np.float64]
BY_HAND = (
    "id_same", "contradicted", "id_differs", "doi_same", "another", "strangers", "nameless", "short_unseen",
    "same_differs", "retitled", "first_wrong", "marks_differ", "numbers_differ", "numbers_clash", "subtitle_differs",
    "title_near", "whole_same", "later_same", "head_unseen", "name_unseen", "count_unseen",
)  # fmt: skip
"""Weights that the gold has too few pairs for."""
MEANWHILE = {
    "other_unseen": -2.0,
    "unseen_like": 0.0,
    "alone_unseen": 0.0,
    "name_unseen": 0.0,
    "count_unseen": 0.0,
    "whole_same": 0.0,
}
"""What those are, while the rest is fitted, that are searched or set after it: they say in one case what the others say
in all, and would take it from them."""
SLACK = 0.015
"""What a fitted weight may differ by from the one that ships, of two decimals: machines add up in other orders."""
LEFT_OUT = ("no_names", "title_far", "title_short", "day_beside", "day_ages", "one_name", "names_moved")
"""Features that weigh only in combinations."""
RIDGE = 1.0
COST = 4.0
"""What a pair of two papers counts beside one that is one paper: precision first, in the loss. Of 24,052 papers that
are not in the file, as pages without abstracts, so many are filled from a sister paper with 1, 3, 4, 5: 28, 16, 11, 10;
of rewritten titles (a third of the words, two fifths of the pages without abstract) .95, .91, .88, .86 are found."""


def page(paper: Mapping[str, Any], rnd: random.Random) -> dict[str, Any]:
    """Return a paper as some page has it, in the columns of `papers`."""
    title, kind = paper["title"], "none"
    if rnd.random() < 0.5:
        kind = rnd.choice(list(KINDS))
        title = disturbed(title, kind, rnd)
    shown = rnd.choice([1, 3, 3, 3, 3, 3, 3, 100, 100, 3])
    names = paper["authors"][:shown]
    if rnd.random() < 0.2:
        names = [" ".join([f"{word[0]}." for word in one.split()[:-1]] + one.split()[-1:]) for one in names]
    day, precision = _day(paper["date"], rnd)
    field = todays(paper["category"])
    return {
        "title": title, "abstract": None if rnd.random() < 0.4 else paper["abstract"], "published": day,
        "published_precision": precision, "category_candidates": [] if rnd.random() < 0.2 else [field],
        "authors": names, "authors_truncated": len(paper["authors"]) > shown, "kind": kind,
    }  # fmt: skip


def _day(day: datetime.date, rnd: random.Random) -> tuple[datetime.date | None, str]:
    draw = rnd.random()
    if draw < 0.15:
        return day.replace(month=1, day=1), "year"
    if draw < 0.25:
        return None, "none"
    if draw < 0.4:
        return day + datetime.timedelta(days=rnd.randrange(-60, 200)), "day"
    return day, "day"


def pairs(papers: pl.DataFrame, ids: pl.Series, index: Index, seed: int) -> pl.DataFrame:
    """Return the combined features of all pairs, with paper and y (whether both are one)."""
    rnd = random.Random(seed)
    entries, compared = compare([page(row, rnd) for row in papers.iter_rows(named=True)], index)
    same = ids.gather(entries["paper"]) == entries["arxiv_id"]
    table = scoring.combined(compared).with_columns(paper=entries["paper"], y=same)
    return table.filter(same | ~twice(papers, entries))


def fit(table: pl.DataFrame) -> dict[str, float]:
    """Return the weights that make the pairs likeliest, each at its cost, those set by hand held."""
    by_hand = {name: features.settings()["weights"][name] for name in BY_HAND}
    names = [name for name in table.columns if name not in {*BY_HAND, *SEARCHED, *LEFT_OUT, "paper", "y"}]
    x = np.hstack([table.select(names).to_numpy().astype(np.float64), np.ones((table.height, 1))])
    y = table["y"].to_numpy()
    cost = np.where(y, 1.0, COST)
    meanwhile = {**by_hand, **MEANWHILE}
    held = sum(
        (weight * table[name].to_numpy() for name, weight in meanwhile.items()), np.zeros(table.height)
    )

    def loss(w: Floats) -> tuple[float, Floats]:
        z = x @ w + held
        gradient = x.T @ (cost * (1 / (1 + np.exp(-np.clip(z, -40, 40))) - y)) + RIDGE * np.append(w[:-1], 0)
        total = (cost * np.logaddexp(0, np.where(y, -z, z))).sum() + RIDGE / 2 * (w[:-1] ** 2).sum()
        return float(total), gradient

    found = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 2000}).x
    fitted = {"constant": float(found[-1]), **dict(zip(names, found[:-1].tolist(), strict=True))}
    return {**{name: round(weight, 2) for name, weight in fitted.items()}, **by_hand}


def tested(table: pl.DataFrame, weights: Mapping[str, float]) -> None:
    """Print wrong ones and recall by threshold, and what is right by confidence."""
    total = np.full(table.height, weights["constant"])
    for name, weight in weights.items():
        if name != "constant":
            total += weight * table[name].to_numpy()
    rows = table.select("paper", "y", odds=pl.Series(np.exp(np.clip(total, -30, 30))))
    rows = rows.with_columns(sure=pl.col("odds") / (1 + pl.col("odds").sum().over("paper")))
    best = rows.sort("sure", descending=True).unique("paper", keep="first", maintain_order=True)
    there = rows.filter("y")["paper"].n_unique()
    for level in (0.9, 0.95, 0.97, 0.98, 0.99, 0.995):
        taken = best.filter(pl.col("sure") >= level)
        right = int(taken["y"].sum())
        print(f"{level:6.3f}: {taken.height} taken, {taken.height - right} wrong, recall {right / there:.4f}")
    for low, high in ((0.05, 0.5), (0.5, 0.9), (0.9, 0.97), (0.97, 0.99), (0.99, 0.999), (0.999, 1.01)):
        some = best.filter(pl.col("sure").is_between(low, high, closed="left"))
        if some.height:
            said, right = some.select(pl.col("sure").mean(), pl.col("y").mean()).row(0)
            print(f"said {said:.4f}, right {right:.4f} of {some.height}")


def learned(gold: Path, rows: int = ROWS, seed: int = SEED) -> dict[str, float]:
    """Return all weights, and print what half of the papers teaches about the other half."""
    tools, file = gold.resolve().parent / "tools", gold / "arxiv_120k.parquet"
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        index = indexed(file, tools, work)
        papers = pl.read_parquet(file).sample(rows, seed=seed, shuffle=True)
        full_id = renderer(tools).full_id
        table = pairs(papers, pl.Series([full_id(one) for one in papers["id"]]), index, seed)
        weights = fit(table)
        half = pl.Series([zlib.crc32(str(paper).encode()) % 2 == 0 for paper in table["paper"]])
        searched = search(gold, tools, work, weights)
    tested(table.filter(~half), fit(table.filter(half)) | searched)
    return weights | searched


def differences(made: Mapping[str, float]) -> dict[str, tuple[float | None, float | None]]:
    """Return the weights that differ from those that ship: what was made, and what ships."""
    shipped: dict[str, float] = features.settings()["weights"]
    different: dict[str, tuple[float | None, float | None]] = {}
    for name in sorted(made.keys() | shipped.keys()):
        one, other = made.get(name), shipped.get(name)
        slack = SLACK if name not in SEARCHED else 0.0
        if one is None or other is None or abs(one - other) > slack:
            different[name] = one, other
    return different


def main() -> None:
    """Fit, test, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--gold", type=Path, default=Path("../shared/gold"))
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    made = learned(asked.gold, asked.rows, asked.seed)
    print("\n".join(f"{name} = {weight:.2f}" for name, weight in made.items()))
    if asked.check:
        different = differences(made)
        print("as shipped" if not different else f"not as shipped: {different}")
        sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
