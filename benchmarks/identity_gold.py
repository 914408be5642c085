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
from byline.identity.groups import components

AREAS = ["cs.LG", "cs.CL", "stat.ML", "cs.RO", "cs.HC", "cs.GR"]
TAUGHT = (0, 1, 2, 3, 4)
"""Blocks whose hash modulo 10 is another are never trained on: a half."""
SPLIT = "ieee"
"""The set whose ids a publisher's machine made: half of what looks like namesakes is one person under two ids."""
SIZES = (300, 1_000, 5_000, 20_000)
"""Papers of the corpora that the gold is parted into, beside the whole of it."""
SMALL = 1_000
"""Corpora up to this size are small ones."""
PAIRS_IN_SMALL = 0.7
"""What `together` counts there: at 0.5 pairs are said 0.012 too sure, at 0.75 mentions 0.011 too unsure."""


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


def joined(labels: pl.DataFrame, papers: pl.DataFrame) -> pl.DataFrame:
    """Return the labels with the persons of SPLIT made one that carry one name string and share a co-author's.

    As given is a lower bound of what is true there, so joined an upper one; the rule is the project's scorer's.
    """
    own = labels.filter(pl.col("set") == SPLIT).join(papers.select("paper_id", "authors"), on="paper_id")
    own = own.with_columns(name=pl.col("authors").list.get(pl.col("position").cast(pl.Int64) - 1))
    met = (
        own.select("person", "name", other="authors")
        .explode("other")
        .filter(pl.col("other") != pl.col("name"))
    )
    keys = met.select("person", key=pl.struct("name", "other")).unique()
    persons = keys["person"].unique().sort()
    number = {person: i for i, person in enumerate(persons)}
    keys = keys.with_columns(at=pl.col("person").replace_strict(number, return_dtype=pl.Int64)).sort(
        "key", "at"
    )
    first = keys.select(pl.col("at").first().over("key")).to_series().to_numpy()
    root = components(len(persons), first, keys["at"].to_numpy())
    one = dict(zip(persons, persons.gather(root), strict=True))
    person = pl.col("person").replace(list(one), list(one.values()))
    return labels.with_columns(
        pl.when(pl.col("set") == SPLIT).then(person).otherwise("person").alias("person")
    )


def parted(mentions: pl.DataFrame, size: int, seed: int = 1) -> pl.DataFrame:
    """Return the mentions as those of many corpora of `size` papers, drawn at random; what is left over is left out.

    A corpus has blocks and forms of its own: their keys are mixed with its number, so that all resolve in one go.
    """
    papers = mentions["paper_id"].unique().sort()
    if size >= len(papers):
        return mentions
    place = np.random.default_rng(seed).permutation(len(papers)) // size
    part = mentions.select(pl.col("paper_id").replace_strict(papers, pl.Series(place))).to_series()
    keep = part < len(papers) // size
    mentions, part = mentions.filter(keep), part.filter(keep)
    mixed = hash64(part.cast(pl.String), "part")
    return mentions.with_columns(
        pl.format("{}|{}", part, "block").alias("block"),
        *(pl.Series(key, mentions[key].to_numpy() ^ mixed) for key in ("block_key", "form_key")),
    )


def fold_of(blocks: pl.Series) -> npt.NDArray[np.int64]:
    """Return the hash of each block modulo 10."""
    blocks = blocks.str.replace(r"^\d+\|", "")  # the number of a corpus, see `parted`
    distinct = blocks.unique()
    flag = pl.Series((hash64(distinct, "fold") % np.uint64(10)).astype(np.int64))
    return blocks.replace_strict(distinct, flag, return_dtype=pl.Int64).to_numpy()


def held_out(blocks: pl.Series) -> npt.NDArray[np.bool_]:
    """Tell the blocks that training does not see."""
    return ~np.isin(fold_of(blocks), TAUGHT)


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


def together(rows: pl.DataFrame) -> pl.Series:
    """Return for each labelled mention which share of its author's other labelled mentions is its person's; 1 alone."""
    held, own = pl.len().over("set", "author"), pl.len().over("set", "author", "person")
    return rows.select(
        pl.when(held > 1).then((own - 1) / (held.cast(pl.Float64) - 1)).otherwise(1.0)
    ).to_series()


def belongs(rows: pl.DataFrame, papers: int) -> pl.Series:
    """Return for each labelled mention how far it belongs to its author: between `right` and `together`.

    Of two mentions wrongly put together each is its author's main person's by half (`right` 0.5) though no other
    mention is its person's (`together` 0). Which of the two a reader means by a mention's belonging differs by half the
    error; the mean is within a quarter of both. In a small corpus (`papers`) nearly all authors of several mentions
    have two, the two readings lie farthest apart, and `together` counts more.
    """
    share = PAIRS_IN_SMALL if papers <= SMALL else 0.5
    return right(rows) * (1 - share) + together(rows) * share
