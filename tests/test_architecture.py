"""Imports run one way: flows → byline → schemas; only flows imports Prefect."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = {"flows": ROOT / "flows", "byline": ROOT / "src" / "byline", "schemas": ROOT / "schemas"}
FORBIDDEN = {
    "flows": {"tests", "benchmarks"},
    "byline": {"flows", "prefect", "prefect_dask", "tests", "benchmarks"},
    "schemas": {"flows", "byline", "prefect", "prefect_dask", "tests", "benchmarks"},
}


def imports(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and full name of everything that a file imports, wherever in it, also through importlib."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or "")
        elif isinstance(node, ast.Call) and _name(node.func) in {"import_module", "__import__"}:
            yield from ((node.lineno, str(a.value)) for a in node.args if isinstance(a, ast.Constant))


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def crossings(package: str) -> list[str]:
    """Return the forbidden imports of a package, each with its file and line."""
    return [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in sorted(FOLDERS[package].rglob("*.py"))
        for line, name in imports(path.read_text(encoding="utf-8"))
        if name.split(".")[0] in FORBIDDEN[package]
    ]


@pytest.mark.parametrize("package", FOLDERS)
def test_imports_run_one_way(package: str):
    assert list(FOLDERS[package].rglob("*.py")), "the package is not where it should be"
    assert crossings(package) == []


@pytest.mark.parametrize("package", FOLDERS)
def test_imports_are_absolute(package: str):
    """Prefect loads flow files by their path, where a relative import has nothing to be relative to."""
    relative = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted(FOLDERS[package].rglob("*.py"))
        for line, name in imports(path.read_text(encoding="utf-8"))
        if name.startswith(".")
    ]
    assert relative == []


def test_hidden_imports_are_seen():
    source = "def f():\n    import prefect.flows\n    from flows import x\n    importlib.import_module('flows.y')\n"
    assert [name for _, name in imports(source)] == ["prefect.flows", "flows", "flows.y"]


def test_nothing_but_flows_brings_prefect_with_it():
    """The command line must not pay for Prefect's import."""
    import subprocess
    import sys

    code = (
        "import sys, byline.cli.app, byline.job, byline.storage, schemas; sys.exit('prefect' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
