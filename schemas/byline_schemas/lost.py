"""Tables `history/lost_authors` and `history/lost_papers`: what ids that are left behind held when they last lived.

From these the redirects are made anew at every publication, so that they follow what an id stood for, not other ids.
An id that was left behind by a version of byline that kept none of this has one row of which only the id is known.
"""

from __future__ import annotations

import polars as pl

from byline_schemas._base import Model, Table, column, id_column

RECORD = ("record_id", "source_sha256", "byte_start")
"""What a record is known again by: its id, or its place in a file of the same content."""


class LostPapers(Model):
    """One row a paper id that was left behind and a record that it had in the last snapshot with it."""

    old_paper_id: pl.String = id_column("Id that was published before.")
    record_id: pl.String = id_column("A record of the paper; null when none was kept.", nullable=True)
    source_sha256: pl.String = column(
        "Content of the record's file.", example="9f86d08188…", str_matches=r"^[0-9a-f]{64}$", nullable=True
    )
    byte_start: pl.UInt64 = column(
        "Where the record began in the file.", example=0, unit="byte", nullable=True
    )


class LostAuthors(Model):
    """One row a left author id, a mention that it had in the last snapshot with it, and a record of that mention."""

    old_author_id: pl.String = id_column("Id that was published before.")
    paper_id: pl.String = id_column("Paper of the mention, then; null when none was kept.", nullable=True)
    position: pl.UInt16 = column(
        "Place of the mention in the paper's list.", example=1, unit="1-based position", ge=1, nullable=True
    )
    record_id: pl.String = id_column("A record of the paper, then.", nullable=True)
    source_sha256: pl.String = column(
        "Content of the record's file.", example="9f86d08188…", str_matches=r"^[0-9a-f]{64}$", nullable=True
    )
    byte_start: pl.UInt64 = column(
        "Where the record began in the file.", example=0, unit="byte", nullable=True
    )


LOST_PAPERS = Table(
    name="lost_papers",
    title="Records of lost papers",
    model=LostPapers,
    key=("old_paper_id", "record_id"),
    sort=("old_paper_id", "source_sha256", "byte_start"),
)
LOST_AUTHORS = Table(
    name="lost_authors",
    title="Mentions of lost authors",
    model=LostAuthors,
    key=("old_author_id", "paper_id", "position", "record_id"),
    sort=("old_author_id", "paper_id", "position", "source_sha256", "byte_start"),
)
