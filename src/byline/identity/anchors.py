"""Clusters to author ids: the digest of each cluster's anchor, its earliest mention."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.core.ids import SEPARATOR, digest_all


def author_ids(mentions: pl.DataFrame, cluster: npt.NDArray[np.int64]) -> pl.Series:
    """Return the author_id of each mention: the digest of (paper_id, position) of its cluster's anchor mention.

    The anchor is the smallest (published, nulls last, paper_id, position), so that the id depends on the data alone
    and stays when later papers arrive. `mentions`, in canonical order (see `canonical`), and `cluster`, a label a row:

    | column | type | what it says |
    |---|---|---|
    | `published` | Date? | day of the paper |
    | `paper_id`, `position` | String, UInt16 | which mention it is |
    | `block_key` | UInt64 | its block: within one, rows are in the anchor's order |
    """
    frame = mentions.select("published", "paper_id", "position", cluster=pl.Series(cluster))
    # within a block the mentions are in order: of each cluster only the first of every block can be its anchor
    _, run = np.unique(mentions["block_key"].to_numpy(), return_inverse=True)
    first = np.unique(cluster * (run.max(initial=0) + 1) + run, return_index=True)[1]
    anchors = frame[first].sort("published", "paper_id", "position", nulls_last=True)
    anchors = anchors.unique("cluster", keep="first", maintain_order=True).sort("cluster")
    texts = anchors.select(pl.concat_str("paper_id", pl.col("position").cast(pl.String), separator=SEPARATOR))
    ids = digest_all(texts.to_series(), "author")
    return ids.gather(np.searchsorted(anchors["cluster"].to_numpy(), cluster)).alias("author_id")
