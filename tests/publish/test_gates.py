"""Too little stops a build, oddities are said, and a person may override by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from byline.core.errors import DataError, UsageError
from byline.snapshots import gates
from byline.snapshots.gate_metrics import distance
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


def test_a_failed_gate_names_its_way_out_and_can_be_overridden(last, tmp_path):
    new = snapshot(tmp_path, papers=lambda d: d.slice(9))
    report = gates.check_gates(new, last)
    with pytest.raises(DataError, match="9 of 300 papers published before are gone") as error:
        report.raise_for_failures()
    assert "--accept papers_lost" in error.value.way_out
    overridden = gates.check_gates(new, last, frozenset({"papers-lost"}))
    overridden.raise_for_failures()
    assert overridden.accepted == ("papers_lost",)


def test_a_gate_that_is_none_is_wrong_usage(last):
    with pytest.raises(UsageError, match="no such gate: speed"):
        gates.check_gates(last, None, frozenset({"speed"}))


def test_a_damaged_last_snapshot_is_a_warning(last, tmp_path):
    report = gates.check_gates(last, tmp_path)
    report.raise_for_failures()
    assert "can't be compared" in report.warnings[0]


def test_every_threshold_has_a_reason():
    for settings in gates.thresholds().values():
        assert settings["level"] in {"fail", "warn"}
        assert len(settings["reason"]) > 30


def test_distance_of_distributions():
    assert distance({"a": 2, "b": 2}, {"a": 1, "b": 1}) == 0
    assert distance({"a": 5}, {"b": 1}) == 1
    assert distance({"a": 3, "b": 1}, {"a": 1, "b": 1}) == 0.25
