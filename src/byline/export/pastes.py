"""What a paste says, printed: a table for people, JSON, CSV and BibTeX for what comes next."""

from __future__ import annotations

import io
import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import polars as pl

from byline import names
from byline.core.display import clean
from byline.export.bibliography import Entry, Person
from byline.export.bibtex import bibtex
from byline.export.readable import flat

if TYPE_CHECKING:
    from rich.console import Console

DOUBTFUL = 0.99
"""Below this a reading is marked with `?`."""
JSON = (
    "form", "status", "reason", "title", "authors", "authors_truncated", "labels", "published", "category", "arxiv_id",
    "doi", "venue", "boundary_confidence", "first_line", "last_line",
)  # fmt: skip
FURNITURE = "page_furniture"


def as_json(rows: pl.DataFrame) -> str:
    """Return one array, an object a record."""
    items = [_item(row) for row in rows.select(JSON).iter_rows(named=True)]
    return (
        "[\n" + ",\n".join(json.dumps(item, ensure_ascii=False) for item in items) + "\n]" if items else "[]"
    )


def _item(row: dict[str, Any]) -> dict[str, Any]:
    day = row["published"]
    confidence = row["boundary_confidence"]
    return {
        **row,
        "published": None if day is None else day.isoformat(),
        "boundary_confidence": None if confidence is None else round(confidence, 6),
    }


def as_csv(rows: pl.DataFrame) -> str:
    """Return a line a record, lists joined with `; `, cells disarmed for spreadsheets."""
    sink = io.BytesIO()
    flat(rows.drop("name_parts"), guard=True).write_csv(sink)
    return sink.getvalue().decode()


def as_bibtex(rows: pl.DataFrame) -> str:
    """Return the records that were read as BibTeX."""
    return "".join(bibtex(_entry(row) for row in _read(rows).iter_rows(named=True)))


def _read(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("status") == "published")


def _entry(row: dict[str, Any]) -> Entry:
    day, precision = row["published"], row["published_precision"]
    return Entry(
        paper_id=sha256(f"{row['title']}\0{row['authors']}".encode()).hexdigest()[:20],
        title=row["title"],
        title_tex=None,
        authors=tuple(_people(row["authors"], row["name_parts"])),
        cut=row["authors_truncated"],
        year=None if day is None else day.year,
        month=day.month if day is not None and precision in ("day", "month") else None,
        day=day.day if day is not None and precision == "day" else None,
        venue=row["venue"],
        doi=row["doi"],
        arxiv_id=row["arxiv_id"],
        category=row["category"],
        abstract=row["abstract"],
        links=(),
        comments=None,
    )


def _people(listed: list[str], parts: list[dict[str, str | None]] | None) -> list[Person]:
    known = None if parts is None else pl.Series(parts)
    parsed = names.parse(pl.Series(listed, dtype=pl.String), known)
    columns = ("family", "given", "particle", "suffix", "kind")
    return [
        Person(family, given, particle, suffix, is_collaboration=kind == "collaboration")
        for family, given, particle, suffix, kind in parsed.select(columns).iter_rows()
    ]


def as_table(rows: pl.DataFrame, console: Console) -> None:
    """Print the records as a table as wide as the terminal, what could not be read below it, and a summary."""
    from rich.table import Table  # noqa: PLC0415 - only for people
    from rich.text import Text  # noqa: PLC0415 - only for people

    read, bad = _read(rows), rows.filter(pl.col("status") == "quarantined")
    table = Table(show_edge=False, pad_edge=False)
    table.add_column("line", justify="right")
    table.add_column("date", no_wrap=True)
    table.add_column("title", ratio=5)
    table.add_column("authors", ratio=4)
    table.add_column("", no_wrap=True)
    for row in read.iter_rows(named=True):
        doubt = "" if row["boundary_confidence"] >= DOUBTFUL else f"? {row['boundary_confidence']:.2f}"
        cells = (str(row["first_line"]), _date(row), row["title"], _listed(row), doubt)
        table.add_row(*(Text(clean(cell)) for cell in cells), style="yellow" if doubt else None)
    if read.height:
        console.print(table)
    for row in bad.filter(pl.col("reason") != FURNITURE).iter_rows(named=True):
        said = f"not read, lines {row['first_line']} to {row['last_line']}: {row['reason']}: {row['detail']}"
        console.print(Text(clean(said)), style="red")
    console.print(Text(_summary(rows)), style="dim")


def _date(row: dict[str, Any]) -> str:
    """Return the date as far as it is known."""
    if row["published"] is None:
        return ""
    length = {"year": 4, "month": 7}.get(row["published_precision"], 10)
    return str(row["published"].isoformat()[:length])


def _listed(row: dict[str, Any]) -> str:
    text = "; ".join(row["authors"]) + (" et al." if row["authors_truncated"] else "")
    return text + (" · " + ", ".join(row["labels"]) if row["labels"] else "")


def _summary(rows: pl.DataFrame) -> str:
    read = _read(rows)
    doubtful = (read["boundary_confidence"] < DOUBTFUL).sum()
    bad = rows.filter(pl.col("status") == "quarantined", pl.col("reason") != FURNITURE).height
    parts = [f"{read.height} records read"]
    parts += [f"{doubtful} doubtful (?)"] if doubtful else []
    parts += (
        [f"{read['authors_truncated'].sum()} lists cut by the page"]
        if read["authors_truncated"].any()
        else []
    )
    parts += [f"{bad} not read"] if bad else []
    furniture = (rows["reason"] == FURNITURE).sum()
    parts += [f"{furniture} stretches of the page's own"] if furniture else []
    return ", ".join(parts)
