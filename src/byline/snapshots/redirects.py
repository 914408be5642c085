"""`history/author_redirects` and `history/paper_redirects`: what became of ids that the current snapshot does not have.

Both are cumulative and always speak of the current snapshot: a redirect to an id that is left behind in turn is led on
to where that one went (then `since_snapshot` is the later one), and an id that is back has no row.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from byline.files import beneath
from byline.files.parquet import arrow_schema
from byline.files.run_files import to_arrow
from byline.snapshots import moves
from byline.snapshots.scan import scan_table
from byline_schemas import AUTHOR_REDIRECTS, PAPER_REDIRECTS, Table

MAX_BYTES = 1 << 31
"""Of a file of redirects: 28 million rows of ids, which do not compress, take about 1 GiB."""
TABLES: dict[str, Table] = {"papers": PAPER_REDIRECTS, "authors": AUTHOR_REDIRECTS}
"""The redirects of the ids of a table of the snapshot; the columns of `table.key` are old id, new id and snapshot."""


def place(table: Table) -> Path:
    """Return where the redirects lie below `history/`."""
    return Path(table.name, "part-00000.parquet")


def update(
    known: pl.DataFrame, moved: pl.DataFrame, present: pl.Series, snapshot_id: str, table: Table
) -> pl.DataFrame:
    """Return the redirects of a table after a switch.

    `known` are the redirects before it, `moved` what `moves` found (old, new, kind), `present` the new snapshot's ids.
    """
    old, new, _ = table.key
    known = known.rename({old: "old", new: "new"})
    led = _led_on(known, moved, snapshot_id)
    fresh = moved.with_columns(since_snapshot=pl.lit(snapshot_id))
    led = led.filter(~pl.col("old").is_in(moved["old"].implode()))
    rows = pl.concat([led, fresh.select(led.columns)]).filter(~pl.col("old").is_in(present.implode()))
    rows = rows.rename({"old": old, "new": new})
    return rows.select(pl.col(name).cast(dtype) for name, dtype in table.columns().items()).sort(table.sort)


def _led_on(known: pl.DataFrame, moved: pl.DataFrame, snapshot_id: str) -> pl.DataFrame:
    """Lead redirects whose target is left behind on to where that one went; the others stay as they are."""
    touched = known.filter(pl.col("new").is_in(moved["old"].implode()))["old"].unique()
    is_touched = pl.col("old").is_in(touched.implode())
    steps = moved.rename({"old": "middle", "new": "next", "kind": "next_kind"})
    rows = known.filter(is_touched).join(steps, left_on="new", right_on="middle", how="left")
    moved_on = pl.col("next_kind").is_not_null()
    rows = rows.select(
        "old",
        pl.when(moved_on).then("next").otherwise("new").alias("new"),
        renamed=(pl.col("kind") == "renamed") & (~moved_on | (pl.col("next_kind") == "renamed")),
    )
    rows = rows.group_by("old", "new").agg(pl.col("renamed").all())
    # A branch that is gone says nothing while another one is there.
    rows = rows.filter(pl.col("new").is_not_null() | (pl.col("new").count().over("old") == 0))
    kind = (
        pl.when(pl.col("new").is_null())
        .then(pl.lit("gone"))
        .when(pl.len().over("old") > 1)
        .then(pl.lit("split"))
        .when(pl.col("renamed"))
        .then(pl.lit("renamed"))
        .otherwise(pl.lit("merged"))
    )
    led = rows.select("old", "new", kind=kind, since_snapshot=pl.lit(snapshot_id))
    return pl.concat([known.filter(~is_touched).select(led.columns), led])


def read(path: Path, table: Table) -> pl.DataFrame:
    """Return the redirects that lie in a file; none when there is no file."""
    if not os.path.lexists(path):
        return table.empty()
    return pl.read_parquet(io.BytesIO(beneath.read(path, MAX_BYTES)), hive_partitioning=False)


def after(old: Path | None, new: Path, history: Path, snapshot_id: str) -> dict[Path, bytes]:
    """Return the redirects after switching from `old` to `new`: the bytes of a Parquet file by place below `history`.

    Raises `DataError` or polars' errors when a snapshot or the known redirects can't be read.
    """
    papers = moves.paper_moves(old, new) if old is not None else _none()
    authors = moves.author_moves(old, new, papers) if old is not None else _none()
    found = {}
    for name, moved in (("papers", papers), ("authors", authors)):
        table = TABLES[name]
        before = read(history / place(table), table)
        present = pl.Series([], dtype=pl.String)
        if before.height or moved.height:
            key = f"{name.removesuffix('s')}_id"
            present = scan_table(new, name).select(key).collect()[key]
        rows = update(before, moved, present, snapshot_id, table)
        table.model.validate(rows, lazy=True)
        sink = io.BytesIO()
        pq.write_table(to_arrow(rows).cast(arrow_schema(table)), sink, compression="zstd")
        found[place(table)] = sink.getvalue()
    return found


def _none() -> pl.DataFrame:
    return pl.DataFrame(schema={**moves.PAIR, "kind": pl.String})
