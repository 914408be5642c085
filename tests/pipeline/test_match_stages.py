"""What papers ask of arXiv's index, which entries are fetched for whom, and which name buckets go together."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from byline.decisions import curated
from byline.files import run_files
from byline.pipeline.stages import fill, match, rescue, resolve
from byline.pipeline.stages.read import SliceFacts
from byline.reference import layout, lookup
from byline.reference.building import build_index
from byline.reference.keys import keys_only_id
from byline.reference.queries import queries
from byline_schemas import PARSED
from tests.pipeline.gates_paper import ABSTRACT, ENTRY, OTHERS, SHOWN, TITLE
from tests.reference.papers import here, lines, metadata


@pytest.mark.parametrize(
    ("counts", "ranges"),
    [
        ([(1, 1)] * 3, 1),
        ([(match.FETCHED, 0)] * 3, 3),
        ([(match.FETCHED, 0)] * 2, 2),
        ([(match.FETCHED * 9, 0)], 1),
    ],
)
def test_entries_are_fetched_by_part_for_ranges_of_buckets_that_hold_few(counts, ranges, tmp_path):
    index: Any = SimpleNamespace(folder=tmp_path, papers=[0, 1])
    chosen = [tmp_path / str(bucket) for bucket in range(len(counts))]
    tasks = match.fetch_tasks(tmp_path, index, chosen, counts)
    assert len(tasks) == 2 * ranges
    assert len({task.target for task in tasks}) == len(tasks)
    for part in range(2):
        mine = [task for task in tasks if task.part == part]
        assert [path for task in mine for path in task.chosen] == chosen
        assert [task.first_bucket for task in mine] == [chosen.index(task.chosen[0]) for task in mine]


def test_confidence_below_a_hundredth_is_not_told():
    found = pl.DataFrame({"c": [0.0099, fill.WORTH_SAYING, 0.5]}).select(fill._told("c")).to_series()
    assert found.to_list() == [None, 0.01, 0.5]


def decision(verdict: str, a: str, b: str) -> tuple[str, str, int, str, int]:
    return verdict, a, 1, b, 1


@pytest.mark.parametrize(
    ("decisions", "groups"),
    [
        ([], [(0,), (1,), (2,), (3,)]),
        ([decision("same", "p", "r")], [(0,), (1, 3), (2,)]),
        ([decision("different", "p", "r")], [(0,), (1, 3), (2,)]),
        ([decision("same", "r", "q"), decision("same", "p", "q")], [(0,), (1, 2, 3)]),
        ([decision("same", "p", "elsewhere"), decision("same", "elsewhere", "p")], [(0,), (1,), (2,), (3,)]),
    ],
)
def test_name_buckets_that_a_person_ties_are_resolved_together(decisions, groups):
    decided = [("p", 1, 1), ("q", 1, 6), ("r", 1, 3)]
    columns = ["verdict", "paper_id_a", "position_a", "paper_id_b", "position_b"]
    types = [pl.String, pl.String, pl.Int64, pl.String, pl.Int64]
    frame = pl.DataFrame(decisions, schema=dict(zip(columns, types, strict=True)), orient="row")
    assert resolve.tie_buckets(decided, frame, 4) == groups


MERGED: dict[str, Any] = {
    "paper_id": pl.String, "arxiv_id": pl.String, "doi": pl.String, "title": pl.String, "title_tex": pl.String,
    "abstract": pl.String, "abstract_tex": pl.String, "published": pl.Date, "published_precision": pl.String,
    "category_candidates": pl.List(pl.String), "authors": pl.List(pl.String), "authors_truncated": pl.Boolean,
    "name_parts": PARSED.columns()["name_parts"],
}  # fmt: skip


def merged(*rows: dict[str, object]) -> pl.DataFrame:
    usual = dict.fromkeys(MERGED) | {
        "title": "On barn owls",
        "authors": ["Ada Pym"],
        "published_precision": "none",
    }
    return pl.DataFrame([usual | row for row in rows], schema=MERGED)


def test_a_paper_asks_for_the_entry_that_a_person_gave_it_too(tmp_path):
    papers = merged({"paper_id": "p"}, {"paper_id": "q", "arxiv_id": "2001.00001"})
    plain = match.asked_keys(papers, None)
    assert set(plain["paper"]) == {0, 1}
    assert match.asked_keys(papers, tmp_path).equals(plain)
    said = ['{"paper_id": "p", "arxiv_id": "2001.00009"}', '{"paper_id": "q", "arxiv_id": null}',
            '{"paper_id": "elsewhere", "arxiv_id": "2001.00008"}']  # fmt: skip
    (tmp_path / curated.MATCHES).write_text("\n".join(said) + "\n")
    more = match.asked_keys(papers, tmp_path)
    assert more.head(plain.height).equals(plain)
    wanted = keys_only_id(pl.Series(["2001.00009"]), pl.Series([0], dtype=pl.UInt32))
    assert more.slice(plain.height).equals(wanted.select(more.columns))


def test_keys_say_whether_their_paper_has_an_abstract(tmp_path, monkeypatch):
    index: Any = SimpleNamespace(keys=[0, 1])
    monkeypatch.setattr(layout, "open_index", lambda _: index)
    monkeypatch.setattr(lookup, "part_of", lambda _, keys: np.arange(len(keys)) % 2)
    papers = merged({"paper_id": "p"}, {"paper_id": "q", "abstract": "We count owls in nine winters."})
    task: Any = SimpleNamespace(index=tmp_path, target=tmp_path, curated=None, bucket=3)
    match.ask(papers, task)
    kept = run_files.read_group([match.papers_path(tmp_path)], 0)
    assert kept.drop("names").equals(papers)
    assert queries(kept).equals(queries(papers))
    asked = pl.concat([run_files.read_group([match.asked_path(tmp_path)], part) for part in range(2)])
    assert set(asked.select("paper", "has_text", "bucket").iter_rows()) == {(0, False, 3), (1, True, 3)}


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """Return an index of a few papers, one of which nobody is known to have signed."""
    home = tmp_path_factory.mktemp("index")
    unsigned = metadata(40, id="2301.00040", authors="", authors_parsed=[])
    (home / "arxiv.json").write_bytes(lines([ENTRY, *OTHERS, unsigned]))
    return build_index(home / "arxiv.json", home / "index", home / "work", here)


KNOWN: dict[str, Any] = {"paper_id": "p", "title": TITLE, "abstract": ABSTRACT, "authors": SHOWN}
STRANGER: dict[str, Any] = {"paper_id": "q"}
OTHERS_ID = "2301.00021"
Told = tuple[str | None, bool, bool, bool]
"""The entry's id, whether a confidence is told, whether it fills, whether names agree."""
MINE: Told = (ENTRY["id"], True, True, True)
NONE: Told = (None, False, False, False)
LOOKED: list[tuple[str, list[Told]]] = [
    ("", [MINE, NONE]),
    ('{"paper_id": "elsewhere", "arxiv_id": null}', [MINE, NONE]),
    ('{"paper_id": "p", "arxiv_id": null}', [NONE, NONE]),
    (f'{{"paper_id": "q", "arxiv_id": "{OTHERS_ID}"}}', [MINE, (OTHERS_ID, True, True, False)]),
    (f'{{"paper_id": "p", "arxiv_id": "{OTHERS_ID}"}}', [(OTHERS_ID, True, True, True), NONE]),
]  # fmt: skip


@pytest.mark.parametrize(("said", "expected"), LOOKED, ids=["nobody", "others", "none", "another", "instead"])
def test_the_entry_of_a_paper_is_the_best_one_or_the_one_that_a_person_says(index, tmp_path, said, expected):
    (tmp_path / curated.MATCHES).write_text(f"{said}\n")
    papers = merged(KNOWN, STRANGER)
    entries = rescue.entries_for(index, match.asked_keys(papers, tmp_path))
    found = fill.matches(papers, entries, tmp_path)
    told = found.select("arxiv_id", pl.col("confidence").is_not_null(), "fills", "agrees").rows()
    assert told == expected
    for confidence, fills in found.select("confidence", "fills").iter_rows():
        assert (confidence or 0.0) >= 0.95 if fills else confidence is None


def test_what_is_a_match_but_not_surely_is_told_and_fills_nothing(index, monkeypatch):
    monkeypatch.setattr(fill, "threshold", lambda: 1.1)
    papers = merged(STRANGER, KNOWN)
    found = fill.matches(papers, rescue.entries_for(index, match.asked_keys(papers, None)), None)
    assert found["fills"].to_list() == [False, False]
    assert found["confidence"].is_not_null().to_list() == [False, True]


UNSIGNED = [
    ("b", 3, ENTRY["id"], TITLE.lower()),
    ("b", 5, ENTRY["id"], "Herons of the northern lakes, a field guide"),
    ("a", 1, OTHERS_ID, "Sparse gates in the 21th layer"),
    ("a", 2, "2301.99999", TITLE),
    ("a", 4, "2301.00040", "Sparse gates in the 40th layer"),
    ("a", 6, ENTRY["id"], f"[v2] {TITLE} (preprint)"),
    ("a", 7, ENTRY["id"], "Sparse gates in deep layers"),
    ("a", 8, ENTRY["id"], "Sparse gate in dep layers: the careful study of waste"),
    ("a", 9, ENTRY["id"], f"Reply to: {TITLE}"),
    ("a", 10, ENTRY["id"], r"Sparse {\it gates} in deep layers: a careful study of waste"),
]


def test_a_record_without_authors_gets_those_of_its_id_where_the_title_is_the_same(index):
    records = pl.DataFrame(UNSIGNED, schema=rescue.AUTHORLESS, orient="row")
    found = rescue.complete(rescue.CompleteTask(records, index.folder))
    assert found.select("digest", "row", "title").rows() == [
        ("b", 3, TITLE.lower()),
        ("a", 1, "Sparse gates in the 21th layer"),
        *((digest, row, title) for digest, row, _, title in UNSIGNED if row in (6, 7, 8, 10)),
    ]
    assert found["authors"].to_list()[0] == [*SHOWN, "J\u00e9r\u00f4me \u00d8stby Jr."]
    assert found["name_parts"].list.len().to_list() == found["authors"].list.len().to_list()
    assert found.select("authors_truncated", "labels", "supplied").rows() == [(False, [], True)] * 6
    assert (found["boundary_confidence"] >= 0.95).all()


def test_records_without_authors_are_dealt_to_tasks_in_the_order_of_their_slices(monkeypatch, tmp_path):
    monkeypatch.setattr(rescue, "GROUP", 2)
    facts = [
        SliceFacts("b", 9, (), 0, cached=False, authorless=((1, "x", "X"),)),
        SliceFacts("a", 9, (), 0, cached=False, authorless=((4, "y", "Y"), (2, "z", "Z"))),
    ]
    tasks = rescue.complete_tasks(facts, tmp_path)
    assert [task.records.select("digest", "row").rows() for task in tasks] == [
        [("a", 4), ("a", 2)],
        [("b", 1)],
    ]
