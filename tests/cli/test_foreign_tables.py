"""Datasets of others: commands that read one say what is wrong with it, and never that byline is."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from byline.cli import run
from byline.validation import validate
from tests.validation.damage_out import canonical


@pytest.fixture
def foreign(real_build: Path, tmp_path: Path) -> Path:
    """Return a snapshot's folder that may be altered."""
    return Path(shutil.copytree(real_build, tmp_path / "foreign"))


def nested(rows: int) -> pa.Array:
    column = pa.array([1] * rows)
    for _ in range(30):
        column = pa.StructArray.from_arrays([column], ["x"])
    return column


ODD: dict[str, tuple[str, Callable[[int], pa.Array]]] = {
    "numbers for texts": ("title", lambda rows: pa.array(range(rows))),
    "tables in tables": ("title", nested),
    "a dictionary": ("title", lambda rows: pa.array(["x"] * rows).dictionary_encode()),
    "lists of lists": ("badges", lambda rows: pa.array([[["x"]]] * rows)),
    "a day that no calendar has": ("published", lambda rows: pa.array([2**31 - 1] * rows, pa.date32())),
}


@pytest.mark.parametrize(
    ("command", "odd"),
    [
        *(("export jsonl --table papers --to -", odd) for odd in ODD),
        ("report --to -", "numbers for texts"),
        ("validate", "tables in tables"),
        ("validate", "a day that no calendar has"),
        ("diff", "a day that no calendar has"),
    ],
)
def test_tables_of_other_types_are_named_as_unreadable(foreign, real_build, command, odd, capfd):
    name, column = ODD[odd]
    path = next((foreign / "papers").rglob("*.parquet"))
    table = pq.read_table(path, partitioning=None)
    rows = column(table.num_rows)
    pq.write_table(table.set_column(table.schema.get_field_index(name), name, rows), path)
    listed = foreign / "manifest.json"  # files are compared where the manifests list other digests
    digest = hashlib.sha256((real_build / path.relative_to(foreign)).read_bytes()).hexdigest()
    listed.write_text(listed.read_text("utf-8").replace(digest, "0" * 64), "utf-8")
    named = {"validate": [str(foreign)], "diff": [str(real_build), str(foreign)]}
    where = named.get(command, ["--out", str(foreign)])
    ended, said = run([*command.split(), *where]), capfd.readouterr()
    assert "a defect of byline" not in said.err
    assert ended == 1
    if command == "validate":
        assert "failure(s)" in said.out
    elif command == "diff":
        assert f"{real_build} and {foreign} can't be compared" in said.err
    else:
        assert f"{foreign}: its tables can't be read" in said.err


@pytest.mark.parametrize(
    "options",
    [{"dataset": {"title": ["x"]}}, {"dataset": [1]}, {"arxiv": {"papers": "x"}}],
    ids=str,
)
def test_a_manifest_that_says_odd_things_of_the_dataset_is_named(foreign, options, capsys):
    canonical(lambda known: known["options"].update(options))(foreign)
    assert run(["report", "--to", "-", "--out", str(foreign)]) == 1
    assert "manifest.json: `options." in capsys.readouterr().err


def test_a_manifest_that_says_odd_things_of_the_dataset_is_a_finding(foreign):
    canonical(lambda known: known["options"].update(dataset=[1]))(foreign)
    found = validate(foreign, deep=False).findings
    assert "documents_are_generated" in {finding.rule for finding in found}


def test_a_manifest_whose_options_nest_without_end_is_a_finding(foreign):
    path = foreign / "manifest.json"
    content = path.read_bytes()
    path.write_bytes(
        content.replace(b'"options": {', b'"options": {"x": ' + b"[" * 900 + b"]" * 900 + b",", 1)
    )
    assert path.read_bytes() != content
    assert [finding.rule for finding in validate(foreign).findings] == ["manifest_is_sound"]


@pytest.mark.parametrize("place", ["papers/year=2023/\0.parquet", "../secret.parquet", "/dev/zero"])
def test_a_report_opens_nothing_outside(foreign, place, capsys):
    canonical(lambda known: known["tables"]["papers"]["files"][0].update(path=place))(foreign)
    assert run(["report", "--to", "-", "--out", str(foreign)]) == 1
    assert "no regular file inside the snapshot" in capsys.readouterr().err
