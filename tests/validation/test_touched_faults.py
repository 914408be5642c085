"""What lies wrong in published files is found by the rules put to touched ids, wherever in the files it lies."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from byline.files.parquet import PartitionWriter
from byline.snapshots.manifest import Facts
from byline.snapshots.seal import seal
from byline.validation.touched import touched_agree
from byline_schemas import TABLES
from tests.validation import dataset

PAPERS = 9_000
"""So many make row groups of `authorships`: some 9,000 rows lie in each of its three full partitions."""
NOWHERE = "f" * 20
Ids = Mapping[str, pl.Series]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Facts]:
    """Return a sound snapshot of several row groups a file, and what its manifest says beside the files."""
    folder, frames = tmp_path_factory.mktemp("sound"), dataset.frames(PAPERS, people=3_000)
    dataset.snapshot(folder, frames)
    return folder, dataset.facts(frames)


@pytest.fixture
def copied(sound: tuple[Path, Facts], tmp_path: Path) -> tuple[Path, Facts]:
    folder = tmp_path / "snapshot"
    shutil.copytree(sound[0], folder, copy_function=os.link)  # `put` writes new files
    return folder, sound[1]


def file_of(folder: Path, table: str) -> Path:
    """Return a file of a table that holds several row groups."""
    paths = sorted((folder / table).rglob("*.parquet"))
    return next(path for path in paths if pq.read_metadata(path).num_row_groups > 1)


def rows_of(path: Path) -> pl.DataFrame:
    return pl.read_parquet(path, hive_partitioning=False)


def put(folder: Path, said: Facts, table: str, files: Mapping[Path, pl.DataFrame]) -> None:
    """Write files of a table anew and seal the snapshot, so that only the rows are wrong."""
    for path, rows in files.items():
        path.unlink()
        with PartitionWriter(path.parent, TABLES[table]) as writer:
            writer.append(rows.sort(TABLES[table].sort, maintain_order=True))
    for document in folder.glob("*.*"):
        document.unlink()
    seal(folder, said)


def places(path: Path) -> dict[str, int]:
    """Return the first and last rows of a file, and of the row groups beside the first border."""
    footer = pq.read_metadata(path)
    border = footer.row_group(0).num_rows
    return {"first": 0, "before a border": border - 1, "behind a border": border, "last": footer.num_rows - 1}


def rules(folder: Path, ids: Ids) -> set[str]:
    return {finding.rule for finding in touched_agree(folder, ids, set())}


def touching(row: pl.DataFrame) -> dict[str, pl.Series]:
    return {"papers": row["paper_id"], "authors": row["author_id"]}


PLACES = ("first", "before a border", "behind a border", "last")
FAULTS: dict[str, tuple[str, Callable[[pl.DataFrame, int], pl.DataFrame]]] = {
    "put twice": ("key_is_unique", lambda rows, at: pl.concat([rows, rows[at]])),
    "lost": ("positions_run_to_author_count", lambda rows, at: pl.concat([rows[:at], rows[at + 1 :]])),
    "of nobody": (
        "author_exists",
        lambda rows, at: pl.concat(
            [rows[:at], rows[at].with_columns(author_id=pl.lit(NOWHERE)), rows[at + 1 :]]
        ),
    ),
    "of no paper": (
        "paper_exists",
        lambda rows, at: pl.concat([rows, rows[at].with_columns(paper_id=pl.lit(NOWHERE))]),
    ),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("rule", "damage"), FAULTS.values(), ids=FAULTS.keys())
def test_an_authorship_that_is_wrong_is_found_at_every_border(copied, rule, damage, place):
    folder, said = copied
    path = file_of(folder, "authorships")
    before = rows_of(path)
    row = before[places(path)[place]]
    nowhere = {"papers": pl.Series([NOWHERE]), "authors": pl.Series([NOWHERE])}
    assert rules(folder, touching(row)) == set()
    put(folder, said, "authorships", {path: damage(before, places(path)[place])})
    ids = {group: pl.concat([some, nowhere[group]]) for group, some in touching(row).items()}
    assert rule in rules(folder, ids)


@pytest.mark.parametrize("place", PLACES)
def test_a_row_that_was_left_in_another_file_is_found(copied, place):
    folder, said = copied
    path = file_of(folder, "authorships")
    other = next(
        other for other in (folder / "authorships").rglob("*.parquet") if other.parent != path.parent
    )
    row = rows_of(path)[places(path)[place]]
    put(folder, said, "authorships", {other: pl.concat([rows_of(other), row])})
    assert {"key_is_unique", "year_is_the_papers"} <= rules(folder, touching(row))


@pytest.mark.parametrize("number", [0, -1])
def test_a_count_that_is_off_by_one_is_found(copied, number):
    folder, said = copied
    path = next((folder / "authors").rglob("*.parquet"))
    rows = rows_of(path)
    author = rows[number]
    off = pl.when(pl.col("author_id") == author["author_id"][0]).then(1).otherwise(0)
    put(folder, said, "authors", {path: rows.with_columns(pl.col("paper_count") + off.cast(pl.UInt32))})
    assert rules(folder, {"authors": author["author_id"]}) == {"paper_count_is_true"}


@pytest.mark.parametrize("place", ["first", "last"])
def test_a_record_that_says_another_paper_is_found(copied, place):
    folder, said = copied
    path = file_of(folder, "records")
    rows = rows_of(path).with_row_index("row")
    at = places(path)[place]
    paper = rows.drop_nulls("paper_id").row(0 if at == 0 else -1, named=True)
    to = pl.when(pl.col("row") == paper["row"]).then(pl.lit(NOWHERE)).otherwise("paper_id")
    put(folder, said, "records", {path: rows.with_columns(paper_id=to).drop("row")})
    found = rules(folder, {"papers": pl.Series([NOWHERE, paper["paper_id"]])})
    assert "paper_exists" in found
    assert found & {"has_a_record", "record_count_is_true"}


@pytest.mark.parametrize("number", [0, -1])
def test_an_organisation_that_nobody_names_or_that_is_none_is_found(copied, number):
    folder, said = copied
    path = next((folder / "affiliations").rglob("*.parquet"))
    rows = rows_of(path)
    one = rows.sort("affiliation_id")[number]
    assert rules(folder, {"affiliations": one["affiliation_id"]}) == set()
    strange = one.with_columns(affiliation_id=pl.lit(NOWHERE))
    put(
        folder,
        said,
        "affiliations",
        {path: pl.concat([rows.join(one, on="affiliation_id", how="anti"), strange])},
    )
    found = rules(folder, {"affiliations": pl.Series([NOWHERE, one["affiliation_id"][0]])})
    assert {"affiliation_exists", "is_referenced"} <= found


def test_organisations_that_stand_twice_are_found(copied):
    folder, said = copied
    path = next((folder / "affiliations").rglob("*.parquet"))
    rows = rows_of(path)
    put(folder, said, "affiliations", {path: pl.concat([rows, rows[:1]])})
    assert rules(folder, {"affiliations": rows["affiliation_id"][:1]}) == {"key_is_unique"}
