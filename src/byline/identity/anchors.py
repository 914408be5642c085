"""Clusters to author ids: the digest of each cluster's anchor, its earliest mention."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.ids import SEPARATOR, digest_all


def author_ids(mentions: pl.DataFrame, cluster: npt.NDArray[np.int64]) -> pl.Series:
    """Return the author_id of each mention: the digest of (paper_id, position) of its cluster's anchor mention.

    The anchor is the smallest (published, paper_id, position), so that the id depends on the data alone and stays when
    later papers arrive.
    """
    frame = mentions.select("published", "paper_id", "position").with_columns(cluster=pl.Series(cluster))
    anchors = frame.sort("published", "paper_id", "position").unique(
        "cluster", keep="first", maintain_order=True
    )
    texts = anchors.select(pl.concat_str("paper_id", pl.col("position").cast(pl.String), separator=SEPARATOR))
    ids = anchors.select("cluster").with_columns(author_id=digest_all(texts.to_series(), "author"))
    return frame.select("cluster").join(ids, on="cluster", how="left", maintain_order="left")["author_id"]
