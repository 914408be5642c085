"""`history/author_redirects`: what became of author ids that the current snapshot does not have.

Two snapshots are compared by their mentions (paper_id, position). An id that is left behind is

- `gone` when none of its mentions is there any more, - `split` when its mentions have several ids now,
one row each, - `merged` when they have one id, which also took mentions of another old author, -
`renamed` when they have one id, new and theirs alone (an older mention joined: ids name the oldest one).

The table is cumulative and always speaks of the current snapshot: a redirect to an id that is left behind
in turn is led on to where that one went (then `since_snapshot` is the later one), and an id that is back
has no row.
"""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from byline.files.parquet import arrow_schema
from byline.files.run_files import to_arrow
from byline.snapshots import manifest
from byline.snapshots.scan import ROWS_PER_PASS, id_ranges, scan_table
from byline_schemas import AUTHOR_REDIRECTS

MENTION = ["paper_id", "position"]
OLD, NEW = "old_author_id", "new_author_id"


def moves(old: Path, new: Path, rows_per_pass: int = ROWS_PER_PASS) -> pl.DataFrame:
    """Return what became of each author id of `old` that `new` does not have: old and new id, kind; sorted.

    Raises `DataError` or polars' errors when a snapshot can't be read.
    """
    pairs = _pairs(old, new, rows_per_pass)
    lost = _ids(old).join(_ids(new), on="author_id", how="anti").rename({"author_id": OLD}).collect()
    taken = pairs.group_by(NEW).agg(pl.len().alias("sources"))
    left = lost.join(pairs, on=OLD, how="left").join(taken, on=NEW, how="left")
    targets = pl.col(NEW).count().over(OLD)
    kind = (
        pl.when(targets == 0)
        .then(pl.lit("gone"))
        .when(targets > 1)
        .then(pl.lit("split"))
        .when(pl.col("sources") > 1)
        .then(pl.lit("merged"))
        .otherwise(pl.lit("renamed"))
    )
    return left.select(OLD, NEW, kind=kind).sort(OLD, NEW)


def _ids(folder: Path) -> pl.LazyFrame:
    return scan_table(folder, "authors").select("author_id")


def _pairs(old: Path, new: Path, rows_per_pass: int) -> pl.DataFrame:
    """Return which old ids share mentions with which new ids, in passes over ranges of papers."""
    rows = manifest.read(old).tables["authorships"].rows
    found = []
    for within in id_ranges(rows, rows_per_pass, "paper_id"):
        before = (
            scan_table(old, "authorships").filter(within).select(*MENTION, pl.col("author_id").alias(OLD))
        )
        now = scan_table(new, "authorships").filter(within).select(*MENTION, pl.col("author_id").alias(NEW))
        found.append(before.join(now, on=MENTION).select(OLD, NEW).unique().collect())
    return pl.concat(found).unique()


def update(known: pl.DataFrame, moved: pl.DataFrame, present: pl.Series, snapshot_id: str) -> pl.DataFrame:
    """Return the redirects after a switch.

    `known` are the redirects before it, `moved` what `moves` found, `present` the new snapshot's author
    ids.
    """
    led = _led_on(known, moved, snapshot_id)
    fresh = moved.with_columns(since_snapshot=pl.lit(snapshot_id))
    led = led.filter(~pl.col(OLD).is_in(moved[OLD].implode()))
    rows = pl.concat([led, fresh.select(led.columns)]).filter(~pl.col(OLD).is_in(present.implode()))
    return rows.select(pl.col(name).cast(dtype) for name, dtype in AUTHOR_REDIRECTS.columns().items()).sort(
        AUTHOR_REDIRECTS.sort
    )


def _led_on(known: pl.DataFrame, moved: pl.DataFrame, snapshot_id: str) -> pl.DataFrame:
    """Lead redirects whose target is left behind on to where that one went; the others stay as they are."""
    touched = known.filter(pl.col(NEW).is_in(moved[OLD].implode()))[OLD].unique()
    is_touched = pl.col(OLD).is_in(touched.implode())
    steps = moved.rename({OLD: "middle", NEW: "next", "kind": "next_kind"})
    rows = known.filter(is_touched).join(steps, left_on=NEW, right_on="middle", how="left")
    moved_on = pl.col("next_kind").is_not_null()
    rows = rows.select(
        OLD,
        pl.when(moved_on).then("next").otherwise(NEW).alias(NEW),
        renamed=(pl.col("kind") == "renamed") & (~moved_on | (pl.col("next_kind") == "renamed")),
    )
    rows = rows.group_by(OLD, NEW).agg(pl.col("renamed").all())
    # A branch that is gone says nothing while another one is there.
    rows = rows.filter(pl.col(NEW).is_not_null() | (pl.col(NEW).count().over(OLD) == 0))
    kind = (
        pl.when(pl.col(NEW).is_null())
        .then(pl.lit("gone"))
        .when(pl.len().over(OLD) > 1)
        .then(pl.lit("split"))
        .when(pl.col("renamed"))
        .then(pl.lit("renamed"))
        .otherwise(pl.lit("merged"))
    )
    led = rows.select(OLD, NEW, kind=kind, since_snapshot=pl.lit(snapshot_id))
    return pl.concat([known.filter(~is_touched).select(led.columns), led])


def read(path: Path) -> pl.DataFrame:
    """Return the redirects that lie in a file; none when there is no file."""
    return (
        pl.read_parquet(path, glob=False, hive_partitioning=False)
        if path.exists()
        else AUTHOR_REDIRECTS.empty()
    )


def after(old: Path | None, new: Path, known: Path, snapshot_id: str) -> bytes:
    """Return the redirects after switching from `old` to `new`, as the bytes of a Parquet file.

    Raises `DataError` or polars' errors when a snapshot or the known redirects can't be read.
    """
    before = read(known)
    moved = moves(old, new) if old is not None else AUTHOR_REDIRECTS.empty().drop("since_snapshot")
    present = (
        _ids(new).collect()["author_id"] if before.height or moved.height else pl.Series([], dtype=pl.String)
    )
    rows = update(before, moved, present, snapshot_id)
    AUTHOR_REDIRECTS.model.validate(rows, lazy=True)
    sink = io.BytesIO()
    pq.write_table(to_arrow(rows).cast(arrow_schema(AUTHOR_REDIRECTS)), sink, compression="zstd")
    return sink.getvalue()
