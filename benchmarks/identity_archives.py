"""Which of arXiv's archives one person writes in, learned from names so rare that each is one person.

Of 120,000 papers (metadata CC0) the names of rarity RARE and more are taken for one person each. How often two papers
of such a person lie in the archives x and y, set against how often two papers of anybody's do, is the weight of
evidence (natural logarithm) for one person. Pairs of archives below DISTANT and UNRELATED are listed, with the weight
of each kind as a whole; a pair too rare to tell, less than EXPECTED met by chance, counts as near.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from byline import identity

RARE = 19.0
"""Least rarity (nats) of a name: one in 180 million."""
DISTANT, UNRELATED = -1.0, -2.5
EXPECTED = 5.0
MOST = 20
"""Papers of a name beyond which it is left out: it is not that rare."""


def _mentions(gold: Path) -> pl.DataFrame:
    """Return name (form_key) and archive of the papers of rare full names with several papers."""
    papers = pl.read_parquet(
        gold / "arxiv_120k.parquet", columns=["id", "title", "authors", "category", "date"]
    )
    papers = papers.select(
        "title", "authors", "category", paper_id=pl.col("id").cast(pl.String), published=pl.col("date").cast(pl.Date),
        abstract=pl.lit(None, pl.String), labels=pl.lit([], dtype=pl.List(pl.String)),
    )  # fmt: skip
    mentions = identity.describe(papers).filter(
        (pl.col("rarity") >= RARE)
        & (pl.col("kind") == "person")
        & pl.col("given_key").str.contains("^[a-z]{3,}")
    )
    own = mentions.select("form_key", "paper_id", archive=pl.col("category").str.extract(r"^([^.]+)", 1))
    return own.drop_nulls().with_columns(held=pl.len().over("form_key")).filter(pl.col("held") <= MOST)


def _counts(
    mentions: pl.DataFrame, archives: list[str]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return how many pairs of one person's papers lie in each two archives, and how many chance would give."""
    place = {name: i for i, name in enumerate(archives)}
    several = mentions.filter(pl.col("held") > 1)
    pairs = several.join(several, on="form_key", suffix="_b").filter(
        pl.col("paper_id") != pl.col("paper_id_b")
    )
    # a person of n papers counts n, not n * (n - 1); in whole numbers of a 5040th, so that no order of sums matters
    pairs = pairs.with_columns(share=5040 * 11 * 13 * 17 * 19 // (pl.col("held").cast(pl.Int64) - 1))
    met = np.zeros((len(archives), len(archives)))
    for x, y, share in pairs.group_by("archive", "archive_b").agg(pl.col("share").sum()).iter_rows():
        met[place[x], place[y]] = share / (5040 * 11 * 13 * 17 * 19)
    size = np.zeros(len(archives))
    for x, n in mentions.group_by("archive").len().iter_rows():
        size[place[x]] = n
    share = size / size.sum()
    return met, np.outer(share, share) * met.sum()


def write(gold: Path, target: Path) -> None:
    """Write the relations of archives and the weights of distant and unrelated ones."""
    mentions = _mentions(gold)
    archives = sorted(mentions["archive"].unique())
    met, chance = _counts(mentions, archives)
    weight = np.log(np.maximum(met, 0.5) / np.maximum(chance, 0.5))
    tells = chance >= EXPECTED
    unrelated = tells & (weight < UNRELATED)
    distant = tells & (weight < DISTANT) & ~unrelated
    made = {
        "what": "arXiv's archives that one person seldom writes in both of; all others lie near each other",
        "from": "names so rare that each is one person, in the metadata of 120,000 arXiv papers (CC0)",
        "command": "python -m benchmarks.identity_model --gold DIR",
        "weights": {
            name: round(float(np.log(met[kind].sum() / chance[kind].sum())), 2)
            for name, kind in (("distant", distant), ("unrelated", unrelated))
        },
        "archives": {
            name: {
                "distant": [archives[j] for j in np.flatnonzero(distant[i])],
                "unrelated": [archives[j] for j in np.flatnonzero(unrelated[i])],
            }
            for i, name in enumerate(archives)
        },
    }
    target.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(f"{target.name}: {len(archives)} archives, weights {made['weights']}")
