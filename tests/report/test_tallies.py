"""What the report and the gates need is the same however tables are cut, and whatever was kept of them before."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byline.files import cuts
from byline.files.cuts import Cuts, Rule
from byline.pipeline.incremental import tallied
from byline.report import figures, pieces, reductions, tallies
from byline.report.pieces import PIECE, Files, _runs
from byline.report.reductions import BY_ID, BY_NAME, LEADING, MENTION, READ, READING, ROWS
from byline.report.tallies import FRAMES, Tally
from byline.snapshots import documents, gate_metrics
from byline.snapshots.seal import sealed
from tests.validation import dataset

FORMS = ["card"]
BELOW = 0.9


@pytest.fixture
def small(monkeypatch):
    """Tables of a dozen rows have several files and row groups, and more rows than are shown."""
    monkeypatch.setattr(cuts, "NARROW", Cuts(Rule(3, 1, 8), Rule(9, 2, 30)))
    monkeypatch.setattr(cuts, "WIDE", Cuts(Rule(2, 1, 5), Rule(6, 2, 20)))
    for module in (figures, reductions, tallies):
        monkeypatch.setattr(module, "ROWS", 6)
    monkeypatch.setattr(tallies, "LEADING", 7)
    monkeypatch.setattr(tallies, "COVERED", 9)


def shaken(tables: dataset.Frames, rnd: random.Random) -> dataset.Frames:
    """Return tables of which some rows went, and others say something else."""
    papers = tables["papers"].filter(pl.Series([rnd.random() > 0.05 for _ in range(tables["papers"].height)]))
    left = pl.col("paper_id").is_in(papers["paper_id"].implode())
    changed = {
        "papers": papers.with_columns(
            title=pl.when(pl.Series(_some(papers, rnd))).then(pl.lit("On Other Gates")).otherwise("title")
        ),
        "authorships": _doubted(tables["authorships"].filter(left), "identity_confidence", rnd),
        "records": _doubted(
            tables["records"].filter(left | pl.col("paper_id").is_null()), "boundary_confidence", rnd
        ),
        "paper_affiliations": tables["paper_affiliations"].filter(left),
    }
    signed = changed["authorships"].group_by("author_id").agg(papers=pl.col("paper_id").n_unique())
    authors = tables["authors"].join(signed, on="author_id", maintain_order="left")
    renamed = pl.when(pl.Series(_some(authors, rnd))).then(pl.lit("Ada Else")).otherwise("name")
    changed["authors"] = authors.with_columns(
        paper_count=pl.col("papers").cast(pl.UInt32), name=renamed
    ).select(tables["authors"].columns)
    return {**tables, **changed}


def _some(rows: pl.DataFrame, rnd: random.Random) -> list[bool]:
    return [rnd.random() < 0.04 for _ in range(rows.height)]


def _doubted(rows: pl.DataFrame, column: str, rnd: random.Random) -> pl.DataFrame:
    """Return rows some of which are as sure as chance has it."""
    values = pl.Series([rnd.random() for _ in range(rows.height)], dtype=pl.Float32)
    shown = pl.when(pl.Series(_some(rows, rnd)) & pl.col(column).is_not_null()).then(values)
    return rows.with_columns(shown.otherwise(column).alias(column))


def doubtful(papers: int) -> dataset.Frames:
    """Return a dataset in which many readings and persons are doubtful."""
    rnd, tables = random.Random(7), dataset.frames(papers)
    for name, column in (("authorships", "identity_confidence"), ("records", "boundary_confidence")):
        for _ in range(8):
            tables[name] = _doubted(tables[name], column, rnd)
    return tables


@pytest.mark.parametrize("seed", range(4))
def test_what_was_kept_gives_the_page_and_the_facts_of_all(seed, small, tmp_path, monkeypatch):
    rnd, tables, asked = random.Random(seed), doubtful(80), []
    read = Files.read

    def noted(self, table, numbers, *others):
        asked.append((table, len(numbers), len(self.pieces(table))))
        return read(self, table, numbers, *others)

    monkeypatch.setattr(Files, "read", noted)
    kept: dict[str, pl.DataFrame] = {}
    for step in range(5):
        folder = tmp_path / f"{step}"
        dataset.write(folder, tables)
        asked.clear()
        known, tally = sealed(folder, dataset.facts(tables), None, kept)
        some = {table for table, part, whole in asked if part < whole}
        files, facts = documents.sealed_facts(known)
        assert (folder / "report.html").read_bytes() == documents.report(
            documents.unkept(folder, files), facts
        )
        found = gate_metrics.facts_of(folder, BELOW, FORMS, tally)
        assert found == gate_metrics.facts_of(folder, BELOW, FORMS)
        assert step == 0 or some >= {"papers", "authors", "authorships", "records"}
        tallied.write(tmp_path, tally.frames())
        kept = tallied.read(tmp_path)
        assert kept.keys() == FRAMES.keys()
        tables = shaken(tables, rnd)


def test_authors_who_come_up_are_looked_for_in_all_files(small, tmp_path):
    tables = doubtful(80)
    dataset.write(tmp_path / "old", tables)
    kept = sealed(tmp_path / "old", dataset.facts(tables), None, {})[1].frames()
    first = tables["authors"].sort("paper_count")["author_id"][0]  # leads now; its papers lie in old files
    more = pl.when(pl.col("author_id") == first).then(pl.lit(900, pl.UInt32)).otherwise("paper_count")
    tables["authors"] = tables["authors"].with_columns(paper_count=more)
    dataset.write(tmp_path / "new", tables)
    known, tally = sealed(tmp_path / "new", dataset.facts(tables), None, kept)
    files, facts = documents.sealed_facts(known)
    page = documents.report(documents.unkept(tmp_path / "new", files), facts)
    assert (tmp_path / "new" / "report.html").read_bytes() == page
    assert first in tally.persons["author_id"]
    assert first in tally.tied["author_id"]


def test_a_page_is_the_same_however_its_tables_are_cut(tmp_path, monkeypatch):
    tables = doubtful(40)
    pages = []
    for number, (group, file, held) in enumerate([(9_000, 9_000, 9_000), (4, 20, 9_000), (2, 2, 5)]):
        rule = Cuts(Rule(1, 32, group), Rule(1, 32, file))
        monkeypatch.setattr(cuts, "NARROW", rule)
        monkeypatch.setattr(cuts, "WIDE", rule)
        monkeypatch.setattr(pieces, "HELD_ROWS", held)
        known, _ = sealed(_written(tmp_path / f"{number}", tables), dataset.facts(tables))
        pages.append((tmp_path / f"{number}" / "report.html").read_bytes())
        assert known.tables["papers"].rows == 40
    assert pages[0] == pages[1] == pages[2]


def _written(folder: Path, tables: dataset.Frames) -> Path:
    dataset.write(folder, tables)
    return folder


def _keyed(name: str, tables: dataset.Frames) -> pl.DataFrame:
    rows = tables[name]
    return rows.with_columns(year=rows["published"].dt.year()) if name == "papers" else rows


TABLES = doubtful(30)
COUNTED: dict[str, tuple[Callable[[pl.DataFrame], pl.DataFrame], tuple[str, ...]]] = {
    "papers": (reductions.papers, ("year", "code", "all", "step", "given")),
    "authors": (reductions.authors, ("papers",)),
    "authorships": (reductions.authorships, ("step", "unsure")),
    "records": (reductions.records, ("source", "unsure")),
}
FIRST = {
    "records": (reductions.readings, READING, [False] * 4, ROWS),
    "authorships": (reductions.mentions, MENTION, [False] * 5, ROWS),
    "authors": (reductions.leading, BY_NAME[0], BY_NAME[1], ROWS),
}


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(sorted(COUNTED)), st.lists(st.integers(0, 4), min_size=1, max_size=60), st.integers(1, 9)
)
def test_any_split_of_the_rows_gives_the_same(name, places, rows_shown):
    rows = _keyed(name, TABLES)
    number = pl.Series(PIECE, [places[at % len(places)] for at in range(rows.height)], dtype=pl.UInt32)
    split, whole = rows.with_columns(number), rows.with_columns(pl.lit(0, pl.UInt32).alias(PIECE))
    make, counts = COUNTED[name]
    for what in counts:
        once, merged = (
            reductions.counted(make(part), what, "a", "b", "c").sort("a", "b", "c") for part in (whole, split)
        )
        assert once.equals(merged)
    if name not in FIRST:
        return
    first, order, falling, _ = FIRST[name]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reductions, "ROWS", rows_shown)
        found = [
            first(part).sort(*order, descending=list(falling)).head(rows_shown).select(order)
            for part in (whole, split)
        ]
    assert found[0].equals(found[1])
    assert found[0].height == rows_shown or name == "records"


def test_persons_are_the_first_of_all_however_authors_are_split(monkeypatch):
    monkeypatch.setattr(reductions, "LEADING", 3)
    monkeypatch.setattr(reductions, "ROWS", 1)
    authors = TABLES["authors"].with_columns((pl.int_range(pl.len()) % 3).cast(pl.UInt32).alias(PIECE))
    persons = authors.filter(pl.col("kind") == "person")
    columns, falling = BY_ID
    first = persons.sort(*columns, descending=list(falling)).head(3)
    found = reductions.leading(authors).filter(pl.col("kind") == "person")
    assert found.sort(*columns, descending=list(falling)).head(3).equals(first.select(found.columns))
    assert found.height < persons.height


def test_runs_are_whole_files_that_follow_each_other_or_neighbours_in_one():
    files = [pieces.File(name) for name in "abc"]
    cut = [pieces.Piece(files[at], 0, 1) for at in (0, 0, 1, 1, 2)]
    runs = [list(run) for run in _runs(cut, [0, 1, 3, 4])]
    assert runs == [[0, 1], [3], [4]]
    assert [list(run) for run in _runs(cut, range(5))] == [[0, 1, 2, 3, 4]]
    assert [list(run) for run in _runs(cut, [0, 2])] == [[0], [2]]


def test_so_many_papers_has_the_last_of_some_persons():
    counts = pl.DataFrame({"papers": [9, 4], "n": [3, 5]})
    assert [tallies._reached(counts, most) for most in (3, 4, 7, 8)] == [9, 4, 4, 0]


DAMAGE = {
    "gone": lambda path: path.unlink(),
    "torn": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "of nothing": lambda path: path.write_bytes(b""),
    "altered": lambda path: path.write_bytes(path.read_bytes()[:-9] + b"x" + path.read_bytes()[-8:]),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_damaged_tallies_are_as_none(damage, tmp_path):
    frames = {name: pl.DataFrame(schema=schema) for name, schema in FRAMES.items()}
    tallied.write(tmp_path, frames)
    assert tallied.read(tmp_path).keys() == FRAMES.keys()
    damage(tmp_path / tallied.NAME)
    assert tallied.read(tmp_path) == {}


def test_tallies_of_another_shape_are_as_none(tmp_path):
    frames = {name: pl.DataFrame(schema=schema) for name, schema in FRAMES.items()}
    tallied.write(tmp_path, {**frames, "tied": frames["titles"]})
    assert tallied.read(tmp_path) == {}


def test_nothing_is_known_by_a_piece_s_bytes_where_nothing_is_kept(tmp_path):
    tables = doubtful(10)
    known, tally = sealed(_written(tmp_path, tables), dataset.facts(tables))
    digests = {piece.digest for name in READ for piece in tally.source.pieces(name)}
    assert digests == {""}
    assert known.tables["authors"].rows <= LEADING
    assert isinstance(tally, Tally)
