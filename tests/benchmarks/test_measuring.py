"""What benchmarks say of a process, of several runs, and of a ratio that doubled."""

import sys
from functools import partial

import polars as pl
import pytest

from benchmarks import against
from benchmarks.common import process
from benchmarks.common.contest import Spread, take_turns
from benchmarks.common.process import CommandFailedError, Cost
from benchmarks.guard import doubled
from benchmarks.peers import agreement
from benchmarks.rivals import by_polars, pure
from benchmarks.scale import exponent

LISTING = """LGSep 25, 2023
Towards a theory of gardensAda Testperson, Alan Q. Example et al. · mit, eth
Some abstract.
CLOct 3, 2024Code
on lower case beginningsGrace Sample-Person
Another one."""


def test_memory_of_a_child_counts_with_its_parent():
    child = "x = bytearray(80_000_000); import time; time.sleep(0.6)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    cost = process.run([sys.executable, "-c", parent], memory=True)
    assert cost.private > 75
    assert cost.memory >= cost.private


def test_processor_time_of_a_child_counts():
    child = "sum(range(6_000_000))"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    alone = process.run([sys.executable, "-c", "pass"])
    assert process.run([sys.executable, "-c", parent]).cpu > 1.5 * alone.cpu


def test_a_command_that_fails_has_no_cost():
    with pytest.raises(CommandFailedError, match="exit code 3"):
        process.run([sys.executable, "-c", "raise SystemExit(3)"])


def test_disk_use_counts_files_below(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_bytes(b"x" * 3_000_000)
    assert 2.8 < process.disk_use(tmp_path) < 3.2


def test_contestants_take_turns_in_both_directions():
    seen: list[str] = []

    def turn(name: str) -> Cost:
        seen.append(name)
        return Cost(1.0, 1.0)

    contestants = {name: partial(turn, name) for name in "abc"}
    costs = take_turns(contestants, rounds=3)
    assert "".join(seen) == "abccbaabc"
    assert [len(found) for found in costs.values()] == [3, 3, 3]


def test_a_spread_shows_the_middle_first():
    assert str(Spread.of([3.0, 1.0, 2.0])) == "2.00 (1.00 to 3.00)"


def test_only_a_doubled_ratio_fails_the_guard():
    expected = {"build": 10.0, "build: read": 3.0, "build: plan": 0.2}
    assert doubled({"build": 19.9, "build: read": 5.9, "build: plan": 5.0, "build: new": 9.0}, expected) == []
    assert [line.split(":")[0] for line in doubled({"build": 20.1}, expected)] == ["build"]


def test_the_exponent_of_linear_growth_is_one():
    runs = [{"records": n, "seconds": n / 1e4, "files": 1} for n in (1e5, 3e5, 1e6)]
    assert exponent(runs) == pytest.approx(1.0)
    assert exponent(runs[:1]) is None


@pytest.mark.parametrize("rival", [pure, by_polars])
def test_the_scripts_to_compare_with_read_plain_records(rival, tmp_path):
    (tmp_path / "listing.txt").write_text(LISTING, encoding="utf-8")
    rival.main(tmp_path / "listing.txt", tmp_path / "papers.parquet")
    first, second = pl.read_parquet(tmp_path / "papers.parquet").rows(named=True)
    assert (first["title"], first["authors"]) == (
        "Towards a theory of gardens",
        ["Ada Testperson", "Alan Q. Example"],
    )
    assert (first["authors_truncated"], first["affiliations"]) == (True, ["mit", "eth"])
    assert (second["code"], second["badges"], second["authors"]) == ("CL", "Code", ["Grace Sample-Person"])


def test_agreement_counts_a_record_that_was_not_read_as_wrong():
    truth = pl.DataFrame(
        {"row": [0, 1], "title": ["A", "B"], "authors": [["X Y"], ["Z W"]], "affiliations": [[], []]},
        schema_overrides={"row": pl.UInt32, "affiliations": pl.List(pl.String)},
    ).with_columns(published=pl.lit("2024-01-01").str.to_date())
    reading = truth.with_columns(title=pl.Series(["A", None], dtype=pl.String))
    assert agreement(reading, truth)["title and names"] == "50.00%"
    assert agreement(reading, truth)["read, but wrong"] == "0.00%"


def test_two_commits_are_compared_by_their_medians_and_each_round_by_itself():
    here = [Cost(wall=seconds, cpu=2 * seconds) for seconds in (6.0, 5.0, 7.0)]
    other = [Cost(wall=seconds, cpu=4 * seconds) for seconds in (5.0, 4.0, 5.0)]
    _, _, processor, clock = against.table(here, other).splitlines()
    assert clock == "| clock | 6.00 | 5.00 | 1.20 | 1.20 to 1.40 |"
    assert processor == "| processor | 12.00 | 20.00 | 0.60 | 0.60 to 0.70 |"
