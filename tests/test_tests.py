"""Every test says something that may be false."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.slow
"""It parses all tests: a second, for what seldom changes."""
FILES = sorted((ROOT / "tests").rglob("*.py"))
SAYS = ("assert", "raises", "warns", "fail")
"""How calls are named that may fail a test, beside functions of the tests that do so."""


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def functions() -> dict[str, list[ast.FunctionDef]]:
    """Return all functions of the tests by name: methods and helpers of other files, too."""
    found: dict[str, list[ast.FunctionDef]] = {}
    for path in FILES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef):
                found.setdefault(node.name, []).append(node)
    return found


def asserts(function: ast.FunctionDef, saying: frozenset[str]) -> bool:
    """Tell whether a function asserts, or calls what does."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            if name.startswith(SAYS) or (name != function.name and name in saying):
                return True
    return False


@cache
def saying() -> frozenset[str]:
    """Return the names whose functions all assert or call what does: helpers may call each other in circles."""
    found: frozenset[str] = frozenset()
    while True:
        more = frozenset(
            name for name, ones in functions().items() if all(asserts(one, found) for one in ones)
        )
        if more == found:
            return found
        found = more


def test_every_test_asserts_something():
    tests = [(path, one) for path in FILES for one in ast.walk(tree(path))
             if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")]  # fmt: skip
    assert len(tests) > 500
    assert [
        f"{path.relative_to(ROOT)}:{one.lineno}" for path, one in tests if not asserts(one, saying())
    ] == []


def sides(node: ast.Assert) -> list[str]:
    """Return what an assertion compares."""
    if not isinstance(node.test, ast.Compare):
        return [ast.unparse(node.test), ""]
    return [ast.unparse(one) for one in (node.test.left, *node.test.comparators)]


def test_nothing_is_compared_with_itself():
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in FILES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Assert)
        and (sides(node)[0] in sides(node)[1:] or isinstance(node.test, ast.Constant))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("def test_a():\n    assert a == b\n", True),
        ("def test_a():\n    with pytest.raises(ValueError):\n        f()\n", True),
        ("def test_a():\n    f()\n", False),
        ("def test_a():\n    test_a()\n", False),
    ],
)
def test_what_says_something_is_told(text, says):
    function = ast.parse(text).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert asserts(function, saying()) is says
