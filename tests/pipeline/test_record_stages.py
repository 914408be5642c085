"""What the stages from reading to settling do with the rows of a few made-up records, each by itself."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from byline import boundary, inputs, papers
from byline.boundary import reading
from byline.core.errors import UsageError
from byline.core.limits import LONGEST_LIST
from byline.files import run_files
from byline.inputs import Slice
from byline.pipeline.stages import borders, evidence, plan, read, settle, unite
from byline.pipeline.stages.read import SliceFacts
from byline_schemas import PARSED

SURE, DOUBTFUL = 0.999, 0.01


def parsed(*rows: Mapping[str, object]) -> pl.DataFrame:
    """Return parsed rows: readable cards by Ada Pym unless told otherwise."""
    usual = dict.fromkeys(PARSED.columns()) | {
        "byte_start": 0, "byte_end": 9, "first_line": 1, "last_line": 2, "digest": "d" * 20, "form": "card",
        "published_precision": "day", "badges": [], "listed_links": [], "byline": "On owlsAda Pym", "title": "On owls",
        "authors": ["Ada Pym"], "authors_truncated": False, "labels": [], "boundary_confidence": SURE,
    }  # fmt: skip
    frame = pl.DataFrame(
        [{**usual, **row} for row in rows], schema_overrides=dict(PARSED.columns()), infer_schema_length=None
    )
    return frame.select(pl.col(name).cast(dtype) for name, dtype in PARSED.columns().items())


UNSIGNED: dict[str, object] = {
    "reason": "missing_byline",
    "authors": [],
    "byline": None,
    "boundary_confidence": None,
}
UNREAD: dict[str, object] = {
    "reason": "bad_date",
    "authors": [],
    "byline": None,
    "title": None,
    "boundary_confidence": None,
}


def test_a_slice_tells_what_needs_a_second_look_and_what_a_registry_could_complete():
    frame = parsed(
        {},
        {"byline": "xy", "abstract": "a" * 9_999, "boundary_confidence": DOUBTFUL, "authors": ["Bo Li", "Cy Fox"]},
        {"byline": None, "boundary_confidence": DOUBTFUL},
        UNSIGNED | {"arxiv_id": "2001.00001"},
        UNSIGNED | {"arxiv_id": "2001.00002", "title": None},
        UNSIGNED,
        UNREAD | {"arxiv_id": "2001.00003"},
    )  # fmt: skip
    facts = read._facts("s", frame, cached=True)
    assert facts.doubtful == ((1, "xy", "a" * boundary.LONGEST_ABSTRACT),)
    assert facts.authorless == ((3, "2001.00001", "On owls"),)
    assert (facts.rows, facts.mentions, facts.cached) == (7, 4, True)


def kept(cache: Path, digest: str, frame: pl.DataFrame) -> None:
    """Put parsed rows where `read` keeps them."""
    buffer = io.BytesIO()
    frame.write_ipc(buffer)
    run_files.write_checked(read.cache_path(cache, digest), buffer.getvalue())


def test_rows_come_back_from_the_cache_as_they_were_or_not_at_all(tmp_path):
    frame = parsed({}, UNREAD)
    kept(tmp_path, "aa1", frame)
    found = read.load_parsed(tmp_path, "aa1")
    assert found is not None
    assert found.equals(frame)
    some = read.load_parsed(tmp_path, "aa1", ["reason", "title"])
    assert some is not None
    assert some.columns == ["reason", "title"]
    assert read.load_parsed(tmp_path, "aa2") is None
    kept(tmp_path, "aa3", frame.with_columns(pl.col("first_line").cast(pl.Int64)))
    assert read.load_parsed(tmp_path, "aa3") is None
    kept(tmp_path, "aa4", frame.drop("venue"))
    assert read.load_parsed(tmp_path, "aa4", ["venue"]) is None


def test_what_the_cache_lacks_is_read_and_kept(tmp_path):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text("LGSep 25, 2023\nCounting owlsAda Pym\nWe count.\n" * 2)
    (source,) = inputs.find_sources(tmp_path / "raw")
    slices = tuple(inputs.plan(source, tmp_path, 40).slices)
    assert len(slices) == 2
    first = read.read_slices(read.ReadTask(slices[:1], tmp_path / "cache"))
    again = read.read_slices(read.ReadTask(slices[::-1], tmp_path / "cache"))
    found = [(fact.digest, fact.rows, fact.cached) for fact in [*first, *again]]
    one, other = (piece.digest for piece in slices)
    assert found == [(one, 1, False), (other, 1, other == one), (one, 1, True)]


def facts(digest: str, *doubtful: tuple[int, str, str | None]) -> SliceFacts:
    return SliceFacts(digest, 9, doubtful, 0, cached=False)


def test_doubtful_bylines_are_gathered_in_the_order_of_their_slices():
    found = evidence.gather_doubtful(
        [facts("b", (4, "x", None)), facts("a", (7, "y", "text"), (9, "z", None))]
    )
    assert found.rows() == [("a", 7, "y", "text"), ("a", 9, "z", None), ("b", 4, "x", None)]


def test_names_of_equal_slices_count_as_often_and_doubtful_ones_do_not(tmp_path):
    kept(
        tmp_path,
        "aa",
        parsed({"authors": ["Ada Quixworth", "Bo Fenwickan"]}, {"boundary_confidence": DOUBTFUL}),
    )
    kept(tmp_path, "bb", parsed({"authors": ["Ada Quixworth"]}, UNREAD))
    one = evidence.total_names([("aa", 1)], tmp_path)
    assert one["count"].to_list() == [1] * one.height
    assert one.height > 1
    both = evidence.total_names([("aa", 3), ("bb", 2)], tmp_path)
    assert both["key"].to_list() == sorted(one["key"].to_list())
    assert set(both["count"]) == {3, 5}
    with pytest.raises(FileNotFoundError, match="vanished"):
        evidence.total_names([("cc", 1)], tmp_path)


def test_counts_are_asked_by_key(tmp_path):
    kept(tmp_path / "cache", "aa", parsed({"authors": ["Ada Quixworth", "Bo Fenwickan"]}))
    known = evidence.total_names([("aa", 2)], tmp_path / "cache")["key"].to_numpy()
    asked = np.array([*known, known.max() - 1], dtype=np.uint64)
    np.save(tmp_path / "keys.npy", asked)
    task = evidence.CountTask((("aa", 2),), tmp_path / "cache", tmp_path / "keys.npy", None)
    assert evidence.count_names(task).tolist() == [2] * len(known) + [0]
    np.save(tmp_path / "keys.npy", asked[:0])
    assert evidence.count_names(task).tolist() == []
    left = replace(task, names=tmp_path / "names.run")
    assert evidence.count_names(left).tolist() == []
    assert run_files.read_group([tmp_path / "names.run"], 0)["key"].to_list() == sorted(known)


def test_readings_that_a_second_look_cannot_make_are_left_out(monkeypatch):
    doubtful = pl.DataFrame(
        [("s", 3, "x", None), ("t", 1, "On owlsAda Pym", None)], schema=evidence.DOUBTFUL, orient="row"
    )
    looked = parsed(UNREAD, {}).select(*reading.SCHEMA)
    monkeypatch.setattr(boundary, "second_look", lambda *_: looked)
    found = evidence.amend(doubtful, np.zeros(0, np.uint64), np.zeros(0, np.uint32))
    assert found.select("digest", "row", "title", "supplied").rows() == [("t", 1, "On owls", False)]


def test_doubtful_bylines_that_stay_so_are_dealt_to_tasks(monkeypatch, tmp_path):
    monkeypatch.setattr(borders, "GROUP", 2)
    rows = [("s", row, f"byline {row}", None) for row in (4, 3, 2, 1)]
    doubtful = pl.DataFrame(rows, schema=evidence.DOUBTFUL, orient="row")
    amended = amendments(("s", 2, "On owls"), ("s", 3, "On jays")).with_columns(
        boundary_confidence=pl.Series([1.0, 0.01], dtype=pl.Float32)
    )
    tasks = borders.border_tasks(doubtful, amended, tmp_path)
    assert [task.bylines["row"].to_list() for task in tasks] == [[1, 3], [4]]


@pytest.mark.parametrize("ids", [{}, {"doi": "10.1234/owls", "arxiv_id": "2001.00001"}], ids=["none", "two"])
def test_what_ids_tie_to_keys_is_left_by_the_id_s_bucket(tmp_path, ids):
    target = tmp_path / "ties.run"
    path = settle._write_ties(papers.id_ties(normal(ids)), target, 4)
    assert path == (target if ids else None)
    assert target.exists() is bool(ids)
    for bucket in range(4 if ids else 0):
        assert {tie % 4 for tie in run_files.read_group([target], bucket)["tie"]} <= {bucket}


def test_equal_records_of_one_file_are_tied_whatever_they_read_as_but_cards():
    """Cards are read by themselves, so equal ones have one key."""
    frame = pl.DataFrame(
        {
            "source_file": ["a", "a", "a", "b", "a"],
            "digest": ["same", "same", "other", "same", "same"],
            "form": ["dblp", None, "dblp", "dblp", "card"],
            "paper_key": ["k", "l", "m", "n", "o"],
        }
    )
    ties = settle.equal_ties(frame)
    assert ties.height == 4
    assert papers.tied_keys(ties) == [("k", "l")]


def test_a_registry_that_cannot_be_read_is_wrong_usage(tmp_path):
    with pytest.raises(UsageError, match="nowhere"):
        plan.file_digest(tmp_path / "nowhere")


def test_counts_that_cancel_out_are_gone():
    names = [pl.DataFrame({"key": [7, 3], "count": [2, 1]}, schema=evidence.NAMES)]
    less = pl.DataFrame({"key": [7, 5], "count": [-2, 4]}, schema=evidence.NAMES)
    assert evidence.summed([*names, less]).rows() == [(3, 1), (5, 4)]


def amendments(*rows: tuple[str, int, str]) -> pl.DataFrame:
    """Return readings: digest, row, title."""
    usual = {
        "authors": ["Bo Li"], "authors_truncated": False, "labels": [], "boundary_confidence": 0.9, "supplied": False,
        "name_parts": None,
    }  # fmt: skip
    whole = [{**usual, "digest": digest, "row": row, "title": title} for digest, row, title in rows]
    return pl.DataFrame(whole, schema=evidence.AMENDMENTS)


def test_each_batch_of_slices_gets_what_it_needs_once(tmp_path):
    amended = amendments(("a", 0, "A0"), ("b", 2, "B2"), ("b", 1, "B1"), ("c", 0, "C0"))
    evidence.share(tmp_path / "x.run", amended, [["b", "a", "b"], [], ["b"]])
    found = [run_files.read_group([tmp_path / "x.run"], batch)["title"].to_list() for batch in range(3)]
    assert found == [["A0", "B1", "B2"], [], ["B1", "B2"]]


@pytest.mark.parametrize(("title", "supplied"), [("Hawks", False), ("Hawks", True)])
def test_an_amended_reading_takes_the_place_of_its_row(title, supplied):
    change = amendments(("s", 1, title)).with_columns(supplied=pl.lit(supplied))
    found = evidence.apply_amendments(parsed({}, UNREAD), change)
    assert found["title"].to_list() == ["On owls", "Hawks"]
    assert found["supplied"].to_list() == [False, supplied]
    assert found["reason"].to_list() == [None, None]
    nothing = evidence.apply_amendments(parsed({}, UNREAD), change.head(0))
    assert nothing["supplied"].to_list() == [False, False]


def placed(digest: str, start: int = 0, first_line: int = 1) -> settle.Placed:
    piece = Slice(Path("a.txt"), start, start + 9, first_line, 2, digest)
    return settle.Placed(piece, "a.txt", "f" * 64)


def test_rows_are_placed_in_their_file_with_the_readings_of_their_slice(tmp_path):
    kept(tmp_path, "aa", parsed({}, {"byte_start": 9, "byte_end": 12, "first_line": 3, "last_line": 3}))
    found = settle.place(placed("aa", 100, 11), tmp_path, amendments(("aa", 1, "Hawks"), ("bb", 0, "Jays")))
    assert found.select("byte_start", "byte_end", "first_line", "last_line", "title").rows() == [
        (100, 109, 11, 12, "On owls"), (109, 112, 13, 13, "Hawks"),
    ]  # fmt: skip
    assert found["source_file"].unique().to_list() == ["a.txt"]
    with pytest.raises(FileNotFoundError, match="vanished"):
        settle.place(placed("zz"), tmp_path, amendments())


def normal(*rows: Mapping[str, object]) -> pl.DataFrame:
    frame = parsed(*rows).with_columns(
        supplied=pl.lit(value=False), source_file=pl.lit("a"), source_sha256=pl.lit("f" * 64)
    )
    return settle.normalize(frame, None)


def test_what_latex_said_stays_beside_what_it_says():
    found = normal(
        {"title": r"Poincar\'e owls", "abstract": r"$\alpha$"}, {"title": "Owls", "abstract": None}
    )
    assert found.select("title", "title_tex", "abstract", "abstract_tex").rows() == [
        ("Poincaré owls", r"Poincar\'e owls", "α", r"$\alpha$"), ("Owls", None, None, None),
    ]  # fmt: skip


LINK, OTHER = "https://a.example/x", "https://b.example/y"


@pytest.mark.parametrize(
    ("listed", "abstract", "links"),
    [
        ([], None, []),
        ([], f"See {LINK}.", [LINK]),
        ([OTHER], f"See {LINK} and {OTHER}.", [OTHER, LINK]),
        ([LINK, LINK], None, [LINK]),
    ],
)
def test_links_are_those_of_the_lines_and_then_of_the_abstract(listed, abstract, links):
    assert normal({"listed_links": listed, "abstract": abstract})["links"].to_list() == [links]
    beside = normal({"listed_links": listed, "abstract": abstract}, {"listed_links": [OTHER]}, {})
    assert beside["links"].to_list() == [links, [OTHER], []]


@pytest.mark.parametrize(
    ("badges", "code"), [([], False), (["Code"], True), (["Data"], False), (["Data", "Code"], True)]
)
def test_a_badge_says_that_there_is_code(badges, code):
    assert normal({"badges": badges})["has_code"].to_list() == [code]


SIGNED = "Ada Pym for the Glowworm Collaboration"
PARTS = [{"given": "Ada", "family": "Pym", "suffix": None}]
LONG = [f"Ada Pym{'abcdefghij'[n % 10]}" for n in range(LONGEST_LIST - 1)]


@pytest.mark.parametrize(
    ("row", "count", "confidence"),
    [
        ({"authors": [SIGNED]}, 2, settle.PARTED_AT_MOST),
        ({"authors": [SIGNED], "boundary_confidence": 0.5}, 2, 0.5),
        ({"authors": [SIGNED], "name_parts": PARTS}, 1, SURE),
        ({"authors": ["Ada Pym"]}, 1, SURE),
        ({"authors": [*LONG[:-1], SIGNED]}, LONGEST_LIST, settle.PARTED_AT_MOST),
        ({"authors": [*LONG, SIGNED]}, LONGEST_LIST, SURE),
    ],
    ids=["two in one", "unsure", "parts known", "one", "just short enough", "too long"],
)
def test_who_signs_for_a_collaboration_is_an_author_beside_it(row, count, confidence):
    found = normal(row)
    assert found["authors"].list.len().to_list() == [count]
    assert found["boundary_confidence"].to_list() == pytest.approx([confidence])


def test_categories_and_labels_are_made_plain():
    found = normal({"category_code": "cs.LG", "labels": ["MIT", "MIT "]}, {"category_code": "zz.ZZ"})
    assert found["category"].to_list() == ["cs.LG", None]
    assert found["category_candidates"].to_list() == [["cs.LG"], []]


def test_keys_are_dealt_to_buckets_by_their_first_digits():
    keys = pl.Series(["00000000" + "f" * 12, "00000005" + "0" * 12, "ffffffff" + "0" * 12])
    assert settle.bucket_of(keys, 4).to_list() == [0, 1, 3]


KEY = [f"{number:08x}{'0' * 12}" for number in range(8)]


def test_keys_that_an_id_ties_go_to_the_bucket_of_the_smallest():
    pairs = [(KEY[1], KEY[6]), (KEY[6], KEY[7]), (KEY[2], KEY[5]), (KEY[4], KEY[0])]
    assert unite.moves(pairs, 4) == {1: ((KEY[5], 2),), 2: ((KEY[6], 1),), 3: ((KEY[7], 1),)}
    assert unite.moves([], 4) == {}


def test_rows_that_leave_a_bucket_go_where_their_key_does(tmp_path):
    (tmp_path / "settled").mkdir()
    for number in range(2):
        rows = pl.DataFrame({"paper_key": [KEY[1], KEY[5], KEY[3]], "n": [number] * 3})
        run_files.write_groups(
            settle.settled_path(tmp_path / "settled", number), rows, np.array([1, 1, 3]), 4
        )
    task = unite.MoveTask(1, tmp_path / "settled", 2, ((KEY[5], 2),), 4, tmp_path / "moved.run")
    moved = unite.move_rows(task)
    found = [run_files.read_group([moved], bucket).rows() for bucket in range(4)]
    assert found == [[], [], [(KEY[5], 0), (KEY[5], 1)], []]
    rows = pl.DataFrame({"paper_key": [KEY[1], KEY[5]]})
    assert unite.staying(rows, [KEY[5]])["paper_key"].to_list() == [KEY[1]]
    assert unite.staying(rows, []).equals(rows)


def piece(size: int, reason: str | None = None) -> Slice:
    return Slice(Path("a.txt"), 10, 10 + size, 1, 1, "d", reason)


@pytest.mark.parametrize(
    ("sizes", "together"),
    [([6, 4, 1], [2, 1]), ([6, 5], [1, 1]), ([40, 1], [1, 1]), ([], []), ([4, 3, 3], [3])],
)
def test_slices_are_read_together_as_far_as_memory_goes(sizes, together):
    source = SimpleNamespace(name="a")
    planned: Any = SimpleNamespace(slices=[piece(size) for size in sizes], source=source, sha256="f")
    assert [len(batch) for batch in plan.batches([planned], 10)] == together


def test_an_unreadable_stretch_holds_no_text():
    assert plan.held_bytes(piece(40)) == 40
    assert plan.held_bytes(piece(40, "too_long")) == 0
