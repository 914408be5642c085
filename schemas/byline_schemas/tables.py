"""The tables of a snapshot, of this contract and of the one before."""

from __future__ import annotations

from byline_schemas import v1
from byline_schemas._base import CONTRACT_VERSION, Table
from byline_schemas.affiliations import AFFILIATIONS, PAPER_AFFILIATIONS
from byline_schemas.authors import AUTHORS
from byline_schemas.authorships import AUTHORSHIPS
from byline_schemas.identifiers import AUTHOR_IDENTIFIERS
from byline_schemas.papers import PAPERS
from byline_schemas.records import QUARANTINE, RECORDS

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        PAPERS,
        AUTHORS,
        AUTHORSHIPS,
        AUTHOR_IDENTIFIERS,
        AFFILIATIONS,
        PAPER_AFFILIATIONS,
        RECORDS,
        QUARANTINE,
    )
}
"""The tables of a snapshot by name, in the order in which documents list them."""

ADDED = ("author_identifiers",)
"""Tables that came later than others of their contract: an older snapshot may lack them."""


def tables_of(contract_version: str) -> dict[str, Table] | None:
    """Return the tables of a contract, of which a dataset may lack later columns; null for one that is not known.

    Versions of one major number agree in their tables but for columns that were added.
    """
    known = {CONTRACT_VERSION.split(".", 1)[0]: TABLES, "1": {**TABLES, **v1.TABLES}}
    return known.get(contract_version.split(".", 1)[0])
