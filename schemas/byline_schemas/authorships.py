"""Table `authorships`: one row an author of a paper, listed or added."""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from byline_schemas._base import Model, Partition, Table, column, id_column, is_nfc, judged, published_year
from byline_schemas._pandera import PolarsData, pa
from byline_schemas.papers import SOURCES


class Authorships(Model):
    """One row an author of a paper, listed or added, with who that is and how sure that is."""

    paper_id: pl.String = id_column("The paper; see `papers`.")
    position: pl.UInt16 = column("Place in the list.", example=1, unit="1-based position", ge=1)
    author_id: pl.String = id_column("The author; see `authors`.")
    name_as_listed: pl.String = column(
        "What the page said; of an author that arXiv's metadata added, what that says, LaTeX decoded; where a person "
        "withholds a former name, the name that the person wants.",
        example="A. Lovelace",
    )
    source: pl.String = column("Where the author comes from.", example="listed", isin=SOURCES)
    is_last: pl.Boolean = column(
        "Whether this is the paper's last author; false for all of a list that was cut.", example=False
    )
    identity_confidence: pl.Float32 = column(
        "Calibrated probability that this mention belongs to this author.",
        example=0.97,
        unit="probability",
        in_range={"min_value": 0, "max_value": 1},
    )

    @pa.check("name_as_listed", name="text_is_nfc_and_not_blank")
    @classmethod
    def _texts(cls, data: PolarsData) -> pl.LazyFrame:
        return is_nfc(data)

    @pa.check("name_as_listed", name="text_has_no_space_at_its_ends")
    @classmethod
    def _ends(cls, data: PolarsData) -> pl.LazyFrame:
        name = pl.col(data.key)
        return judged(data, ~(name.str.starts_with(" ") | name.str.ends_with(" ")))

    class Config(Model.Config):
        """Pandera's settings."""

        unique: ClassVar[list[str]] = ["paper_id", "position"]


AUTHORSHIPS = Table(
    name="authorships",
    title="Authorships",
    model=Authorships,
    key=("paper_id", "position"),
    sort=("paper_id", "position"),
    partition=Partition(
        "year", pl.Int32, "Year of the paper's `published`, 0 where there is none.", published_year
    ),
)
