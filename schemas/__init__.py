"""The dataset contract in code: one Pandera model a table, and the rules that hold between tables.

Everything that describes the data (data dictionary, `datapackage.json`, Parquet field metadata) is made
from here.
"""

from schemas._base import CONTRACT_VERSION, NOT_NFC, ColumnDoc, Model, Partition, Table
from schemas._pandera import SchemaErrors
from schemas.affiliations import AFFILIATIONS, PAPER_AFFILIATIONS
from schemas.authors import AUTHORS
from schemas.authorships import AUTHORSHIPS
from schemas.papers import PAPERS
from schemas.parsed import PARSED
from schemas.records import QUARANTINE, RECORDS
from schemas.redirects import AUTHOR_REDIRECTS

TABLES: dict[str, Table] = {
    table.name: table
    for table in (PAPERS, AUTHORS, AUTHORSHIPS, AFFILIATIONS, PAPER_AFFILIATIONS, RECORDS, QUARANTINE)
}
"""The tables of a snapshot by name, in the order in which documents list them."""

__all__ = [
    "AFFILIATIONS",
    "AUTHORS",
    "AUTHORSHIPS",
    "AUTHOR_REDIRECTS",
    "CONTRACT_VERSION",
    "NOT_NFC",
    "PAPERS",
    "PAPER_AFFILIATIONS",
    "PARSED",
    "QUARANTINE",
    "RECORDS",
    "TABLES",
    "ColumnDoc",
    "Model",
    "Partition",
    "SchemaErrors",
    "Table",
]
