"""Where the id of an author or a paper went: through merges, splits and renames, over several snapshots."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from byline.snapshots import manifest, moves, redirects
from byline_schemas import AUTHOR_REDIRECTS, PAPER_REDIRECTS
from tests.validation import dataset

A, B, C, D, E = ("a" * 20, "b" * 20, "c" * 20, "d" * 20, "e" * 20)


def known(*rows: tuple[str | None, ...]) -> pl.DataFrame:
    columns = AUTHOR_REDIRECTS.columns()
    return pl.DataFrame(rows, schema=columns, orient="row") if rows else AUTHOR_REDIRECTS.empty()


def moved(*rows: tuple[str | None, ...]) -> pl.DataFrame:
    columns = dict.fromkeys(["old", "new", "kind"], pl.String)
    return pl.DataFrame(rows, schema=columns, orient="row")


def updated(before: pl.DataFrame, moves: pl.DataFrame, present: list[str]) -> list[tuple[Any, ...]]:
    rows = redirects.update(before, moves, pl.Series(present, dtype=pl.String), "s2", AUTHOR_REDIRECTS)
    AUTHOR_REDIRECTS.model.validate(rows, lazy=True)
    return rows.rows()


def snapshot_of(folder: Path, authors: list[str]) -> Path:
    """A snapshot of papers of one author each, whose ids are given."""
    tables = dataset.frames(len(authors), people=3)
    papers = tables["papers"].with_columns(author_count=pl.lit(1, pl.UInt16))
    shared = papers.sort("paper_id").select(
        "paper_id",
        position=pl.lit(1, pl.UInt16),
        author_id=pl.Series(authors),
        name_as_listed=pl.lit("Ada Brant"),
        source=pl.lit("listed"),
        is_last=~pl.col("authors_truncated"),
        identity_confidence=pl.lit(0.9, pl.Float32),
    )
    named = (
        tables["authors"]
        .head(1)
        .drop("author_id")
        .join(pl.DataFrame({"author_id": sorted(set(authors))}), how="cross")
    )
    tables |= {"papers": papers, "authorships": shared, "authors": dataset.shaped("authors", named)}
    dataset.snapshot(folder, tables)
    return folder


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([A, A, B], [A, A, B], []),
        ([A, A, B], [B, B, B], [(A, B, "merged")]),
        ([A, A, B], [C, C, C], [(A, C, "merged"), (B, C, "merged")]),
        ([A, A, B], [C, D, B], [(A, C, "split"), (A, D, "split")]),
        ([A, A, B], [A, C, B], []),
        ([A, A, B], [C, C, B], [(A, C, "renamed")]),
    ],
)
def test_what_became_of_an_id(old, new, expected, tmp_path):
    one, two = snapshot_of(tmp_path / "one", old), snapshot_of(tmp_path / "two", new)
    assert moves.author_moves(one, two).rows() == expected
    assert moves.author_moves(one, two, rows_per_pass=1).rows() == expected


def test_an_author_whose_papers_left_is_gone(tmp_path):
    one, two = snapshot_of(tmp_path / "one", [A, B, C]), snapshot_of(tmp_path / "two", [A])
    gone = [row for row in moves.author_moves(one, two).rows() if row[2] == "gone"]
    assert {row[0] for row in gone} <= {B, C}
    assert all(row[1] is None for row in gone)
    assert gone


def test_a_chain_of_merges_leads_to_its_end():
    before = known((A, B, "merged", "s1"))
    assert updated(before, moved((B, C, "merged")), [C]) == [(A, C, "merged", "s2"), (B, C, "merged", "s2")]


def test_a_chain_of_renames_is_a_rename_and_any_merge_in_it_makes_a_merge():
    before = known((A, B, "renamed", "s1"), (D, B, "merged", "s1"))
    rows = updated(before, moved((B, C, "renamed")), [C])
    assert [row[:3] for row in rows] == [(A, C, "renamed"), (B, C, "renamed"), (D, C, "merged")]


def test_a_split_whose_parts_meet_again_is_a_merge_and_one_that_is_split_on_stays_a_split():
    before = known((A, B, "split", "s1"), (A, C, "split", "s1"))
    rows = updated(before, moved((B, D, "merged"), (C, D, "merged")), [D])
    assert rows[0] == (A, D, "merged", "s2")
    rows = updated(before, moved((B, D, "split"), (B, E, "split")), [C, D, E])
    assert [row[:3] for row in rows if row[0] == A] == [(A, C, "split"), (A, D, "split"), (A, E, "split")]


def test_a_branch_that_is_gone_is_dropped_while_another_is_there():
    before = known((A, B, "split", "s1"), (A, C, "split", "s1"))
    rows = updated(before, moved((B, None, "gone")), [C])
    assert rows == [(A, C, "merged", "s2"), (B, None, "gone", "s2")]


def test_rows_that_nothing_happened_to_keep_their_snapshot_and_ids_that_are_back_have_none():
    before = known((A, B, "merged", "s1"), (C, None, "gone", "s1"), (D, B, "merged", "s1"))
    assert updated(before, moved(), [B, D]) == [(A, B, "merged", "s1"), (C, None, "gone", "s1")]


def test_the_file_has_the_same_bytes_for_the_same_rows(tmp_path):
    one, two = snapshot_of(tmp_path / "one", [A, A, B]), snapshot_of(tmp_path / "two", [C, C, C])
    identity = manifest.read(two).snapshot_id
    content = [redirects.after(one, two, tmp_path / "none", identity) for _ in range(2)]
    assert content[0] == content[1]
    (tmp_path / "known.parquet").write_bytes(content[0][redirects.place(AUTHOR_REDIRECTS)])
    assert redirects.read(tmp_path / "known.parquet", AUTHOR_REDIRECTS).rows() == [
        (A, C, "merged", identity),
        (B, C, "merged", identity),
    ]


def renamed_papers(folder: Path, ids: list[str], *, files: str = "a", drop: int = 0) -> Path:
    """A snapshot of papers of one record each, whose ids are given; `files` names other files of one content."""
    tables = dataset.frames(len(ids), people=3)
    papers = tables["papers"].sort("title").with_columns(record_count=pl.lit(1, pl.UInt32))
    renamed = pl.DataFrame({"paper_id": papers["paper_id"], "new": ids})
    first = tables["records"].filter(pl.col("status") == "published")
    records = first.with_columns(
        record_id=pl.col("record_id").str.replace("^.", files), source_file=files + pl.col("source_file")
    )
    tables |= {"papers": papers, "records": records}
    for name in ("papers", "authorships", "records", "paper_affiliations"):
        joined = tables[name].join(renamed, on="paper_id", how="left")
        joined = joined.with_columns(paper_id=pl.coalesce("new", "paper_id")).drop("new")
        tables[name] = joined.unique("paper_id") if name == "papers" else joined
    tables["records"] = tables["records"].sort("byte_start").slice(drop)
    dataset.snapshot(folder, tables)
    return folder


def papers(*ids: str) -> list[str]:
    return [one * 20 for one in ids]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("abc", "abc", []),
        ("abc", "abd", [("c", "d", "renamed")]),
        ("abc", "abb", [("c", "b", "merged")]),
        ("aac", "dec", [("a", "d", "split"), ("a", "e", "split")]),
    ],
)
@pytest.mark.parametrize("files", ["a", "b"])
def test_what_became_of_a_paper_follows_from_its_records_wherever_their_file_lies(
    old, new, expected, files, tmp_path
):
    one = renamed_papers(tmp_path / "one", papers(*old))
    two = renamed_papers(tmp_path / "two", papers(*new), files=files)
    wanted = [(a * 20, b * 20, kind) for a, b, kind in expected]
    assert moves.paper_moves(one, two).rows() == wanted
    assert moves.paper_moves(one, two, rows_per_pass=1).rows() == wanted


def test_a_paper_without_a_record_is_gone_and_comes_back_without_a_redirect(tmp_path):
    one = renamed_papers(tmp_path / "one", papers("a", "b", "c"))
    two = renamed_papers(tmp_path / "two", papers("d", "e", "f"), drop=1)
    moved = moves.paper_moves(one, two)
    assert sorted(moved["kind"]) == ["gone", "renamed", "renamed"]
    rows = redirects.update(
        PAPER_REDIRECTS.empty(), moved, pl.Series(papers("d", "e", "f")), "s2", PAPER_REDIRECTS
    )
    PAPER_REDIRECTS.model.validate(rows, lazy=True)
    back = redirects.update(rows, moved.clear(), pl.Series(papers("a", "b", "c")), "s3", PAPER_REDIRECTS)
    assert back.is_empty()


def test_authors_are_followed_through_papers_that_have_new_ids(tmp_path):
    one = renamed_papers(tmp_path / "one", papers("a", "b", "c"))
    two = renamed_papers(tmp_path / "two", papers("d", "e", "f"))
    assert moves.author_moves(one, two).is_empty()  # the same authors, though every paper has another id
    found = moves._author_pairs(one, two, moves.paper_moves(one, two), 10)
    assert found.filter(pl.col("old") != pl.col("new")).is_empty()
    assert found.height > 1
