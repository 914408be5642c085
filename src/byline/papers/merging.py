"""Settled rows to papers: one row a paper with what its records say, and what became of every record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import polars as pl

from byline.core import ids
from byline.core.union import components
from byline.papers.abstracts import Abstract
from byline.papers.authors import read_lists
from byline.papers.grouping import Paper, Record, papers_of
from byline.papers.keys import ARXIV_DOI, id_ties, tied_keys
from byline_schemas import PRECISIONS

PUBLISHED = pl.lit("published")
DUPLICATE = pl.lit("duplicate")
SAID = (
    "paper_key", "form", "published", "published_precision", "category_code", "arxiv_id", "doi", "venue", "comments",
    "title", "title_tex", "authors_truncated", "abstract", "abstract_tex", "boundary_confidence",
)  # fmt: skip
LISTS = ("authors", "labels", "badges", "links")
"""What a record says: rows that agree in all of it, and in the parts of names, need not be compared one by one."""
TOGETHER: dict[str, tuple[str, ...]] = {
    "abstract": ("abstract", "abstract_tex"),
    "category_code": ("category_code", "category", "category_candidates", "category_name"),
    "arxiv_id": ("arxiv_id",),
    "doi": ("doi",),
    "venue": ("venue",),
    "comments": ("comments",),
}
"""Fields that may be null, and what belongs to them: taken from the first record that has the field."""
UNITED = ("badges", "links", "labels")


@dataclass(frozen=True)
class Merged:
    """Papers and what became of the records.

    Both have the columns of the rows that were merged, and:

    | frame | column | type | what it says |
    |---|---|---|---|
    | `papers` | `paper_id` | String | key of the paper, or a hash of its own where a key has several papers |
    | `papers` | `record_count` | UInt32 | records that say this paper |
    | `records` | `paper_id` | String? | the paper of a readable record |
    | `records` | `status` | String | published (its row stands in `papers`), duplicate, quarantined |
    """

    papers: pl.DataFrame
    records: pl.DataFrame


def merge_records(rows: pl.DataFrame, says_code: Callable[[], pl.Expr]) -> Merged:
    """Tell which of the settled rows are one paper.

    `rows` holds whole keys, and all keys that an id ties to one of them (see `id_ties`). The result does not depend on
    their order. `says_code` says of rows with `badges` whether they have code.

    The columns are those that stage `settle` gives (`settle.SETTLED`), and `record_id`. Those that decide:

    | column | type | what it says |
    |---|---|---|
    | `record_id` | String | names a row; of equal ones the smallest wins |
    | `paper_key` | String | see `paper_keys` |
    | `reason` | String? | why the record is quarantined |
    | `authors`, `name_parts` | List(String), List(Struct)? | lists that must agree, as far as both go |
    | `authors_truncated` | Boolean | whether the page cut the list |
    | `abstract` | String? | compared where two records have one |
    | `published`, `published_precision` | Date?, String | day, and how much of it the page said |
    | `arxiv_id`, `doi` | String? | two that differ are two papers |
    """
    good = _with_component(rows.filter(pl.col("reason").is_null()))
    alone = pl.len().over("_component") == 1
    singles = good.filter(alone).with_columns(paper_id="paper_key", record_count=pl.lit(1, dtype=pl.UInt32))
    papers = singles
    verdicts = [singles.select("record_id", "paper_id", status=PUBLISHED)]
    shared = good.filter(~alone)
    if shared.height:
        distinct, copies = _collapse(shared)
        merged, found = _merge_shared(distinct)
        merged = merged.with_columns(has_code=says_code())
        papers = pl.concat([singles, merged.select(pl.col(n).cast(t) for n, t in singles.schema.items())])
        homes = copies.join(found.select(first="record_id", paper_id="paper_id"), on="first", validate="m:1")
        verdicts += [found, homes.select("record_id", "paper_id", status=DUPLICATE)]
    joined = rows.join(pl.concat(verdicts), on="record_id", how="left", validate="1:1")
    records = joined.with_columns(pl.col("status").fill_null("quarantined"))
    return Merged(papers=papers.drop("_component"), records=records)


def _with_component(rows: pl.DataFrame) -> pl.DataFrame:
    """Add `_component`: the smallest of the keys that ids tie together."""
    tied = components(tied_keys(id_ties(rows)))
    key = pl.col("paper_key")
    return rows.with_columns(_component=key.replace(tied) if tied else key)


def _collapse(shared: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return one row of all that say the same in every field, and the others (`record_id`) with that one (`first`).

    The one is that of the smallest record_id; its `record_count` is how many there are.
    """
    parts = pl.col("name_parts").list.eval(pl.element().struct.json_encode())
    lists = {f"_{name}": pl.col(name).list.join(ids.SEPARATOR) for name in LISTS}
    marked = shared.sort("record_id").with_columns(**lists, _parts=parts.list.join(ids.SEPARATOR))
    said = [*SAID, *lists, "_parts"]
    marked = marked.with_columns(
        first=pl.col("record_id").first().over(said), record_count=pl.len().over(said).cast(pl.UInt32)
    ).drop(*lists, "_parts")
    is_first = pl.col("record_id") == pl.col("first")
    return marked.filter(is_first).drop("first"), marked.filter(~is_first).select("record_id", "first")


def _merge_shared(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the papers' rows and the verdict on every row, for keys that several rows share."""
    rows = rows.sort("_component", "record_id")
    verdicts: list[tuple[str, str, str]] = []
    changes: list[dict[str, Any]] = []
    said = rows.select(
        "record_id", "published", "published_precision", "authors_truncated", "boundary_confidence", "record_count",
        "supplied", *UNITED, pl.col(*TOGETHER).is_not_null(), authors=pl.col("authors").list.len(),
    ).to_dicts()  # fmt: skip
    for paper_id, paper in _named(_papers(rows)):
        ranked = sorted((record.row for record in paper.records), key=lambda row: _preference(said[row]))
        changes.append(_united(paper_id, ranked, said))
        statuses = chain(["published"], ["duplicate"] * (len(ranked) - 1))
        verdicts.extend(
            (said[row]["record_id"], paper_id, s) for row, s in zip(ranked, statuses, strict=True)
        )
    columns = dict.fromkeys(("record_id", "paper_id", "status"), pl.String)
    return _taken(rows, changes), pl.DataFrame(verdicts, schema=columns, orient="row")


def _papers(rows: pl.DataFrame) -> Iterator[list[Paper]]:
    """Yield the papers of each component; `rows` are sorted by it."""
    doi = pl.when(~pl.col("doi").str.contains(ARXIV_DOI)).then("doi").alias("doi")
    slim = rows.select(
        "_component",
        "record_id",
        "paper_key",
        "digest",
        "arxiv_id",
        doi,
        "abstract",
        "published",
        "published_precision",
    )
    component, *columns = (column.to_list() for column in slim.get_columns())
    lists = read_lists(rows["authors"], rows["name_parts"])
    group: list[Record] = []
    for row, (own, *fields) in enumerate(zip(component, *columns, strict=True)):
        if group and own != component[row - 1]:
            yield papers_of(group)
            group = []
        record_id, key, digest, arxiv, found_doi, abstract, published, precision = fields
        text = None if abstract is None else Abstract(abstract)
        group.append(
            Record(row, record_id, key, digest, arxiv, found_doi, lists[row], text, published, precision)
        )
    if group:
        yield papers_of(group)


def _named(components: Iterable[list[Paper]]) -> Iterator[tuple[str, Paper]]:
    """Yield papers with their ids: the earliest of a key bears the plain key, the later ones a hash of their own."""
    for papers in components:
        taken: set[str] = set()
        for paper in papers:
            first, paper_id = paper.records[0], paper.key
            # what the first record says of itself, and its id where two papers begin with the same bytes
            for more in (f"{first.published or ''}{ids.SEPARATOR}{first.digest}", first.record_id):
                if paper_id not in taken:
                    break
                paper_id = ids.digest(ids.SEPARATOR.join((paper.key, more)), "paper")
            taken.add(paper_id)
            yield paper_id, paper


def _preference(row: dict[str, Any]) -> tuple[bool, bool, int, float, str]:
    """Sort key: what a page lists before what arXiv supplied, the complete list, the longest, confidence, record_id."""
    return (
        row["supplied"],
        row["authors_truncated"],
        -row["authors"],
        -row["boundary_confidence"],
        row["record_id"],
    )


def _united(paper_id: str, ranked: Sequence[int], said: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return what a paper says beyond its first record: united lists, the best date, and which row has each field."""
    rows = [said[row] for row in ranked]
    dated = [row for row in rows if row["published"] is not None]
    best = min(
        dated, key=lambda row: (PRECISIONS.index(row["published_precision"]), row["published"]), default=None
    )
    return {
        "_row": ranked[0],
        "paper_id": paper_id,
        "record_count": sum(row["record_count"] for row in rows),
        "published": best["published"] if best else None,
        "published_precision": best["published_precision"] if best else "none",
        **{name: list(dict.fromkeys(chain.from_iterable(row[name] for row in rows))) for name in UNITED},
        **{f"_{name}": next((row for row in ranked if said[row][name]), ranked[0]) for name in TOGETHER},
    }


def _taken(rows: pl.DataFrame, changes: list[dict[str, Any]]) -> pl.DataFrame:
    """Return one row a paper: that of its first record, with the fields that `changes` take from elsewhere."""
    schema: dict[str, Any] = {
        "_row": pl.UInt32, "paper_id": pl.String, "record_count": pl.UInt32, "published": pl.Date,
        "published_precision": pl.String, **dict.fromkeys(UNITED, pl.List(pl.String)),
        **{f"_{name}": pl.UInt32 for name in TOGETHER},
    }  # fmt: skip
    united = pl.DataFrame(changes, schema=schema)
    own = [name for name in united.columns if not name.startswith("_")]
    return rows[united["_row"]].with_columns(
        *(united[name] for name in own),
        *(rows[field].gather(united[f"_{name}"]) for name, fields in TOGETHER.items() for field in fields),
    )
