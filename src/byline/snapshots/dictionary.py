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

## What a text may hold
Any character of Unicode, in NFC, but control codes: on the page they show nothing, a terminal acts on them, and XML
can't hold them. Words are parted by single spaces (U+0020), there is none at the ends, and characters of no width that
stand for nothing (U+200B, U+2060, U+FEFF) are left out like control codes. "As listed" is what the page said, but for
that.

What stays may surprise who shows a text: the joiners U+200C and U+200D, and the marks of direction U+061C, U+200E,
U+200F, U+202A to U+202E and U+2066 to U+2069, which Hebrew and Arabic texts need; escape those on terminals and in
code, as byline's reports do. `records.source_file` and `quarantine.detail` are one line without control codes,
`quarantine.raw_text` keeps its line ends and tabs. `byline validate` checks all of it.
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
