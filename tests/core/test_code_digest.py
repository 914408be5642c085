"""The code digest names what can change the bytes of a snapshot, and nothing else."""

from __future__ import annotations

import ast
import re
import shutil
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import byline
import byline_schemas
from byline.core import code_digest
from tests.conftest import ROOT

SOURCES = {"byline": ROOT / "src", "byline_schemas": ROOT / "schemas"}
ONLY_LOOKS = {"pandera", "pydantic"}
"""Libraries that stages import and that give frames back as they were."""
ORDERS = {
    "byline.core.options",
    "byline.decisions.lists",
    "byline.pipeline.arxiv",
    "byline.pipeline.incremental.keeping",
    "byline.pipeline.incremental.update",
    "byline.pipeline.order",
    "byline.pipeline.state",
}
"""In the digest beside what stages import: these say which stage gets what (also words that people added), and lead to
checks and publishing, too."""


@cache
def modules() -> dict[str, Path]:
    """Return all modules of the two packages by name."""
    found = {}
    for package, folder in SOURCES.items():
        for path in (folder / package).rglob("*.py"):
            parts = path.relative_to(folder).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(path: Path) -> Iterator[str]:
    """Yield what a file imports when it runs, also inside functions, each with the packages around it."""
    tree = ast.parse(path.read_text("utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(_home(f"{node.module}.{alias.name}") for alias in node.names)]
        else:
            continue
        for name in names:
            parts = name.split(".")
            yield from (".".join(parts[:length]) for length in range(1, len(parts) + 1))


def _home(name: str) -> str:
    """Return the module that a name of the schemas' package stands in: the package imports what it is asked for."""
    package, _, attribute = name.rpartition(".")
    place = byline_schemas._PLACES.get(attribute) if package == "byline_schemas" else None
    return name if place is None else f"{package}.{place}"


@cache
def reached() -> tuple[frozenset[str], frozenset[str]]:
    """Return byline's modules that the stages' work and the sealing import, and the libraries they import."""
    work = ("byline.pipeline.stages.", "byline.pipeline.incremental.")
    todo = [name for name in modules() if name.startswith(work) and name not in ORDERS]
    todo += ["byline.inputs", "byline.snapshots.seal", "byline.reference.keeping"]
    seen, libraries = set(), set()
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        for other in imported(modules()[name]):
            if other in modules():
                todo.append(other)
            elif (top := other.partition(".")[0]) not in {*SOURCES, *sys.stdlib_module_names}:
                libraries.add(top)
    return frozenset(seen), frozenset(libraries)


def left_out(name: str) -> bool:
    path = modules()[name].relative_to(SOURCES[name.partition(".")[0]])
    return any(path.is_relative_to(place) for place in code_digest.LEFT_OUT)


def test_what_makes_a_snapshot_is_in_the_digest():
    made_by, _ = reached()
    assert len(made_by) > 60
    assert [name for name in sorted(made_by) if left_out(name)] == []


def test_what_cannot_change_a_snapshot_is_not_in_the_digest():
    made_by, _ = reached()
    empty = {name for name, path in modules().items() if len(ast.parse(path.read_text("utf-8")).body) < 2}
    others = set(modules()) - made_by - ORDERS - empty
    assert [name for name in sorted(others) if not left_out(name)] == [], "list it in LEFT_OUT"


def test_every_place_that_is_left_out_is_there():
    missing = [
        place for place in code_digest.LEFT_OUT if not (SOURCES[place.partition("/")[0]] / place).exists()
    ]
    assert missing == []


def test_the_libraries_that_shape_bytes_are_those_that_stages_import():
    _, libraries = reached()
    names = packages_distributions()
    distributions = {names[library][0].lower() for library in libraries - ONLY_LOOKS}
    assert distributions == set(code_digest.WRITERS)


def test_a_library_that_shapes_bytes_is_a_dependency_and_no_extra():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    required = {re.split(r"[^\w-]", line, maxsplit=1)[0] for line in project["dependencies"]}
    assert set(code_digest.WRITERS) <= required


def test_the_digest_follows_the_version_of_a_library(monkeypatch):
    before = code_digest.code_digest.__wrapped__()
    assert before == code_digest.code_digest()
    assert re.fullmatch("[0-9a-f]{20}", before)
    monkeypatch.setattr(code_digest, "version", lambda library: "0")
    assert code_digest.code_digest.__wrapped__() != before


def test_the_digest_follows_sources_and_resources_but_not_what_only_shows(monkeypatch, tmp_path):
    def digest_of(**changes: str) -> str:
        root = tmp_path / "byline"
        shutil.rmtree(root, ignore_errors=True)
        for name, content in {
            "core/ids.py": "1",
            "cli/app.py": "1",
            "resources/words.txt": "1",
            **changes,
        }.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(content)
        monkeypatch.setattr(byline, "__file__", str(root / "__init__.py"))
        return code_digest.code_digest.__wrapped__()

    before = digest_of()
    assert digest_of(**{"cli/app.py": "2", "core/__pycache__/ids.pyc": "2"}) == before
    assert digest_of(**{"core/ids.py": "2"}) != before
    assert digest_of(**{"resources/words.txt": "2"}) != before
    assert digest_of(**{"core/new.py": ""}) != before
