"""Tables of the page: rows of data as HTML that the script makes sortable and searchable."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from byline.core.display import clean
from byline.report.figures import Listing

SEARCHED = 8
"""Of more rows than this a table has a search field: fewer are seen at one glance."""
ROOM = 200_000
"""Bytes that a table's rows may take. Two hundred rows take a tenth of it unless somebody wrote texts to fill the page
(`"` takes six bytes in HTML), and a dozen tables with no room left are still below 3 MB."""


@dataclass(frozen=True)
class Column:
    """A column of a table: its head, whether it is a number, and how its cells are written (HTML)."""

    head: str
    number: bool = False
    write: Callable[[object], str] | None = None


def table(name: str, caption: str, columns: Sequence[Column], listing: Listing, where: str) -> str:
    """Return a table as HTML; without script it is a table all the same.

    `name`: its `id`. `where`: what stands behind the number of rows, such as `in table papers`. Rows that would take
    more than `ROOM` are left out, and the number says so.
    """
    if not listing.total:
        return f'<p class="none">{escape(caption)}: none.</p>'
    rows = list(_rows(columns, listing))
    heads = "".join(
        f'<th scope="col"{" class=n" if column.number else ""}>'
        f'<button type="button">{escape(column.head)}</button></th>'
        for column in columns
    )
    search = (
        f'<label>Search <input type="search" aria-controls="{name}"></label>' if len(rows) > SEARCHED else ""
    )
    return (
        f'<div class="tools"><span class="what" aria-hidden="true">{escape(caption)}</span>{search}'
        f"<output>{_said(len(rows), listing.total)} {where}</output></div>"
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table id="{name}"><caption>{escape(caption)}</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _said(shown: int, total: int) -> str:
    if shown < total:
        return f"first {count(shown)} of {count(total)} rows"
    return f"{count(total)} {'row' if total == 1 else 'rows'}"


def _rows(columns: Sequence[Column], listing: Listing) -> Iterator[str]:
    """Yield rows as HTML as far as there is room; the first one always."""
    used = 0
    for values in listing.rows.iter_rows():
        row = f"<tr>{''.join(_cells(columns, values))}</tr>"
        size = len(row.encode())
        if used and used + size > ROOM:
            return
        used += size
        yield row


def _cells(columns: Sequence[Column], row: Sequence[object]) -> Iterator[str]:
    for column, value in zip(columns, row, strict=True):
        if value is None:
            yield "<td></td>"
        elif column.number:
            shown = column.write(value) if column.write else f"{value:,}"
            yield f'<td class="n" data-v="{value}">{shown}</td>'
        else:
            yield f"<td>{column.write(value) if column.write else text(value)}</td>"


def text(value: object) -> str:
    """Return a text of the data as HTML: characters that control or turn the text are shown as escapes."""
    return escape(clean(str(value)))


def short(value: str, most: int) -> str:
    """Return a text of the data as HTML, cut to so many characters."""
    return text(value if len(value) <= most else value[: most - 1] + "…")


def code(value: object) -> str:
    """Return an identifier as HTML."""
    return f"<code>{text(value)}</code>"


def raw(value: object) -> str:
    """Return a stretch of a raw file as HTML, folded away."""
    return f"<details><summary>show</summary><pre>{text(value)}</pre></details>"


def ror(value: object) -> str:
    """Return a ROR id as HTML."""
    return f'<a rel="noreferrer" href="https://ror.org/{escape(str(value))}">{escape(str(value))}</a>'


def probability(value: object) -> str:
    """Return a probability as HTML."""
    return f"{float(str(value)):.3f}"


def count(number: int) -> str:
    """Return a number for people: 1,234."""
    return f"{number:,}"


def share(part: int, whole: int) -> str:
    """Return a share in percent; of nothing it is 0."""
    return f"{part / whole:.1%}" if whole else "0.0%"
