"""Tables as people read them: lists joined into one text or spread over rows, addresses in full, cells that do no harm.

A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula and runs it; titles come from pages that
anybody may write. Such a cell gets an apostrophe in front, which spreadsheets show as the text it is (OWASP, "CSV
injection"; the wide signs count in East Asian editions). Programs want the text itself: for them the guard is switched
off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from byline.core.errors import UsageError

if TYPE_CHECKING:
    from byline.export.selection import Selection

SEPARATOR = "; "
FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"
ROR = "https://ror.org/"


def readable(selection: Selection, table: str) -> pl.DataFrame:
    """Return a table for people: of papers with the names of authors and organisations, with ROR ids as addresses.

    List columns stay lists: see `flat` and `exploded`.
    """
    frame = selection.load(table)
    if table == "papers":
        frame = frame.join(_authors(selection), on="paper_id", how="left")
        frame = frame.join(_organisations(selection), on="paper_id", how="left")
        frame = frame.with_columns(pl.col("authors", "organisations").fill_null([]))
    if table == "affiliations":
        frame = frame.with_columns(ror_id=ROR + pl.col("ror_id"))
    if table == "authorships":
        names = selection.dataset.load("authors").select("author_id", author="name")
        frame = frame.join(names, on="author_id", how="left")
    return frame.sort(_order(table), nulls_last=True).collect()


def _order(table: str) -> list[str]:
    from byline_schemas import TABLES  # noqa: PLC0415 - only here

    return list(TABLES[table].sort)


def _authors(selection: Selection) -> pl.LazyFrame:
    """Return the names of each paper's authors in order: paper_id, authors."""
    names = selection.dataset.load("authors").select("author_id", "name")
    rows = selection.load("authorships").join(names, on="author_id", how="left")
    return rows.sort("paper_id", "position").group_by("paper_id").agg(authors="name")


def _organisations(selection: Selection) -> pl.LazyFrame:
    """Return the organisations of each paper in order: paper_id, organisations."""
    names = selection.dataset.load("affiliations").select("affiliation_id", "name")
    rows = selection.load("paper_affiliations").join(names, on="affiliation_id", how="left")
    return rows.sort("paper_id", "position").group_by("paper_id").agg(organisations="name")


def flat(frame: pl.DataFrame, *, guard: bool) -> pl.DataFrame:
    """Return the frame with every list as one text, `a; b`; with the guard no cell is a formula."""
    lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
    frame = frame.with_columns(pl.col(name).list.join(SEPARATOR) for name in lists)
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    if guard:
        frame = frame.with_columns(
            pl.when(pl.col(name).str.contains(FORMULA)).then("'" + pl.col(name)).otherwise(name).alias(name)
            for name in texts
        )
    return frame


def exploded(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return the frame with a row for each item of a list column; a row without items stays, with none.

    Raises `UsageError`: there is no such column, or it holds no lists.
    """
    lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
    if column not in lists:
        raise UsageError(f"{column!r} is no column of lists", f"There are: {', '.join(lists) or 'none'}.")
    return frame.explode(column)
