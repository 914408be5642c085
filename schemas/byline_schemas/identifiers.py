"""Table `author_identifiers`: identifiers that people gave to authors, each with what says so."""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from byline_schemas._base import Model, Table, column, id_column, is_nfc, judged
from byline_schemas._pandera import PolarsData, pa
from byline_schemas.identifier_values import VALUE_PATTERNS, orcid_checks


class AuthorIdentifiers(Model):
    """One row an identifier of an author, from `identifiers.csv` in the folder of decisions; nothing guesses one."""

    author_id: pl.String = id_column("The author; see `authors`.")
    scheme: pl.String = column(
        "Who gave the identifier: orcid, dblp (a PID), openalex.", example="orcid", isin=list(VALUE_PATTERNS)
    )
    value: pl.String = column("The identifier, without the address around it.", example="0000-0002-1825-0097")
    evidence: pl.String = column(
        "What says that it is this author's; several statements with '; ' between them.",
        example="https://example.org/her-page",
    )

    @pa.check("evidence", name="text_is_nfc_and_not_blank")
    @classmethod
    def _texts(cls, data: PolarsData) -> pl.LazyFrame:
        return is_nfc(data)

    @pa.dataframe_check(name="value_is_of_its_scheme")
    @classmethod
    def _values(cls, data: PolarsData) -> pl.LazyFrame:
        scheme, value = pl.col("scheme"), pl.col("value")
        shaped = [(scheme == name) & value.str.contains(pattern) for name, pattern in VALUE_PATTERNS.items()]
        return judged(data, pl.any_horizontal(shaped))

    @pa.dataframe_check(name="orcid_has_its_check_digit")
    @classmethod
    def _digits(cls, data: PolarsData) -> pl.LazyFrame:
        """A person decides on some hundred authors at most: one by one is fast enough."""
        shaped = (pl.col("scheme") == "orcid") & pl.col("value").str.contains(VALUE_PATTERNS["orcid"])
        checks = pl.col("value").map_elements(orcid_checks, return_dtype=pl.Boolean)
        return judged(data, pl.when(shaped).then(checks).otherwise(pl.lit(value=True)))

    class Config(Model.Config):
        """Pandera's settings."""

        unique: ClassVar[list[str]] = ["author_id", "scheme", "value"]


AUTHOR_IDENTIFIERS = Table(
    name="author_identifiers",
    title="Identifiers of authors",
    model=AuthorIdentifiers,
    key=("author_id", "scheme", "value"),
    sort=("author_id", "scheme", "value"),
)
