"""What the gates look at: a few numbers of a snapshot, read from its manifest and a few columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from byline.core.errors import DataError
from byline.report.reductions import NO_FORM, STEPS
from byline.report.tallies import Tally
from byline.snapshots import documents, inside, manifest, moves
from byline.snapshots.scan import Side, scan_table


@dataclass(frozen=True)
class SnapshotFacts:
    """Counts and shares of one snapshot.

    `fill` is the share of papers that have a column, of those whose form states it; no paper of such a form counts as
    all. Codes and years are counted where a page gives them.
    """

    rows: Mapping[str, int]
    reasons: Mapping[str, int]
    fill: Mapping[str, float]
    unsure: int
    categories: Mapping[str, int]
    years: Mapping[str, int]
    largest_author: int
    unread_bytes: int = 0
    """Of quarantined records, the page's furniture and damaged archives apart."""
    text_bytes: int = 0
    """Of all records, with the same left out."""
    cut: int = 0
    """Papers with a list of authors that the page cut and nothing completed."""

    @property
    def authors_per_paper(self) -> float:
        """Mean length of the author lists."""
        return self.rows["authorships"] / max(1, self.rows["papers"])


def facts_of(
    folder: Path, unsure_below: float, stating: Sequence[str], tally: Tally | None = None
) -> SnapshotFacts:
    """Read the facts of a sealed snapshot; from its tallies, where they are known.

    Boundaries below `unsure_below` count as unsure; `stating` are the forms whose records state an abstract. Raises
    `DataError`.
    """
    known = manifest.read_manifest(folder)
    try:
        return _facts(folder, known, tally or _tally(folder, known), unsure_below, stating)
    except (pl.exceptions.PolarsError, OSError, KeyError) as error:
        raise DataError(
            f"{folder}: {type(error).__name__}: {error}", "`byline validate` says what is wrong."
        ) from error


def _tally(folder: Path, known: manifest.Manifest) -> Tally:
    inside.refuse_others(folder, [file.path for file in known.files()])
    return documents.tally(folder, known.tables)


def _facts(
    folder: Path, known: manifest.Manifest, tally: Tally, unsure_below: float, stating: Sequence[str]
) -> SnapshotFacts:
    coded = tally.counts("papers", "code", "category_code").drop_nulls("category_code")
    years = tally.counts("papers", "year", "year", "category").filter(pl.col("year") != "0")
    filled = _filled(folder, "papers", ("title", "abstract"))
    title = filled.get("title")
    if title is None:
        share = pl.col("title").is_not_null().mean().fill_null(1.0)
        title = float(scan_table(folder, "papers").select(share).collect(engine="streaming").item())
    largest = tally.counts("authors", "papers", "kind", "papers")["papers"].cast(pl.Int64).max()
    return SnapshotFacts(
        rows={name: table.rows for name, table in known.tables.items()},
        reasons=known.reasons,
        fill={
            "title": title,
            "category": float(coded["m"].sum()) / int(coded["n"].sum()) if coded.height else 1.0,
            "abstract": _abstracts(folder, tally, stating, filled.get("abstract")),
        },
        unsure=_unsure(folder, tally, unsure_below),
        categories=dict(coded.sort("category_code").select("category_code", "n").iter_rows()),
        years=dict(years.group_by("year").agg(pl.col("n").sum()).sort("year").iter_rows()),
        largest_author=int(largest or 0),  # type: ignore[arg-type]  # a whole number
        cut=int(tally.counts("papers", "all")["m"].sum()),
        **_bytes(folder, tally),
    )


def _unsure(folder: Path, tally: Tally, below: float) -> int:
    """Return the papers whose boundary's confidence is below a bound: of a class of the report they are counted."""
    if below in STEPS:
        steps = tally.counts("papers", "step", "step").drop_nulls("step")
        return int(steps.filter(pl.col("step").cast(pl.Int64) <= STEPS.index(below))["n"].sum())
    under = (pl.col("boundary_confidence") < below).sum()
    return int(scan_table(folder, "papers").select(under).collect(engine="streaming").item())


def _bytes(folder: Path, tally: Tally) -> dict[str, int]:
    """Return how many bytes of raw text were not read, of how many; see `SnapshotFacts`."""
    by_status = tally.counts("records", "source", "source_file", "form", "status")
    text = int(by_status["m"].sum())
    unread = int(by_status.filter(pl.col("status") == "quarantined")["m"].sum())
    apart = (
        scan_table(folder, "quarantine")
        .filter(pl.col("reason").is_in(["page_furniture", "damaged_file"]))
        .select("record_id")
        .collect(engine="streaming")
    )
    if apart.height:
        size = (pl.col("byte_end") - pl.col("byte_start")).cast(pl.Int64).sum()
        less = int(tally.quarantined.join(apart, on="record_id", how="semi").select(size).item())
        text, unread = text - less, unread - less
    return {"unread_bytes": unread, "text_bytes": text}


def _abstracts(folder: Path, tally: Tally, stating: Sequence[str], filled: float | None) -> float:
    """Return the share of papers with an abstract, of those whose published record has a form that states one.

    `filled`: the share of all papers, where it is known.
    """
    papers = scan_table(folder, "papers").select("paper_id", "abstract")
    published = tally.counts("records", "source", "source_file", "form", "status").filter(
        pl.col("status") == "published"
    )
    forms = published["form"].drop_nulls().unique()
    silent = forms.filter(~forms.is_in([*stating, NO_FORM]))
    if silent.len():
        records = scan_table(folder, "records").filter(
            pl.col("status") == "published", pl.col("form").is_in(silent.implode())
        )
        papers = papers.join(records.select("paper_id"), on="paper_id", how="anti")
    elif filled is not None:
        return filled
    share = papers.select(pl.col("abstract").is_not_null().mean().fill_null(1.0)).collect(engine="streaming")
    return float(share.item())


def _filled(folder: Path, table: str, columns: Sequence[str]) -> dict[str, float]:
    """Return the share of rows that have each column, as the files' footers say; without those of which one does not.

    Texts need not be read for it, and abstracts are most of a dataset.
    """
    rows, nulls = 0, dict.fromkeys(columns, 0)
    for file in manifest.read_manifest(folder).tables[table].files:
        try:
            footer = pq.read_metadata(folder / file.path)
        except (pa.ArrowException, OSError):  # who reads the rows says what is wrong
            return {}
        rows += footer.num_rows
        leaves = {footer.schema.column(number).path: number for number in range(footer.num_columns)}
        for column in [*nulls]:
            found = _nulls(footer, leaves.get(column))
            if found is None:
                del nulls[column]
            else:
                nulls[column] += found
    return {column: 1 - number / rows if rows else 1.0 for column, number in nulls.items()}


def _nulls(footer: pq.FileMetaData, place: int | None) -> int | None:
    """Return how many rows of a file lack a column, null where its footer does not say."""
    if place is None:
        return None
    said = [footer.row_group(number).column(place).statistics for number in range(footer.num_row_groups)]
    if any(one is None or not one.has_null_count for one in said):
        return None
    return sum(int(one.null_count) for one in said)


def distance(one: Mapping[str, int], other: Mapping[str, int]) -> float:
    """Return the total variation distance of two distributions: 0 the same, 1 nothing in common."""
    total_one, total_other = max(1, sum(one.values())), max(1, sum(other.values()))
    keys = sorted(one.keys() | other.keys())
    return sum(abs(one.get(key, 0) / total_one - other.get(key, 0) / total_other) for key in keys) / 2


def lacking(folder: Path, column: str, limit: int) -> list[str]:
    """Return the first papers, by id, that lack a column although their page gives a code for it."""
    papers = scan_table(folder, "papers").filter(
        pl.col(column).is_null(), pl.col("category_code").is_not_null()
    )
    return (
        papers.select("paper_id")
        .sort("paper_id")
        .head(limit)
        .collect(engine="streaming")["paper_id"]
        .to_list()
    )


def titles(folder: Path, papers: Sequence[str]) -> list[str]:
    """Return the titles of some papers, shortened, each with its id."""
    rows = scan_table(folder, "papers").filter(pl.col("paper_id").is_in(list(papers)))
    shown = rows.select("paper_id", pl.col("title").str.slice(0, 60)).sort("paper_id").collect()
    return [f"{title!r} ({paper})" for paper, title in shown.iter_rows()]


def papers_lost(new: Side, old: Side) -> list[str]:
    """Return the papers of the old snapshot that the new one does not have: neither their id nor one of their records.

    A paper whose id changed, since a title is read otherwise or the contract has another key, is not lost.
    """
    gone = moves.paper_moves(old, new).filter(pl.col("kind") == "gone")["old"]
    return gone.unique().sort().to_list()
