"""The identity gold as the library sees it: papers as the rendered listing gives them, labels, and B-cubed."""

from __future__ import annotations

import datetime
import random
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.core.hashing import hash64

AREAS = ["cs.LG", "cs.CL", "stat.ML", "cs.RO", "cs.HC", "cs.GR"]
HELD_OUT = 7
"""Blocks whose hash, modulo 10, is at least this are never trained on."""


def papers(gold: Path, cut: int | None = None) -> pl.DataFrame:
    """Return the papers of all four sets as one corpus; random days, a category a venue, no abstract, as rendered."""
    rows = pl.read_parquet(gold / "identity_papers.parquet")
    rnd = random.Random(1)
    days = [datetime.date(year, rnd.randrange(1, 13), rnd.randrange(1, 29)) for year in rows["year"]]
    shown = pl.col("authors") if cut is None else pl.col("authors").list.head(cut)
    return rows.select(
        paper_id=pl.concat_str("set", "paper", separator="|"),
        published=pl.Series(days),
        category=pl.Series([AREAS[zlib.crc32(venue.encode()) % len(AREAS)] for venue in rows["venue"]]),
        title="title",
        abstract=pl.lit("No abstract was given."),
        labels=pl.lit([], dtype=pl.List(pl.String)),
        authors_truncated=pl.col("authors").list.len() > (cut or 1_000_000),
        authors=shown,
    )


def labels(gold: Path) -> pl.DataFrame:
    """Return paper_id, position, set, person."""
    rows = pl.read_parquet(gold / "identity_labels.parquet")
    return rows.select(
        "set",
        "person",
        paper_id=pl.concat_str("set", "paper", separator="|"),
        position=pl.col("position").cast(pl.UInt16),
    )


def held_out(blocks: pl.Series) -> npt.NDArray[np.bool_]:
    """Tell the blocks that training does not see."""
    distinct = blocks.unique()
    flag = pl.Series(hash64(distinct, "fold") % np.uint64(10) >= HELD_OUT)
    return blocks.replace_strict(distinct, flag, return_dtype=pl.Boolean).to_numpy()


def b3(labelled: pl.DataFrame, by: str = "set") -> pl.DataFrame:
    """Return precision, recall and F1 by set, as the project's scorer counts them. Rows: set, person, author."""
    rows = labelled.with_columns(
        together=pl.len().over("set", "author"),
        own=pl.len().over("set", "person"),
        both=pl.len().over("set", "author", "person"),
    )
    table = rows.group_by(by).agg(
        mentions=pl.len(),
        precision=(pl.col("both") / pl.col("together")).mean(),
        recall=(pl.col("both") / pl.col("own")).mean(),
    )
    p, r = pl.col("precision"), pl.col("recall")
    return table.with_columns(f1=2 * p * r / (p + r)).sort(by)


def right(rows: pl.DataFrame) -> pl.Series:
    """Return for each labelled mention 1 where its person is the author's main one (shared at a tie), else 0."""
    votes = rows.group_by("set", "author", "person").agg(n=pl.len())
    main = votes.filter(pl.col("n") == pl.col("n").max().over("set", "author"))
    main = main.with_columns(share=1.0 / pl.len().over("set", "author")).select(
        "set", "author", "person", "share"
    )
    return rows.join(main, on=["set", "author", "person"], how="left", maintain_order="left")[
        "share"
    ].fill_null(0.0)
