"""Weights of the match where titles differ and there is no abstract to ask, found by search.

Two files are made of the gold, each without a fifth of it. Of each the missing papers ask as pages without abstracts:
some are taken from a sister paper, by the same people and of the same day. So do 6,000 that are in it, with a third of
their words replaced. Of all weights of a grid those are chosen that find most of the rewritten, among those that fill
at most `WRONG` of the missing, reckoned for a file that lacks a fifth.
"""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from rapidfuzz import process
from rapidfuzz.distance import Indel

from benchmarks.arxiv import here, render_file, renderer
from benchmarks.arxiv_others import compare, cut_list, page_of
from benchmarks.arxiv_others_kinds import KINDS
from byline.reference import scoring
from byline.reference.building import build_index
from byline.reference.layout import Index

Floats = npt.NDArray[np.float64]
SEARCHED = {
    "other_unseen": np.arange(3.0, 9.01, 0.4),
    "unseen_like": np.arange(-15.0, -4.0, 0.5),
    "alone_unseen": np.arange(-4.0, 0.01, 0.5),
}
"""Weights, and the values of each that are tried."""
FIFTHS = (0, 1)
REWRITTEN = 6000
WRONG = 0.6e-4
"""Pages that may be filled from another paper, of all that are filled when a fifth of the papers is missing from the
file and no page has an abstract; with abstracts hardly any is."""
ALIKE = 0.8
"""Similarity of abstracts from which two entries are one paper listed twice."""


@dataclass(frozen=True)
class Pairs:
    """Pages and the entries that each was compared with, sorted by page.

    `fixed`: log-odds of all weights but the searched; `x`: the features of these (a row a pair); `starts`: where each
    page's pairs begin; `right`: whether page and entry are one paper.
    """

    fixed: Floats
    x: Floats
    starts: npt.NDArray[np.int64]
    right: npt.NDArray[np.bool_]

    def sure(self, weights: Floats, which: npt.NDArray[np.bool_]) -> int:
        """Return how many pages have an entry of `which` that is surer than the threshold."""
        odds = np.exp(
            np.clip(self.fixed + self.x @ weights, -scoring.LARGEST_LOG_ODDS, scoring.LARGEST_LOG_ODDS)
        )
        total = 1 + np.add.reduceat(odds, self.starts)
        best = np.maximum.reduceat(np.where(which, odds, 0.0), self.starts)
        return int((best / total >= scoring.threshold()).sum())


def twice(papers: pl.DataFrame, entries: pl.DataFrame) -> pl.Series:
    """Tell the pairs of paper and entry whose abstracts are alike: where they are two, one paper is listed twice."""
    ours = papers["abstract"].gather(entries["paper"]).fill_null("").str.head(400)
    theirs = entries["abstract"].fill_null("").str.head(400)
    like = process.cpdist(ours.to_list(), theirs.to_list(), scorer=Indel.normalized_similarity)
    return pl.Series(like > ALIKE)


def pairs_of(
    rows: list[dict[str, Any]], papers: pl.DataFrame, index: Index, weights: Mapping[str, float]
) -> Pairs:
    """Return pages (row-aligned with `papers`, which have true_id and abstract) compared with the index's entries."""
    entries, compared = compare(rows, index)
    right = papers["true_id"].gather(entries["paper"]) == entries["arxiv_id"]
    table = scoring.combined(compared).with_columns(entries["paper"], entries["arxiv_id"], right=right)
    table = table.filter(right | ~twice(papers, entries))
    table = table.unique(["paper", "arxiv_id"], keep="first", maintain_order=True).sort(
        "paper", maintain_order=True
    )
    fixed = np.full(table.height, weights["constant"])
    for name, weight in weights.items():
        if name not in SEARCHED and name != "constant":
            fixed += weight * table[name].to_numpy().astype(np.float64)
    starts = np.flatnonzero(np.diff(table["paper"].to_numpy().astype(np.int64), prepend=-1))
    return Pairs(
        fixed, table.select(*SEARCHED).to_numpy().astype(np.float64), starts, table["right"].to_numpy()
    )


def fifth_of(arxiv_id: str) -> int:
    """Return which fifth of the gold a paper belongs to."""
    return zlib.crc32(arxiv_id.encode()) // 7 % 5


def without_fifth(whole: Path, number: int, work: Path) -> Index:
    """Return the index of a metadata file without one fifth of its papers."""
    target = work / f"without-{number}.json"
    with whole.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8") as kept:
        kept.writelines(line for line in lines if fifth_of(json.loads(line)["id"]) != number)
    return build_index(target, work / f"index-{number}", work / f"scratch-{number}", here)


def bare_page(paper: Mapping[str, Any], rnd: random.Random, *, rewritten: bool) -> dict[str, Any]:
    """Return a paper as a page without an abstract has it, or with a third of its title's words replaced."""
    page = page_of(paper, rnd) | {"abstract": None}
    if rewritten:
        KINDS["rewritten"](page, rnd)
    return cut_list(page)


def search(gold: Path, tools: Path, work: Path, weights: Mapping[str, float]) -> dict[str, float]:
    """Return the searched weights, beside these others."""
    file = gold / "arxiv_120k.parquet"
    render_file(file, work / "whole.json", tools)
    full_id = renderer(tools).full_id
    papers = pl.read_parquet(file)
    papers = papers.with_columns(true_id=pl.Series([full_id(one) for one in papers["id"]]))
    papers = papers.unique("true_id", keep="first", maintain_order=True)
    fifths = pl.Series([fifth_of(one) for one in papers["true_id"]])
    missing: list[Pairs] = []
    rewritten: list[Pairs] = []
    count = 0
    for number in FIFTHS:
        index, rnd = without_fifth(work / "whole.json", number, work), random.Random(number)
        out = papers.filter(fifths == number)
        some = papers.filter(fifths != number).sample(REWRITTEN, seed=number, shuffle=True)
        for rows, made, changed in ((out, missing, False), (some, rewritten, True)):
            pages = [bare_page(paper, rnd, rewritten=changed) for paper in rows.iter_rows(named=True)]
            made.append(pairs_of(pages, rows, index, weights))
        count += out.height
    return _best(missing, rewritten, WRONG * 4 * count)


def _best(missing: list[Pairs], rewritten: list[Pairs], most: float) -> dict[str, float]:
    """Return the weights that find most rewritten titles with at most so many wrong; print what was reached."""
    reached = (-1, 0, np.zeros(len(SEARCHED)))
    for values in product(*SEARCHED.values()):
        weights = np.round(values, 2)
        wrong = sum(pairs.sure(weights, ~pairs.right) for pairs in missing)
        if wrong <= most:
            found = sum(pairs.sure(weights, pairs.right) for pairs in rewritten)
            if (found, -wrong) > (reached[0], -reached[1]):
                reached = found, wrong, weights
    share = reached[0] / (REWRITTEN * len(FIFTHS))
    print(f"rewritten titles without abstract found: {share:.4f}")
    print(f"missing papers filled: {reached[1]}, at most {most:.0f}")
    return dict(zip(SEARCHED, reached[2].tolist(), strict=True))
