"""The dataset contract in code: one Pandera model a table, and the rules that hold between tables.

Everything that describes the data (data dictionary, `datapackage.json`, Parquet field metadata) is made
from here. What is named here is imported when it is asked for: Pandera takes half a second, and who only reads a paste
needs none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from byline_schemas._base import (
        CONTRACT_VERSION,
        PRECISIONS,
        ColumnDoc,
        Model,
        Partition,
        Table,
        published_year,
    )
    from byline_schemas._nfc import NOT_NFC
    from byline_schemas._pandera import SchemaErrors
    from byline_schemas.affiliations import AFFILIATIONS, PAPER_AFFILIATIONS
    from byline_schemas.authors import AUTHORS
    from byline_schemas.authorships import AUTHORSHIPS
    from byline_schemas.identifiers import AUTHOR_IDENTIFIERS
    from byline_schemas.lost import LOST_AUTHORS, LOST_PAPERS
    from byline_schemas.papers import PAPERS
    from byline_schemas.parsed import NAME_PARTS, PARSED
    from byline_schemas.records import QUARANTINE, RECORDS
    from byline_schemas.redirects import AUTHOR_REDIRECTS, PAPER_REDIRECTS
    from byline_schemas.tables import TABLES, tables_of
else:

    def __getattr__(name: str) -> object:
        """Import what is asked for."""
        from importlib import import_module  # noqa: PLC0415 - as said above

        if name not in _PLACES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"byline_schemas.{_PLACES[name]}"), name)


_PLACES = {
    "AFFILIATIONS": "affiliations",
    "AUTHORS": "authors",
    "AUTHORSHIPS": "authorships",
    "AUTHOR_IDENTIFIERS": "identifiers",
    "AUTHOR_REDIRECTS": "redirects",
    "CONTRACT_VERSION": "_base",
    "LOST_AUTHORS": "lost",
    "LOST_PAPERS": "lost",
    "NAME_PARTS": "parsed",
    "NOT_NFC": "_nfc",
    "PAPERS": "papers",
    "PAPER_AFFILIATIONS": "affiliations",
    "PAPER_REDIRECTS": "redirects",
    "PARSED": "parsed",
    "PRECISIONS": "_base",
    "QUARANTINE": "records",
    "RECORDS": "records",
    "TABLES": "tables",
    "ColumnDoc": "_base",
    "Model": "_base",
    "Partition": "_base",
    "SchemaErrors": "_pandera",
    "Table": "_base",
    "published_year": "_base",
    "tables_of": "tables",
}
"""In which module each of them stands."""

__all__ = [
    "AFFILIATIONS",
    "AUTHORS",
    "AUTHORSHIPS",
    "AUTHOR_IDENTIFIERS",
    "AUTHOR_REDIRECTS",
    "CONTRACT_VERSION",
    "LOST_AUTHORS",
    "LOST_PAPERS",
    "NAME_PARTS",
    "NOT_NFC",
    "PAPERS",
    "PAPER_AFFILIATIONS",
    "PAPER_REDIRECTS",
    "PARSED",
    "PRECISIONS",
    "QUARANTINE",
    "RECORDS",
    "TABLES",
    "ColumnDoc",
    "Model",
    "Partition",
    "SchemaErrors",
    "Table",
    "published_year",
    "tables_of",
]
