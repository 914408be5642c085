"""What changed since another snapshot, as a section of the report."""

from __future__ import annotations

from html import escape

import polars as pl

from byline.report.figures import Listing
from byline.report.tables import Column, table

SHOWN = 100
"""Single differences on the page."""


def section(old: str, summary: pl.DataFrame, rows: pl.DataFrame) -> str:
    """Return the section as HTML.

    `old`: id of the snapshot before. `summary`: table, change, field, count. `rows`: table, key, label, change, field,
    old and new value.
    """
    if rows.is_empty():
        return f"<p>Nothing differs from <code>{escape(old)}</code>.</p>"
    items = "".join(
        f"<li>{escape(name)}: {count:,} {escape(change)}{f' in {escape(field)}' if field else ''}</li>"
        for name, change, field, count in summary.iter_rows()
    )
    columns = ["table", "key", "label", "change", "field", "old", "new"]
    listed = Listing(rows.select(columns).head(SHOWN), rows.height)
    differences = table(
        "t-changes", "Differences", [Column(name) for name in columns], listed, "of <code>byline diff</code>"
    )
    return f"<p>Compared with <code>{escape(old)}</code>.</p><ul>{items}</ul>{differences}"
