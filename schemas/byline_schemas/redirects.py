"""Tables `history/author_redirects` and `history/paper_redirects`: what became of ids that are left behind."""

from __future__ import annotations

import polars as pl

from byline_schemas._base import Model, Table, column, id_column, judged
from byline_schemas._pandera import PolarsData, pa

KINDS = ["merged", "split", "renamed", "gone"]


class AuthorRedirects(Model):
    """One row an author id that was left behind and an id that its mentions went to; cumulative."""

    old_author_id: pl.String = id_column("Id that was published before.")
    new_author_id: pl.String = id_column(
        "Id that its mentions have now; null when they are gone.", nullable=True
    )
    kind: pl.String = column("What happened.", example="merged", isin=KINDS)
    since_snapshot: pl.String = column("First snapshot in which it is so.", example="0f1e2d3c4b5a69788796")

    @pa.dataframe_check(name="gone_has_no_successor")
    @classmethod
    def _gone(cls, data: PolarsData) -> pl.LazyFrame:
        return judged(data, (pl.col("kind") == "gone") == pl.col("new_author_id").is_null())


class PaperRedirects(Model):
    """One row a paper id that was left behind and an id that its records went to; cumulative."""

    old_paper_id: pl.String = id_column("Id that was published before.")
    new_paper_id: pl.String = id_column(
        "Id that its records have now; null when they are gone.", nullable=True
    )
    kind: pl.String = column("What happened.", example="merged", isin=KINDS)
    since_snapshot: pl.String = column("First snapshot in which it is so.", example="0f1e2d3c4b5a69788796")

    @pa.dataframe_check(name="gone_has_no_successor")
    @classmethod
    def _gone(cls, data: PolarsData) -> pl.LazyFrame:
        return judged(data, (pl.col("kind") == "gone") == pl.col("new_paper_id").is_null())


AUTHOR_REDIRECTS = Table(
    name="author_redirects",
    title="Author redirects",
    model=AuthorRedirects,
    key=("old_author_id", "new_author_id", "since_snapshot"),
    sort=("since_snapshot", "old_author_id", "new_author_id"),
)
PAPER_REDIRECTS = Table(
    name="paper_redirects",
    title="Paper redirects",
    model=PaperRedirects,
    key=("old_paper_id", "new_paper_id", "since_snapshot"),
    sort=("since_snapshot", "old_paper_id", "new_paper_id"),
)
