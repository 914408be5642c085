"""What the report and the gates need of a piece of a table: counts, and the first rows of an order.

Each function takes rows with the number of their piece and returns far fewer, piece by piece. What all pieces give,
put together, is what the whole table gives, however its rows were cut.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from byline.report.pieces import PIECE

ROWS = 200
"""Rows of a list on the page."""
DOUBTFUL = 0.99
"""Below this a published reading is listed as doubtful; `byline review` offers the same ones."""
UNSURE = 0.9
"""Below this a mention's person is listed as doubtful."""
STEPS = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999)
"""Where the classes of probabilities begin that the page counts: finer where most values lie."""
NO_FORM = ""
"""Said of records of contract 1.0, which knew one form."""

COUNTS = {
    PIECE: pl.UInt32, "what": pl.String, "a": pl.String, "b": pl.String, "c": pl.String,
    "n": pl.Int64, "m": pl.Int64, "k": pl.Int64,
}  # fmt: skip
"""Counts of a piece: what is counted, up to three values that the rows have in common, up to three sums."""
_KEYS, _SUMS = ("a", "b", "c"), ("n", "m", "k")

READ = {
    "papers": (
        "year", "category", "category_code", "authors_truncated", "has_code", "filled", "authors_source",
        "boundary_confidence",
    ),
    "authors": ("kind", "paper_count"),
    "authorships": ("paper_id", "position", "author_id", "name_as_listed", "identity_confidence"),
    "records": (
        "source_file", "first_line", "byte_start", "byte_end", "form", "status", "paper_id", "boundary_confidence",
    ),
}  # fmt: skip
"""The columns that are read of all rows."""


def step(column: str) -> pl.Expr:
    """Return how many of `STEPS` a value has reached; null where there is none."""
    return pl.when(pl.col(column).is_not_null()).then(
        pl.sum_horizontal(pl.col(column) >= step for step in STEPS)
    )


def papers(rows: pl.DataFrame) -> pl.DataFrame:
    """Return what is counted of papers.

    | what | by | sums |
    |---|---|---|
    | year | year, category | papers |
    | code | code as listed | papers, those with a category |
    | all | | papers, lists that are cut, papers with code |
    | step | steps of the confidence | papers |
    | given | column | papers in which arXiv's metadata gave it; `authors` where it completed or gave the list |
    """
    there = set(rows.columns)
    by = [PIECE, "year", "category", *(["category_code"] if "category_code" in there else [])]
    sums = {"cut": "authors_truncated", "code": "has_code"}
    alike = rows.group_by(by).agg(
        pl.len().alias("papers"),
        *(pl.col(column).sum().alias(name) for name, column in sums.items() if column in there),
    )  # of a code there are few categories: one look at all papers serves three counts
    papers = pl.col("papers").sum()
    named = pl.col("papers").filter(pl.col("category").is_not_null()).sum()
    parts = [
        _counted(alike, "year", [pl.col("year").cast(pl.String), pl.col("category")], papers),
        _counted(alike, "all", [], papers, *(pl.col(name).sum() for name in sums if name in alike.columns)),
        _counted(rows, "step", [step("boundary_confidence")]),
    ]
    if "category_code" in there:
        parts.append(_counted(alike, "code", [pl.col("category_code")], papers, named))
    if "filled" in there:  # snapshots of contract 1.0 knew no such thing
        filled = rows.select(PIECE, "filled").explode("filled").drop_nulls()
        parts.append(_counted(filled, "given", [pl.col("filled")]))
    if "authors_source" in there:
        completed = rows.select(PIECE, "authors_source").filter(pl.col("authors_source") == "arxiv")
        parts.append(_counted(completed, "given", [pl.lit("authors")]))
    return pl.concat(parts)


def authors(rows: pl.DataFrame) -> pl.DataFrame:
    """Return how many authors there are by kind and number of papers (`papers`)."""
    return _counted(rows, "papers", [pl.col("kind"), pl.col("paper_count").cast(pl.String)])


def authorships(rows: pl.DataFrame) -> pl.DataFrame:
    """Return how many authorships have reached how many steps of confidence (`step`), and how many are `unsure`."""
    unsure = rows.filter(pl.col("identity_confidence") < UNSURE)
    return pl.concat([_counted(rows, "step", [step("identity_confidence")]), _counted(unsure, "unsure", [])])


def records(rows: pl.DataFrame) -> pl.DataFrame:
    """Return how many records and bytes there are by file, form and status (`source`), how many are `unsure`."""
    there = set(rows.columns)
    form = pl.col("form") if "form" in there else pl.lit(NO_FORM)
    size = (pl.col("byte_end") - pl.col("byte_start")).cast(pl.Int64).sum()
    sizes = [size] if {"byte_start", "byte_end"} <= there else []
    by = [pl.col("source_file"), form, pl.col("status")]
    return pl.concat(
        [_counted(rows, "source", by, pl.len(), *sizes), _counted(_doubtful(rows), "unsure", [])]
    )


def _counted(rows: pl.DataFrame, what: str, keys: Sequence[pl.Expr], *sums: pl.Expr) -> pl.DataFrame:
    """Return `COUNTS` of rows by some values: these sums, or how many rows there are."""
    by = [key.alias(name) for name, key in zip(_KEYS, keys, strict=False)]
    said = [one.alias(name) for name, one in zip(_SUMS, sums or (pl.len(),), strict=False)]
    found = rows.group_by(PIECE, *by).agg(said)
    return found.select(
        (pl.col(name) if name in found.columns else pl.lit(what if name == "what" else None))
        .cast(kind)
        .alias(name)
        for name, kind in COUNTS.items()
    )


def counted(counts: pl.DataFrame, what: str, *keys: str) -> pl.DataFrame:
    """Return the counts of all pieces: the values by the names of `keys`, the sums `n`, `m`, `k`."""
    by = list(_KEYS[: len(keys)])
    rows = counts.lazy().filter(pl.col("what") == what)
    sums = [pl.col(name).sum() for name in _SUMS]
    found = (rows.group_by(by).agg(sums) if by else rows.select(sums)).collect()
    return found.rename(dict(zip(by, keys, strict=True)))


def _doubtful(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("status") == "published", pl.col("boundary_confidence") < DOUBTFUL)


READING = ("boundary_confidence", "source_file", "first_line", "paper_id")
"""Columns of readings, in whose order the least certain ones are first."""
MENTION = ("identity_confidence", "paper_id", "position", "author_id", "name_as_listed")
"""The same of mentions."""


def readings(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the least certain published records of each piece."""
    return _first(_doubtful(rows), READING)


def mentions(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the authorships of each piece whose person is least certain."""
    return _first(rows.filter(pl.col("identity_confidence") < UNSURE), MENTION)


def _first(rows: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Return the first `ROWS` rows of each piece, by these columns in their order."""
    bound = pl.col(columns[0]).bottom_k(ROWS).max().over(PIECE)
    some = rows.filter(pl.col(columns[0]) <= bound) if rows.height > ROWS else rows
    found = some.select(PIECE, *columns).sort(PIECE, *columns)
    return found.filter(pl.int_range(pl.len()).over(PIECE) < ROWS)


LEADING = 2_000
"""Persons of most papers: among them the closest pairs are looked for, and the first of all authors are listed."""
BY_NAME = (("paper_count", "name", "author_id"), (True, False, False))
"""The order of the list of authors: columns, and which of them fall."""
BY_ID = (("paper_count", "author_id"), (True, False))
"""The order in which persons may come into the picture."""


def leading(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the authors of most papers: the first `ROWS` of each piece, and the first `LEADING` persons."""
    found = rows.with_row_index("_at")
    listed = _leading(found, BY_NAME, ROWS)
    persons = _leading(found.filter(pl.col("kind") == "person"), BY_ID, LEADING)
    return found.filter(pl.col("_at").is_in(pl.concat([listed, persons]).unique().implode())).drop("_at")


def _leading(rows: pl.DataFrame, order: tuple[tuple[str, ...], tuple[bool, ...]], most: int) -> pl.Series:
    columns, falling = order
    found = rows.sort(PIECE, *columns, descending=[False, *falling])
    return found.filter(pl.int_range(pl.len()).over(PIECE) < most)["_at"]
