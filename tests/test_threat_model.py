"""The threat model names tests that are there, and data is never executed."""

from __future__ import annotations

import ast
import re
from hashlib import blake2b

import pytest

from byline.core import ids
from tests.conftest import ROOT

TEXT = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.splitlines()
    if line.startswith("| ") and "::" in line
]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
RUNS_DATA = {"pickle", "cloudpickle", "dill", "marshal", "shelve", "yaml", "joblib"}
"""Modules whose files can hold code."""
SOURCES = sorted(path for home in ("src", "schemas", "flows") for path in (ROOT / home).rglob("*.py"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_every_protection_names_tests_that_are_there(row: list[str]):
    found = NAMED.findall(row[2])
    assert found
    for path, name in found:
        functions = ast.parse((ROOT / path).read_text(encoding="utf-8")).body
        assert name in {one.name for one in functions if isinstance(one, ast.FunctionDef)}


def test_no_protection_is_left_without_a_test():
    table = TEXT.split("| against |")[1].split("## ")[0]
    lines = [line for line in table.splitlines()[2:] if line.startswith("|")]
    assert len(lines) == len(ROWS) > 15


def test_nothing_that_is_read_can_be_executed():
    wrong = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                names = [f"call of {node.func.id}"]
            wrong += [
                f"{path}:{node.lineno} {name}"  # type: ignore[attr-defined]  # imports and calls have a line
                for name in names
                if name.split(".")[0] in RUNS_DATA or name in {"call of eval", "call of exec"}
            ]
    assert wrong == []


def test_ids_are_digests_and_kinds_of_ids_never_meet():
    expected = blake2b(b"one text", digest_size=10, person=b"paper").hexdigest()
    assert ids.digest("one text", "paper") == expected
    assert len({ids.digest("one text", kind) for kind in ("paper", "author", "record")}) == 3
