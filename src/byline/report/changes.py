"""What changed since another snapshot, as a section of the report."""

from __future__ import annotations

from html import escape

import polars as pl

from byline.core.display import clean

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
        f"<li>{escape(table)}: {count:,} {escape(change)}{f' in {escape(field)}' if field else ''}</li>"
        for table, change, field, count in summary.iter_rows()
    )
    columns = ("table", "key", "label", "change", "field", "old", "new")
    heads = "".join(f'<th scope="col"><button type="button">{name}</button></th>' for name in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row) + "</tr>"
        for row in rows.select(columns).head(SHOWN).iter_rows()
    )
    said = (
        f"{rows.height:,} differences"
        if rows.height <= SHOWN
        else f"first {SHOWN} of {rows.height:,} differences"
    )
    return (
        f"<p>Compared with <code>{escape(old)}</code>.</p><ul>{items}</ul>"
        '<div class="tools"><label>Search <input type="search" aria-controls="t-changes"></label>'
        f"<output>{said}</output></div>"
        '<div class="scroll" tabindex="0" role="region" aria-label="Differences"><table id="t-changes">'
        f"<caption>Differences</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(value: str | None) -> str:
    text = "" if value is None else value
    return escape(clean(text if len(text) <= 200 else text[:200] + "…"))
