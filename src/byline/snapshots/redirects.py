"""`history/author_redirects` and `history/paper_redirects`: what became of ids that the current snapshot does not have.

Both are cumulative and always speak of the current snapshot: where the mentions (records) are now that an id held in
the last snapshot with it, whatever happened in between. `history/lost_authors` and `history/lost_papers` keep what it
held; an id that is back has no row, and an id that led nowhere leads on when its mentions are back.
"""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from byline.core import arrow
from byline.files import beneath
from byline.files.parquet import arrow_schema
from byline.files.run_files import to_arrow
from byline.snapshots import lost, moves
from byline.snapshots.lost import Held
from byline.snapshots.scan import ROWS_PER_PASS, Parts, Side, scan_part, scan_table
from byline_schemas import AUTHOR_REDIRECTS, LOST_AUTHORS, LOST_PAPERS, PAPER_REDIRECTS, Table

MAX_BYTES = 1 << 31
"""Of a file of redirects or of what lost ids held: 28 million rows of ids, which do not compress, take about 1 GiB."""
TABLES: dict[str, Table] = {"papers": PAPER_REDIRECTS, "authors": AUTHOR_REDIRECTS}
"""The redirects of the ids of a table of the snapshot; the columns of `table.key` are old id, new id and snapshot."""
LOST: dict[str, Table] = {"papers": LOST_PAPERS, "authors": LOST_AUTHORS}
"""What the lost ids of a table of the snapshot held; the first column of `table.key` is the lost id."""
_HELD: dict[str, Held] = {"papers": lost.records_of, "authors": lost.mentions_of}
_NOW = {"papers": lost.papers_now, "authors": lost.authors_now}


@dataclass(frozen=True)
class Switch:
    """The pointer moves from a snapshot (null: none, or one that can't be read) to another.

    `kept` are the folders of published snapshots that are still there, the latest published first: asked where an
    earlier byline kept too little.
    """

    old: Path | None
    new: Path
    snapshot_id: str
    kept: Sequence[Path] = ()
    parts: Parts | None = None
    """What can differ between both, where the build of the new one knows."""

    @property
    def sides(self) -> tuple[Side | None, Side]:
        """Both snapshots, of each what is known to differ, where that is known."""
        if self.old is None or self.parts is None:
            return self.old, self.new
        return self.parts.sides(self.old, self.new)


def place(table: Table) -> Path:
    """Return where a table lies below `history/`."""
    return Path(table.name, "part-00000.parquet")


def read_redirects(path: Path, table: Table) -> pl.DataFrame:
    """Return the rows that lie in a file; none when there is no file."""
    if not os.path.lexists(path):
        return table.empty()
    return pl.read_parquet(io.BytesIO(beneath.read_file(path, MAX_BYTES)), hive_partitioning=False)


def after(switch: Switch, history: Path) -> dict[Path, bytes]:
    """Return the redirects after a switch, and what they follow: bytes of Parquet files by place below `history`.

    Raises `DataError` or polars' errors when a snapshot or what is known can't be read.
    """
    papers = authors = _none()
    old, new = switch.sides
    if old is not None:
        papers = moves.paper_moves(old, new)
        authors = moves.author_moves(old, new, papers)
    found: dict[Path, bytes] = {}
    for name, moved in (("papers", papers), ("authors", authors)):
        table = TABLES[name]
        known = _plain(read_redirects(history / place(table), table), table)
        held = _held(switch, name, known, moved, history / place(LOST[name]))
        rows = update(known, holders(held, switch.new, name), moved, switch, name)
        found |= {place(table): _bytes(rows, table), place(LOST[name]): _bytes(held, LOST[name])}
    return found


def holders(held: pl.DataFrame, new: Path, name: str) -> pl.DataFrame:
    """Return where each lost id leads: `old` and `new`, a row a holder; `new` is null when there is none."""
    ids = held.select(old=LOST[name].key[0]).unique()
    return ids.join(_NOW[name](held, new), on="old", how="left")


def update(
    known: pl.DataFrame, pairs: pl.DataFrame, moved: pl.DataFrame, switch: Switch, name: str
) -> pl.DataFrame:
    """Return the redirects of a table after a switch.

    `known` are the redirects before it (old, new, kind, since_snapshot), `pairs` what `holders` found, `moved` what
    `moves` found (old, new, kind). A redirect that leads where it led stays as it is.
    """
    renamed = _renamed(known, pairs, moved, switch, name).with_columns(renamed=True)
    kind = (
        pl.when(pl.col("new").is_null())
        .then(pl.lit("gone"))
        .when(pl.len().over("old") > 1)
        .then(pl.lit("split"))
        .when("renamed")
        .then(pl.lit("renamed"))
        .otherwise(pl.lit("merged"))
    )
    rows = pairs.join(renamed, on=["old", "new"], how="left").select("old", "new", kind=kind)
    before = known.select("old", "new", "kind", "since_snapshot")
    rows = rows.join(before, on=["old", "new", "kind"], how="left", nulls_equal=True)
    rows = rows.with_columns(pl.col("since_snapshot").fill_null(switch.snapshot_id))
    table = TABLES[name]
    old, new, _ = table.key
    rows = rows.rename({"old": old, "new": new})
    return rows.select(pl.col(one).cast(dtype) for one, dtype in table.columns().items()).sort(table.sort)


def _renamed(
    known: pl.DataFrame, pairs: pl.DataFrame, moved: pl.DataFrame, switch: Switch, name: str
) -> pl.DataFrame:
    """Return the pairs whose new id is the old one's alone: renamed at once, step by step, or when it came back."""
    before = known.filter(pl.col("kind") == "renamed").select("old", "new")
    at_once = moved.filter(pl.col("kind") == "renamed").select("old", "new")
    onward = before.join(at_once.rename({"old": "new", "new": "next"}), on="new").select("old", new="next")
    gone = known.filter(pl.col("kind") == "gone")["old"]
    alone = pairs.drop_nulls().filter(pl.len().over("new") == 1, pl.col("old").is_in(gone.implode()))
    if alone.height and switch.old is not None:
        was_there = scan_table(switch.old, name).select(new=f"{name.removesuffix('s')}_id")
        alone = alone.lazy().join(was_there, on="new", how="anti").collect()
    return pl.concat([before, at_once, onward, alone.select("old", "new")]).unique()


def _held(switch: Switch, name: str, known: pl.DataFrame, moved: pl.DataFrame, path: Path) -> pl.DataFrame:
    """Return what all ids held that the new snapshot does not have: those that were lost before, and now."""
    table, held = LOST[name], _HELD[name]
    if os.path.lexists(path) or known.is_empty():
        before = read_redirects(path, table)
    else:
        before = lost.adopted(known, held, table, switch.kept)
    fresh = moved["old"].unique()
    old, new = switch.sides
    now = held(old, fresh, ROWS_PER_PASS) if old is not None else table.empty()
    before = before.filter(~pl.col(table.key[0]).is_in(fresh.implode()))
    without = fresh.filter(~fresh.is_in(now[table.key[0]].implode()))  # of a damaged snapshot
    rows = lost.shaped(pl.concat([before, now, lost.bare(without, table)]), table)
    if rows.is_empty():
        return rows
    present = scan_part(new, name).select(pl.col(f"{name.removesuffix('s')}_id").alias(table.key[0]))
    return rows.lazy().join(present, on=table.key[0], how="anti", maintain_order="left").collect()


def _plain(rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    old, new, _ = table.key
    return rows.rename({old: "old", new: "new"})


def _bytes(rows: pl.DataFrame, table: Table) -> bytes:
    """Return the rows as a Parquet file. Raises `SchemaErrors` when they break the table's model."""
    table.validate(rows)
    sink = io.BytesIO()
    pq.write_table(arrow.with_schema(to_arrow(rows.rechunk()), arrow_schema(table)), sink, compression="zstd")
    return sink.getvalue()


def _none() -> pl.DataFrame:
    return pl.DataFrame(schema={**lost.PAIR, "kind": pl.String})
