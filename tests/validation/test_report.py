"""Reports name table, file, row and rule, and no text in them acts on a terminal or breaks XML."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import pytest
from typer.testing import CliRunner

from byline.core.errors import DataError
from byline.snapshots import publishing
from byline.snapshots.seal import seal
from byline.validation import Finding, Report, validate
from byline.validation.spill import aside
from byline_schemas import TABLES, integrity
from byline_schemas.integrity import Violation
from tests.validation import dataset
from tests.validation.damage import edit, first, raw

HOSTILE = Finding(
    "a_rule", "\x1b[31mred\x1b[0m \u202egnp\x00 <b>&\ufffe", "papers", "x/\x9b.parquet", "row 1\r\n", 3
)
REPORT = Report("data\x07", (HOSTILE,), ("a_rule", "another"), 7)


def test_text_escapes_what_would_act_on_a_terminal():
    shown = REPORT.text()
    assert all(character.isprintable() or character == "\n" for character in shown)
    assert r"\x1b[31mred" in shown
    assert "[3 rows in all]" in shown


def test_json_can_be_read_back_and_is_ascii():
    content = json.loads(REPORT.json())
    assert REPORT.json().isascii()
    assert content["ok"] is False
    assert content["findings"][0]["message"] == HOSTILE.message


def test_junit_has_a_case_a_rule_and_is_well_formed():
    suite = ElementTree.fromstring(REPORT.junit())
    assert suite.attrib["tests"] == "2"
    assert suite.attrib["failures"] == "1"
    assert [case.attrib["name"] for case in suite] == ["a_rule", "another"]
    assert "<b>&" in (suite[0][0].text or "")


def test_a_long_report_is_cut_and_says_so():
    assert "… and 5 more" in replace(REPORT, findings=(HOSTILE,) * 15).text(limit=10)


def test_findings_name_the_row_by_number_and_key(tmp_path):
    tables = dataset.frames(6, people=3)
    dataset.snapshot(tmp_path, tables)
    edit("quarantine", first("reason", "BAD"))(tmp_path)
    found = [f for f in validate(tmp_path).findings if f.rule.startswith("model:")]
    key = tables["quarantine"]["record_id"][0]
    assert (found[0].table, found[0].file) == ("quarantine", "quarantine/part-00000.parquet")
    assert found[0].row == f"row 0 (record_id={key})"


def test_a_newer_contract_is_refused_and_an_older_one_may_lack_columns(tmp_path, monkeypatch):
    dataset.snapshot(tmp_path, dataset.frames(3, people=3))
    monkeypatch.setattr("byline.validation.snapshot.CONTRACT_VERSION", "2.1")
    assert validate(tmp_path).ok
    monkeypatch.setattr("byline.validation.snapshot.CONTRACT_VERSION", "0.9")
    with pytest.raises(DataError, match=r"follows contract '2\.0', this byline knows 0\.9"):
        validate(tmp_path)


def test_what_is_no_dataset_is_said(tmp_path):
    with pytest.raises(DataError, match="holds no dataset"):
        validate(tmp_path)


def damaged_tables() -> dict[str, pl.DataFrame]:
    """Return tables in which rules of every group are broken, by ids that are none and by nulls, too."""
    tables = dataset.frames(60, people=20)
    odd = pl.int_range(pl.len()) % 17
    tables["authorships"] = (
        tables["authorships"]
        .slice(3)
        .with_columns(
            paper_id=pl.when(odd == 3)
            .then(pl.lit("Ω paper"))
            .when(odd == 4)
            .then(pl.col("paper_id").str.to_uppercase())
            .when(odd == 5)
            .then("0" + pl.col("paper_id"))
            .when(odd != 6)
            .then("paper_id"),
            author_id=pl.when(odd == 8).then(pl.lit("~")).when(odd != 9).then("author_id"),
        )
    )
    twice = tables["author_identifiers"].with_columns(author_id=pl.lit("~"))
    tables["author_identifiers"] = pl.concat([tables["author_identifiers"], twice])
    tables["records"] = (
        tables["records"]
        .slice(4)
        .with_columns(
            source_file=pl.when(odd != 7).then("source_file"), byte_start=pl.when(odd != 8).then("byte_start")
        )
    )
    tables["quarantine"] = tables["quarantine"].slice(1)
    tables["affiliations"] = tables["affiliations"].slice(1)
    return tables


def scans_of(tables: dict[str, pl.DataFrame]) -> dict[str, pl.LazyFrame]:
    years = tables["papers"].select("paper_id", year=pl.col("published").dt.year().fill_null(0))
    scans = {name: frame.lazy() for name, frame in tables.items()}
    return scans | {
        name: tables[name].join(years, on="paper_id", how="left").lazy() for name in ("papers", "authorships")
    }


def found_in_every_way(
    folder: Path, scans: dict[str, pl.LazyFrame], only: list[str] | None
) -> list[Violation]:
    """Return what is found in one pass, after a look that many passes find the same, with and without a spill."""
    found = integrity.check(scans, only)
    assert integrity.check(scans, only, rows_per_pass=7) == found
    with aside(folder) as spill:
        assert integrity.check(scans, only, rows_per_pass=7, spill=spill) == found
    assert not list(folder.iterdir())
    return found


@pytest.mark.parametrize("group", [*integrity.groups(), None])
def test_rules_between_tables_find_the_same_in_many_passes_as_in_one(tmp_path, group, monkeypatch):
    monkeypatch.setattr("byline_schemas._cuts.ROWS_AT_ONCE", 11)
    assert found_in_every_way(tmp_path, scans_of(damaged_tables()), group and [group])


SOON = (None, "papers", "author_identifiers", "quarantine")


@pytest.mark.parametrize(
    "table",
    [pytest.param(name, marks=[] if name in SOON else [pytest.mark.slow]) for name in (*TABLES, None)],
)
def test_a_table_may_be_empty_in_many_passes(tmp_path, table):
    tables = dataset.frames(60, people=20)
    if table is not None:
        tables[table] = tables[table].clear()
    found = found_in_every_way(tmp_path, scans_of(tables), None)
    assert bool(found) == (table not in {None, "author_identifiers"})  # nobody need have an identifier


def test_lazy_data_is_not_checked_by_pandera_which_is_why_all_validation_collects():
    bad = (
        TABLES["quarantine"]
        .empty()
        .clear()
        .vstack(pl.DataFrame({"record_id": ["x"], "reason": ["Y"], "detail": [""], "raw_text": [""]}))
    )
    TABLES["quarantine"].model.validate(bad.lazy())
    with pytest.raises(Exception, match="str_matches"):
        TABLES["quarantine"].model.validate(bad, lazy=True)


def test_the_command_ends_with_zero_or_one(tmp_path):
    import typer

    from byline.cli.validate import validate as command

    app = typer.Typer()
    app.command()(command)
    folder = tmp_path / "out" / publishing.SNAPSHOTS / "x"
    dataset.snapshot(folder, dataset.frames(3, people=3))
    assert "folder_is_the_snapshots" in CliRunner().invoke(app, [str(folder)]).output
    assert CliRunner().invoke(app, [str(folder), "--quick"]).exit_code == 1
    dataset.snapshot(tmp_path / "sound", dataset.frames(3, people=3))
    assert CliRunner().invoke(app, [str(tmp_path / "sound"), "--format", "junit"]).exit_code == 0


def test_an_input_named_with_control_characters_stays_harmless(tmp_path: Path):
    tables = dataset.frames(4, people=3)
    name = pl.col("source_file").replace("b.txt", "b\x1b]0;owned\x07.txt")
    tables["records"] = tables["records"].with_columns(source_file=name, byte_end=pl.col("byte_end") - 1)
    dataset.snapshot(tmp_path, tables)
    shown = validate(tmp_path, deep=False).text()
    assert "owned" in shown
    assert "\x1b" not in shown


def test_a_file_of_an_older_contract_may_lack_a_column_that_may_be_null(tmp_path, monkeypatch):
    tables = dataset.frames(3, people=3)
    dataset.snapshot(tmp_path, tables)
    raw("affiliations", lambda rows: rows.drop_columns(["note"]))(tmp_path)
    seal(tmp_path, dataset.facts(tables))
    assert {finding.rule for finding in validate(tmp_path).findings} == {"columns_are_the_models"}
    monkeypatch.setattr("byline.validation.snapshot.CONTRACT_VERSION", "2.1")
    report = validate(tmp_path)
    assert report.ok, report.text()


@pytest.mark.parametrize(
    ("path", "content", "rule"),
    [
        ("log.jsonl", b"{", "history_is_sound"),
        (
            "log.jsonl",
            b'{"when": "2024-05-31T17:04:09Z", "snapshot": "y", "previous": null, "kind": "build"}',
            "history_ends_with_current",
        ),
        ("author_redirects/part-00000.parquet", b"torn", "redirects_are_sound"),
    ],
)
def test_a_damaged_history_is_named(path, content, rule, tmp_path):
    tables = dataset.frames(3, people=3)
    identity = dataset.facts(tables).snapshot_id
    staged = publishing.stage(tmp_path, identity)
    dataset.snapshot(staged, tables)
    publishing.publish(tmp_path, staged, identity)
    assert validate(tmp_path).ok
    (tmp_path / "history" / path).write_bytes(content)
    assert {finding.rule for finding in validate(tmp_path, deep=False).findings} == {rule}
