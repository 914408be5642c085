"""What became of the ids of one snapshot in another: of papers by their records, of authors by their mentions.

An id that is left behind is

- `gone` when none of its records (mentions) is there any more,
- `split` when they have several ids now, one row each,
- `merged` when they have one id, which also took those of another old id,
- `renamed` when they have one id, new and theirs alone.

A record is known again by its id, which follows from its file and its bytes, or by its place in a file of the same
content; a mention by its paper, or what became of it, and its position.
"""

from __future__ import annotations

import polars as pl

from byline.snapshots.lost import PAIR, papers_now, records_of
from byline.snapshots.scan import (
    ROWS_PER_PASS,
    Part,
    Side,
    id_ranges,
    rows_of,
    scan_differing,
    scan_part,
    scan_table,
    whole,
)


def paper_moves(old: Side, new: Side, rows_per_pass: int = ROWS_PER_PASS) -> pl.DataFrame:
    """Return what became of each paper id of `old` that `new` does not have: old and new id, kind; sorted.

    Raises `DataError` or polars' errors when a snapshot can't be read.
    """
    lost = _lost(old, new, "papers", "paper_id", rows_per_pass)
    return _kinds(lost, _paper_pairs(old, new, lost, rows_per_pass))


def author_moves(
    old: Side, new: Side, papers: pl.DataFrame | None = None, rows_per_pass: int = ROWS_PER_PASS
) -> pl.DataFrame:
    """Return what became of each author id of `old` that `new` does not have, as `paper_moves` does.

    `papers` is what `paper_moves` found; it is looked for when not given.
    """
    papers = paper_moves(old, new, rows_per_pass) if papers is None else papers
    lost = _lost(old, new, "authors", "author_id", rows_per_pass)
    if lost.is_empty():
        return _kinds(lost, pl.DataFrame(schema=PAIR))
    led = papers.drop_nulls("new")
    if isinstance(old, Part) and isinstance(new, Part):
        return _kinds(lost, _known_author_pairs(old, new, led, lost["old"]))
    return _kinds(lost, _author_pairs(whole(old), whole(new), led, rows_per_pass))


def _lost(old: Side, new: Side, table: str, key: str, rows_per_pass: int) -> pl.DataFrame:
    """Return the ids of a table that only the old snapshot has, as `old`.

    Each id stands once in a table, so one of a file that both have can't be among those of other files: only files that
    differ are read.
    """
    found = [pl.DataFrame(schema={"old": pl.String})]
    for within in id_ranges(rows_of(old, table), rows_per_pass, key):
        pair = (scan_differing(old, new, table), scan_differing(new, old, table))
        before, now = (rows.select(key).filter(within) for rows in pair)
        found.append(before.join(now, on=key, how="anti").select(old=key).collect())
    return pl.concat(found)


def _kinds(lost: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Say of each lost id what happened, given which old ids share something with which new ones."""
    pairs = pairs.join(
        lost, left_on="new", right_on="old", how="anti"
    )  # records of a damaged snapshot may name none
    taken = pairs.group_by("new").agg(pl.len().alias("sources"))
    left = lost.join(pairs, on="old", how="left").join(taken, on="new", how="left")
    targets = pl.col("new").count().over("old")
    kind = (
        pl.when(targets == 0)
        .then(pl.lit("gone"))
        .when(targets > 1)
        .then(pl.lit("split"))
        .when(pl.col("sources") > 1)
        .then(pl.lit("merged"))
        .otherwise(pl.lit("renamed"))
    )
    return left.select("old", "new", kind=kind).sort("old", "new")


def _paper_pairs(old: Side, new: Side, lost: pl.DataFrame, rows_per_pass: int) -> pl.DataFrame:
    """Return which lost papers share records with which new ones, and which other old papers those took."""
    if lost.is_empty():
        return pl.DataFrame(schema=PAIR)
    led = papers_now(records_of(old, lost["old"], rows_per_pass), new, rows_per_pass)
    others = _papers_before(old, new, led["new"].unique(), rows_per_pass)
    # a paper that kept its id took the others in, however its own record is known again
    kept = scan_part(old, "papers").select(old="paper_id").filter(pl.col("old").is_in(led["new"].implode()))
    return pl.concat([led, others, kept.with_columns(new="old").collect()]).unique()


def _papers_before(old: Side, new: Side, wanted: pl.Series, rows_per_pass: int) -> pl.DataFrame:
    """Return which papers of `old` share records, known by their ids, with these papers of `new`."""
    found = [pl.DataFrame(schema=PAIR)]
    now = records_of(new, wanted, rows_per_pass).select("record_id", new="old_paper_id")
    for within in id_ranges(rows_of(old, "records"), rows_per_pass, "record_id"):
        told = scan_part(old, "records").filter(within & pl.col("paper_id").is_not_null())
        both = told.select("record_id", old="paper_id").join(now.lazy(), on="record_id")
        found.append(both.select("old", "new").unique().collect())
    return pl.concat(found)


def _author_pairs(old: Side, new: Side, papers: pl.DataFrame, rows_per_pass: int) -> pl.DataFrame:
    """Return which old authors share mentions with which new ones, in passes over ranges of papers."""
    rows = rows_of(old, "authorships")
    led = papers.select(paper_id="old", now="new")
    found = []
    for within in id_ranges(rows, rows_per_pass, "paper_id"):
        before = scan_part(old, "authorships").filter(within).select("paper_id", "position", old="author_id")
        mentions = scan_part(new, "authorships").select("paper_id", "position", new="author_id")
        if led.is_empty():
            mentions = mentions.filter(within)
        else:
            before = before.join(led.lazy(), on="paper_id", how="left")
            before = before.with_columns(paper_id=pl.coalesce("now", "paper_id")).drop("now")
        here = before.collect()
        wanted = here.select("paper_id").unique().lazy()
        mentions = mentions.join(wanted, on="paper_id", how="semi")
        joined = here.lazy().join(mentions, on=["paper_id", "position"])
        found.append(joined.select("old", "new").unique().collect())
    return pl.concat(found).unique()


def _known_author_pairs(old: Part, new: Part, papers: pl.DataFrame, lost: pl.Series) -> pl.DataFrame:
    """Return which old authors share mentions with those new ones that share one with a lost author.

    All mentions of authors who lost or got one are known. A paper that took others in may have mentions of authors
    beside these, so all of such papers are looked at, too: an author to whom nothing else happened had all its mentions
    before, so one of them tells what all of them do.
    """
    led = papers.select(paper_id="old", now="new")
    before = _mentions(old, pl.concat([led["paper_id"], led["now"]]), "old")
    now = _mentions(new, led["now"], "new")
    if led.height:
        before = before.join(led, on="paper_id", how="left")
        before = before.with_columns(paper_id=pl.coalesce("now", "paper_id")).drop("now")
    place = ["paper_id", "position"]
    of_lost = before.filter(pl.col("old").is_in(lost.implode()))
    theirs = now.join(of_lost, on=place, how="semi")["new"].unique()
    there = now.filter(pl.col("new").is_in(theirs.implode()))
    return before.join(there, on=place).select("old", "new").unique()


def _mentions(part: Part, papers: pl.Series, name: str) -> pl.DataFrame:
    """Return paper, position and author (under a name) of the mentions that are known, and of those of some papers."""
    found = [part.frames["authorships"].lazy()]
    if papers.len():
        here = pl.col("paper_id").is_in(papers.unique().implode())
        found.append(scan_table(part.folder, "authorships").filter(here))
    columns = ("paper_id", "position", pl.col("author_id").alias(name))
    return pl.concat(one.select(columns) for one in found).collect()
