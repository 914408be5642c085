"""Too little stops a build, oddities are said, and a person may override by name."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from byline.core.errors import DataError, GateError, UsageError
from byline.core.result import Unread
from byline.snapshots import gate_metrics, gates
from byline.snapshots.gate_metrics import SnapshotFacts, distance
from tests.validation import dataset

Change = Callable[[pl.DataFrame], pl.DataFrame]


def snapshot(folder: Path, **changes: Change) -> Path:
    tables = dataset.frames(300, people=60)
    for name, change in changes.items():
        tables[name] = change(tables[name])
    dataset.snapshot(folder, tables)
    return folder


@pytest.fixture(scope="module")
def last(tmp_path_factory):
    return snapshot(tmp_path_factory.mktemp("last"))


def tripped(report: gates.GateReport) -> dict[str, str]:
    return {gate.name: gate.level for gate in report.tripped}


def quarantined(count: int, reason: str = "bad_date") -> Change:
    rows = {"record_id": [f"{number:020x}" for number in range(count)]}
    return lambda _: pl.DataFrame(rows).with_columns(
        reason=pl.lit(reason), detail=pl.lit("x"), raw_text=pl.lit("x")
    )


def test_nothing_trips_when_nothing_changed(last):
    assert gates.check_gates(last, last).tripped == ()
    assert gates.check_gates(last, None).tripped == ()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"papers": lambda d: d.clear()}, {"nothing_to_publish": "fail", "papers_lost": "fail"}),
        ({"papers": lambda d: d.slice(9)}, {"papers_lost": "fail"}),
        ({"papers": lambda d: d.slice(2)}, {}),
        ({"authors": lambda d: d.slice(30)}, {"authors_lost": "fail"}),
        ({"authorships": lambda d: d.slice(20)}, {"authorships_lost": "fail"}),
        ({"records": lambda d: d.slice(40)}, {"records_lost": "fail"}),
        ({"papers": lambda d: d.with_columns(abstract=None)}, {"abstract_fill_drop": "fail"}),
        (
            {"papers": lambda d: d.with_columns(category=None)},
            {"category_fill": "fail", "category_fill_drop": "warn"},
        ),
        ({"papers": lambda d: d.with_columns(category_code=pl.lit("XX"))}, {"category_drift": "warn"}),
        ({"papers": lambda d: d.with_columns(boundary_confidence=pl.lit(0.5))}, {"low_confidence": "warn"}),
        ({"papers": lambda d: d.with_columns(published=pl.date(1999, 1, 1))}, {"year_drift": "warn"}),
        ({"authors": lambda d: d.with_columns(paper_count=pl.lit(290))}, {"largest_author": "warn"}),
        ({"quarantine": quarantined(21)}, {"quarantine": "fail"}),
        ({"quarantine": quarantined(20)}, {}),
        ({"quarantine": quarantined(40, "page_furniture")}, {}),
    ],
)
def test_each_gate_trips_on_what_it_is_for(changes, expected, last, tmp_path):
    found = tripped(gates.check_gates(snapshot(tmp_path, **changes), last))
    assert expected.items() <= found.items()
    if not expected:
        assert found == {}


def every_second(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.gather_every(2)


def test_lists_that_get_shorter_and_lists_that_get_longer_are_both_said(last, tmp_path):
    shorter = snapshot(tmp_path, authorships=every_second)
    fewer, more = gates.check_gates(shorter, last), gates.check_gates(last, shorter)
    assert tripped(fewer)["authors_per_paper_drift"] == "warn"
    assert tripped(more) == {"authors_per_paper_drift": "warn"}


def facts(rows: dict[str, int] | None = None, **changes: Any) -> SnapshotFacts:
    """Return the facts of a snapshot at rest, a thousand papers of three authors each, with these changes."""
    at_rest = {"papers": 1000, "authors": 1500, "authorships": 3000, "records": 1000, "affiliations": 100}
    fill = {"title": 1.0, "category": 0.9, "abstract": 0.9} | changes.pop("fill", {})
    rest = SnapshotFacts(
        rows=at_rest | (rows or {}),
        reasons={},
        fill=fill,
        unsure=0,
        categories={"LG": 1000},
        years={"2023": 1000},
        largest_author=10,
    )
    return replace(rest, **changes)


LOST, DROPS, DRIFT = gates._rows_lost, gates._fill_drops, gates._drift
FURNITURE = {"page_furniture": 100}
BORDERS: list[tuple[str, Any, dict[str, Any], dict[str, Any]]] = [
    ("authors_lost", LOST, {"rows": {"authors": 1425}}, {"rows": {"authors": 1424}}),
    ("authorships_lost", LOST, {"rows": {"authorships": 2970}}, {"rows": {"authorships": 2969}}),
    ("records_lost", LOST, {"rows": {"records": 950}}, {"rows": {"records": 949}}),
    ("affiliations_lost", LOST, {"rows": {"affiliations": 80}}, {"rows": {"affiliations": 79}}),
    ("authors_per_paper_drift", DRIFT, {"rows": {"authorships": 3750}}, {"rows": {"authorships": 3751}}),
    ("authors_per_paper_drift", DRIFT, {"rows": {"authorships": 2400}}, {"rows": {"authorships": 2399}}),
    ("authors_per_paper_drift", DRIFT, {"rows": {"papers": 199}}, {"rows": {"papers": 200}}),
    ("category_drift", DRIFT, {"categories": {"LG": 4, "CV": 1}}, {"categories": {"LG": 799, "CV": 201}}),
    ("year_drift", DRIFT, {"years": {"2023": 701, "2024": 299}}, {"years": {"2023": 699, "2024": 301}}),
    ("abstract_fill_drop", DROPS, {"fill": {"abstract": 0.71}}, {"fill": {"abstract": 0.69}}),
    ("category_fill_drop", DROPS, {"fill": {"category": 0.86}}, {"fill": {"category": 0.84}}),
    ("low_confidence", gates._confidence, {"unsure": 50}, {"unsure": 51}),
    ("largest_author", gates._largest, {"largest_author": 200}, {"largest_author": 201}),
    ("quarantine", gates._quarantine, {"reasons": {"bad_date": 50}}, {"reasons": {"bad_date": 51}}),
    (
        "quarantine",
        gates._quarantine,
        {"rows": {"records": 1100}, "reasons": {"bad_date": 50} | FURNITURE},
        {"rows": {"records": 1100}, "reasons": {"bad_date": 51} | FURNITURE},
    ),
    ("category_fill", gates._fill, {"fill": {"category": 0.5}}, {"fill": {"category": 0.49}}),
    (
        "category_fill",
        gates._fill,
        {"rows": {"papers": 199}, "fill": {"category": 0.1}},
        {"rows": {"papers": 200}, "fill": {"category": 0.1}},
    ),
    ("title_fill", gates._fill, {}, {"rows": {"papers": 1}, "fill": {"title": 0.999}}),
    ("nothing_to_publish", gates._nothing, {"rows": {"papers": 1}}, {"rows": {"papers": 0}}),
]


@pytest.mark.parametrize(("name", "check", "at_the_border", "beyond"), BORDERS)
def test_at_its_threshold_a_gate_lets_pass_and_beyond_it_trips(name, check, at_the_border, beyond):
    before = (facts(),) if check in (LOST, DROPS, DRIFT) else ()
    assert name not in dict(check(facts(**at_the_border), *before))
    assert name in dict(check(facts(**beyond), *before))


@pytest.mark.parametrize("name", ["category_drift", "year_drift"])
@pytest.mark.parametrize(("most", "said"), [(0.25, False), (0.24, True)])
def test_a_distribution_may_move_as_far_as_its_threshold(monkeypatch, name, most, said):
    """A quarter, which a computer's numbers hold exactly."""
    settings = {gate: {**known} for gate, known in gates.thresholds().items()}
    settings[name]["distance"] = most
    monkeypatch.setattr(gates, "thresholds", lambda: settings)
    moved = (
        {"categories": {"LG": 750, "CV": 250}}
        if name == "category_drift"
        else {"years": {"2023": 3, "2024": 1}}
    )
    assert (name in dict(gates._drift(facts(**moved), facts()))) is said


def test_a_failed_gate_names_its_way_out_and_can_be_overridden(last, tmp_path):
    new = snapshot(tmp_path, papers=lambda d: d.slice(9))
    report = gates.check_gates(new, last)
    with pytest.raises(DataError, match="9 of 300 papers published before are gone") as error:
        report.raise_for_failures()
    assert "--accept papers_lost" in error.value.way_out
    overridden = gates.check_gates(new, last, frozenset({"papers-lost"}))
    overridden.raise_for_failures()
    assert overridden.accepted == ("papers_lost",)


UNREAD = Unread("a.txt", 3, 4, "bad_date", "expected a date", "LGFeb 30, 2023")
FAILED = gates.Gate("quarantine", "fail", "51 of 1000 records", "Five per cent.")
LOST_PAPERS = gates.Gate("papers_lost", "fail", "9 of 300 papers", "A page, not a typo.")
SAID_OF_FAILED, SAID_OF_LOST = (
    ["quarantine: ", "Five per cent.", "a.txt:3  bad_date"],
    ["papers_lost: ", "A page"],
)


@pytest.mark.parametrize(
    ("tripped", "rest", "shown"),
    [
        ((FAILED,), None, SAID_OF_FAILED),
        ((FAILED, LOST_PAPERS), "rest.jsonl", [*SAID_OF_FAILED, "all of them: rest.jsonl", *SAID_OF_LOST]),
        ((LOST_PAPERS,), "rest.jsonl", SAID_OF_LOST),
        ((replace(FAILED, accepted=True), LOST_PAPERS), "rest.jsonl", SAID_OF_LOST),
    ],
)
def test_what_failed_is_said_with_the_records_where_they_are_why(tripped, rest, shown):
    with pytest.raises(GateError) as error:
        gates.GateReport(tripped).raise_for_failures([UNREAD], rest)
    first, *lines = error.value.what.split("\n")
    assert first.startswith(f"{sum(not gate.accepted for gate in tripped)} gate(s) tripped")
    assert [line.strip().startswith(said) for line, said in zip(lines, shown, strict=True)] == [True] * len(
        shown
    )
    assert error.value.gates == tuple((gate.name, gate.message) for gate in tripped if not gate.accepted)
    assert (error.value.unread, error.value.rest) == ((UNREAD,), rest)


def test_what_was_accepted_or_is_a_warning_stops_nothing():
    odd = gates.Gate("year_drift", "warn", "30 % moved", "A page.")
    report = gates.GateReport((replace(FAILED, accepted=True), odd))
    report.raise_for_failures([UNREAD], "rest")
    assert (report.accepted, report.failed, report.warnings) == (
        ("quarantine",),
        (),
        ("year_drift: 30 % moved",),
    )


def test_a_gate_that_is_none_is_wrong_usage(last):
    with pytest.raises(UsageError, match="no such gate: speed"):
        gates.check_gates(last, None, frozenset({"speed"}))


def test_a_damaged_last_snapshot_is_a_warning(last, tmp_path):
    report = gates.check_gates(last, tmp_path)
    report.raise_for_failures()
    assert "can't be compared" in report.warnings[0]
    assert (report.accepted, report.failed) == ((), ())


def test_how_many_abstracts_there_are_is_told_by_footers_as_by_rows(last, tmp_path, monkeypatch):
    fewer = snapshot(tmp_path, papers=lambda rows: rows.with_columns(abstract=pl.lit(None, pl.String)))
    by_footers = [gates._facts(folder) for folder in (last, fewer)]
    monkeypatch.setattr(gate_metrics, "_filled", lambda folder, table, columns: {})
    assert [gates._facts(folder) for folder in (last, fewer)] == by_footers
    assert [facts.fill["abstract"] for facts in by_footers] == [1.0, 0.0]


def test_a_last_snapshot_without_a_table_is_a_warning(last, tmp_path):
    old = shutil.copytree(last, tmp_path / "old")
    known = json.loads((old / "manifest.json").read_bytes())
    del known["tables"]["affiliations"]
    (old / "manifest.json").write_text(json.dumps(known))
    assert "it has no table affiliations" in gates.check_gates(last, old).warnings[0]


def test_a_last_snapshot_whose_rows_are_damaged_is_a_warning(last, tmp_path):
    old = shutil.copytree(last, tmp_path / "old")
    for path in (old / "records").rglob("*.parquet"):
        content = path.read_bytes()
        path.write_bytes(content[:4] + bytes(len(content) // 2 - 4) + content[len(content) // 2 :])
    report = gates.check_gates(snapshot(tmp_path / "new", papers=lambda d: d.slice(9)), old)
    assert report.failed == ()
    assert "can't be compared" in report.warnings[0]


def test_every_threshold_has_a_reason():
    for settings in gates.thresholds().values():
        assert settings["level"] in {"fail", "warn"}
        assert len(settings["reason"]) > 30


def test_distance_of_distributions():
    assert distance({"a": 2, "b": 2}, {"a": 1, "b": 1}) == 0
    assert distance({"a": 5}, {"b": 1}) == 1
    assert distance({"a": 3, "b": 1}, {"a": 1, "b": 1}) == 0.25


@pytest.mark.parametrize(
    ("unread", "text", "trips"),
    [
        (65_536, 100_000, False),
        (65_537, 100_000, True),
        (65_537, 1_310_740, False),
        (65_538, 1_310_740, True),
    ],
)
def test_unread_text_trips_the_gate_however_few_records_it_is(unread: int, text: int, trips: bool):
    """Five per cent and 64 KiB, both exceeded."""
    facts = SnapshotFacts(
        rows={"papers": 50, "records": 51, "authorships": 90},
        reasons={"other_form": 1},
        fill={"title": 1.0, "category": 1.0, "abstract": 1.0},
        unsure=0,
        categories={},
        years={},
        largest_author=1,
        unread_bytes=unread,
        text_bytes=text,
    )
    assert [name for name, _ in gates._quarantine(facts)] == ["quarantine"] * trips


def test_papers_of_forms_that_state_no_abstract_do_not_count_as_losing_it(last, tmp_path):
    low = pl.col("paper_id") < "8"
    new = snapshot(
        tmp_path,
        papers=lambda d: d.with_columns(abstract=pl.when(low).then(None).otherwise("abstract")),
        records=lambda d: d.with_columns(
            form=pl.when(low).then(pl.lit("without_abstract")).otherwise("form")
        ),
    )
    assert gates._facts(new).fill["abstract"] == 1.0
    assert gates._facts(snapshot(tmp_path / "other", papers=lambda d: d.with_columns(
        abstract=pl.when(low).then(None).otherwise("abstract")
    ))).fill["abstract"] < 0.9  # fmt: skip


def test_papers_without_a_category_are_named(tmp_path):
    new = snapshot(
        tmp_path,
        papers=lambda d: d.with_columns(category=pl.lit(None, dtype=pl.String), category_candidates=[]),
    )
    (gate,) = [gate for gate in gates.check_gates(new, None).tripped if gate.name == "category_fill"]
    assert "expected" in gate.message
    assert "'On the " in gate.message
