"""One call for every format: which files a snapshot becomes, and where they lie."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from byline.core.errors import OutputError, UsageError
from byline.export import databases, network, sheets
from byline.export.bibliography import Entry, entries
from byline.export.bibtex import bibtex
from byline.export.csl import csl
from byline.export.database import select_papers
from byline.export.ris import ris
from byline.export.selection import Selection
from byline.snapshots.dataset import Dataset

Writer = Callable[[Iterable[Entry]], Iterator[str]]

BIBLIOGRAPHIES: dict[str, tuple[str, Writer]] = {
    "bibtex": ("papers.bib", bibtex),
    "ris": ("papers.ris", ris),
    "csl": ("papers.csl.json", csl),
}
SHEETS = {
    "csv": sheets.to_csv,
    "xlsx": sheets.to_xlsx,
    "jsonl": sheets.to_jsonl,
    "parquet": sheets.to_parquet,
}
DATABASES = {"sqlite": databases.to_sqlite, "duckdb": databases.to_duckdb}
LINES = ("csv", "jsonl")
"""Formats of which one table can be printed."""
PIECE = 1 << 20
"""Characters that are printed at a time."""
FORMATS = (*SHEETS, *BIBLIOGRAPHIES, *DATABASES, "network")


@dataclass(frozen=True)
class Wishes:
    """What is asked of an export."""

    tables: tuple[str, ...] = ()
    """Tables to write, all when empty; for csv, xlsx, jsonl and parquet."""
    where: str | None = None
    """Condition in SQL on `papers`; the other tables follow."""
    explode: str | None = None
    """List column that gets a row an item."""
    guard: bool = True
    """Whether cells of csv and xlsx are made safe for spreadsheets."""
    max_authors: int = network.MAX_AUTHORS
    """Papers of more authors are left out of the network."""


@dataclass(frozen=True)
class Exported:
    """What was written, and what a person should know of it."""

    files: tuple[Path, ...]
    notes: tuple[str, ...] = ()


def select(dataset: Dataset, where: str | None) -> Selection:
    """Return the part of a snapshot that a condition on its papers leaves.

    Raises `UsageError`: the condition can't be read, or DuckDB is missing.
    """
    import polars as pl  # noqa: PLC0415 - only where something is selected

    if where is None:
        return Selection(dataset)
    return Selection(dataset, pl.Series("paper_id", select_papers(dataset, where), dtype=pl.String))


def export(dataset: Dataset, form: str, to: Path, wishes: Wishes | None = None) -> Exported:
    """Write a snapshot in a format of `FORMATS` into the folder `to`; files of these names are replaced.

    Raises `UsageError`: no such format or table, a wish that the format can't fulfil, a missing library.
    Raises `OutputError`: the files can't be written.
    """
    wishes = wishes or Wishes()
    _refuse(dataset, form, wishes)
    try:
        to.mkdir(parents=True, exist_ok=True)
        return _written(select(dataset, wishes.where), form, to, wishes)
    except OSError as problem:
        raise OutputError(
            f"{problem.filename or to}: {problem.strerror or problem}", "Give another folder with --to DIR."
        ) from problem


def texts(dataset: Dataset, form: str, where: str | None = None) -> Iterator[str]:
    """Yield a bibliography piece by piece: what `--to -` prints."""
    yield from BIBLIOGRAPHIES[form][1](entries(select(dataset, where)))


def lines(dataset: Dataset, form: str, wishes: Wishes) -> Iterator[str]:
    """Yield one table, as a format of `LINES`, piece by piece. Raises as `export`."""
    with TemporaryDirectory(prefix="byline-") as folder:
        (path,) = export(dataset, form, Path(folder), wishes).files
        with path.open(
            encoding="utf-8-sig", newline=""
        ) as source:  # a mark for Excel is none for the next program
            while piece := source.read(PIECE):
                yield piece


def _refuse(dataset: Dataset, form: str, wishes: Wishes) -> None:
    if form not in FORMATS:
        raise UsageError(f"there is no format {form!r}", f"The formats are {', '.join(FORMATS)}.")
    for name in wishes.tables:
        if name not in dataset.tables:
            raise UsageError(f"there is no table {name!r}", f"The tables are {', '.join(dataset.tables)}.")
    if (wishes.tables or wishes.explode) and form not in SHEETS:
        raise UsageError(
            f"{form} holds what belongs together; --table and --explode are for {', '.join(SHEETS)}",
            "Leave them out, or choose papers with --where.",
        )


def _written(selection: Selection, form: str, to: Path, wishes: Wishes) -> Exported:
    tables: Sequence[str] = wishes.tables or (("papers",) if wishes.explode else selection.dataset.tables)
    if form in SHEETS:
        written = SHEETS[form](selection, tables, to, guard=wishes.guard, explode=wishes.explode)
        return Exported(tuple(written))
    if form in DATABASES:
        return Exported(tuple(DATABASES[form](selection, to)))
    if form == "network":
        files, graph = network.to_network(selection, to, wishes.max_authors)
        return Exported(tuple(files), _notes(graph, wishes.max_authors))
    name, write = BIBLIOGRAPHIES[form]
    path = to / name
    with path.open("w", encoding="utf-8", newline="\n") as sink:
        sink.writelines(write(entries(selection)))
    return Exported((path,))


def _notes(graph: network.Network, max_authors: int) -> tuple[str, ...]:
    cut = int((graph.edges["cut_papers"] > 0).sum())
    notes = [f"{graph.nodes.height} persons, {graph.edges.height} pairs"]
    if cut:
        notes.append(f"{cut} pairs rest on lists that the page cut: other pairs of those papers are missing")
    if graph.left_out:
        notes.append(
            f"{graph.left_out} papers of more than {max_authors} authors are left out (--max-authors)"
        )
    return tuple(notes)
