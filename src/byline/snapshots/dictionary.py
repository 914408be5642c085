"""The data dictionary, made from the models: `python -m byline.snapshots.dictionary > docs/data-dictionary.md`."""

from __future__ import annotations

import json
import sys

from byline.snapshots.datapackage import REFERENCES
from byline_schemas import (
    AUTHOR_REDIRECTS,
    CONTRACT_VERSION,
    LOST_AUTHORS,
    LOST_PAPERS,
    PAPER_REDIRECTS,
    TABLES,
    ColumnDoc,
    Table,
)

HEAD = f"""# Data dictionary

Contract {CONTRACT_VERSION}. Made from the Pandera models in `schemas/` by
`python -m byline.snapshots.dictionary`; don't edit it by hand. Types are polars'; `?` marks columns that may be null.
"""


def markdown() -> str:
    """Return the data dictionary of all tables as Markdown, with a final newline."""
    parts = [HEAD, *(_table(table, f"{table.name}/") for table in TABLES.values())]
    beside = (AUTHOR_REDIRECTS, PAPER_REDIRECTS, LOST_AUTHORS, LOST_PAPERS)
    parts += [_table(table, f"history/{table.name}/") for table in beside]
    return "\n".join(parts)


def _table(table: Table, place: str) -> str:
    lines = [f"## {table.name}", "", (table.model.__doc__ or "").strip(), "", f"Lies in `{place}`. "]
    lines[-1] += f"Key: {_names(table.key)}. Sorted by {_names(table.sort)}."
    for column, target in REFERENCES.get(table.name, {}).items():
        lines[-1] += f" `{column}` points to `{target}`."
    lines += ["", "| column | type | what it says | unit | example | checks |", "|---|---|---|---|---|---|"]
    lines += [_row(doc) for doc in table.column_docs().values()]
    if table.partition is not None:
        partition = table.partition
        what = f"{partition.description} Partition key: stands in the path only."
        lines.append(f"| `{partition.name}` | {partition.dtype.__name__} | {what} | | | |")
    return "\n".join([*lines, ""])


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _row(doc: ColumnDoc) -> str:
    checks = "; ".join([*(["unique"] if doc.unique else []), *doc.checks])
    cells = [
        f"`{doc.name}`",
        f"{doc.dtype}{'?' if doc.nullable else ''}",
        doc.description,
        doc.unit or "",
        f"`{json.dumps(doc.example, ensure_ascii=False)}`",
        f"`{checks}`" if checks else "",
    ]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    sys.stdout.write(markdown())
