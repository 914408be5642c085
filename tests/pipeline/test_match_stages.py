"""What papers ask of arXiv's index, which entries are fetched for whom, and which name buckets go together."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from byline.decisions import curated
from byline.files import run_files
from byline.pipeline.stages import fill, match, resolve
from byline.reference import layout, lookup
from byline.reference.keys import keys_only_id
from byline_schemas import PARSED


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
        ([decision("different", "p", "r")], [(0,), (1,), (2,), (3,)]),
        ([decision("same", "r", "q"), decision("same", "p", "q")], [(0,), (1, 2, 3)]),
        ([decision("same", "p", "elsewhere"), decision("same", "elsewhere", "p")], [(0,), (1,), (2,), (3,)]),
    ],
)
def test_name_buckets_that_a_person_ties_are_resolved_together(decisions, groups):
    decided = [("p", 1, 1), ("q", 1, 2), ("r", 1, 3)]
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
    assert run_files.read_group([match.papers_path(tmp_path)], 0).equals(papers)
    asked = pl.concat([run_files.read_group([match.asked_path(tmp_path)], part) for part in range(2)])
    assert set(asked.select("paper", "has_text", "bucket").iter_rows()) == {(0, False, 3), (1, True, 3)}
