"""What papers and authors of a snapshot hold, by records and mentions, and who holds that in another snapshot.

A record is known again by its id, which follows from its file and its bytes, or by its place in a file of the same
content. A mention is a place in a paper's list: it is where the records of its paper are now, and when none of them is
there any more, in the paper of the same id. Rows are those of `history/lost_papers` and `history/lost_authors`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from byline.core.errors import DataError
from byline.snapshots.scan import ROWS_PER_PASS, Side, id_ranges, rows_of, scan_part, scan_table, whole
from byline_schemas import LOST_AUTHORS, LOST_PAPERS, Table
from byline_schemas.lost import RECORD

PLACE = ["source_sha256", "byte_start"]
MENTION = ["old_author_id", "paper_id", "position"]
PAIR = {"old": pl.String, "new": pl.String}
UNREADABLE = (DataError, pl.exceptions.PolarsError, OSError, KeyError)

Held = Callable[[Side, pl.Series, int], pl.DataFrame]
"""A snapshot, some of its ids, rows a pass → what they hold there."""


def records_of(snapshot: Side, ids: pl.Series, rows_per_pass: int = ROWS_PER_PASS) -> pl.DataFrame:
    """Return the records that some papers of a snapshot have, as rows of `LOST_PAPERS`; sorted."""
    if ids.is_empty():
        return LOST_PAPERS.empty()
    held = _records(snapshot, ids, rows_per_pass).rename({"paper_id": "old_paper_id"})
    return shaped(held, LOST_PAPERS)


def mentions_of(snapshot: Side, ids: pl.Series, rows_per_pass: int = ROWS_PER_PASS) -> pl.DataFrame:
    """Return the mentions that some authors of a snapshot have, as rows of `LOST_AUTHORS`; sorted.

    Of a part that is known all mentions of these authors are: what a block holds, no other one does. Their papers may
    lie outside of it.
    """
    if ids.is_empty():
        return LOST_AUTHORS.empty()
    wanted = pl.LazyFrame({"author_id": ids})
    mentions = scan_part(snapshot, "authorships").select("author_id", "paper_id", "position")
    found = [
        mentions.filter(within).join(wanted, on="author_id", how="semi").collect()
        for within in _passes(snapshot, "authorships", "author_id", rows_per_pass)
    ]
    held = pl.concat(found).rename({"author_id": "old_author_id"})
    records = _records(whole(snapshot), held["paper_id"].unique(), rows_per_pass)
    return shaped(held.join(records, on="paper_id"), LOST_AUTHORS)


def papers_now(held: pl.DataFrame, new: Side, rows_per_pass: int = ROWS_PER_PASS) -> pl.DataFrame:
    """Return which papers of `new` have records that the lost ones held: pairs of old and new id, each once."""
    found = located(held.rename({"old_paper_id": "old"}), new, rows_per_pass)
    return found.select("old", new="now").drop_nulls().unique()


def authors_now(held: pl.DataFrame, new: Path, rows_per_pass: int = ROWS_PER_PASS) -> pl.DataFrame:
    """Return which authors of `new` have mentions that the lost ones held: pairs of old and new id, each once."""
    records = located(held.select(RECORD).unique(), new, rows_per_pass)
    led = held.join(records, on=list(RECORD), how="left")
    unseen = pl.col("now").is_null().all().over(MENTION)
    paper = pl.when(unseen).then("paper_id").otherwise("now")
    places = led.select(old="old_author_id", paper_id=paper, position="position").drop_nulls().unique()
    found = [pl.DataFrame(schema=PAIR)]
    for within in _passes(new, "authorships", "paper_id", rows_per_pass) if places.height else ():
        mentions = scan_table(new, "authorships").filter(within)
        mentions = mentions.select("paper_id", "position", new="author_id")
        here = places.lazy().filter(within).join(mentions, on=["paper_id", "position"])
        found.append(here.select("old", "new").unique().collect())
    return pl.concat(found).unique()


def located(told: pl.DataFrame, new: Side, rows_per_pass: int = ROWS_PER_PASS) -> pl.DataFrame:
    """Return rows about records of another snapshot with the paper that `new` has them in as `now`, null for none.

    `told` has the columns of `RECORD`; rows that name no record are left out.
    """
    told = told.drop_nulls("record_id")
    if told.is_empty():
        return told.with_columns(now=pl.lit(None, dtype=pl.String))
    records = scan_part(new, "records").filter(pl.col("paper_id").is_not_null())
    records = records.select(*RECORD, now="paper_id")
    rows = pl.concat(
        told.lazy()
        .filter(within)
        .join(records.filter(within).select("record_id", "now"), on="record_id", how="left")
        .collect()
        for within in _passes(new, "records", "record_id", rows_per_pass)
    )
    moved = rows.filter(pl.col("now").is_null()).drop("now")
    if moved.is_empty():
        return rows
    there = records.filter(pl.col("source_sha256").is_in(moved["source_sha256"].unique().implode()))
    moved = moved.join(there.select(*PLACE, "now").unique().collect(), on=PLACE, how="left")
    return pl.concat([rows.filter(pl.col("now").is_not_null()), moved.select(rows.columns)])


def adopted(known: pl.DataFrame, held: Held, table: Table, kept: Sequence[Path]) -> pl.DataFrame:
    """Return what the ids of redirects held that an earlier byline wrote, which kept none of it.

    Found in the snapshots that are still there (`kept`, the latest first): in the latest that has the id; else what the
    id that it leads to holds in the very latest. Of the rest only the id is known. `known` has the columns old and new.
    """
    old = table.key[0]
    rows, left = [table.empty()], known["old"].unique()
    for folder in kept:
        rows.append(_held_if_readable(held, folder, left, table))
        left = left.filter(~left.is_in(rows[-1][old].implode()))
    led = known.filter(pl.col("old").is_in(left.implode())).drop_nulls("new").select("old", "new")
    for folder in kept[:1]:
        targets = _held_if_readable(held, folder, led["new"].unique(), table).rename({old: "new"})
        rows.append(shaped(led.join(targets, on="new").rename({"old": old}), table))
        left = left.filter(~left.is_in(rows[-1][old].implode()))
    return shaped(pl.concat([*rows, bare(left, table)]), table)


def bare(ids: pl.Series, table: Table) -> pl.DataFrame:
    """Return rows for ids of which it is not known what they held."""
    old, *others = table.columns().items()
    nothing = [pl.lit(None).cast(dtype).alias(name) for name, dtype in others]
    return shaped(ids.alias(old[0]).cast(old[1]).to_frame().with_columns(nothing), table)


def _held_if_readable(held: Held, folder: Path, ids: pl.Series, table: Table) -> pl.DataFrame:
    try:
        return held(folder, ids, ROWS_PER_PASS)
    except UNREADABLE:  # an old snapshot that is damaged must not stop a new one
        return table.empty()


def shaped(rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Return the columns of the table, each row once, in the table's order; rows that are alike in that by the rest."""
    columns = [pl.col(name).cast(dtype) for name, dtype in table.columns().items()]
    order = dict.fromkeys([*table.sort, *table.columns()])
    return rows.select(columns).unique().sort(*order, nulls_last=True)


def _records(snapshot: Side, papers: pl.Series, rows_per_pass: int) -> pl.DataFrame:
    """Return the records of some papers: `paper_id` and the columns of `RECORD`."""
    wanted = pl.LazyFrame({"paper_id": papers})
    records = scan_part(snapshot, "records").select("paper_id", *RECORD)
    return pl.concat(
        records.filter(within).join(wanted, on="paper_id", how="semi").collect()
        for within in _passes(snapshot, "records", "record_id", rows_per_pass)
    )


def _passes(snapshot: Side, table: str, column: str, rows_per_pass: int) -> list[pl.Expr]:
    return list(id_ranges(rows_of(snapshot, table), rows_per_pass, column))
