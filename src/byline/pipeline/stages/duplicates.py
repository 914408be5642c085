"""Which raw records say the same paper, and what the merged row says.

Records share a key when their folded titles and first authors agree. They are merged only when their author lists
agree as far as both go, each with each, and their dates lie within two years or their abstracts agree.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import polars as pl

from byline.core import ids
from byline.normalize import text
from byline_schemas import PRECISIONS

TWO_YEARS = datetime.timedelta(days=731)
"""Two years, one of them a leap year."""


PUBLISHED = pl.lit("published")
DUPLICATE = pl.lit("duplicate")
SAID = (
    "paper_key", "form", "published", "published_precision", "category_code", "arxiv_id", "doi",
    "venue", "comments", "title", "title_tex", "authors_truncated", "abstract", "abstract_tex",
    "boundary_confidence",
)  # fmt: skip
"""What a record says, lists apart: rows that agree in all of it need not be compared one by one."""


@dataclass(frozen=True)
class Merged:
    """`papers`: the winning rows with the merged fields; `records`: all rows with status and paper_id."""

    papers: pl.DataFrame
    records: pl.DataFrame


@dataclass
class _Paper:
    """Records found to be one paper, in the order (published, digest); the first tells when it was, and what about."""

    paper_id: str
    rows: list[dict[str, Any]]
    names: tuple[tuple[str, str], ...] = ()
    """The longest list of authors; all others are its beginning, so what agrees with it agrees with each."""

    def add(self, row: dict[str, Any]) -> None:
        """Add a record."""
        self.rows.append(row)
        self.names = max(self.names, row["names"], key=len)


def merge_records(rows: pl.DataFrame) -> Merged:
    """Tell which of the settled rows are one paper.

    `rows` holds whole keys: every row with the same `paper_key` is there. The result does not depend on their order.
    """
    good = rows.filter(pl.col("reason").is_null())
    alone = pl.len().over("paper_key") == 1
    singles = good.filter(alone).with_columns(paper_id="paper_key", record_count=pl.lit(1, dtype=pl.UInt32))
    papers = singles
    verdicts = [singles.select("record_id", "paper_id", status=PUBLISHED)]
    shared = good.filter(~alone)
    if shared.height:
        distinct, copies = _collapse(shared)
        winners, found = _merge_shared(distinct)
        papers = pl.concat([singles, winners.select(singles.columns)])
        homes = copies.join(found.select(first="record_id", paper_id="paper_id"), on="first", validate="m:1")
        verdicts += [found, homes.select("record_id", "paper_id", status=DUPLICATE)]
    return Merged(papers=papers, records=_statuses(rows, pl.concat(verdicts)))


def _collapse(shared: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return one row of all that say the same in every field, and the others (`record_id`) with that one (`first`).

    The one is that of the smallest record_id; its `record_count` is how many there are.
    """
    lists = [
        pl.col(name).list.join(ids.SEPARATOR).alias(f"_{name}")
        for name in ("authors", "labels", "badges", "links")
    ]
    said = [*SAID, "_authors", "_labels", "_badges", "_links"]
    marked = shared.sort("record_id").with_columns(*lists)
    marked = marked.with_columns(
        first=pl.col("record_id").first().over(said), record_count=pl.len().over(said).cast(pl.UInt32)
    ).drop("_authors", "_labels", "_badges", "_links")
    is_first = pl.col("record_id") == pl.col("first")
    return marked.filter(is_first).drop("first"), marked.filter(~is_first).select("record_id", "first")


def _statuses(rows: pl.DataFrame, verdicts: pl.DataFrame) -> pl.DataFrame:
    """Return all rows with status and paper_id."""
    joined = rows.join(verdicts, on="record_id", how="left", validate="1:1")
    return joined.with_columns(pl.col("status").fill_null("quarantined"))


def _merge_shared(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return winning rows and the verdict on every row, for keys that several rows share."""
    verdicts: list[tuple[str, str, str]] = []
    changes: list[dict[str, Any]] = []
    rows = rows.sort("paper_key", "published", "digest", "record_id", nulls_last=True).with_row_index("_row")
    slim = rows.select(
        "_row", "paper_key", "record_id", "digest", "published", "published_precision", "authors",
        "authors_truncated", "abstract",         "boundary_confidence", "badges", "links", "labels", "record_count",
    )  # fmt: skip
    folded = _folded_names(rows["authors"])
    for _, group in slim.group_by("paper_key", maintain_order=True):
        for paper in _papers_of(group.to_dicts(), folded):
            ranked = sorted(paper.rows, key=_preference)
            changes.append(_united(paper.paper_id, ranked))
            statuses = chain(["published"], ["duplicate"] * (len(ranked) - 1))
            verdicts.extend(
                (row["record_id"], paper.paper_id, s) for row, s in zip(ranked, statuses, strict=True)
            )
    columns = ["record_id", "paper_id", "status"]
    known = pl.DataFrame(verdicts, schema=dict.fromkeys(columns, pl.String), orient="row")
    united = _changes(changes)
    kept = rows.drop([name for name in united.columns if name != "_row" and name in rows.columns])
    return kept.join(united, on="_row", how="inner", validate="1:1"), known


def _changes(changes: list[dict[str, Any]]) -> pl.DataFrame:
    schema: dict[str, Any] = {
        "_row": pl.UInt32,
        "paper_id": pl.String,
        "record_count": pl.UInt32,
        "published": pl.Date,
        "published_precision": pl.String,
        "badges": pl.List(pl.String),
        "links": pl.List(pl.String),
        "labels": pl.List(pl.String),
        "has_code": pl.Boolean,
    }
    return pl.DataFrame(changes, schema=schema)


def _folded_names(authors: pl.Series) -> dict[str, tuple[str, str]]:
    """Return for every distinct listed name its folded last token and its folded first letter."""
    names = authors.explode().drop_nulls().unique()
    tokens = names.str.strip_chars().str.split(" ")
    last, first = text.fold(tokens.list.last()), text.fold(tokens.list.first()).str.slice(0, 1)
    return {name: (a or "", b or "") for name, a, b in zip(names, last, first, strict=True)}


def _papers_of(rows: Sequence[dict[str, Any]], folded: dict[str, tuple[str, str]]) -> list[_Paper]:
    """Group the rows of one key, earliest first; the first group keeps the plain key as its id."""
    papers: list[_Paper] = []
    for row in rows:
        row["names"] = tuple(folded[name] for name in row["authors"])
        home = next((paper for paper in papers if _same_paper(paper, row)), None)
        if home is None:
            key = row["paper_key"]
            home = _Paper(key if not papers else ids.digest(key + ids.SEPARATOR + row["digest"], "paper"), [])
            papers.append(home)
        home.add(row)
    return papers


def _same_paper(paper: _Paper, other: dict[str, Any]) -> bool:
    shared = min(len(paper.names), len(other["names"]))
    if paper.names[:shared] != other["names"][:shared]:
        return False
    one = paper.rows[0]
    if (
        one["published"] is None
        or other["published"] is None
        or abs(one["published"] - other["published"]) <= TWO_YEARS
    ):
        return True
    return bool(one["abstract"] and other["abstract"]) and _folded(one) == _folded(other)


def _folded(row: dict[str, Any]) -> str:
    return str(text.fold(pl.Series([row["abstract"]], dtype=pl.String)).item())


def _preference(row: dict[str, Any]) -> tuple[bool, int, float, str]:
    """Sort key: the complete list first, then the longest, then confidence, then the smallest record_id."""
    return (row["authors_truncated"], -len(row["authors"]), -row["boundary_confidence"], row["record_id"])


def _united(paper_id: str, ranked: Sequence[dict[str, Any]]) -> dict[str, Any]:
    badges = _distinct(row["badges"] for row in ranked)
    return {
        "_row": ranked[0]["_row"],
        "paper_id": paper_id,
        "record_count": sum(row["record_count"] for row in ranked),
        **_dated(ranked),
        "badges": badges,
        "has_code": "Code" in badges,
        "links": _distinct(row["links"] for row in ranked),
        "labels": _distinct(row["labels"] for row in ranked),
    }


def _dated(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the most precise date, the earliest among equals, and how precise it is."""
    dated = [row for row in rows if row["published"] is not None]
    best = min(
        dated, key=lambda row: (PRECISIONS.index(row["published_precision"]), row["published"]), default=None
    )
    return {
        "published": best["published"] if best else None,
        "published_precision": best["published_precision"] if best else "none",
    }


def _distinct(lists: Iterable[Sequence[str]]) -> list[str]:
    return list(dict.fromkeys(chain.from_iterable(lists)))
