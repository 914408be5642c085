"""Tallies: what the report and the gates need of a snapshot's tables, reckoned piece by piece and put together.

A build that goes on from another one hands on what was kept of the pieces that are still there, and only the others are
read. Whoever has nothing kept reads all of them, some at a time; both find the same.

| of a table | is kept | by which is found |
|---|---|---|
| all four | `counts` | every number |
| `records`, `authorships` | `readings`, `mentions`: the least certain of each piece | the first of all |
| `authors` | `leading`: those of most papers, of as many as `floor` says at least | the first of all |
| `authorships` | `tied`: the papers of these persons | who wrote with whom |
| `papers`, `authors` | `titles`, `names` of the rows that were shown | those of the rows that are shown still |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

import polars as pl

from byline.report import pieces as cut
from byline.report import reductions
from byline.report.pieces import PIECE, PIECES, Source
from byline.report.reductions import BY_ID, COUNTS, LEADING, MENTION, READ, READING, ROWS, counted

COVERED = LEADING * 5 // 4
"""Persons whose papers are kept: some more than are needed, so that those who come up are among them."""
_LEADING = {
    "author_id": pl.String, "name": pl.String, "kind": pl.String, "paper_count": pl.UInt32,
    "first_published": pl.Date, "last_published": pl.Date,
}  # fmt: skip
FRAMES: dict[str, dict[str, type[pl.DataType]]] = {
    "pieces": PIECES,
    **dict.fromkeys(READ, COUNTS),
    "readings": {
        PIECE: pl.UInt32, **dict(zip(READING, (pl.Float32, pl.String, pl.UInt32, pl.String), strict=True)),
    },
    "mentions": {
        PIECE: pl.UInt32,
        **dict(zip(MENTION, (pl.Float32, pl.String, pl.UInt16, pl.String, pl.String), strict=True)),
    },
    "leading": {PIECE: pl.UInt32, **_LEADING},
    "covered": {"author_id": pl.String, "floor": pl.UInt32},
    "tied": {PIECE: pl.UInt32, "paper_id": pl.String, "author": pl.UInt32},
    "titles": {PIECE: pl.UInt32, "paper_id": pl.String, "title": pl.String},
    "names": {PIECE: pl.UInt32, "author_id": pl.String, "name": pl.String},
}  # fmt: skip
"""What is kept. `piece`: the number of a piece among those of its table, `author`: that of a person among `covered`."""
DIGESTED = {
    "papers": ("paper_id", "title", *READ["papers"]),
    "authors": tuple(_LEADING),
    "authorships": READ["authorships"],
    "records": READ["records"],
}
"""The columns that any of it is made from."""
_OF: dict[str, dict[str, Callable[[pl.DataFrame], pl.DataFrame]]] = {
    "papers": {"papers": reductions.papers},
    "authors": {"authors": reductions.authors},
    "authorships": {"authorships": reductions.authorships, "mentions": reductions.mentions},
    "records": {"records": reductions.records, "readings": reductions.readings},
}
"""What is made of the rows of a table in one look at them."""


class Tally:
    """What is asked of a snapshot's tables; nothing is read before it is asked for."""

    def __init__(self, source: Source, kept: Mapping[str, pl.DataFrame] | None = None) -> None:
        """Take the tables, and what was kept of others that may share pieces with them (`FRAMES`)."""
        self.source = source
        self._kept = kept or {}
        self._made: dict[str, pl.DataFrame] = {}
        self._same: dict[str, pl.DataFrame] = {}

    def rows(self, table: str) -> int:
        """Return how many rows a table has."""
        return sum(piece.rows for piece in self.source.pieces(table))

    def counts(self, table: str, what: str, *keys: str) -> pl.DataFrame:
        """Return counts of a table (`reductions`)."""
        return counted(self._get(table, table), what, *keys)

    @cached_property
    def readings(self) -> pl.DataFrame:
        """The published records that are least certain."""
        return self._get("records", "readings").sort(READING).head(ROWS).drop(PIECE)

    @cached_property
    def mentions(self) -> pl.DataFrame:
        """The authorships whose person is least certain."""
        return self._get("authorships", "mentions").sort(MENTION).head(ROWS).drop(PIECE)

    @cached_property
    def leading(self) -> pl.DataFrame:
        """Authors of most papers: the first of all authors are among them, and the first of all persons."""
        persons = self.counts("authors", "papers", "kind", "papers").filter(pl.col("kind") == "person")
        counts = persons.select(pl.col("papers").cast(pl.UInt32), "n").sort("papers", descending=True)
        kept = self._kept["covered"]["floor"].to_list()[:1] if "covered" in self._kept else []
        usable = [floor for floor in kept if floor <= _reached(counts, LEADING)]
        self._floor = usable[0] if usable else _reached(counts, COVERED)
        numbers = self._fresh("authors") if usable else self._all("authors")
        where = pl.col("paper_count") >= self._floor
        fresh = self.source.read("authors", numbers, tuple(_LEADING), where)
        made = reductions.leading(fresh).select(PIECE, *(name for name in _LEADING if name in fresh.columns))
        self._made["leading"] = pl.concat([*(self._still("authors", "leading") if usable else []), made])
        return self._made["leading"]

    @cached_property
    def persons(self) -> pl.DataFrame:
        """The first `LEADING` persons by number of papers: author_id, name, paper_count."""
        return self._persons(LEADING).select("author_id", "name", "paper_count")

    def _persons(self, most: int) -> pl.DataFrame:
        columns, falling = BY_ID
        persons = self.leading.filter(pl.col("kind") == "person")
        return persons.sort(*columns, descending=list(falling)).head(most)

    @cached_property
    def tied(self) -> pl.DataFrame:
        """Who of `persons` signed which paper: paper, a number, and author_id, each once.

        Authorships are sorted by papers in each partition, so those of one paper stand together.
        """
        self._get("authorships", "authorships")
        covered, tied = self._made["covered"]["author_id"], self._made["tied"]
        numbers = pl.DataFrame({"author_id": covered}).with_row_index("author")
        wanted = numbers.join(self.persons.select("author_id"), on="author_id", how="semi")
        in_order = tied.sort(PIECE, maintain_order=True).select("author", paper=pl.col("paper_id").rle_id())
        return in_order.unique().join(wanted, on="author").select("paper", "author_id")

    def titles(self, papers: pl.Series) -> pl.DataFrame:
        """Return the titles of some papers: paper_id, title."""
        return self._look_up("papers", "titles", papers)

    def names(self, authors: pl.Series) -> pl.DataFrame:
        """Return the names of some authors: author_id, name."""
        return self._look_up("authors", "names", authors)

    @cached_property
    def quarantined(self) -> pl.DataFrame:
        """The records that could not be read: record_id, source_file, first_line, byte_start, byte_end."""
        bad = self._get("records", "records").filter(what="source", c="quarantined")
        numbers = bad[PIECE].unique().sort().to_list()
        columns = ("record_id", "source_file", "first_line", "byte_start", "byte_end")
        return self.source.read("records", numbers, columns, pl.col("status") == "quarantined").drop(PIECE)

    def frames(self) -> dict[str, pl.DataFrame]:
        """Return what is to be kept, once all of it was asked for."""
        pieces = [
            (table, piece.file.value, piece.file.sha256, piece.start, piece.rows, piece.digest)
            for table in READ
            for piece in self.source.pieces(table)
        ]
        self._made["pieces"] = pl.DataFrame(pieces, schema=PIECES, orient="row")
        return {
            name: self._made[name].select(pl.col(column).cast(kind) for column, kind in schema.items())
            for name, schema in FRAMES.items()
        }

    def _all(self, table: str) -> list[int]:
        return list(range(len(self.source.pieces(table))))

    def _old(self, table: str) -> pl.DataFrame:
        """Return which pieces were kept: `old`, their number then, and `piece`, the number now."""
        if table not in self._same:
            digests = [piece.digest for piece in self.source.pieces(table)]
            now = pl.DataFrame({"digest": digests}, schema={"digest": pl.String}).with_row_index(PIECE)
            known = self._kept.get("pieces", pl.DataFrame(schema=PIECES)).filter(table=table)
            then = known.select("digest").with_row_index("old").filter(pl.col("digest") != "")
            same = now.join(then.unique("digest", keep="first"), on="digest").select("old", PIECE)
            self._same[table] = same.unique(PIECE)
        return self._same[table]

    def _fresh(self, table: str) -> list[int]:
        """Return the pieces of which nothing was kept."""
        known = set(self._old(table)[PIECE])
        return [number for number in self._all(table) if number not in known]

    def _still(self, table: str, name: str) -> list[pl.DataFrame]:
        """Return what was kept of the pieces that are still there, if anything."""
        if name not in self._kept:
            return []
        kept = self._kept[name].rename({PIECE: "old"})
        rows = kept.join(self._old(table), on="old", maintain_order="left")
        return [rows.select(list(FRAMES[name]))]

    def _get(self, table: str, name: str) -> pl.DataFrame:
        if name not in self._made:
            self._read(table)
        return self._made[name]

    def _read(self, table: str) -> None:
        """Make all that is made of a table: some pieces at a time."""
        work = dict(_OF[table])
        fresh = self._fresh(table)
        if table == "authorships":
            work["tied"] = self._cover()
        made: dict[str, list[pl.DataFrame]] = {name: self._still(table, name) for name in work}
        if table == "authorships" and self._covered_anew:
            made["tied"] = self._tied(self._old(table)[PIECE].to_list(), work["tied"])
        for numbers in self._batches(table, fresh):
            rows = self.source.read(table, numbers, READ[table])
            for name, make in work.items():
                made[name].append(make(rows))
        self._made |= {name: pl.concat(parts) for name, parts in made.items()}

    def _batches(self, table: str, numbers: Sequence[int]) -> Iterator[list[int]]:
        """Yield pieces of `HELD_ROWS` rows in all, or one that is larger; none is a batch, too."""
        pieces = self.source.pieces(table)
        batch: list[int] = []
        rows = 0
        for number in numbers:
            if batch and rows + pieces[number].rows > cut.HELD_ROWS:
                yield batch
                batch, rows = [], 0
            batch.append(number)
            rows += pieces[number].rows
        yield batch

    def _cover(self) -> Callable[[pl.DataFrame], pl.DataFrame]:
        """Return what gives the papers of the persons that are covered: those that were, where these are enough."""
        needed, kept = self.persons["author_id"], self._kept.get("covered")
        self._covered_anew = kept is None or not needed.is_in(kept["author_id"].implode()).all()
        if kept is None or self._covered_anew:
            kept = self._persons(COVERED).select("author_id").sort("author_id")
        covered = kept.select("author_id")
        self._made["covered"] = covered.with_columns(floor=pl.lit(self._floor, pl.UInt32))
        numbers = covered.with_row_index("author")

        def tied(rows: pl.DataFrame) -> pl.DataFrame:
            some = rows.select(PIECE, "paper_id", "author_id")
            found = some.join(numbers, on="author_id", maintain_order="left")
            return found.select(PIECE, "paper_id", "author")

        return tied

    def _tied(
        self, numbers: Sequence[int], make: Callable[[pl.DataFrame], pl.DataFrame]
    ) -> list[pl.DataFrame]:
        """Return the papers of persons in pieces whose other rows are known."""
        some = pl.col("author_id").is_in(self._made["covered"]["author_id"].implode())
        columns = ("paper_id", "author_id")
        return [make(self.source.read("authorships", sorted(numbers), columns, some))] if numbers else []

    def _look_up(self, table: str, name: str, ids: pl.Series) -> pl.DataFrame:
        """Return texts of some rows: as they were kept, or from the pieces that are new, or from the others."""
        _, key, text = FRAMES[name]
        found = [rows.filter(pl.col(key).is_in(ids.implode())) for rows in self._still(table, name)]
        fresh = self._fresh(table)
        for numbers in (fresh, sorted({*self._all(table)} - {*fresh})):
            left = (
                ids.filter(~ids.is_in(pl.concat([rows[key] for rows in found]).implode())) if found else ids
            )
            if (len(left) and numbers) or not found:
                where = pl.col(key).is_in(left.implode())
                found.append(self.source.read(table, numbers, (key, text), where).select(PIECE, key, text))
        self._made[name] = pl.concat(found)
        return self._made[name].drop(PIECE)


def _reached(counts: pl.DataFrame, most: int) -> int:
    """Return how many papers the last of so many persons has; 0 where there are no more. `counts`: papers, n; falling.

    For example, with 3 persons of 9 papers and 5 of 4 it is 4 for the first 4 or 7, 9 for the first 3.
    """
    beyond = counts.filter(pl.col("n").cum_sum() >= most)
    return int(beyond["papers"][0]) if int(counts["n"].sum()) > most else 0
