"""Imports run one way: byline_flows → byline → byline_schemas, and down the list of byline's own packages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BYLINE = ROOT / "src" / "byline"
FOLDERS = {"byline_flows": ROOT / "flows", "byline": BYLINE, "byline_schemas": ROOT / "schemas"}
FORBIDDEN = {
    "byline_flows": {"tests", "benchmarks"},
    "byline": {"byline_flows", "prefect", "prefect_dask", "tests", "benchmarks"},
    "byline_schemas": {"byline_flows", "byline", "prefect", "prefect_dask", "tests", "benchmarks"},
}
ORDER = (
    "core",
    "files",
    "normalize",
    "latex",
    "names",
    "affiliations",
    "boundary",
    "listing",
    "forms",
    "inputs",
    "reading",
    "reference",
    "decisions",
    "papers",
    "identity",
    "report",
    "snapshots",
    "validation",
    "pipeline",
    "storage",
    "explain",
    "export",
    "api",
    "cli",
)
"""byline's packages; each may import what stands above it in this list, and nothing below."""


def imports(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and full name of everything that a file imports, wherever in it, also through importlib."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)
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


def test_byline_s_packages_stand_in_the_list():
    folders = {path.name for path in BYLINE.iterdir() if (path / "__init__.py").exists()}
    assert folders == set(ORDER)
    loose = {path.name for path in BYLINE.glob("*.py")}
    assert loose == {"__init__.py", "__main__.py"}, "a module belongs into a package"


@pytest.mark.parametrize("package", ORDER)
def test_a_package_imports_only_what_stands_above_it(package: str):
    allowed = {*ORDER[: ORDER.index(package) + 1], "resources"}
    upwards = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in sorted((BYLINE / package).rglob("*.py"))
        for line, name in imports(path.read_text(encoding="utf-8"))
        if name.startswith("byline.") and name.split(".")[1] not in allowed
    ]
    assert upwards == []


CODE = ("src", "schemas", "flows", "benchmarks", "docs", "tests")
LONGEST = 50
"""Lines of a function without its docstring, which may say of each of many arguments what it is."""


def lengths(source: str) -> Iterator[tuple[int, str]]:
    """Yield how many lines each function has beside its docstring, and its name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            said = first if ast.get_docstring(node, clean=False) is not None else None
            documented = 0 if said is None else (said.end_lineno or 0) - said.lineno + 1
            yield (node.end_lineno or 0) - node.lineno + 1 - documented, node.name


@pytest.mark.parametrize("folder", CODE)
def test_no_function_is_long(folder: str):
    long = [
        f"{path.relative_to(ROOT)}: {name} has {lines} lines"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for lines, name in lengths(path.read_text(encoding="utf-8"))
        if lines > LONGEST
    ]
    assert long == []


def test_a_function_is_as_long_as_it_is_without_what_it_says_of_itself():
    source = (
        'def f(\n    a,\n):\n    """Say.\n\n    More.\n    """\n    return a\n\nasync def g(): return 1\n'
    )
    assert list(lengths(source)) == [(4, "f"), (1, "g")]


def test_hidden_imports_are_seen():
    source = (
        "def f():\n    import prefect.flows\n    from byline_flows import x\n"
        "    from byline import core\n    importlib.import_module('byline_flows.y')\n"
    )
    assert [name for _, name in imports(source)] == [
        "prefect.flows",
        "byline_flows.x",
        "byline.core",
        "byline_flows.y",
    ]


def test_nothing_but_flows_brings_prefect_with_it():
    """The command line must not pay for Prefect's import."""
    import subprocess
    import sys

    code = (
        "import sys, byline.cli.app, byline.pipeline.run, byline.storage, byline_schemas; "
        "sys.exit('prefect' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
