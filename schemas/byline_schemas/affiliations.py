"""Tables `affiliations` and `paper_affiliations`: organisations that the page showed beside a paper."""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from byline_schemas._base import Model, Table, column, id_column, is_nfc, judged
from byline_schemas._pandera import PolarsData, pa

KINDS = ["company", "education", "facility", "government", "nonprofit", "other"]


class Affiliations(Model):
    """One row an organisation label, with the organisation it was resolved to where that is certain."""

    affiliation_id: pl.String = id_column("Hash of the label's organisation, or of the label.", unique=True)
    label: pl.String = column("Label as listed, folded.", example="example labs")
    name: pl.String = column("Canonical name; the label where it is not resolved.", example="Example Labs")
    ror_id: pl.String = column(
        "Id in the Research Organization Registry.",
        example="012abcd34",
        nullable=True,
        str_matches=r"^0[a-z0-9]{8}$",
    )
    country: pl.String = column(
        "Country, ISO 3166-1 alpha-2.", example="CH", nullable=True, str_matches=r"^[A-Z]{2}$"
    )
    kind: pl.String = column("Kind of organisation.", example="company", nullable=True, isin=KINDS)
    resolved: pl.Boolean = column("Whether the label was resolved to one organisation.", example=True)
    note: pl.String = column("Why a label stays unresolved.", example="fits two: …", nullable=True)

    @pa.check("label", "name", name="text_is_nfc_and_not_blank")
    @classmethod
    def _texts(cls, data: PolarsData) -> pl.LazyFrame:
        return is_nfc(data)

    @pa.dataframe_check(name="unresolved_labels_carry_no_facts")
    @classmethod
    def _unresolved(cls, data: PolarsData) -> pl.LazyFrame:
        bare = pl.all_horizontal(pl.col("ror_id", "country", "kind").is_null())
        return judged(data, pl.col("resolved") | bare)


class PaperAffiliations(Model):
    """One row an organisation label of a paper; the page ties it to the paper, never to an author."""

    paper_id: pl.String = id_column("The paper; see `papers`.")
    position: pl.UInt16 = column("Place among the paper's labels.", example=1, unit="1-based position", ge=1)
    affiliation_id: pl.String = id_column("The organisation; see `affiliations`.")
    label_as_listed: pl.String = column("What the page said.", example="example labs")

    @pa.check("label_as_listed", name="text_is_nfc_and_not_blank")
    @classmethod
    def _texts(cls, data: PolarsData) -> pl.LazyFrame:
        return is_nfc(data)

    class Config(Model.Config):
        """Pandera's settings."""

        unique: ClassVar[list[str]] = ["paper_id", "position"]


AFFILIATIONS = Table(
    name="affiliations",
    title="Affiliations",
    model=Affiliations,
    key=("affiliation_id",),
    sort=("affiliation_id",),
)
PAPER_AFFILIATIONS = Table(
    name="paper_affiliations",
    title="Affiliations of papers",
    model=PaperAffiliations,
    key=("paper_id", "position"),
    sort=("paper_id", "position"),
)
