"""A sound dataset passes; each kind of damage is caught and named, with its table."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from byline.snapshots import documents
from byline.snapshots.seal import seal
from byline.validation import check_part, validate
from byline_schemas import TABLES
from tests.conftest import files_of
from tests.validation import damage_files, damage_rows, dataset
from tests.validation.damage import Damage

KINDS = [*damage_files.KINDS, *damage_rows.KINDS]


@pytest.fixture(scope="module")
def tables():
    return dataset.frames(14, people=6)


@pytest.fixture(scope="module")
def sound(tmp_path_factory, tables):
    folder = tmp_path_factory.mktemp("sound") / "snapshot"
    dataset.snapshot(folder, tables)
    return folder


@pytest.mark.parametrize("damage", KINDS, ids=lambda damage: damage.name)
def test_damage_is_caught_and_its_rule_named(damage: Damage, sound: Path, tables, tmp_path, monkeypatch):
    monkeypatch.setattr(documents, "report", lambda *_: b"")  # of broken tables none can be made
    folder = tmp_path / "snapshot"
    shutil.copytree(sound, folder)
    damage.do(folder)
    if damage.sealed:
        seal(folder, dataset.facts(tables))
    if damage.rule.startswith("model:"):  # told by a look at the rows of the table that was changed
        findings = [one for table in changed(folder, sound) for one in check_part(folder, table, deep=True)]
    else:
        findings = list(validate(folder, deep=False).findings)
    assert damage.rule in {finding.rule for finding in findings}, findings


def changed(folder: Path, sound: Path) -> list[str]:
    """Return the tables whose files are others than those of the sound dataset."""
    return [table for table in TABLES if files_of(folder / table) != files_of(sound / table)]


@pytest.mark.slow
@pytest.mark.parametrize("damage", KINDS, ids=lambda damage: damage.name)
def test_damage_is_caught_by_a_deep_look_too(damage: Damage, sound: Path, tables, tmp_path, monkeypatch):
    test_damage_is_caught_and_its_rule_named(damage, sound, tables, tmp_path, monkeypatch)
    assert not validate(tmp_path / "snapshot").ok


def test_there_are_more_than_forty_kinds_of_damage():
    assert len({damage.name for damage in KINDS}) == len(KINDS) > 40


@pytest.mark.parametrize(("papers", "seed"), [(0, 0), (1, 1), (2, 2), (40, 3), (300, 4)])
def test_a_sound_dataset_has_no_findings(papers, seed, tmp_path):
    dataset.snapshot(tmp_path, dataset.frames(papers, seed))
    report = validate(tmp_path)
    assert report.ok, report.text()
    assert validate(tmp_path, deep=False).ok
