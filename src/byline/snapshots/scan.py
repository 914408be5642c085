"""Lazy scans of a snapshot's tables, and ranges of ids for work that must not hold a whole table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from byline.core.errors import DataError
from byline.files.tables import scan_files
from byline.snapshots import inside, manifest
from byline_schemas._cuts import in_range, ranges

ROWS_PER_PASS = 4_000_000
"""Rows of a table that are compared at once."""


@dataclass(frozen=True)
class Part:
    """The rows of a snapshot in which it can differ from another one, where a build knows them.

    | table | columns at least | rows |
    |---|---|---|
    | `papers` | `paper_id` | of all keys that a change touches |
    | `records` | `record_id`, `source_sha256`, `byte_start`, `paper_id` | of the same |
    | `authors` | `author_id` | that differ |
    | `authorships` | `paper_id`, `position`, `author_id` | all of authors who lost or got one |
    """

    folder: Path
    """The whole snapshot."""
    frames: Mapping[str, pl.DataFrame]


Side = Path | Part
"""A snapshot's folder, or what is known of it where it can differ from another one."""


@dataclass(frozen=True)
class Parts:
    """What can differ between a snapshot, `of`, and the one that was made from it: frames of `Part` before and now."""

    of: str
    before: Mapping[str, pl.DataFrame]
    now: Mapping[str, pl.DataFrame]

    def sides(self, old: Path, new: Path) -> tuple[Part, Part]:
        """Return both parts, given where the snapshots lie."""
        return Part(old, self.before), Part(new, self.now)


def whole(side: Side) -> Path:
    """Return the folder of a snapshot of which a part may be known."""
    return side.folder if isinstance(side, Part) else side


def rows_of(side: Side, name: str) -> int:
    """Return how many rows a table has, or what is known of it.

    Raises `DataError` when there is no sound manifest, or it does not list the table.
    """
    if isinstance(side, Part):
        return side.frames[name].height
    table = manifest.read_manifest(side).tables.get(name)
    if table is None:
        raise DataError(
            f"{side}: the manifest lists no table {name}", "`byline validate` says all that is wrong."
        )
    return table.rows


def scan_part(side: Side, name: str) -> pl.LazyFrame:
    """Return a lazy scan of a table, or of the part of it that is known. Raises as `scan_table`."""
    return side.frames[name].lazy() if isinstance(side, Part) else scan_table(side, name)


def scan_table(folder: Path, name: str) -> pl.LazyFrame:
    """Return a lazy scan of the files that the manifest lists for a table; its partition key is a column.

    Of a table that came later than the snapshot there are none, and no rows.

    Raises `DataError` when there is no sound manifest, or it lists what is no regular file inside the snapshot.
    """
    known = manifest.read_manifest(folder).tables
    paths = [file.path for file in known[name].files] if name in known else []
    inside.refuse_others(folder, paths)
    return scan_files([folder / path for path in paths], name)


def scan_differing(side: Side, than: Side, name: str) -> pl.LazyFrame:
    """Return a lazy scan of those files of a table that another snapshot does not have, too. Raises as `scan_table`.

    Where the rows in which both differ are known, these.
    """
    if isinstance(side, Part):
        return side.frames[name].lazy()
    folder, other = side, whole(than)
    known, others = manifest.read_manifest(folder).tables, manifest.read_manifest(other).tables
    theirs = {file.sha256 for file in others[name].files} if name in others else set()
    files = known[name].files if name in known else ()
    inside.refuse_others(folder, [file.path for file in files])
    return scan_files([folder / file.path for file in files if file.sha256 not in theirs], name)


def id_ranges(rows: int, rows_per_pass: int, column: str) -> Iterator[pl.Expr]:
    """Yield predicates on an id column that cut a table of `rows` rows into passes of about `rows_per_pass`.

    Ids are digests, so ranges of equal width hold about equally many rows.
    """
    for low, high in ranges(max(1, -(-rows // rows_per_pass))):
        yield in_range(column, low, high)
