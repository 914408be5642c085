"""A dataset with some of everything is sound; of everything that is done to it, what can be told is told.

Digests, counts and documents are made right again after each damage, so that only the rule that is meant can tell.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from byline.snapshots import documents, manifest, publishing
from byline.snapshots.manifest import DataFile, Document, Manifest, TableFiles
from byline.snapshots.seal import seal
from byline.validation import MANIFEST, check_part, validate
from byline.validation.rows import FILLABLE
from byline_schemas import TABLES
from byline_schemas.tables import ADDED
from tests.conftest import files_of
from tests.validation import damage_files, damage_follow, damage_out, damage_rows, damage_texts, sound
from tests.validation.damage import Damage
from tests.validation.damage_edits import Edit
from tests.validation.undecidable import UNDECIDABLE

INSIDE = [*damage_follow.KINDS, *damage_texts.KINDS, *damage_files.KINDS, *damage_rows.KINDS]
ELSEWHERE = {"a badge forgotten", "all authors marked last", "a wrong initial in the path"}
"""What changes nothing here, or meets a folder that is there: `test_validation` does it to another dataset."""
EVERY = [
    *(damage for damage in INSIDE if damage.name not in ELSEWHERE),
    *damage_out.INSIDE,
    *damage_out.OUTSIDE,
]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the dataset, publish another one and go back, so that there is a history."""
    return sound.build(tmp_path_factory.mktemp("sound"))


@pytest.fixture
def copied(out: Path, tmp_path: Path) -> Path:
    shutil.copytree(out, tmp_path / "out", symlinks=True, ignore=shutil.ignore_patterns(".cache"))
    return tmp_path / "out"


@pytest.fixture
def folder(out: Path, tmp_path: Path) -> Path:
    """Copy the snapshot alone."""
    source = inside(out)
    shutil.copytree(source, tmp_path / publishing.SNAPSHOTS / source.name)
    return tmp_path / publishing.SNAPSHOTS / source.name


def inside(out: Path) -> Path:
    folder = publishing.current(out)
    assert folder is not None
    return folder


def hashed(folder: Path) -> None:
    """Make the digests, sizes and rows of the manifest right; the documents stay as they are."""
    known = manifest.read_manifest(folder)
    tables = {name: _table(folder, name) for name in known.tables}
    there = sorted(path for path in files_of(folder) if "/" not in path and path != manifest.NAME)
    papers = tuple(
        Document(path, manifest.sha256(folder / path), (folder / path).stat().st_size) for path in there
    )
    sealed = Manifest(**{**vars(known), "tables": tables, "documents": papers})
    (folder / manifest.NAME).write_bytes(sealed.to_json())


def _table(folder: Path, name: str) -> TableFiles:
    paths = sorted((folder / name).rglob("*.parquet"))
    files = tuple(
        DataFile(
            path.relative_to(folder).as_posix(),
            manifest.sha256(path),
            path.stat().st_size,
            pq.read_metadata(path).num_rows,
        )
        for path in paths
    )
    return TableFiles(sum(file.rows for file in files), files)


def sealed_again(folder: Path) -> None:
    """Make everything right that byline makes of the tables: documents, and the manifest's digests."""
    known = manifest.read_manifest(folder)
    _, facts = documents.sealed_facts(known)
    seal(folder, replace(facts, counts=known.counts, reasons=known.reasons))


def rules(findings: object) -> set[str]:
    return {finding.rule for finding in findings}  # type: ignore[attr-defined]  # a list of findings


def told(rule: str, found: set[str]) -> bool:
    """Whether the rule was named; a model's checks are named with what they compare with."""
    return any(one == rule or (rule.startswith("model:") and one.startswith(rule)) for one in found)


def test_the_dataset_is_sound_and_has_some_of_everything(out: Path):
    report = validate(out)
    assert report.ok, report.text()
    known = manifest.read_manifest(inside(out))
    assert all(
        table.rows for name, table in known.tables.items() if name not in ADDED
    )  # those take decisions
    assert known.counts.keys() == {"published", "duplicate", "quarantined"}


FOLLOW = [
    pytest.param(damage, marks=[pytest.mark.slow] if damage.name.startswith("a C1 code") else [])
    for damage in (*damage_follow.KINDS, *damage_texts.KINDS)
]


@pytest.mark.parametrize("damage", FOLLOW, ids=lambda damage: damage.name)
def test_what_a_row_follows_from_tells_damage(damage: Damage, folder: Path):
    damage.do(folder)
    hashed(folder)
    assert isinstance(damage.do, Edit)
    found: set[str] = set()
    for part in (damage.do.table, MANIFEST, "papers"):  # to be fast: where it is told as a rule, first
        found |= set() if told(damage.rule, found) else rules(check_part(folder, part, deep=True))
    assert told(damage.rule, found), found


@pytest.mark.parametrize("damage", damage_out.INSIDE, ids=lambda damage: damage.name)
def test_damage_around_the_tables_is_told(damage: Damage, folder: Path):
    damage.do(folder)
    if damage.sealed:
        hashed(folder)
    if damage.rule == "manifest_is_sound":  # then nothing else is looked at
        assert rules(validate(folder).findings) == {damage.rule}
        return
    parts = (MANIFEST, "papers") if damage.rule in _OF_THE_MANIFEST else ("snapshot",)
    assert damage.rule in rules([found for part in parts for found in check_part(folder, part, deep=True)])


_OF_THE_MANIFEST = {
    "snapshot_id_follows",
    "last_span_ends_the_file",
    "input_records_are_counted",
    "source_is_an_input",
}


@pytest.mark.parametrize("damage", damage_out.OUTSIDE, ids=lambda damage: damage.name)
def test_damage_to_the_output_folder_is_told(damage: Damage, copied: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("byline.validation._all_of", lambda *_, **__: [])  # the snapshot itself is sound
    damage.do(copied)
    assert damage.rule in rules(validate(copied).findings)


@pytest.mark.slow
@pytest.mark.parametrize("damage", EVERY, ids=lambda damage: damage.name)
def test_every_damage_is_told_by_a_look_at_the_whole(
    damage: Damage, copied: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = copied if damage in damage_out.OUTSIDE else inside(copied)
    damage.do(folder)
    if damage in INSIDE and damage.sealed:
        monkeypatch.setattr(documents, "report", lambda *_: b"")  # of broken tables none can be made
        sealed_again(folder)
    elif damage in damage_out.INSIDE and damage.sealed:
        hashed(folder)
    found = rules(validate(copied).findings)
    assert found
    assert told(damage.rule, found) or damage in INSIDE, found


def test_the_columns_that_may_be_filled_are_those_that_the_dictionary_names():
    said = TABLES["papers"].column_docs()["filled"].description.partition("of abstract")[2]
    assert {"abstract", *said.strip(", .").replace(",", "").split()} == set(FILLABLE)


def test_there_are_enough_damages_and_what_can_not_be_told_is_named():
    names = [damage.name for damage in EVERY]
    assert len({*names, *UNDECIDABLE}) == len(names) + len(UNDECIDABLE)
    assert len(names) >= 160
    assert all(UNDECIDABLE.values())
