"""Where the id of an author or a paper went: through merges, splits and renames, over several snapshots."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from byline.snapshots import lost, manifest, moves, redirects
from byline.snapshots.redirects import Switch
from byline.snapshots.scan import Parts, scan_table
from byline_schemas import AUTHOR_REDIRECTS, LOST_AUTHORS, PAPER_REDIRECTS, SchemaErrors
from tests.validation import dataset

A, B, C, D, E = ("a" * 20, "b" * 20, "c" * 20, "d" * 20, "e" * 20)
SWITCH = Switch(None, Path("new"), "s2")


def known(*rows: tuple[str | None, ...]) -> pl.DataFrame:
    columns = dict.fromkeys(["old", "new", "kind", "since_snapshot"], pl.String)
    return pl.DataFrame(rows, schema=columns, orient="row")


def moved(*rows: tuple[str | None, ...]) -> pl.DataFrame:
    columns = dict.fromkeys(["old", "new", "kind"], pl.String)
    return pl.DataFrame(rows, schema=columns, orient="row")


def updated(
    before: pl.DataFrame, moves: pl.DataFrame, *pairs: tuple[str, str | None], switch: Switch = SWITCH
) -> list[tuple[Any, ...]]:
    holders = pl.DataFrame(pairs, schema=lost.PAIR, orient="row")
    rows = redirects.update(before, holders, moves, switch, "authors")
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


def parts_of(old: Path, new: Path) -> Parts:
    """Return what a build knows of the authors in whom two snapshots differ: all mentions of who lost or got one."""
    sides = [scan_table(one, "authorships").select("paper_id", "position", "author_id") for one in (old, new)]
    moved = [
        one.join(other, on=one.collect_schema().names(), how="anti") for one, other in (sides, sides[::-1])
    ]
    touched = pl.concat(moved).select("author_id").unique()
    mentions = [one.join(touched, on="author_id", how="semi").collect() for one in sides]
    authors = [scan_table(one, "authors").select("author_id").collect() for one in (old, new)]
    frames = [{"authors": some, "authorships": held} for some, held in zip(authors, mentions, strict=True)]
    return Parts(old.name, *frames)


@pytest.mark.parametrize("seed", range(8))
def test_what_a_build_knows_tells_of_ids_what_whole_snapshots_do(seed, tmp_path):
    rng = np.random.default_rng(seed)
    ids = [sorted(dataset.frames(number)["papers"]["paper_id"]) for number in (12, 7)]
    people = [f"{number:020x}" for number in range(16)]
    wrote = {paper: people[rng.integers(0, 10)] for paper in ids[0]}
    now = {paper: wrote[paper] if rng.random() < 0.8 else people[rng.integers(5, 16)] for paper in ids[1]}
    old, new = (
        snapshot_of(tmp_path / "old", [*wrote.values()]),
        snapshot_of(tmp_path / "new", [*now.values()]),
    )
    gone = sorted(wrote.keys() - now.keys())
    led = moved(*((paper, ids[1][rng.integers(0, 7)], "merged") for paper in gone))
    for papers in (led, led.clear()):
        whole = moves.author_moves(old, new, papers)
        assert whole.height
        assert moves.author_moves(*parts_of(old, new).sides(old, new), papers).equals(whole)


def test_an_author_whose_papers_left_is_gone(tmp_path):
    one, two = snapshot_of(tmp_path / "one", [A, B, C]), snapshot_of(tmp_path / "two", [A])
    gone = [row for row in moves.author_moves(one, two).rows() if row[2] == "gone"]
    assert {row[0] for row in gone} <= {B, C}
    assert all(row[1] is None for row in gone)
    assert gone


def test_a_step_of_renames_is_a_rename_and_any_merge_in_it_makes_a_merge():
    before = known((A, B, "renamed", "s1"), (D, B, "merged", "s1"))
    rows = updated(before, moved((B, C, "renamed")), (A, C), (B, C), (D, C))
    assert [row[:3] for row in rows] == [(A, C, "renamed"), (B, C, "renamed"), (D, C, "merged")]
    rows = updated(before, moved((B, C, "merged")), (A, C), (B, C), (D, C))
    assert {row[2] for row in rows} == {"merged"}


def test_several_holders_are_a_split_and_none_is_gone():
    rows = updated(known(), moved((A, B, "split"), (A, C, "split")), (A, B), (A, C), (D, None))
    assert rows == [(A, B, "split", "s2"), (A, C, "split", "s2"), (D, None, "gone", "s2")]


def test_what_comes_back_under_an_id_of_its_own_is_renamed_and_under_one_of_several_merged():
    before = known((A, None, "gone", "s1"), (B, None, "gone", "s1"), (C, None, "gone", "s1"))
    rows = updated(before, moved(), (A, D), (B, E), (C, E))
    assert [row[:3] for row in rows] == [(A, D, "renamed"), (B, E, "merged"), (C, E, "merged")]


def test_what_comes_back_under_an_id_that_was_another_s_is_merged_into_that(tmp_path):
    switch = Switch(snapshot_of(tmp_path / "old", [D, C]), Path("new"), "s2")
    before = known((A, None, "gone", "s1"), (B, None, "gone", "s1"))
    rows = updated(before, moved(), (A, D), (B, E), switch=switch)
    assert [row[:3] for row in rows] == [(A, D, "merged"), (B, E, "renamed")]


def test_of_an_id_that_is_lost_again_what_it_held_last_counts(tmp_path):
    """Its old rows are still there where redirects could not be continued meanwhile."""
    one, two = snapshot_of(tmp_path / "one", [A, B, B]), snapshot_of(tmp_path / "two", [C, C, B])
    now = lost.mentions_of(one, pl.Series([A]))
    stale = now.with_columns(paper_id=pl.lit(E), record_id=pl.lit(E))
    other = now.with_columns(old_author_id=pl.lit(D))
    path = tmp_path / "kept.parquet"
    pl.concat([stale, other]).write_parquet(path)
    held = redirects._held(Switch(one, two, "s2"), "authors", known(), moved((A, C, "renamed")), path)
    assert held.equals(pl.concat([now, other]).sort("old_author_id"))


def test_a_redirect_that_leads_where_it_led_keeps_its_snapshot():
    before = known((A, B, "merged", "s1"), (C, None, "gone", "s1"), (D, B, "renamed", "s1"))
    rows = updated(before, moved(), (A, B), (C, None), (D, E))
    assert rows == [(A, B, "merged", "s1"), (C, None, "gone", "s1"), (D, E, "merged", "s2")]


def test_redirects_that_break_their_model_are_not_written():
    wrong = pl.DataFrame([(A, None, "merged", "s2")], schema=AUTHOR_REDIRECTS.columns(), orient="row")
    with pytest.raises(SchemaErrors):
        redirects._bytes(wrong, AUTHOR_REDIRECTS)


def test_the_files_have_the_same_bytes_for_the_same_rows(tmp_path):
    one, two = snapshot_of(tmp_path / "one", [A, A, B]), snapshot_of(tmp_path / "two", [C, C, C])
    switch = Switch(one, two, manifest.read_manifest(two).snapshot_id)
    content = [redirects.after(switch, tmp_path / "none") for _ in range(2)]
    assert content[0] == content[1]
    (tmp_path / "known.parquet").write_bytes(content[0][redirects.place(AUTHOR_REDIRECTS)])
    assert redirects.read_redirects(tmp_path / "known.parquet", AUTHOR_REDIRECTS).rows() == [
        (A, C, "merged", switch.snapshot_id),
        (B, C, "merged", switch.snapshot_id),
    ]


def walked(home: Path, *states: list[str]) -> list[tuple[Any, ...]]:
    """Publish snapshots of these authors one after the other; return the redirects of authors at the end."""
    before = None
    for number, authors in enumerate(states):
        now = snapshot_of(home / f"snapshot{number}", authors)
        switch = Switch(before, now, manifest.read_manifest(now).snapshot_id)
        for place, content in redirects.after(switch, home / "history").items():
            (home / "history" / place).parent.mkdir(parents=True, exist_ok=True)
            (home / "history" / place).write_bytes(content)
        before = now
    rows = redirects.read_redirects(home / "history" / redirects.place(AUTHOR_REDIRECTS), AUTHOR_REDIRECTS)
    return [row[:3] for row in rows.sort("old_author_id", "new_author_id").rows()]


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (([A, A, B], [C, C, B], [C, D, B]), {(A, C), (A, D)}),
        (([A, B, B], [B, B, B], [C, B, B]), {(A, C)}),
        (([A, B, C], [D, D, C], [B]), {(A, B), (D, B), (C, None)}),
        (([A, B, C], [D, D, C], [E], [D, D, C]), {(A, D), (B, D), (E, D)}),
    ],
    ids=["split later", "moved while the other stays", "removed", "removed and restored"],
)
def test_a_redirect_follows_the_mentions_through_several_snapshots(states, expected, tmp_path):
    assert {row[:2] for row in walked(tmp_path, *states)} == expected


def test_a_history_of_an_earlier_byline_is_read_on(tmp_path):
    one, two = snapshot_of(tmp_path / "one", [A, A, B]), snapshot_of(tmp_path / "two", [C, C, B])
    three = snapshot_of(tmp_path / "three", [D, E, B])
    old = known((A, C, "renamed", "s1"), (E[::-1], None, "gone", "s0"), ("f" * 20, C, "merged", "s0"))
    for kept, split in (([two, one], True), ([two], True), ([], False)):
        held = lost.adopted(old, lost.mentions_of, LOST_AUTHORS, kept)
        found = redirects.holders(held, three, "authors")
        assert set(held["old_author_id"]) == set(old["old"])
        assert sorted(found.filter(pl.col("old") == A)["new"].drop_nulls()) == ([D, E] if split else [])


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
    places = redirects.after(Switch(one, two, "s2"), tmp_path)
    for place, content in places.items():
        (tmp_path / place).parent.mkdir(parents=True)
        (tmp_path / place).write_bytes(content)
    rows = redirects.read_redirects(tmp_path / redirects.place(PAPER_REDIRECTS), PAPER_REDIRECTS)
    assert sorted(rows["kind"]) == ["gone", "renamed", "renamed"]
    back = redirects.after(Switch(two, one, "s3"), tmp_path)[redirects.place(PAPER_REDIRECTS)]
    again = pl.read_parquet(io.BytesIO(back))
    assert set(again["old_paper_id"]) == set(papers("d", "e", "f"))


def test_authors_are_followed_through_papers_that_have_new_ids(tmp_path):
    one = renamed_papers(tmp_path / "one", papers("a", "b", "c"))
    two = renamed_papers(tmp_path / "two", papers("d", "e", "f"))
    assert moves.author_moves(one, two).is_empty()  # the same authors, though every paper has another id
    found = moves._author_pairs(one, two, moves.paper_moves(one, two), 10)
    assert found.filter(pl.col("old") != pl.col("new")).is_empty()
    assert found.height > 1
