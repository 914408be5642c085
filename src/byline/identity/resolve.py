"""Mentions of whole blocks to persons."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.identity.anchors import author_ids


def resolve(mentions: pl.DataFrame, decisions: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return author_id (String) and identity_confidence (Float32), row-aligned with the mentions of whole blocks."""
    del decisions
    cluster = _clusters(mentions)
    confidence = pl.Series("identity_confidence", np.full(mentions.height, 0.95), dtype=pl.Float32)
    return pl.DataFrame([author_ids(mentions, cluster), confidence])


def _clusters(mentions: pl.DataFrame) -> npt.NDArray[np.int64]:
    """Same family and first given name together; an initial joins the only name it fits."""
    first = pl.col("given_key").str.replace_all("-", "", literal=True).str.split(" ").list.first()
    frame = mentions.select("block", "kind", first=first.fill_null("")).with_columns(letter=pl.col("first").str.slice(0, 1))
    full = frame.filter(pl.col("first").str.len_chars() > 1).unique(["block", "first"])
    only = full.group_by("block", "letter").agg(pl.col("first").first().alias("only"), pl.len().alias("fits"))
    only = only.filter(pl.col("fits") == 1).select("block", "letter", "only")
    frame = frame.join(only, on=["block", "letter"], how="left", maintain_order="left")
    initial = pl.col("first").str.len_chars() <= 1
    person = pl.struct("block", pl.when(initial).then(pl.col("only").fill_null(pl.col("letter"))).otherwise("first"))
    return frame.select(person.rank("dense").cast(pl.Int64)).to_series().to_numpy()
